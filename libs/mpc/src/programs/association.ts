import { numbersOf, type Vector } from '../field/field.ts';
import type { Shares } from '../rep3/rep3.ts';
import type { Seat } from '../rep3/seat.ts';
import { joinVectors } from '../compare/blocks.ts';
import { allelicTest } from '../statistics/association.ts';
import { chiSquareTail } from '../statistics/tails.ts';
import { allelicChiSquare, checkMargins, chiSquareOf, type Margins } from './allelic-chi-square.ts';
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

/** A joint study, one place a variant; what was suppressed or is not released is NaN. */
export interface AssociationColumns {
  readonly calledCases: Float64Array;
  readonly calledControls: Float64Array;
  readonly caseFrequency: Float64Array;
  readonly controlFrequency: Float64Array;
  readonly chiSquare: Float64Array;
  readonly p: Float64Array;
  readonly oddsRatio: Float64Array;
  /** 1 where the variant was not suppressed. */
  readonly released: Uint8Array;
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
  release: AssociationRelease,
): Promise<AssociationColumns> {
  const vector = own && joinVectors([own.cases, own.controls, own.calledCases, own.calledControls]);
  return associationOf(seat, await seat.pool(vector, 4 * variants), variants, release);
}

/**
 * The same from secret counts of everybody together: alleles counted in cases, in controls, and called in cases and in controls,
 * one after the other.
 */
export async function associationOf(
  seat: Seat,
  pooled: Shares | undefined,
  variants: number,
  { release, minimum }: AssociationRelease,
): Promise<AssociationColumns> {
  const { node, field } = seat;
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
    return columns(margins, told[2], ofCounts(told[0], told[1]));
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
  return columns(margins, released, (into, at) => {
    const chiSquare = chiSquares[at] as number;
    into.chiSquare[at] = chiSquare;
    into.p[at] = chiSquareTail(chiSquare);
  });
}

function columns(
  margins: Margins,
  released: Vector | undefined,
  test: (into: AssociationColumns, at: number) => void,
): AssociationColumns {
  const [calledCases, calledControls] = [numbersOf(margins.cases), numbersOf(margins.controls)];
  const { length } = calledCases;
  const unknown = () => new Float64Array(length).fill(Number.NaN);
  const into = {
    calledCases,
    calledControls,
    caseFrequency: unknown(),
    controlFrequency: unknown(),
    chiSquare: unknown(),
    p: unknown(),
    oddsRatio: unknown(),
    released: released ? Uint8Array.from(numbersOf(released)) : new Uint8Array(length),
  };
  for (let at = 0; at < length; at += 1) if (into.released[at] === 1) test(into, at);
  return into;
}

/** The test from opened counts of alleles, by the same formulas as from genotypes. */
function ofCounts(cases: Vector | undefined, controls: Vector | undefined) {
  const [counted, other] = [cases, controls].map((vector) => numbersOf(vector ?? new BigUint64Array(0)));
  const half = (count = 0, total = 0) => ({ two: count / 2, one: 0, none: (total - count) / 2 });
  return (into: AssociationColumns, at: number) => {
    const test = allelicTest(half(counted?.[at], into.calledCases[at]), half(other?.[at], into.calledControls[at]));
    into.caseFrequency[at] = test.caseFrequency;
    into.controlFrequency[at] = test.controlFrequency;
    into.chiSquare[at] = test.chiSquare;
    into.p[at] = test.p;
    into.oddsRatio[at] = test.oddsRatio;
  };
}
