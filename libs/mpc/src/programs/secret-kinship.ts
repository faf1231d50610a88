import { negative } from '../compare/negative.ts';
import { signed, type Vector } from '../field/field.ts';
import { p61 } from '../field/p61.ts';
import type { Authenticated, Machine, Matrix } from '../mac/machine.ts';
import type { Seat } from '../rep3/seat.ts';
import { kingRobust } from '../statistics/king.ts';
import { linearForm, pairSums, pairsOf } from './pairs.ts';

/** What of each pair leaves the protocol: KING's coefficient, or only whether it is above a threshold. */
export type KinshipRelease =
  | { readonly release: 'coefficient' }
  | { readonly release: 'related'; readonly threshold: number };

/** A pair of individuals of two institutions, by place among those who give and by place in their lists. */
export interface RelatedPair {
  readonly institutions: readonly [number, number];
  readonly individuals: readonly [number, number];
  /** Absent where only relatedness is released. */
  readonly kinship?: number;
}

/** Variants in one go: with 500 individuals a block is 3 MB a node and institution. */
const blockVariants = 256;

/** Most variants: three counts lie in one element, 20 bits each. */
export const mostKinshipVariants = 2 ** 18 - 1;

const bits = 20;
const scale = 4096;

/**
 * KING-robust between all individuals of different institutions (Manichaikul et al. 2010, equation 11). With h = heterozygous,
 * c = homozygous, d = ±1 for the two homozygotes: hetHet - 2·IBS0 = hh + dd - cc, het1 = h(h + c), het2 = (h + c)h, so that all
 * three are one inner product of h, c and d, at 20 bits apart. Coefficient above t: with F = 2·het-het' - (het1 + het2) and
 * min(het1, het2), F + (2 - 4t)·min > 0 holds when it holds with het1 and with het2: two comparisons a pair, and one bit is opened.
 * @param rows individuals of each institution; `own` are this one's copies of the panel by individual, 3 = missing
 */
export async function kinshipStudy(
  seat: Seat,
  study: {
    readonly dealers: readonly number[];
    readonly rows: readonly number[];
    readonly variants: number;
    readonly own: readonly Uint8Array[] | undefined;
  },
  release: KinshipRelease,
): Promise<RelatedPair[]> {
  const { dealers, rows, variants, own } = study;
  if (variants > mostKinshipVariants) throw new RangeError(`${mostKinshipVariants} variants at most`);
  const machine = seat.node && seat.machine();
  const count = Math.ceil(variants / blockVariants);
  const widthOf = (block: number) => Math.min(blockVariants, variants - block * blockVariants);
  const sums = await pairSums(seat, machine, {
    dealers,
    rows,
    blocks: Array.from({ length: count }, (_, block) => 3 * widthOf(block)),
    own: (block) => own && indicators(own, block * blockVariants, widthOf(block), seat.field.prime),
    left: forms(release),
    right: (matrix) => matrix,
  });
  const lengths = pairsOf(rows.length).map(([a, b]) => (rows[a] ?? 0) * (rows[b] ?? 0));
  const outcomes = machine && sums && (await opened(machine, sums, release));
  const told = await seat.publish(outcomes, lengths);
  return told.flatMap((vector, pair) => pairRows(vector, pairsOf(rows.length)[pair] ?? [0, 0], rows, release));
}

/** Rows of h, c, d of some variants. */
function indicators(own: readonly Uint8Array[], from: number, variants: number, prime: bigint): Vector {
  const out = new BigUint64Array(own.length * 3 * variants);
  for (const [row, copies] of own.entries())
    for (let at = 0; at < variants; at += 1) {
      const value = copies[from + at];
      const place = row * 3 * variants + at;
      if (value === 1) out[place] = 1n;
      else if (value === 0 || value === 2) {
        out[place + variants] = 1n;
        out[place + 2 * variants] = value === 2 ? 1n : prime - 1n;
      }
    }
  return out;
}

/** The left forms: rows are products with h, c and d of the partner, columns the coefficients of own h, c and d. */
function forms(release: KinshipRelease): ((rows: Matrix, machine: Machine) => Matrix)[] {
  const of = (coefficients: readonly (readonly bigint[])[]) => (rows: Matrix, machine: Machine) =>
    linearForm(rows, machine, coefficients);
  const [k, kk] = [1n << BigInt(bits), 1n << BigInt(2 * bits)];
  if (release.release === 'coefficient')
    return [
      of([
        [1n + k + kk, kk, 0n],
        [k, -1n, 0n],
        [0n, 0n, 1n],
      ]),
    ];
  const f = BigInt(scale);
  const s = BigInt(Math.round((2 - 4 * release.threshold) * scale));
  // hh: s; own h with their c and own c with their h: -f, plus s on the side that is taken for the minimum; dd: 2f; cc: -2f.
  return [
    of([
      [s, -f, 0n],
      [s - f, -2n * f, 0n],
      [0n, 0n, 2n * f],
    ]),
    of([
      [s, s - f, 0n],
      [-f, -2n * f, 0n],
      [0n, 0n, 2n * f],
    ]),
  ];
}

async function opened(
  machine: Machine,
  sums: readonly (readonly Authenticated[])[],
  release: KinshipRelease,
): Promise<Vector[]> {
  if (release.release === 'coefficient') {
    await machine.check();
    return machine.openAll(sums.flat());
  }
  const { field } = machine.node;
  const related = [];
  for (const pair of sums) {
    const above = [];
    for (const sum of pair) above.push(await negative(machine, machine.scale(sum, field.fill(sum.x.mine.length, -1n))));
    const [first, second] = above;
    if (first && second) related.push(await machine.mul(first, second));
  }
  await machine.check();
  return machine.openAll(related);
}

function pairRows(
  vector: Vector,
  institutions: readonly [number, number],
  rows: readonly number[],
  release: KinshipRelease,
): RelatedPair[] {
  const others = rows[institutions[1]] ?? 0;
  const found: RelatedPair[] = [];
  for (const [at, value] of vector.entries()) {
    const individuals = [Math.floor(at / others), at % others] as const;
    if (release.release === 'related') {
      if (value === 1n) found.push({ institutions, individuals });
      continue;
    }
    found.push({ institutions, individuals, kinship: coefficient(value) });
  }
  return found;
}

/** N + 2^20·het1 + 2^40·het2, where N may be below zero. */
function coefficient(element: bigint): number {
  const packed = signed(element, p61);
  const low = BigInt.asIntN(bits, packed);
  const rest = (packed - low) >> BigInt(bits);
  const [het1, het2] = [Number(BigInt.asUintN(bits, rest)), Number(rest >> BigInt(bits))];
  // hetHet - 2·IBS0 is all that the formula takes of the two.
  return kingRobust({ hetHet: Number(low), ibs0: 0, het1, het2 });
}
