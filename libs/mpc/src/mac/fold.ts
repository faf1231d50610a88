import { joinVectors } from '../compare/blocks.ts';
import type { Field, Vector } from '../field/field.ts';
import type { Prg } from '../prg/prg.ts';
import type { Rep3, Shares } from '../rep3/rep3.ts';
import type { Authenticated, Matrix } from './machine.ts';

/** Elements that share one vector of weights; each such piece has a weight of its own beside it. */
const piece = 32_768;

/** Random combinations Σ βⱼ αᵢ x over pieces j and places i: of [r·z] and of [z]. An error stays zero with probability 2/p. */
export function foldAll(field: Field, coins: Prg, pairs: readonly Authenticated[]) {
  const pieces = pairs.flatMap(({ x, rx }) =>
    Array.from({ length: Math.ceil(x.mine.length / piece) }, (_, at) => {
      const cut = (vector: Vector) => vector.subarray(at * piece, (at + 1) * piece);
      return [cut(rx.mine), cut(rx.next), cut(x.mine), cut(x.next)];
    }),
  );
  const alpha = coins.elements(
    Math.min(
      piece,
      pairs.reduce((most, { x }) => Math.max(most, x.mine.length), 0),
    ),
  );
  const betas = coins.elements(pieces.length);
  const sums = field.weightedSums(alpha, pieces.flat());
  const of = (which: number): Vector => {
    let sum = 0n;
    for (let j = 0; j < pieces.length; j += 1) sum += (betas[j] ?? 0n) * (sums[4 * j + which] ?? 0n);
    return BigUint64Array.of(sum % field.prime);
  };
  return { u: { mine: of(0), next: of(1) }, w: { mine: of(2), next: of(3) } };
}

/** Σ αᵢ·xᵢ. */
export const combined = (field: Field, { mine, next }: Shares, alpha: Vector): Shares => ({
  mine: BigUint64Array.of(field.dot(mine, alpha)),
  next: BigUint64Array.of(field.dot(next, alpha)),
});

/** Σ xᵢ. */
export const total = (field: Field, x: Shares): Shares => combined(field, x, field.fill(x.mine.length, 1n));

/** One element times a public one. */
export const times = (field: Field, { mine, next }: Shares, factor: bigint): Shares => ({
  mine: field.mul(mine, field.fill(1, factor)),
  next: field.mul(next, field.fill(1, factor)),
});

export const scaled = (node: Rep3, a: Authenticated, factor: Vector): Authenticated => ({
  x: node.scale(a.x, factor),
  rx: node.scale(a.rx, factor),
});

/** Σ weightᵢ · row i. */
export function combineRows(field: Field, { rows, columns, values }: Matrix, weights: Vector): Shares {
  let [mine, next] = [field.fill(columns, 0n), field.fill(columns, 0n)];
  for (let row = 0; row < rows; row += 1) {
    const weight = field.fill(columns, weights[row] ?? 0n);
    const [from, to] = [row * columns, (row + 1) * columns];
    mine = field.add(mine, field.mul(values.mine.subarray(from, to), weight));
    next = field.add(next, field.mul(values.next.subarray(from, to), weight));
  }
  return { mine, next };
}

/** The weights uᵢ·vⱼ of a matrix of products. */
export function outer(field: Field, rows: Vector, columns: Vector): Vector {
  const weights = new BigUint64Array(rows.length * columns.length);
  for (const [at, weight] of rows.entries())
    weights.set(field.mul(columns, field.fill(columns.length, weight)), at * columns.length);
  return weights;
}

/** A piece of a vector of secrets, without a copy. */
export const part = ({ mine, next }: Shares, from: number, to: number): Shares => ({
  mine: mine.subarray(from, to),
  next: next.subarray(from, to),
});

/** Shows many vectors of secrets as one. */
export async function openTogether(node: Rep3, list: readonly Authenticated[]): Promise<Vector[]> {
  const whole = await node.open(
    { mine: joinVectors(list.map(({ x }) => x.mine)), next: joinVectors(list.map(({ x }) => x.next)) },
    'output',
  );
  let at = 0;
  return list.map(({ x }) => whole.subarray(at, (at += x.mine.length)));
}
