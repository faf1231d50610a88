import { countRow, maskOf, rowBytesOf } from '../inputs/genotypes.ts';
import { allelicTest, frequency, trendTest, type AllelicTest, type GenotypeCounts } from '../statistics/association.ts';
import { hardyWeinbergExact } from '../statistics/hardy-weinberg.ts';
import type { Cohort } from './cohort.ts';
import { sumInPieces, type Sum } from './sum.ts';

/** One variant of a case-control study. */
export interface CaseControlRow extends AllelicTest {
  readonly frequency: number;
  readonly trendChiSquare: number;
  readonly trendP: number;
  /** Exact test among controls. */
  readonly hardyWeinbergP: number;
  readonly cases: GenotypeCounts;
  readonly controls: GenotypeCounts;
}

/** Who is case, control, or neither (NaN), one value an individual: 1 or 0. */
export type Status = ArrayLike<number>;

/** Genotype counts of the panel by group: six integers a variant, cases first; those of one institution. */
export async function caseControlCounts(cohort: Cohort, status: Status): Promise<Float64Array> {
  const cases = maskOf(Array.from(status, (value) => value === 1));
  const controls = maskOf(Array.from(status, (value) => value === 0));
  if (cases.length !== rowBytesOf(cohort.individuals)) throw new RangeError('one status for each individual');
  const counts = new Float64Array(cohort.panel.length * 6);
  for await (const { index, packed, offset } of cohort.rows()) {
    const [two, one, none] = countRow(packed, offset, cases);
    const [controlTwo, controlOne, controlNone] = countRow(packed, offset, controls);
    counts.set([two, one, none, controlTwo, controlOne, controlNone], index * 6);
  }
  return counts;
}

/** Tests of every variant from the pooled counts. */
export function caseControlRows(total: Float64Array): CaseControlRow[] {
  const rows: CaseControlRow[] = [];
  for (let at = 0; at < total.length; at += 6) {
    const group = (from: number): GenotypeCounts => ({
      two: total[from] ?? 0,
      one: total[from + 1] ?? 0,
      none: total[from + 2] ?? 0,
    });
    const cases = group(at);
    const controls = group(at + 3);
    const trend = trendTest(cases, controls);
    rows.push({
      ...allelicTest(cases, controls),
      frequency: frequency({
        two: cases.two + controls.two,
        one: cases.one + controls.one,
        none: cases.none + controls.none,
      }),
      trendChiSquare: trend.chiSquare,
      trendP: trend.p,
      hardyWeinbergP: hardyWeinbergExact(controls.two, controls.one, controls.none),
      cases,
      controls,
    });
  }
  return rows;
}

/** The case-control study of all institutions: one addition of six counts a variant. */
export async function caseControl(cohort: Cohort, status: Status, sum: Sum): Promise<CaseControlRow[]> {
  return caseControlRows(await sumInPieces(sum, 'genotype counts', await caseControlCounts(cohort, status)));
}
