import type { Vector } from '../field/field.ts';
import type { Seat } from '../rep3/seat.ts';
import { joinVectors } from '../compare/blocks.ts';
import { allelicTest, type AllelicTest } from '../statistics/association.ts';
import { chiSquareTail } from '../statistics/tails.ts';
import { allelicChiSquare, checkMargins, chiSquareOf } from './allelic-chi-square.ts';
import { releasedCounts, suppressedChiSquare } from './suppressed-chi-square.ts';

/** One institution's alleles of some variants: counted and called, in cases and in controls. */
export interface AlleleCounts {
  readonly cases: Vector;
  readonly controls: Vector;
  readonly calledCases: Vector;
  readonly calledControls: Vector;
}

/** What of a table of alleles leaves the protocol. */
export interface AssociationRelease {
  /** `statistic`: chi-square only; `counts`: the counts themselves. */
  readonly release: 'statistic' | 'counts';
  /** A variant with a cell below it is suppressed before anything is opened; zero suppresses nothing. */
  readonly minimum: number;
}

/** One variant of a joint study; what was suppressed or is not released is NaN. */
export interface AssociationRow extends Pick<
  AllelicTest,
  'caseFrequency' | 'controlFrequency' | 'chiSquare' | 'p' | 'oddsRatio'
> {
  readonly calledCases: number;
  readonly calledControls: number;
  readonly released: boolean;
}

/** Variants in one go: with comparisons a variant takes some 40 kB. */
export const associationBlock = ({ minimum }: AssociationRelease, security: Seat['security']): number =>
  minimum === 0 ? 1 << 17 : security === 'malicious' ? 1 << 12 : 1 << 15;

/**
 * The allelic case-control study of all institutions over secret counts: called alleles are opened as totals, tables only as far as
 * the release says. Nobody sees an institution's part.
 * @throws RangeError with more than 65,000 alleles
 */
export async function associationStudy(
  seat: Seat,
  own: AlleleCounts | undefined,
  variants: number,
  { release, minimum }: AssociationRelease,
): Promise<AssociationRow[]> {
  const { node, field } = seat;
  const vector = own && joinVectors([own.cases, own.controls, own.calledCases, own.calledControls]);
  const pooled = await seat.pool(vector, 4 * variants);
  const quarter = (at: number) =>
    pooled && {
      mine: pooled.mine.subarray(at * variants, (at + 1) * variants),
      next: pooled.next.subarray(at * variants, (at + 1) * variants),
    };
  // Linear in the inputs: there is no product in it that could be wrong.
  const margin = pooled && {
    mine: pooled.mine.subarray(2 * variants),
    next: pooled.next.subarray(2 * variants),
  };
  const openedMargins = node && margin ? [await node.open(margin, 'margins')] : undefined;
  const [called = field.fill(0, 0n)] = await seat.publish(openedMargins, [2 * variants]);
  const margins = { cases: called.subarray(0, variants), controls: called.subarray(variants) };
  checkMargins(margins);
  const [cases, controls] = [quarter(0), quarter(1)];
  const secret = cases && controls && { cases, controls };
  const lengths = [variants, variants, variants];
  const bound = BigInt(minimum);
  if (release === 'counts') {
    const opened = secret && (await releasedCounts(seat.machine(), secret, margins, bound));
    const told = await seat.publish(opened && [opened.cases, opened.controls, opened.released], lengths);
    return rows(margins, told[2], (at) => tableOf(at, told[0], told[1], margins));
  }
  const opened =
    secret &&
    (bound === 0n
      ? { ...(await allelicChiSquare(seat.machine(), secret, margins)), released: field.fill(variants, 1n) }
      : await suppressedChiSquare(seat.machine(), secret, margins, bound));
  const [difference = called, spread = called, released] = await seat.publish(
    opened && [opened.difference, opened.spread, opened.released],
    lengths,
  );
  const chiSquares = chiSquareOf({ difference, spread }, margins);
  return rows(margins, released, (at) => {
    const chiSquare = chiSquares[at] ?? Number.NaN;
    return { ...unknown, chiSquare, p: chiSquareTail(chiSquare) };
  });
}

type Test = Omit<AssociationRow, 'calledCases' | 'calledControls' | 'released'>;

const unknown: Test = {
  caseFrequency: Number.NaN,
  controlFrequency: Number.NaN,
  chiSquare: Number.NaN,
  p: Number.NaN,
  oddsRatio: Number.NaN,
};

function rows(
  margins: { cases: Vector; controls: Vector },
  released: Vector | undefined,
  test: (at: number) => Test,
): AssociationRow[] {
  return Array.from(margins.cases, (calledCases, at) => {
    const shown = released?.[at] === 1n;
    return {
      ...(shown ? test(at) : unknown),
      calledCases: Number(calledCases),
      calledControls: Number(margins.controls[at] ?? 0n),
      released: shown,
    };
  });
}

/** The test from opened counts of alleles, by the same formulas as from genotypes. */
function tableOf(
  at: number,
  cases: Vector | undefined,
  controls: Vector | undefined,
  margins: { cases: Vector; controls: Vector },
): Test {
  const half = (counted = 0n, total = 0n) => ({
    two: Number(counted) / 2,
    one: 0,
    none: (Number(total) - Number(counted)) / 2,
  });
  return allelicTest(half(cases?.[at], margins.cases[at]), half(controls?.[at], margins.controls[at]));
}
