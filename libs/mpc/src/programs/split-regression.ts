import { joinVectors } from '../compare/blocks.ts';
import { fromSigned, toSigned, type Field, type Vector } from '../field/field.ts';
import type { Shares } from '../rep3/rep3.ts';
import type { Seat } from '../rep3/seat.ts';
import { toIntegers } from '../analyses/sum.ts';
import type { SplitPhenotypes } from '../analyses/split-phenotypes.ts';
import { columnUnderKey, type Split } from './split.ts';

/** Parts of a copy of an allele, for means of genotypes; binary places of residuals. */
const parts = 64;
const residualBits = 26;

/** Individuals at most: what a sum of squares leaves room for. */
export const mostSplitIndividuals = 1 << 20;

/** Binary places of the basis: weights have twice as many, and Σ w·g̃² with |g̃| ≤ 2·parts stays below 2^60. */
const basisBits = (individuals: number): number => Math.floor((60 - 14 - Math.ceil(Math.log2(individuals))) / 2);

/** Two numbers a variant, which effect, error and test are functions of. */
export interface SplitSums {
  /** g'r. */
  readonly score: Float64Array;
  /** g'Wg less its part in the space of the covariates; what is too small to be more than rounding is zero. */
  readonly information: Float64Array;
}

/** Residuals, weights and basis as secrets, rows one after the other. */
export function givePhenotypes(
  seat: Seat,
  split: Split,
  columns: number,
  own: SplitPhenotypes | undefined,
): Promise<Shares | undefined> {
  const bits = basisBits(split.individuals);
  const { field } = seat;
  const vector =
    own &&
    joinVectors([
      fromSigned(toIntegers(own.residual, residualBits), field),
      fromSigned(toIntegers(own.weight, 2 * bits), field),
      ...own.basis.map((column) => fromSigned(toIntegers(column, bits), field)),
    ]);
  return seat.give(split.phenotypes, vector, (2 + columns) * split.individuals);
}

/**
 * Score and information of some variants, one institution's genotypes against the other's phenotypes: with an orthonormal basis Q of
 * the weighted covariates the information is g'Wg - |Q'g|² (Frisch and Waugh 1933, Lovell 1963; for logistic regression Rao 1948).
 * Squares are taken under sharing: nothing but these two numbers a variant is opened.
 * @param columns of the basis: covariates and 1
 * @param own of who holds the genotypes, from `shiftedRows`
 */
export async function splitSums(
  seat: Seat,
  split: Split,
  phenotypes: Shares | undefined,
  columns: number,
  own: Vector | undefined,
  variants: number,
): Promise<SplitSums> {
  const { individuals: n } = split;
  const { field } = seat;
  const given = await seat.give(split.genotypes, own, 2 * variants * n);
  const opened =
    given && phenotypes && seat.node ? await sumsOf(seat, { given, phenotypes }, { n, columns, variants }) : undefined;
  const [scores = field.fill(0, 0n), rest = scores] = await seat.publish(opened, [variants, variants]);
  const unit = parts * parts * 4 ** basisBits(n);
  return {
    score: Float64Array.from(toSigned(scores, field), (value) => Number(value) / (parts * 2 ** residualBits)),
    information: Float64Array.from(toSigned(rest, field), (value) => {
      const size = Number(value) / unit;
      return size < 1e-3 / 4 ? 0 : size;
    }),
  };
}

async function sumsOf(
  seat: Seat,
  { given, phenotypes }: { given: Shares; phenotypes: Shares },
  { n, columns, variants }: { n: number; columns: number; variants: number },
): Promise<Vector[]> {
  const rows = ({ mine, next }: Shares, from: number, count: number): Shares => ({
    mine: mine.subarray(from * n, (from + count) * n),
    next: next.subarray(from * n, (from + count) * n),
  });
  const join = (a: Shares, b: Shares): Shares => ({
    mine: joinVectors([a.mine, b.mine]),
    next: joinVectors([a.next, b.next]),
  });
  const machine = seat.machine();
  const width = 1 + columns;
  const linear = await machine.crossProducts(
    { rows: variants, columns: n, values: rows(given, 0, variants) },
    { rows: width, columns: n, values: join(rows(phenotypes, 0, 1), rows(phenotypes, 2, columns)) },
  );
  let rest = await machine.crossProducts(
    { rows: variants, columns: n, values: rows(given, variants, variants) },
    { rows: 1, columns: n, values: rows(phenotypes, 1, 1) },
  );
  const inBasis = Array.from({ length: columns }, (_, k) => columnUnderKey(linear, width, k + 1));
  for (const square of await machine.mulAll(inBasis.map((one) => [one, one.x] as const)))
    rest = machine.sub(rest, square);
  await machine.check();
  return machine.openAll([columnUnderKey(linear, width, 0), rest]);
}

/**
 * Rows for `splitSums` from copies 0, 1, 2 and 3 = missing: a missing genotype takes the mean of the others, to a 64th of a copy. A
 * shift of all by the same changes no test, so that the mean is taken off.
 */
export function shiftedRows(
  copies: (variant: number) => ArrayLike<number>,
  variants: number,
  individuals: number,
  { prime }: Field,
): Vector {
  const out = new BigUint64Array(2 * variants * individuals);
  for (let variant = 0; variant < variants; variant += 1) {
    const row = copies(variant);
    let [sum, called] = [0, 0];
    for (let i = 0; i < individuals; i += 1)
      if (row[i] !== 3) {
        sum += row[i] as number;
        called += 1;
      }
    const shift = called === 0 ? 0 : Math.round((parts * sum) / called);
    const values = [0, 1, 2].map((copy) => (called === 0 ? 0 : BigInt(parts * copy - shift)));
    const elements = [...values.map((value) => (BigInt(value) + prime) % prime), 0n];
    const squares = [...values.map((value) => BigInt(value) * BigInt(value)), 0n];
    const [first, second] = [variant * individuals, (variants + variant) * individuals];
    for (let i = 0; i < individuals; i += 1) {
      out[first + i] = elements[row[i] as number] as bigint;
      out[second + i] = squares[row[i] as number] as bigint;
    }
  }
  return out;
}
