import { invert, times } from './symmetric.ts';
import { chiSquareTail } from './tails.ts';

/** Events and withdrawals of a group at one time of the grid. */
export interface TimeCounts {
  readonly time: number;
  readonly events: number;
  readonly censored: number;
}

export interface SurvivalPoint {
  readonly time: number;
  readonly atRisk: number;
  readonly events: number;
  readonly survival: number;
  /** Greenwood's standard error. */
  readonly error: number;
}

/** Kaplan and Meier 1958 with Greenwood's error; times ascending, those censored at a time are still at risk in it. */
export function kaplanMeier(counts: readonly TimeCounts[]): SurvivalPoint[] {
  let atRisk = counts.reduce((sum, { events, censored }) => sum + events + censored, 0);
  let survival = 1;
  let greenwood = 0;
  const points: SurvivalPoint[] = [];
  for (const { time, events, censored } of counts) {
    if (events > 0) {
      survival *= 1 - events / atRisk;
      greenwood += atRisk > events ? events / (atRisk * (atRisk - events)) : 0;
      points.push({ time, atRisk, events, survival, error: survival * Math.sqrt(greenwood) });
    }
    atRisk -= events + censored;
  }
  return points;
}

/** The first time at which survival is at or below one half; undefined where it is not reached. */
export const medianSurvival = (points: readonly SurvivalPoint[]): number | undefined =>
  points.find(({ survival }) => survival <= 0.5)?.time;

export interface LogRank {
  readonly observed: readonly number[];
  readonly expected: readonly number[];
  readonly chiSquare: number;
  readonly df: number;
  readonly p: number;
}

/** Log-rank test of two or more groups over the same grid of times (Peto and Peto 1972, with hypergeometric variance). */
export function logRank(groups: readonly (readonly TimeCounts[])[]): LogRank {
  const k = groups.length;
  const risk = groups.map((counts) => counts.reduce((sum, { events, censored }) => sum + events + censored, 0));
  const observed = Array.from({ length: k }, () => 0);
  const expected = Array.from({ length: k }, () => 0);
  const variance = new Float64Array((k - 1) ** 2);
  for (const [at] of (groups[0] ?? []).entries()) {
    const events = groups.map((counts) => counts[at]?.events ?? 0);
    const n = risk.reduce((sum, value) => sum + value, 0);
    const d = events.reduce((sum, value) => sum + value, 0);
    if (d > 0)
      for (const [i, atRisk] of risk.entries()) {
        observed[i] = (observed[i] ?? 0) + (events[i] ?? 0);
        expected[i] = (expected[i] ?? 0) + (d * atRisk) / n;
        if (i === k - 1 || n <= 1) continue;
        for (let j = 0; j < k - 1; j += 1) {
          const share = (i === j ? 1 : 0) - (risk[j] ?? 0) / n;
          const cell = i * (k - 1) + j;
          variance[cell] = (variance[cell] as number) + (d * (n - d) * atRisk * share) / (n * (n - 1));
        }
      }
    for (const [i, counts] of groups.entries())
      risk[i] = (risk[i] ?? 0) - (counts[at]?.events ?? 0) - (counts[at]?.censored ?? 0);
  }
  const difference = observed.slice(0, k - 1).map((value, i) => value - (expected[i] ?? 0));
  const inverse = k > 1 ? invert(variance, k - 1) : undefined;
  const chiSquare = inverse
    ? times(inverse, difference, k - 1).reduce((sum, value, i) => sum + value * (difference[i] ?? 0), 0)
    : Number.NaN;
  return { observed, expected, chiSquare, df: k - 1, p: chiSquareTail(chiSquare, k - 1) };
}
