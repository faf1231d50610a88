import { readFileSync } from 'node:fs';
import { checkPrivate } from './key-file.ts';
import { KeyProblem } from './suite.ts';

/** Which token holds the keys, and how we get in. */
export interface Pkcs11Options {
  /** The library of the maker, such as /usr/lib/softhsm/libsofthsm2.so. */
  readonly module: string;
  /** Label of the token. */
  readonly token: string;
  /** Label of the keys. */
  readonly label: string;
  /** File with the PIN of the user, mode 0600. */
  readonly pinFile: string;
}

/** A token that is open, with its user logged in. */
export interface Module {
  /** Ids of the keys of the label. */
  keyIds(): Promise<Buffer[]>;
  /** Makes an AES-256 key that stays in the token. */
  makeKey(id: Buffer): Promise<void>;
  encrypt(id: Buffer, how: Gcm, plain: Uint8Array): Promise<Buffer>;
  /** Throws KeyProblem `unknown_key`, `wrong_key`. */
  decrypt(id: Buffer, how: Gcm, sealed: Uint8Array): Promise<Buffer>;
}

interface Gcm {
  readonly iv: Buffer;
  readonly aad: Buffer;
}

type Handle = Buffer;
interface Attribute {
  readonly type: number;
  readonly value?: number | boolean | string | Buffer;
}
interface Mechanism {
  readonly mechanism: number;
  readonly parameter?: { type: number; iv: Buffer; aad: Buffer; ivBits: number; tagBits: number };
}

/** The part of `pkcs11js` that is used here: a package that is there only where it could be built. */
interface Pkcs11 {
  load(path: string): void;
  C_Initialize(options?: { flags: number }): void;
  C_GetSlotList(tokenPresent: boolean): Handle[];
  C_GetTokenInfo(slot: Handle): { label: string };
  C_OpenSession(slot: Handle, flags: number): Handle;
  C_CloseSession(session: Handle): void;
  C_Login(session: Handle, user: number, pin: string): void;
  C_FindObjectsInit(session: Handle, template: readonly Attribute[]): void;
  C_FindObjects(session: Handle, most: number): Handle[];
  C_FindObjectsFinal(session: Handle): void;
  C_GetAttributeValue(session: Handle, object: Handle, template: readonly Attribute[]): { value: Buffer }[];
  C_GenerateKey(session: Handle, mechanism: Mechanism, template: readonly Attribute[]): Handle;
  C_EncryptInit(session: Handle, mechanism: Mechanism, key: Handle): void;
  C_EncryptAsync(session: Handle, input: Buffer, output: Buffer): Promise<Buffer>;
  C_DecryptInit(session: Handle, mechanism: Mechanism, key: Handle): void;
  C_DecryptAsync(session: Handle, input: Buffer, output: Buffer): Promise<Buffer>;
}

/** Names and numbers of PKCS #11 2.40. */
const [classAttribute, tokenAttribute, privateAttribute, labelAttribute, keyTypeAttribute] = [0, 1, 2, 3, 0x100];
const [idAttribute, sensitive, encrypts, decrypts, valueLength, extractable] = [
  0x102, 0x103, 0x104, 0x105, 0x161, 0x162,
];
const [secretKey, aes, user] = [4, 0x1f, 1];
const [aesKeyGen, aesGcm, gcmParameters] = [0x1080, 0x1087, 7];
const sessionFlags = 2 | 4; // CKF_RW_SESSION | CKF_SERIAL_SESSION
const osLocking = 2;
const already = { initialized: 0x191, loggedIn: 0x100 };
/** The connection to the token is gone: a device that was reset, a session that the module closed. */
const lost: ReadonlySet<number> = new Set([0x30, 0x32, 0xb0, 0xb3, 0xe0, 0x101, 0x82, 0x60]);
/** The bytes do not open: CKR_ENCRYPTED_DATA_INVALID, _LEN_RANGE, CKR_DATA_INVALID, CKR_GENERAL_ERROR, CKR_AEAD_DECRYPT_FAILED. */
const altered: ReadonlySet<number> = new Set([0x40, 0x41, 0x20, 0x05, 0x42]);

const tagSize = 16;
/** Operations at a time: a session does one. */
const sessionCount = 4;

/** Opens the token. Throws KeyProblem `keys_refused`, `keys_away`. */
export async function openModule(options: Pkcs11Options): Promise<Module> {
  const pkcs11 = await loadLibrary(options.module);
  let open = connect(pkcs11, options);
  const handles = new Map<string, Handle>();
  /** One operation in a session of its own; with a connection that was lost, in a fresh one. */
  const inSession = async <T>(work: (session: Handle) => Promise<T> | T): Promise<T> => {
    for (let again = true; ; again = false) {
      const sessions = open;
      const session = await sessions.take();
      try {
        return await work(session);
      } catch (error) {
        if (!lost.has(codeOf(error))) throw error;
        if (!again) throw away(options, error);
        handles.clear();
        if (open === sessions) open = connect(pkcs11, options);
      } finally {
        sessions.give(session);
      }
    }
  };
  const find = (session: Handle, template: readonly Attribute[]): Handle[] => {
    pkcs11.C_FindObjectsInit(session, template);
    try {
      const found: Handle[] = [];
      for (;;) {
        const some = pkcs11.C_FindObjects(session, 100);
        if (some.length === 0) return found;
        found.push(...some);
      }
    } finally {
      pkcs11.C_FindObjectsFinal(session);
    }
  };
  const ours: readonly Attribute[] = [
    { type: classAttribute, value: secretKey },
    { type: labelAttribute, value: options.label },
  ];
  const keyOf = (session: Handle, id: Buffer): Handle => {
    const name = id.toString('hex');
    const known = handles.get(name) ?? find(session, [...ours, { type: idAttribute, value: id }])[0];
    if (!known)
      throw new KeyProblem(
        'unknown_key',
        `The token ${options.token} has no key ${options.label} with the id ${name}: restore it from the backup of the module. 令牌中缺少密钥。`,
      );
    handles.set(name, known);
    return known;
  };
  const gcm = ({ iv, aad }: Gcm): Mechanism => ({
    mechanism: aesGcm,
    parameter: { type: gcmParameters, iv, aad, ivBits: iv.length * 8, tagBits: tagSize * 8 },
  });
  return {
    keyIds: () =>
      inSession((session) =>
        find(session, ours).flatMap((key) => {
          const [id] = pkcs11.C_GetAttributeValue(session, key, [{ type: idAttribute }]);
          return id ? [id.value] : [];
        }),
      ),
    makeKey: (id) =>
      inSession((session) => {
        try {
          pkcs11.C_GenerateKey(session, { mechanism: aesKeyGen }, [
            ...ours,
            { type: keyTypeAttribute, value: aes },
            { type: idAttribute, value: id },
            { type: tokenAttribute, value: true },
            { type: privateAttribute, value: true },
            { type: sensitive, value: true },
            { type: extractable, value: false },
            { type: encrypts, value: true },
            { type: decrypts, value: true },
            { type: valueLength, value: 32 },
          ]);
        } catch (cause) {
          if (lost.has(codeOf(cause))) throw cause;
          throw refused(`the token ${options.token} does not make an AES-256 key`, cause);
        }
      }),
    encrypt: (id, how, plain) =>
      inSession((session) => {
        pkcs11.C_EncryptInit(session, gcm(how), keyOf(session, id));
        return pkcs11.C_EncryptAsync(session, Buffer.from(plain), Buffer.alloc(plain.length + tagSize));
      }),
    decrypt: (id, how, sealed) =>
      inSession(async (session) => {
        pkcs11.C_DecryptInit(session, gcm(how), keyOf(session, id));
        try {
          return await pkcs11.C_DecryptAsync(session, Buffer.from(sealed), Buffer.alloc(sealed.length));
        } catch (cause) {
          if (!altered.has(codeOf(cause))) throw cause;
          throw new KeyProblem('wrong_key', 'The header was not sealed by this key, or it was altered.', { cause });
        }
      }),
  };
}

const libraries = new Map<string, Pkcs11>();

/** A library is initialised once in a process, whoever uses it. */
async function loadLibrary(path: string): Promise<Pkcs11> {
  const known = libraries.get(path);
  if (known) return known;
  const pkcs11 = await construct();
  try {
    pkcs11.load(path);
    pkcs11.C_Initialize({ flags: osLocking });
  } catch (cause) {
    if (codeOf(cause) !== already.initialized) throw refused(`the library ${path} cannot be opened`, cause);
  }
  libraries.set(path, pkcs11);
  return pkcs11;
}

async function construct(): Promise<Pkcs11> {
  // By a name that is not known here, so that an installation without the package compiles and runs.
  const name: string = 'pkcs11js';
  try {
    const { PKCS11 } = (await import(name)) as { PKCS11: new () => Pkcs11 };
    return new PKCS11();
  } catch (cause) {
    throw refused('the package pkcs11js is not installed; it needs a C++ compiler: npm install pkcs11js', cause);
  }
}

/** Opens sessions on the token of the label and logs its user in. */
function connect(pkcs11: Pkcs11, options: Pkcs11Options) {
  const sessions: Handle[] = [];
  try {
    const slot = pkcs11
      .C_GetSlotList(true)
      .find((one) => pkcs11.C_GetTokenInfo(one).label.replaceAll('\0', ' ').trim() === options.token);
    if (!slot) throw new Error(`no token has the label ${options.token}`);
    for (let nth = 0; nth < sessionCount; nth += 1) sessions.push(pkcs11.C_OpenSession(slot, sessionFlags));
    const [first] = sessions;
    if (first) logIn(pkcs11, first, pinOf(options.pinFile));
  } catch (error) {
    if (error instanceof KeyProblem) throw error;
    throw away(options, error);
  }
  return pool(sessions);
}

function logIn(pkcs11: Pkcs11, session: Handle, pin: string): void {
  try {
    pkcs11.C_Login(session, user, pin);
  } catch (cause) {
    if (codeOf(cause) !== already.loggedIn) throw refused('the token refuses the PIN', cause);
  }
}

function pool(sessions: Handle[]) {
  const waiting: ((session: Handle) => void)[] = [];
  return {
    take(): Promise<Handle> | Handle {
      return sessions.pop() ?? new Promise((resolve) => waiting.push(resolve));
    },
    give(session: Handle): void {
      const next = waiting.shift();
      if (next) next(session);
      else sessions.push(session);
    },
  };
}

function pinOf(path: string): string {
  let pin: string;
  try {
    pin = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (cause) {
    throw refused(`the PIN file ${path} cannot be read`, cause);
  }
  checkPrivate(path);
  return pin;
}

const codeOf = (error: unknown): number => {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'number' ? code : -1;
};

const reason = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

function refused(what: string, cause: unknown): KeyProblem {
  return new KeyProblem('keys_refused', `PKCS#11: ${what} (${reason(cause)}). PKCS#11 密钥模块无法使用。`, { cause });
}

function away({ token, module }: Pkcs11Options, cause: unknown): KeyProblem {
  return new KeyProblem(
    'keys_away',
    `PKCS#11: the token ${token} behind ${module} does not answer (${reason(cause)}). Objects can be neither read nor written until it does. 密钥模块无响应。`,
    { cause },
  );
}
