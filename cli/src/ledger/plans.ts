import { plans } from '@geneward/api';
import type { Finding } from './follow.ts';

/** When plans that have no end yet were announced, by their type, oldest first. */
export type OpenPlans = Map<string, string[]>;

/** Times that are kept of one type at most; more plans at once than that are counted as the newest. */
const keptTimes = 100_000;

/**
 * Counts an act. The log shows types and times, not which thing an act is about: each end is taken to end the oldest plan of its
 * kind, so what is told as unfinished is the least that there can be.
 * @returns what is wrong with an end that nothing announced
 */
export function countPlan(open: OpenPlans, type: string, time: string, index: bigint): Finding | undefined {
  let finding: Finding | undefined;
  for (const [plan, { ends, exact }] of Object.entries(plans)) {
    if (!ends.includes(type)) continue;
    if (open.get(plan)?.shift() === undefined && exact)
      finding = { code: 'unplanned', detail: `entry ${index} is ${type}, and nothing announced it` };
  }
  if (type in plans) {
    const times = open.get(type) ?? [];
    if (times.length < keptTimes) times.push(time);
    open.set(type, times);
  }
  return finding;
}

/** Plans that should have ended by now. */
export function unfinished(open: OpenPlans, now: Date): Finding[] {
  return [...open].flatMap(([type, times]) => {
    const hours = plans[type]?.hours ?? 0;
    const late = times.filter((time) => now.getTime() - Date.parse(time) > hours * 3_600_000);
    const [first] = late;
    if (first === undefined) return [];
    return [
      {
        code: 'unfinished' as const,
        detail: `${late.length} of ${type} have no end after ${hours} hours, the oldest of ${first}`,
      },
    ];
  });
}
