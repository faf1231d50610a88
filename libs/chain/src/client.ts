import { fromBase64, portableSha256, toBase64, parseSignatureLine, parseVerifierKey } from '@geneward/merkle';
import { refusalOf, type RefusalCode } from './error.ts';
import {
  consentKind,
  consentName,
  indexKind,
  jobKind,
  logKind,
  memberKind,
  recordKey,
  validatorKind,
  type Job,
  type Kind,
  type LogRecord,
  type Member,
  type ValidatorRecord,
} from './record.ts';

/** One call of a node's JSON-RPC: its `result`. Throws when the node is not reached or answers an error. */
export type RpcCall = (method: string, parameters: Readonly<Record<string, unknown>>) => Promise<unknown>;

/** What a node says to a transaction: `pending` (in its pool; it may be in a block already) or why not. */
export type Submitted =
  | { readonly pending: true; readonly hash: string }
  | { readonly pending: false; readonly code: RefusalCode | 'unknown'; readonly message: string };

/** What became of a transaction that is in a block. */
export interface Ordered {
  readonly height: bigint;
  readonly code: RefusalCode | 'unknown' | undefined;
}

/** A checkpoint that the chain has accepted, with one validator's word on it. */
export interface Cosigned {
  /** Text of the checkpoint, as the log signed it. */
  readonly text: string;
  /** Signature line (C2SP tlog-cosignature). */
  readonly line: string;
}

/** What the platform asks of one node. Nothing it says is believed: cosignatures are verified by the caller. */
export interface ChainClient {
  height(): Promise<bigint>;
  member(id: string): Promise<Member | undefined>;
  log(origin: string): Promise<LogRecord | undefined>;
  job(name: string): Promise<Job | undefined>;
  /** Height at which a member froze a consent. */
  frozen(member: string, consent: Uint8Array): Promise<bigint | undefined>;
  /** All validators that the chain has known, by address, with what was proved against them. */
  validators(): Promise<ReadonlyMap<string, ValidatorRecord>>;
  submit(transaction: Uint8Array): Promise<Submitted>;
  /** Undefined while it is in no block. */
  ordered(hash: string): Promise<Ordered | undefined>;
  /** This validator's cosignature on the checkpoint of that size, or on the last one. */
  cosignature(origin: string, size?: bigint): Promise<Cosigned | undefined>;
  /** A record with the proof that leads to the app hash of block `height + 1`. */
  proven(key: Uint8Array): Promise<{ value: Uint8Array | undefined; proof: Uint8Array; height: bigint }>;
}

interface Answer {
  readonly response: {
    readonly code?: number;
    readonly value?: string | null;
    readonly height?: string;
    readonly log?: string;
    readonly proofOps?: { readonly ops: readonly { readonly data: string }[] } | null;
  };
}

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export function chainClient(call: RpcCall): ChainClient {
  const query = async (path: string, data: Uint8Array, prove = false) => {
    const { response } = (await call('abci_query', { path, data: hex(data), prove })) as Answer;
    const value = response.value ? fromBase64(response.value) : undefined;
    return { ...response, value };
  };
  const record = async <T>(kind: Kind<T>, name: string): Promise<T | undefined> => {
    const { value } = await query('/record', recordKey(kind, name));
    return value && kind.decode(value);
  };
  return {
    async height() {
      const { sync_info } = (await call('status', {})) as { sync_info: { latest_block_height: string } };
      return BigInt(sync_info.latest_block_height);
    },
    member: (id) => record(memberKind, id),
    log: (origin) => record(logKind, origin),
    job: (name) => record(jobKind, name),
    frozen: (member, consent) => record(consentKind, consentName(member, consent)),
    async validators() {
      const known = new Map<string, ValidatorRecord>();
      for (const address of (await record(indexKind, 'validators')) ?? []) {
        const one = await record(validatorKind, address);
        if (one) known.set(address, one);
      }
      return known;
    },
    async submit(transaction) {
      const known = { pending: true, hash: hex(portableSha256(transaction)).toUpperCase() } as const;
      try {
        const { code, log } = (await call('broadcast_tx_sync', { tx: toBase64(transaction) })) as {
          code: number;
          log: string;
        };
        return code === 0 ? known : { pending: false, code: refusalOf(code) ?? 'unknown', message: log };
      } catch (error) {
        // The node has had these very bytes: sent twice is sent once.
        if (error instanceof Error && error.message.includes('already exists in cache')) return known;
        throw error;
      }
    },
    async ordered(hash) {
      try {
        const base64 = toBase64(Uint8Array.from(hash.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
        const answer = (await call('tx', { hash: base64 })) as { height: string; tx_result: { code?: number } };
        const { code = 0 } = answer.tx_result;
        return { height: BigInt(answer.height), code: code === 0 ? undefined : (refusalOf(code) ?? 'unknown') };
      } catch (error) {
        if (error instanceof Error && /not found/.test(error.message)) return undefined;
        throw error;
      }
    },
    async cosignature(origin, size) {
      const path = size === undefined ? '/cosignature' : `/cosignature/${size}`;
      const { value } = await query(path, new TextEncoder().encode(origin));
      if (!value) return undefined;
      const text = new TextDecoder('utf-8', { fatal: true }).decode(value);
      const end = text.lastIndexOf('\n\n');
      return { text: text.slice(0, end + 1), line: text.slice(end + 2, -1) };
    },
    async proven(key) {
      const { value, height = '0', proofOps } = await query('/record', key, true);
      return { value, height: BigInt(height), proof: fromBase64(proofOps?.ops[0]?.data ?? '') };
    },
  };
}

/** Numbers that are tried when transactions of the same member wait in the pool. */
const nonceTries = 8;

/** Nonces that no transaction in a block has used. */
export function* freeNonces({ nonce, used }: Member): Generator<bigint> {
  for (let ahead = 0n, given = 0; ahead < 64n && given < nonceTries; ahead += 1n)
    if (((used >> ahead) & 1n) === 0n) {
      given += 1;
      yield nonce + ahead;
    }
}

/** Whether a validator's cosignature is right. @param key its verifier key */
export function verifyCosignature({ text, line }: Cosigned, key: string): boolean {
  const verifier = parseVerifierKey(key);
  try {
    const { name, id, signature } = parseSignatureLine(line);
    return name === verifier.name && id === verifier.id && verifier.verify(text, signature) !== undefined;
  } catch {
    return false;
  }
}
