import type { Vector } from '../field/field.ts';
import type { Authenticated } from '../mac/machine.ts';
import type { Shares } from '../rep3/rep3.ts';

/** Who holds what of a study whose genotypes lie with one institution and whose phenotypes with another. */
export interface Split {
  /** Parties of the net. */
  readonly genotypes: number;
  readonly phenotypes: number;
  /** Those whom both have, in the same order at both. */
  readonly individuals: number;
}

/** Elements of genotypes in one go: 16 MiB a vector. */
const mostElements = 1 << 21;

/** Variants in one go, each with so many rows of all individuals. */
export const splitBlock = ({ individuals }: Split, rows: number): number =>
  Math.max(1, Math.floor(mostElements / (rows * Math.max(1, individuals))));

const strided = (vector: Vector, width: number, at: number): Vector => {
  const out = new BigUint64Array(vector.length / width);
  for (let row = 0; row < out.length; row += 1) out[row] = vector[row * width + at] as bigint;
  return out;
};

/** One column of a matrix of secrets, rows one after the other. */
export const columnOf = ({ mine, next }: Shares, width: number, at: number): Shares => ({
  mine: strided(mine, width, at),
  next: strided(next, width, at),
});

/** The same under the key. */
export const columnUnderKey = ({ x, rx }: Authenticated, width: number, at: number): Authenticated => ({
  x: columnOf(x, width, at),
  rx: columnOf(rx, width, at),
});
