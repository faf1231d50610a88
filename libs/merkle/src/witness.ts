import { fromBase64, parseDecimal, toBase64 } from './bytes.ts';
import { parseCheckpointText, type Checkpoint } from './checkpoint-text.ts';
import { LogError } from './error.ts';
import { hashLength, type TreeHasher } from './hash.ts';
import type { Verifier } from './key.ts';
import { parseNote, verifyNote, type Note } from './note.ts';
import { verifyConsistency, type TreeHead } from './proof.ts';
import { proofLimit } from './tlog-proof.ts';

/** What a log asks of a witness: C2SP tlog-witness, `add-checkpoint`. */
export interface AddCheckpoint {
  /** Size that the log believes the witness has seen last. */
  readonly old: bigint;
  readonly proof: readonly Uint8Array[];
  /** The signed checkpoint, verbatim. */
  readonly note: string;
}

export const formatAddCheckpoint = ({ old, proof, note }: AddCheckpoint): string =>
  `${[`old ${old}`, ...proof.map(toBase64)].join('\n')}\n\n${note}`;

/** @throws LogError `request_malformed` */
export function parseAddCheckpoint(body: string): AddCheckpoint {
  const malformed = (why: string) => new LogError('request_malformed', why);
  const end = body.indexOf('\n\n');
  const [first = '', ...lines] = body.slice(0, Math.max(0, end)).split('\n');
  const old = /^old (.*)$/.exec(first)?.[1];
  if (end < 0 || old === undefined) throw malformed('a request begins with the old size');
  if (lines.length > proofLimit) throw malformed(`a proof has at most ${proofLimit} hashes`);
  try {
    const proof = lines.map(fromBase64);
    if (proof.every((hash) => hash.length === hashLength))
      return { old: parseDecimal(old), proof, note: body.slice(end + 2) };
  } catch {
    // Told below.
  }
  throw malformed('the old size or a hash cannot be read');
}

/** What a witness answers: a status of HTTP, and what to do with it. */
export type WitnessAnswer =
  | { readonly status: 200; readonly note: Note; readonly checkpoint: Checkpoint }
  | { readonly status: 400 | 403 | 404 | 422 }
  /** The size that the witness has, for the log to begin from. */
  | { readonly status: 409; readonly size: bigint };

/**
 * Judges a request against what the witness has seen last of that log. Pure: to read `seen`, to judge, and to keep what came
 * has to be one step that nobody can come between, and it is kept before the answer goes out.
 * @param logs keys of the logs that the witness watches, each under the name of its origin
 * @param seen the last head that was cosigned for an origin; the empty tree at first
 */
export function judgeAddCheckpoint(
  hasher: TreeHasher,
  request: AddCheckpoint,
  logs: readonly Verifier[],
  seen: (origin: string) => TreeHead | undefined,
): WitnessAnswer {
  let note: Note;
  let checkpoint: Checkpoint;
  try {
    note = parseNote(request.note);
    checkpoint = parseCheckpointText(note.text);
  } catch {
    return { status: 400 };
  }
  const keys = logs.filter(({ name }) => name === checkpoint.origin);
  if (keys.length === 0) return { status: 404 };
  try {
    if (verifyNote(note, keys).length === 0) return { status: 403 };
  } catch {
    return { status: 403 };
  }
  if (request.old > checkpoint.size) return { status: 400 };
  const last = seen(checkpoint.origin) ?? { size: 0n, root: hasher.empty };
  if (request.old !== last.size) return { status: 409, size: last.size };
  if (checkpoint.size === last.size && !sameRoot(checkpoint, last)) return { status: 409, size: last.size };
  if (!verifyConsistency(hasher, last, checkpoint, request.proof)) return { status: 422 };
  return { status: 200, note, checkpoint };
}

const sameRoot = (a: TreeHead, b: TreeHead): boolean => toBase64(a.root) === toBase64(b.root);
