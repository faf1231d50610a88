import { blocks } from '../compare/blocks.ts';
import { lessThan } from '../compare/negative.ts';
import type { Vector } from '../field/field.ts';
import type { Authenticated, Machine } from '../mac/machine.ts';

const bases = 'ACGT';

/**
 * An aligned sequence as secrets take it: for each of A, C, G and T whether a place has it, 4 x length elements. What is neither
 * (N, gaps, ambiguity codes) is unknown and has none; U counts as T.
 */
export function encodeSequence(aligned: string): Vector {
  const out = new BigUint64Array(bases.length * aligned.length);
  for (let at = 0; at < aligned.length; at += 1) {
    const base = bases.indexOf((aligned[at] ?? '').toUpperCase().replace('U', 'T'));
    if (base >= 0) out[base * aligned.length + at] = 1n;
  }
  return out;
}

/**
 * Numbers of different places of each secret sequence of one side against each of the other, row by row: places that both know,
 * less those where they agree. Both are inner products, so that a pair costs four elements however long the genome is. The result
 * stays secret; nothing is checked or opened here.
 */
export async function sequenceDistances(
  machine: Machine,
  ours: readonly Authenticated[],
  theirs: readonly Authenticated[],
): Promise<Authenticated> {
  const known = (sequence: Authenticated): Authenticated => {
    const [first, ...rest] = blocks(sequence, sequence.x.mine.length / bases.length);
    if (!first) throw new RangeError('an empty sequence');
    return rest.reduce((sum, one) => machine.add(sum, one), first);
  };
  const [ourKnown, theirKnown] = [ours.map(known), theirs.map(known)];
  const pairs = ours.flatMap((a) => theirs.map((b) => [a, b] as const));
  const knownPairs = ourKnown.flatMap((a) => theirKnown.map((b) => [a, b] as const));
  const [same, both] = blocks(await machine.innerProducts([...pairs, ...knownPairs]), pairs.length);
  if (!same || !both) throw new RangeError('no sequences');
  return machine.sub(both, same);
}

/** One for each pair at most `most` places apart, still secret: with it nothing but closeness has to be opened. */
export const closePairs = (machine: Machine, distances: Authenticated, most: bigint): Promise<Authenticated> =>
  lessThan(machine, distances, most + 1n);
