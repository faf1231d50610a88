import { fromBase64, parseDecimal, toBase64 } from './bytes.ts';
import { LogError } from './error.ts';
import { hashLength, type TreeHasher } from './hash.ts';
import { noteLimit } from './note.ts';
import { judgeCheckpoint, type Judged, type Policy } from './policy.ts';
import { verifyInclusion } from './proof.ts';

/** That an entry stands in a log, in one file that is verified offline: C2SP tlog-proof. */
export interface TlogProof {
  readonly index: bigint;
  readonly hashes: readonly Uint8Array[];
  /** The signed checkpoint, verbatim. */
  readonly checkpoint: string;
  /** Nobody has signed this. */
  readonly extra?: Uint8Array;
}

const header = 'c2sp.org/tlog-proof@v1';
/** A tree of fewer than 2^63 entries is no deeper. */
export const proofLimit = 63;

export function formatTlogProof({ index, hashes, checkpoint, extra }: TlogProof): string {
  const lines = [header, ...(extra ? [`extra ${toBase64(extra)}`] : []), `index ${index}`, ...hashes.map(toBase64)];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}

/** @throws LogError `proof_malformed` */
export function parseTlogProof(text: string): TlogProof {
  const malformed = (why: string) => new LogError('proof_malformed', why);
  if (text.length > 2 * noteLimit) throw malformed('the proof is too long');
  const end = text.indexOf('\n\n');
  const lines = text.slice(0, Math.max(0, end)).split('\n');
  if (end < 0 || lines.shift() !== header) throw malformed(`a proof begins with ${header}`);
  const extra = lines[0]?.startsWith('extra ') ? lines.shift()?.slice('extra '.length) : undefined;
  const index = /^index (.*)$/.exec(lines.shift() ?? '')?.[1];
  if (index === undefined) throw malformed('the line with the index is missing');
  if (lines.length > proofLimit) throw malformed(`a proof has at most ${proofLimit} hashes`);
  try {
    const hashes = lines.map(fromBase64);
    if (hashes.some((hash) => hash.length !== hashLength)) throw malformed('a hash has 32 bytes');
    return {
      index: parseDecimal(index),
      hashes,
      checkpoint: text.slice(end + 2),
      ...(extra !== undefined && { extra: fromBase64(extra) }),
    };
  } catch (error) {
    throw error instanceof LogError && error.code === 'proof_malformed' ? error : malformed('a line cannot be read');
  }
}

/**
 * Verifies that an entry is in a log that the policy knows. Whether enough witnesses have seen it stands in `witnessed`.
 * @param entry the whole entry, as it was logged
 * @throws LogError
 */
export function verifyTlogProof(hasher: TreeHasher, proof: TlogProof, entry: Uint8Array, policy: Policy): Judged {
  const judged = judgeCheckpoint(proof.checkpoint, policy);
  const { size, root } = judged.checkpoint;
  const given = { leaf: hasher.leaf(entry), index: proof.index, size, root };
  if (!verifyInclusion(hasher, given, proof.hashes))
    throw new LogError('proof_wrong', 'the entry is not where the proof says');
  return judged;
}
