import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, scryptSync } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { KeyProblem, suiteIds, type KeyPair, type SuiteId } from './suite.ts';

/** A key-encryption key: a version is given once and never again. */
export interface KeyVersion extends KeyPair {
  readonly version: number;
  readonly suite: SuiteId;
  /** ISO 8601. */
  readonly madeAt: string;
}

/** What opens the key file: a password that people know, or 32 random bytes that a file keeps. */
export type Unlock = { readonly password: string } | { readonly secret: Uint8Array };

const base64 = z.base64();
const fileSchema = z.strictObject({
  format: z.literal('geneward-keys-1'),
  kdf: z.discriminatedUnion('name', [
    z.strictObject({ name: z.literal('scrypt'), salt: base64, N: z.int().min(16_384).max(1_048_576) }),
    z.strictObject({ name: z.literal('hkdf-sha256'), salt: base64 }),
  ]),
  nonce: base64,
  sealed: base64,
});
const contentSchema = z.array(
  z.strictObject({
    version: z
      .int()
      .min(1)
      .max(2 ** 32 - 1),
    suite: z.enum(suiteIds),
    madeAt: z.iso.datetime(),
    publicKey: base64,
    secretKey: base64,
  }),
);

/** scrypt with 64 MiB: a guess costs a tenth of a second. */
const scryptCost = { N: 65_536, r: 8, p: 1 } as const;

/** Reads a key file. Throws {@link KeyProblem} `key_file` when it cannot be opened. */
export function readKeyFile(path: string, unlock: Unlock): readonly KeyVersion[] {
  const text = readFileSync(path, 'utf8');
  try {
    const { kdf, nonce, sealed } = fileSchema.parse(JSON.parse(text));
    const all = Buffer.from(sealed, 'base64');
    const decipher = createDecipheriv('chacha20-poly1305', sealingKey(kdf, unlock), Buffer.from(nonce, 'base64'), {
      authTagLength: 16,
    });
    decipher.setAuthTag(all.subarray(-16));
    const plain = Buffer.concat([decipher.update(all.subarray(0, -16)), decipher.final()]);
    const keys = contentSchema.parse(JSON.parse(plain.toString('utf8')));
    return keys.map((key) => ({
      ...key,
      publicKey: Buffer.from(key.publicKey, 'base64'),
      secretKey: Buffer.from(key.secretKey, 'base64'),
    }));
  } catch (cause) {
    throw new KeyProblem(
      'key_file',
      `The key file ${path} cannot be opened: the password or secret is another one, or the file was altered. Set keys.password or keys.secretFile to what it was sealed with, or restore both from the backup. 密钥文件无法打开：口令或密钥不符，或文件已被改动。`,
      { cause },
    );
  }
}

/** Writes a new key file whole: aside, forced to disk, then put in place. False when another process has just made it. */
export function writeKeyFile(path: string, keys: readonly KeyVersion[], unlock: Unlock): boolean {
  const salt = randomBytes(16).toString('base64');
  const kdf: z.infer<typeof fileSchema>['kdf'] =
    'password' in unlock ? { name: 'scrypt', salt, N: scryptCost.N } : { name: 'hkdf-sha256', salt };
  const nonce = randomBytes(12);
  const cipher = createCipheriv('chacha20-poly1305', sealingKey(kdf, unlock), nonce, { authTagLength: 16 });
  const content = keys.map(({ publicKey, secretKey, ...key }) => ({
    ...key,
    publicKey: Buffer.from(publicKey).toString('base64'),
    secretKey: Buffer.from(secretKey).toString('base64'),
  }));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(content), 'utf8'), cipher.final(), cipher.getAuthTag()]);
  const text = { format: 'geneward-keys-1', kdf, nonce: nonce.toString('base64'), sealed: sealed.toString('base64') };
  return writeNew(path, `${JSON.stringify(text, undefined, 2)}\n`);
}

/** The secret of an installation without a password: 32 random bytes in a file that only its owner reads, made at first use. */
export function openSecretFile(path: string, make: boolean): Unlock {
  if (make && readIfThere(path) === undefined) writeNew(path, `${randomBytes(32).toString('hex')}\n`);
  const text = readIfThere(path)?.trim();
  if (text === undefined || !/^[0-9a-f]{64}$/.test(text))
    throw new KeyProblem(
      'key_file',
      `${path} does not hold 64 hexadecimal digits (openssl rand -hex 32). 应为 64 位十六进制数。`,
    );
  checkPrivate(path);
  return { secret: Buffer.from(text, 'hex') };
}

/** A file with a secret is its owner's alone. Throws KeyProblem `key_file`. */
export function checkPrivate(path: string): void {
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0)
    throw new KeyProblem('key_file', `Others can read ${path}: chmod 600 it. 其他用户可读取该文件，请执行 chmod 600。`);
}

function sealingKey(kdf: z.infer<typeof fileSchema>['kdf'], unlock: Unlock): Uint8Array {
  const salt = Buffer.from(kdf.salt, 'base64');
  if (kdf.name === 'scrypt') {
    if (!('password' in unlock)) throw new Error('sealed with a password');
    return scryptSync(unlock.password.normalize('NFKC'), salt, 32, {
      ...scryptCost,
      N: kdf.N,
      maxmem: 256 * kdf.N * 8,
    });
  }
  if (!('secret' in unlock)) throw new Error('sealed with a secret');
  return new Uint8Array(hkdfSync('sha256', unlock.secret, salt, 'geneward key file', 32));
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function writeNew(path: string, text: string): boolean {
  const aside = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(aside, text, { mode: 0o600, flush: true, flag: 'wx' });
  try {
    linkSync(aside, path);
    syncFolder(dirname(path));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
