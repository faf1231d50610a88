import type { Authenticated, Machine, Matrix } from '../mac/machine.ts';
import type { Vector } from '../field/field.ts';
import type { Seat } from '../rep3/seat.ts';

/** Rows of several institutions, each row a long vector that comes in blocks; what is wanted are sums over a row of one and one of another. */
export interface PairStudy {
  /** Institutions that give rows, as parties of the net, and how many each gives. */
  readonly dealers: readonly number[];
  readonly rows: readonly number[];
  /** Elements of a row in each block. */
  readonly blocks: readonly number[];
  /** This institution's rows of a block, one after the other; undefined where it gives none. */
  own(block: number): Vector | undefined;
  /** What is summed: each form of a row of the first, times the one form of a row of the second. Linear in the row. */
  readonly left: readonly ((rows: Matrix, machine: Machine) => Matrix)[];
  readonly right: (rows: Matrix, machine: Machine) => Matrix;
}

/** Two institutions of a study, by place among the dealers, the first before the second. */
export const pairsOf = (dealers: number): (readonly [number, number])[] =>
  Array.from({ length: dealers }, (_, first) =>
    Array.from({ length: dealers - first - 1 }, (__, more) => [first, first + 1 + more] as const),
  ).flat();

/**
 * For each pair of institutions and each form the sums of every row of the first with every row of the second, row by row, still
 * secret. A sum costs one element a block however long the block is. Undefined where this party does not compute.
 */
export async function pairSums(
  seat: Seat,
  machine: Machine | undefined,
  study: PairStudy,
): Promise<Authenticated[][] | undefined> {
  const totals: (Authenticated | undefined)[][] = pairsOf(study.dealers.length).map(() => []);
  for (const [block, columns] of study.blocks.entries()) {
    const given: Matrix[] = [];
    for (const [at, dealer] of study.dealers.entries()) {
      const rows = study.rows[at] ?? 0;
      const own = dealer === seat.net.me ? study.own(block) : undefined;
      const values = await seat.give(dealer, own, rows * columns);
      if (values) given.push({ rows, columns, values });
    }
    if (!machine) continue;
    for (const [pair, [first, second]] of pairsOf(study.dealers.length).entries()) {
      const [a, b] = [given[first], given[second]];
      if (!a || !b) continue;
      for (const [form, left] of study.left.entries()) {
        const sums = await machine.crossProducts(left(a, machine), study.right(b, machine));
        const before = totals[pair]?.[form];
        (totals[pair] ??= [])[form] = before ? machine.add(before, sums) : sums;
      }
    }
  }
  return machine && totals.map((forms) => forms.flatMap((sums) => (sums ? [sums] : [])));
}

/** A linear form of rows that lie in `parts` parts of equal width: part i of the outcome is Σ coefficients[i][k]·part k. */
export function linearForm(
  { rows, columns, values }: Matrix,
  { node }: Machine,
  coefficients: readonly (readonly bigint[])[],
): Matrix {
  const { field } = node;
  const parts = coefficients[0]?.length ?? 1;
  const width = columns / parts;
  const wide = width * coefficients.length;
  const of = (vector: Vector): Vector => {
    const out = new BigUint64Array(rows * wide);
    for (let row = 0; row < rows; row += 1)
      for (const [to, list] of coefficients.entries()) {
        let sum: Vector | undefined;
        for (const [from, coefficient] of list.entries()) {
          if (coefficient === 0n) continue;
          const start = row * columns + from * width;
          const part = vector.subarray(start, start + width);
          const term = coefficient === 1n ? part : field.mul(part, field.fill(width, coefficient));
          sum = sum ? field.add(sum, term) : term;
        }
        if (sum) out.set(sum, row * wide + to * width);
      }
    return out;
  };
  return { rows, columns: wide, values: { mine: of(values.mine), next: of(values.next) } };
}
