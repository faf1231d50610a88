import { nodeCount, type Tree } from '../tree/tree.ts';
import { branchCounts, type Clock } from './clock.ts';
import { meetingRate } from './marginal.ts';
import { middleOf, type DateRange } from './dates.ts';
import { VirusProblem } from '../rules/problem.ts';
import { treeRules } from '../rules/tree.ts';

export interface GradientOptions {
  readonly steps?: number;
  /** How far a leaf may stand from its date, in years, before it costs; half the width of a partial date is added. */
  readonly slack?: number;
  readonly onProgress?: (step: number, steps: number) => void;
}

/**
 * Dates for trees of more than 10,000 tips: the lengths of all branches at once by gradient (Adam), mutations Poisson in the length, leaves pulled to
 * their dates. Work is nodes × steps, memory seven numbers a node. Leaves that are dated to the day come out on their day
 * unless their parent is later. Source: Sanderson 2021 (Chronumental). Throws `treeRules.clock`.
 */
export function gradientDates(
  tree: Tree,
  dates: ReadonlyMap<number, DateRange>,
  clock: Clock,
  options: GradientOptions = {},
): Float64Array {
  const { steps = 300, slack = 2 / 365, onProgress } = options;
  if (dates.size === 0) throw new VirusProblem(treeRules.clock, { reason: 'no sample is dated' });
  const count = nodeCount(tree);
  const counts = branchCounts(tree);
  const perYear = clock.rate * tree.reference.genome.length;
  const outlier = new Set(clock.outliers);
  const target = new Float64Array(count).fill(Number.NaN);
  const width = new Float64Array(count);
  for (const [node, range] of dates) {
    if (outlier.has(node)) continue;
    target[node] = middleOf(range);
    width[node] = slack + (range.to - range.from) / 2;
  }
  const { length, root } = firstLengths(tree, counts, target, perYear, clock.rootDate);
  const state = { theta: length.map((value) => Math.log(Math.max(value, 1e-4))), root };
  const mean = new Float64Array(count + 1);
  const square = new Float64Array(count + 1);
  const time = new Float64Array(count);
  const pull = new Float64Array(count);
  let meeting = 0;
  for (let step = 1; step <= steps; step++) {
    timesOf(tree, state, time);
    if (step % 25 === 1) meeting = meetingRate(tree, time);
    pull.fill(0);
    for (let node = count - 1; node >= 0; node--) {
      const wanted = target[node] as number;
      // Huber: a leaf with a wrong date pulls no harder than one off by three widths.
      if (!Number.isNaN(wanted))
        pull[node] =
          (pull[node] as number) +
          Math.max(-3, Math.min(3, ((time[node] as number) - wanted) / (width[node] as number))) /
            (width[node] as number);
      const above = tree.parent[node] as number;
      if (above >= 0) pull[above] = (pull[above] as number) + (pull[node] as number);
    }
    const pace = 0.1 * Math.min(1, 2 * (1 - step / (steps + 1)));
    const first = 1 - 0.9 ** step;
    const second = 1 - 0.99 ** step;
    for (let node = 0; node <= count; node++) {
      if (node === 0) continue;
      const isRoot = node === count;
      const held = isRoot ? 1 : Math.exp(state.theta[node] as number);
      const gradient = isRoot
        ? (pull[0] as number)
        : ((pull[node] as number) + perYear + meeting) * held - (counts[node] as number) - 0.05;
      mean[node] = 0.9 * (mean[node] as number) + 0.1 * gradient;
      square[node] = 0.99 * (square[node] as number) + 0.01 * gradient * gradient;
      const move = (mean[node] as number) / first / (Math.sqrt((square[node] as number) / second) + 1e-8);
      if (isRoot) state.root -= pace * 0.05 * move;
      else state.theta[node] = Math.max(-12, Math.min(4, (state.theta[node] as number) - pace * move));
    }
    onProgress?.(step, steps);
  }
  timesOf(tree, state, time);
  settle(tree, dates, outlier, time);
  return time;
}

function timesOf(tree: Tree, state: { theta: Float64Array; root: number }, time: Float64Array): void {
  time[0] = state.root;
  for (let node = 1; node < time.length; node++)
    time[node] = (time[tree.parent[node] as number] as number) + Math.exp(state.theta[node] as number);
}

/** Starts each inner node before its earliest descendant by the mutations in between, not before the clock's root. */
function firstLengths(
  tree: Tree,
  counts: Int32Array,
  target: Float64Array,
  perYear: number,
  rootDate: number,
): { length: Float64Array; root: number } {
  const count = counts.length;
  const time = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  for (let node = count - 1; node >= 0; node--) {
    const wanted = target[node] as number;
    if (!Number.isNaN(wanted)) time[node] = Math.min(time[node] as number, wanted);
    const above = tree.parent[node] as number;
    if (above >= 0)
      time[above] = Math.min(
        time[above] as number,
        (time[node] as number) - Math.max(0.001, (0.5 * (counts[node] as number)) / perYear),
      );
  }
  const root = Math.min(rootDate, time[0] as number);
  time[0] = root;
  const length = new Float64Array(count);
  for (let node = 1; node < count; node++) {
    const above = time[tree.parent[node] as number] as number;
    if (!Number.isFinite(time[node])) time[node] = above + (counts[node] as number) / perYear;
    time[node] = Math.max(time[node] as number, above + 1e-4);
    length[node] = (time[node] as number) - above;
  }
  return { length, root };
}

/** Puts leaves onto their day and lets no node be later than its children. */
function settle(
  tree: Tree,
  dates: ReadonlyMap<number, DateRange>,
  outlier: ReadonlySet<number>,
  time: Float64Array,
): void {
  for (const [node, range] of dates)
    if (!outlier.has(node))
      time[node] = Math.max(
        range.from,
        Math.min(range.to, range.to - range.from < 0.01 ? middleOf(range) : (time[node] ?? 0)),
      );
  for (let node = time.length - 1; node > 0; node--) {
    const above = tree.parent[node] ?? 0;
    if ((time[above] ?? 0) > (time[node] ?? 0)) time[above] = time[node] ?? 0;
  }
}
