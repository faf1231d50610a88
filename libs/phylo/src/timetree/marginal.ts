import { isLeaf, nodeCount, type Tree } from '../tree/tree.ts';
import { branchCounts, type Clock } from './clock.ts';
import type { DateRange } from './dates.ts';
import { VirusProblem } from '../rules/problem.ts';
import { treeRules } from '../rules/tree.ts';

/** Dates of nodes in decimal years; `low` and `high` bound the middle 90 % where the method gives them, else NaN. */
export interface NodeDates {
  readonly date: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

export interface MarginalOptions {
  /** Cells of the grid of time; a cell is a day where the span allows. */
  readonly cells?: number;
  /** Chance a year that a lineage, looking back, meets another: keeps forks near their descendants. Fitted unless given; 0 leaves it out. */
  readonly coalescence?: number;
  /** Room before the first sample, in years; else from the clock. */
  readonly before?: number;
}

/**
 * Marginal dates on a grid: messages from the leaves to the root and back, mutations of a branch Poisson in its length,
 * lineages meeting at a rate that is fitted to the tree in four passes. Work is nodes × cells², so the gradient method takes over beyond 10,000 tips. Source: Sagulenko, Puller, Neher 2018 (TreeTime).
 */
export function marginalDates(
  tree: Tree,
  dates: ReadonlyMap<number, DateRange>,
  clock: Clock,
  options: MarginalOptions = {},
): NodeDates {
  if (options.coalescence !== undefined) return datesWith(tree, dates, clock, options);
  let found = datesWith(tree, dates, clock, { ...options, coalescence: 0 });
  for (let round = 0; round < 3; round++)
    found = datesWith(tree, dates, clock, { ...options, coalescence: meetingRate(tree, found.date) });
  return found;
}

/** Meetings a lineage and year in a dated tree: leaves less one over the sum of all branches (Yule 1924, looking back). */
export function meetingRate(tree: Tree, date: Float64Array): number {
  let sum = 0;
  let leaves = 0;
  for (let node = 1; node < date.length; node++) {
    sum += (date[node] ?? 0) - (date[tree.parent[node] ?? 0] ?? 0);
    if (tree.size[node] === 1) leaves++;
  }
  return sum > 0 ? Math.max(0, leaves - 1) / sum : 0;
}

function datesWith(
  tree: Tree,
  dates: ReadonlyMap<number, DateRange>,
  clock: Clock,
  options: MarginalOptions,
): NodeDates {
  const grid = gridOf(tree, dates, clock, options);
  const counts = branchCounts(tree);
  const kernels = new Kernels(clock.rate * tree.reference.genome.length, options.coalescence ?? 0, grid);
  const count = nodeCount(tree);
  const { cells } = grid;
  const outlier = new Set(clock.outliers);
  /** What the subtree says about the node's date, normalised; and the message it sends up. */
  const below: Float64Array[] = [];
  const message: Float64Array[] = [];
  for (let node = count - 1; node >= 0; node--) {
    const range = dates.get(node);
    const own = range && !outlier.has(node) ? cellsOf(range, grid) : new Float64Array(cells).fill(1);
    const end = node + (tree.size[node] ?? 1);
    for (let child = node + 1; child < end; child += tree.size[child] ?? 1) multiply(own, message[child]);
    normalise(own);
    below[node] = own;
    message[node] = node === 0 ? own : kernels.up(own, counts[node] ?? 0);
  }
  const found: NodeDates = {
    date: new Float64Array(count),
    low: new Float64Array(count),
    high: new Float64Array(count),
  };
  const above: Float64Array[] = [new Float64Array(cells).fill(1)];
  for (let node = 0; node < count; node++) {
    const outside = above[node] ?? new Float64Array(cells).fill(1);
    const posterior = (below[node] ?? outside).slice();
    multiply(posterior, outside);
    normalise(posterior);
    summarise(posterior, grid, found, node);
    if (isLeaf(tree, node)) continue;
    sendDown(tree, node, { posterior, message, above, kernels, counts });
  }
  for (const [node, range] of dates) if (!outlier.has(node) && range.to - range.from < 0.01) pin(found, node, range);
  orderDates(tree, found);
  return found;
}

interface Grid {
  readonly from: number;
  readonly step: number;
  readonly cells: number;
}

function gridOf(tree: Tree, dates: ReadonlyMap<number, DateRange>, clock: Clock, options: MarginalOptions): Grid {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { from, to } of dates.values()) {
    first = Math.min(first, from);
    last = Math.max(last, to);
  }
  if (!(last > first)) throw new VirusProblem(treeRules.clock, { reason: 'no sample is dated' });
  const perMutation = 1 / (clock.rate * tree.reference.genome.length);
  const early = Math.min(first, clock.rootDate) - (options.before ?? Math.max(0.15, 4 * perMutation));
  const cells = Math.min(options.cells ?? 400, Math.ceil((last - early) * 365) + 1);
  return { from: early, step: (last - early) / cells, cells };
}

function cellsOf(range: DateRange, grid: Grid): Float64Array {
  const own = new Float64Array(grid.cells);
  const low = Math.max(0, Math.min(grid.cells - 1, Math.floor((range.from - grid.from) / grid.step + 1e-9)));
  const high = Math.max(low, Math.min(grid.cells - 1, Math.ceil((range.to - grid.from) / grid.step - 1e-9) - 1));
  return own.fill(1, low, high + 1);
}

/** Likelihood of k mutations over a length of so many cells, and its sums over all ends. */
class Kernels {
  readonly #byCount = new Map<number, Float64Array>();
  readonly #perYear: number;
  readonly #coalescence: number;
  readonly #grid: Grid;

  constructor(perYear: number, coalescence: number, grid: Grid) {
    this.#perYear = perYear;
    this.#coalescence = coalescence;
    this.#grid = grid;
  }

  /** Σ over the child's cell of kernel(child − parent) · own(child). */
  up(own: Float64Array, count: number): Float64Array {
    const { kernel, reach } = this.#of(count);
    const sum = new Float64Array(own.length);
    for (let child = 0; child < own.length; child++) {
      const weight = own[child] as number;
      if (weight < 1e-12) continue;
      const least = Math.max(0, child - reach);
      for (let parent = child; parent >= least; parent--)
        sum[parent] = (sum[parent] as number) + weight * (kernel[child - parent] as number);
    }
    normalise(sum);
    return sum;
  }

  /** Σ over the parent's cell of kernel(child − parent) · outside(parent). */
  down(outside: Float64Array, count: number): Float64Array {
    const { kernel, reach } = this.#of(count);
    const sum = new Float64Array(outside.length);
    for (let parent = 0; parent < outside.length; parent++) {
      const weight = outside[parent] as number;
      if (weight < 1e-12) continue;
      const most = Math.min(outside.length - 1, parent + reach);
      for (let child = parent; child <= most; child++)
        sum[child] = (sum[child] as number) + weight * (kernel[child - parent] as number);
    }
    normalise(sum);
    return sum;
  }

  #of(count: number): { kernel: Float64Array; reach: number } {
    let kernel = this.#byCount.get(count);
    if (!kernel) this.#byCount.set(count, (kernel = this.#make(count)));
    return { kernel, reach: kernel.length - 1 };
  }

  /** Poisson in the length: k mutations at so many a year. */
  #make(count: number): Float64Array {
    const { step, cells } = this.#grid;
    const logs = Float64Array.from({ length: cells }, (_, at) => {
      const length = step * (at + 0.25);
      return count * Math.log(this.#perYear * length) - (this.#perYear + this.#coalescence) * length;
    });
    const most = logs.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    let last = cells - 1;
    while (last > 0 && (logs[last] ?? 0) < most - 30) last--;
    return logs.subarray(0, last + 1).map((log) => Math.exp(log - most));
  }
}

interface Down {
  readonly posterior: Float64Array;
  readonly message: readonly Float64Array[];
  readonly above: Float64Array[];
  readonly kernels: Kernels;
  readonly counts: Int32Array;
}

/** Gives each child what all else says about its date: the posterior of the parent without the child's own message. */
function sendDown(tree: Tree, node: number, { posterior, message, above, kernels, counts }: Down): void {
  const end = node + (tree.size[node] ?? 1);
  for (let child = node + 1; child < end; child += tree.size[child] ?? 1) {
    const own = message[child];
    const rest = posterior.slice();
    if (own)
      for (let at = 0; at < rest.length; at++)
        rest[at] = (own[at] ?? 0) > 1e-100 ? (rest[at] ?? 0) / (own[at] ?? 1) : 0;
    normalise(rest);
    above[child] = kernels.down(rest, counts[child] ?? 0);
  }
  above[node] = new Float64Array(0);
}

function multiply(into: Float64Array, by: Float64Array | undefined): void {
  if (!by) return;
  let most = 0;
  for (let at = 0; at < into.length; at++) {
    const value = (into[at] as number) * (by[at] as number);
    into[at] = value;
    if (value > most) most = value;
  }
  // Keep a product of many children away from zero.
  if (most > 0 && most < 1e-50) for (let at = 0; at < into.length; at++) into[at] = (into[at] as number) / most;
}

function normalise(cells: Float64Array): void {
  let most = 0;
  for (const value of cells) if (value > most) most = value;
  if (most === 0) {
    cells.fill(1);
    return;
  }
  for (let at = 0; at < cells.length; at++) cells[at] = (cells[at] as number) / most;
}

function summarise(posterior: Float64Array, grid: Grid, found: NodeDates, node: number): void {
  let total = 0;
  let mean = 0;
  for (let at = 0; at < posterior.length; at++) {
    total += posterior[at] as number;
    mean += (posterior[at] as number) * (at + 0.5);
  }
  let sum = 0;
  let low = -1;
  let high = -1;
  for (let at = 0; at < posterior.length; at++) {
    sum += posterior[at] as number;
    if (low < 0 && sum >= 0.05 * total) low = at;
    if (high < 0 && sum >= 0.95 * total) high = at + 1;
  }
  found.date[node] = grid.from + (mean / total) * grid.step;
  found.low[node] = grid.from + low * grid.step;
  found.high[node] = grid.from + high * grid.step;
}

function pin(found: NodeDates, node: number, range: DateRange): void {
  found.date[node] = (range.from + range.to) / 2;
  found.low[node] = range.from;
  found.high[node] = range.to;
}

/** Means of neighbours on a grid may cross by less than a cell: a child is never before its parent. */
function orderDates(tree: Tree, found: NodeDates): void {
  for (let node = nodeCount(tree) - 1; node > 0; node--) {
    const above = tree.parent[node] ?? 0;
    if ((found.date[above] ?? 0) > (found.date[node] ?? 0)) found.date[above] = found.date[node] ?? 0;
  }
}
