import { readFileSync } from 'node:fs';
import {
  LogError,
  concat,
  formatAddCheckpoint,
  formatVerifierKey,
  isFinal,
  isQuorum,
  parseDecimal,
  parseNote,
  parsePolicy,
  parseSignatureLine,
  proveConsistency,
  sm2By,
  verifyNote,
  type KnownWitness,
  type Policy,
  type TreeHead,
} from '@geneward/merkle';
import { sm2 } from 'sm-crypto-v2';
import type { BlobStore } from '../../platform/blobs.ts';
import type { Db } from '../../platform/db.ts';
import { hasher } from './append.ts';
import type { LogKey } from './key.ts';
import * as store from './store.ts';
import { nodesOf } from './tiles.ts';

const patience = 10_000;
const answerLimit = 100_000;

/** The policy of the installation, whose witnesses may sign with SM2; without a file nobody else is asked. */
export function ownPolicy(file: string | undefined, key: LogKey): { policy: Policy; text: string } {
  const text = file === undefined ? `log ${key.text}\nquorum none\n` : readFileSync(file, 'utf8');
  return { policy: parsePolicy(text, { sm2: sm2By(sm2) }), text };
}

/** What a witness said. */
export type Testimony =
  | { readonly kind: 'cosigned'; readonly lines: readonly string[] }
  /** It has seen that many entries. */
  | { readonly kind: 'seen'; readonly size: bigint }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'silent' };

/** `add-checkpoint` of C2SP tlog-witness. */
export async function ask(
  witness: KnownWitness,
  request: { old: bigint; proof: readonly Uint8Array[]; note: string },
): Promise<Testimony> {
  if (witness.url === undefined) return { kind: 'silent' };
  try {
    const response = await fetch(`${witness.url.replace(/\/$/, '')}/add-checkpoint`, {
      method: 'POST',
      body: formatAddCheckpoint(request),
      signal: AbortSignal.timeout(patience),
      redirect: 'error',
    });
    const text = await limited(response);
    if (response.status === 409 && response.headers.get('content-type')?.startsWith('text/x.tlog.size'))
      return { kind: 'seen', size: parseDecimal(text.replace(/\n$/, '')) };
    if (response.status !== 200) return { kind: 'refused', status: response.status };
    return { kind: 'cosigned', lines: linesOf(text, request.note, witness) };
  } catch {
    return { kind: 'silent' };
  }
}

/** The lines that the witness's own key has signed; others are nobody's. */
function linesOf(text: string, note: string, witness: KnownWitness): string[] {
  const lines = text.split('\n').slice(0, -1).map(parseSignatureLine);
  return verifyNote({ text: parseNote(note).text, signatures: lines }, [witness.key]).map(({ line }) => line);
}

async function limited(response: Response): Promise<string> {
  let bytes = new Uint8Array();
  for await (const chunk of response.body ?? []) {
    bytes = Uint8Array.from(concat(bytes, chunk as Uint8Array));
    if (bytes.length > answerLimit) throw new LogError('note_too_large', 'the answer of a witness is too long');
  }
  return new TextDecoder().decode(bytes);
}

/** How the log stands with its witnesses. */
export interface WitnessRound {
  /** Lines that came. */
  readonly lines: readonly string[];
  readonly witnessed: boolean;
  readonly final: boolean;
  /** A witness has seen more, or something else. */
  readonly conflict: 'witness_ahead' | 'witness_disagrees' | undefined;
}

/** Asks every witness that has not signed yet, and keeps what came. */
export async function gather(
  parts: { db: Db; blobs: BlobStore; now: () => Date; policy: Policy },
  head: TreeHead & { readonly note: string },
): Promise<WitnessRound> {
  const { db, policy, now } = parts;
  const sizes = await store.witnessSizes(db);
  const parsed = parseNote(head.note);
  const signed = new Set(
    verifyNote(
      parsed,
      policy.witnesses.map(({ key }) => key),
    ).map(({ verifier }) => verifier),
  );
  let conflict: WitnessRound['conflict'];
  const added = await Promise.all(
    policy.witnesses.map(async (witness): Promise<readonly string[]> => {
      if (signed.has(witness.key)) return [];
      const key = formatVerifierKey(witness.key);
      const answer = await persuade(parts, witness, head, BigInt(sizes.get(key)?.size ?? '0'));
      if (answer.kind === 'cosigned' && answer.lines.length > 0) {
        await store.saveWitness(db, key, head.size, now());
        signed.add(witness.key);
        return answer.lines;
      }
      if (answer.kind === 'seen' && answer.size > head.size) conflict = 'witness_ahead';
      if (answer.kind === 'seen' && answer.size === head.size) conflict = 'witness_disagrees';
      if (answer.kind === 'refused' && answer.status === 422) conflict = 'witness_disagrees';
      return [];
    }),
  );
  const names = new Set(policy.witnesses.filter(({ key }) => signed.has(key)).map(({ name }) => name));
  const witnessed = policy.quorum !== undefined && isQuorum(policy, names);
  return { lines: added.flat(), witnessed, final: isFinal(policy, names), conflict };
}

/** Asks from the size that we remember; a witness that remembers another one says so, and is asked from there. */
async function persuade(
  { blobs }: { blobs: BlobStore },
  witness: KnownWitness,
  head: TreeHead & { readonly note: string },
  remembered: bigint,
): Promise<Testimony> {
  const from = async (old: bigint) =>
    ask(witness, {
      old,
      proof: await proveConsistency(hasher, old, head.size, nodesOf(blobs, head.size)),
      note: head.note,
    });
  const old = remembered > head.size ? 0n : remembered;
  const first = await from(old);
  return first.kind === 'seen' && first.size <= head.size && first.size !== old ? from(first.size) : first;
}

/** What a witness has seen of the log, told before anything new is signed. */
export async function witnessAhead(
  policy: Policy,
  head: (TreeHead & { readonly note: string }) | undefined,
): Promise<boolean> {
  if (!head) return false;
  const answers = await Promise.all(
    policy.witnesses.map((witness) => ask(witness, { old: 0n, proof: [], note: head.note })),
  );
  return answers.some((answer) => answer.kind === 'seen' && answer.size > head.size);
}
