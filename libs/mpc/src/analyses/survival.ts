import { kaplanMeier, logRank, type LogRank, type SurvivalPoint, type TimeCounts } from '../statistics/survival.ts';
import type { Sum } from './sum.ts';

/**
 * Kaplan-Meier curves and the log-rank test over an agreed grid of times (ascending upper bounds: a time counts at the
 * first bound that is not below it). Opens events and withdrawals by group and bound. Individuals with a missing value
 * are left out; what lies beyond the last bound counts as withdrawn at it.
 */
export async function survivalAnalysis(
  data: { time: Float64Array; event: Float64Array; group: Float64Array },
  grid: readonly number[],
  groups: number,
  sum: Sum,
): Promise<{ curves: SurvivalPoint[][]; test: LogRank }> {
  const total = await sum('events by time', survivalCounts(data, grid, groups), 0);
  const counts = Array.from({ length: groups }, (_, g) =>
    grid.map((time, at): TimeCounts => {
      const from = 2 * (g * grid.length + at);
      return { time, events: total[from] ?? 0, censored: total[from + 1] ?? 0 };
    }),
  );
  return { curves: counts.map(kaplanMeier), test: logRank(counts) };
}

/** Events and withdrawals of one institution: for each group and bound, two integers. */
export function survivalCounts(
  { time, event, group }: { time: Float64Array; event: Float64Array; group: Float64Array },
  grid: readonly number[],
  groups: number,
): Float64Array {
  const counts = new Float64Array(groups * grid.length * 2);
  for (let i = 0; i < time.length; i += 1) {
    const t = time[i] as number;
    const g = group[i] as number;
    if (Number.isNaN(t) || Number.isNaN(event[i]) || !Number.isInteger(g) || g < 0 || g >= groups) continue;
    const found = grid.findIndex((bound) => t <= bound);
    const at = found < 0 ? grid.length - 1 : found;
    const cell = 2 * (g * grid.length + at) + (found >= 0 && event[i] === 1 ? 0 : 1);
    counts[cell] = (counts[cell] as number) + 1;
  }
  return counts;
}
