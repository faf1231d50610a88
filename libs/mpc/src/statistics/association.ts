import { chiSquareTail } from './tails.ts';

/** Individuals by genotype: two, one and no copies of the counted allele. */
export interface GenotypeCounts {
  readonly two: number;
  readonly one: number;
  readonly none: number;
}

/** The allelic test of a variant; NaN where a value does not exist (PLINK prints NA). */
export interface AllelicTest {
  readonly caseFrequency: number;
  readonly controlFrequency: number;
  readonly chiSquare: number;
  readonly p: number;
  readonly oddsRatio: number;
  /** Standard error of the logarithm of the odds ratio (Woolf 1955). */
  readonly logOddsError: number;
}

/** Copies of the counted allele, and all alleles. */
export const alleles = (counts: GenotypeCounts) => ({
  counted: 2 * counts.two + counts.one,
  total: 2 * (counts.two + counts.one + counts.none),
});

/** Share of the counted allele; NaN without a genotype. */
export function frequency(counts: GenotypeCounts): number {
  const { counted, total } = alleles(counts);
  return counted / total;
}

/** Pearson's χ² of alleles by case and control, one degree of freedom, without continuity correction (PLINK --assoc). */
export function allelicTest(cases: GenotypeCounts, controls: GenotypeCounts): AllelicTest {
  const inCases = alleles(cases);
  const inControls = alleles(controls);
  const a = inCases.counted;
  const b = inCases.total - a;
  const c = inControls.counted;
  const d = inControls.total - c;
  const n = inCases.total + inControls.total;
  // T = a·R2 − c·R1 is linear in the counts; χ² = n·T² / (R1·R2·C1·C2).
  const t = a * inControls.total - c * inCases.total;
  const chiSquare = ((t / inCases.total) * (t / inControls.total) * n) / ((a + c) * (b + d));
  const oddsRatio = b * c === 0 ? Number.NaN : (a * d) / (b * c);
  return {
    caseFrequency: a / inCases.total,
    controlFrequency: c / inControls.total,
    chiSquare,
    p: chiSquareTail(chiSquare),
    oddsRatio,
    logOddsError: a * b * c * d === 0 ? Number.NaN : Math.sqrt(1 / a + 1 / b + 1 / c + 1 / d),
  };
}

/** Cochran-Armitage trend test with weights 2, 1, 0, one degree of freedom (PLINK --model TREND). */
export function trendTest(cases: GenotypeCounts, controls: GenotypeCounts): { chiSquare: number; p: number } {
  const rows = [
    [cases.two, controls.two, 2],
    [cases.one, controls.one, 1],
    [cases.none, controls.none, 0],
  ] as const;
  let r = 0;
  let s = 0;
  let cross = 0;
  let first = 0;
  let second = 0;
  for (const [inCases, inControls, weight] of rows) {
    r += inCases;
    s += inControls;
    cross += weight * inCases;
    first += weight * (inCases + inControls);
    second += weight * weight * (inCases + inControls);
  }
  const n = r + s;
  const numerator = n * cross - r * first;
  const chiSquare = ((n * numerator) / r / s) * (numerator / (n * second - first * first));
  return { chiSquare, p: chiSquareTail(chiSquare) };
}

/** Pearson's χ² of any table of counts; rows and columns without a count are left out. */
export function contingencyTest(table: readonly (readonly number[])[]): { chiSquare: number; df: number; p: number } {
  const rows = table.map((row) => row.reduce((sum, cell) => sum + cell, 0));
  const width = Math.max(0, ...table.map((row) => row.length));
  const columns = Array.from({ length: width }, (_, at) => table.reduce((sum, row) => sum + (row[at] ?? 0), 0));
  const n = rows.reduce((sum, row) => sum + row, 0);
  let chiSquare = 0;
  for (const [i, row] of table.entries())
    for (const [j, column] of columns.entries()) {
      const expected = ((rows[i] ?? 0) * column) / n;
      if (expected > 0) chiSquare += ((row[j] ?? 0) - expected) ** 2 / expected;
    }
  const full = (sums: readonly number[]) => sums.filter((sum) => sum > 0).length - 1;
  const df = full(rows) * full(columns);
  return df > 0 ? { chiSquare, df, p: chiSquareTail(chiSquare, df) } : { chiSquare: Number.NaN, df: 0, p: Number.NaN };
}
