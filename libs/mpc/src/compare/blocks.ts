import type { Vector } from '../field/field.ts';
import type { Authenticated } from '../mac/machine.ts';
import type { Shares } from '../rep3/rep3.ts';

/** Vectors one after the other, so that many products go out in one round. */
export const joinVectors = (vectors: readonly Vector[]): Vector => {
  const whole = new BigUint64Array(vectors.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const vector of vectors) {
    whole.set(vector, at);
    at += vector.length;
  }
  return whole;
};

const joinShares = (shares: readonly Shares[]): Shares => ({
  mine: joinVectors(shares.map(({ mine }) => mine)),
  next: joinVectors(shares.map(({ next }) => next)),
});

/** Secrets one after the other. */
export const join = (blocks: readonly Authenticated[]): Authenticated => ({
  x: joinShares(blocks.map(({ x }) => x)),
  rx: joinShares(blocks.map(({ rx }) => rx)),
});

/** Secrets cut into pieces of one length, which share the memory. */
export function blocks({ x, rx }: Authenticated, length: number): Authenticated[] {
  const piece = ({ mine, next }: Shares, from: number): Shares => ({
    mine: mine.subarray(from, from + length),
    next: next.subarray(from, from + length),
  });
  return Array.from({ length: x.mine.length / length }, (_, at) => ({
    x: piece(x, at * length),
    rx: piece(rx, at * length),
  }));
}
