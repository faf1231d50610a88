import { childrenOf, isLeaf, type Tree } from '../tree/tree.ts';
import { branchCounts } from './clock.ts';
import { middleOf, type DateRange } from './dates.ts';

export interface Extended {
  /** Dates of all nodes of the grown tree, decimal years. */
  readonly date: Float64Array;
  /** Nodes that had a date and had to move, since a new sample below them is older. */
  readonly moved: readonly { readonly node: number; readonly from: number; readonly to: number }[];
}

/**
 * Dates what a batch added to a dated tree and leaves the rest as it is: a new fork takes the mean of its dates' likelihood between its parent
 * and its children, forks that hang together are gone over until they rest. Work is that of the new nodes and their paths.
 * `known` holds NaN at new nodes; `perYear` is mutations a genome and year; `fresh` lists the new nodes.
 */
export function extendDates(
  tree: Tree,
  known: Float64Array,
  fresh: readonly number[],
  dateOf: (node: number) => DateRange | undefined,
  perYear: number,
  counts: Int32Array = branchCounts(tree),
): Extended {
  const date = known.slice();
  const moved = new Map<number, number>();
  const order = [...fresh].sort((a, b) => a - b);
  for (const node of order) {
    if (!isLeaf(tree, node)) continue;
    const range = dateOf(node);
    if (range) date[node] = middleOf(range);
  }
  for (const node of order.toReversed()) startInner(tree, node, date, counts, perYear);
  for (const node of order) liftPath(tree, node, date, known, moved);
  for (let sweep = 0; sweep < 6; sweep++)
    for (const node of sweep % 2 === 0 ? order : order.toReversed())
      if (!isLeaf(tree, node)) date[node] = restDate(tree, node, date, counts, perYear);
  for (const node of order) {
    const range = isLeaf(tree, node) ? dateOf(node) : undefined;
    if (isLeaf(tree, node) && (!range || range.to - range.from > 0.01))
      date[node] = leafDate(date[tree.parent[node] ?? 0] ?? 0, range, (counts[node] ?? 0) / perYear);
  }
  return {
    date,
    moved: [...moved].sort(([a], [b]) => a - b).map(([node, from]) => ({ node, from, to: date[node] ?? from })),
  };
}

/** A first date: before the earliest child; a leaf without a date after its parent, later. */
function startInner(tree: Tree, node: number, date: Float64Array, counts: Int32Array, perYear: number): void {
  if (isLeaf(tree, node)) {
    if (Number.isNaN(date[node] ?? Number.NaN)) date[node] = Number.POSITIVE_INFINITY;
    return;
  }
  let first = Number.POSITIVE_INFINITY;
  for (const child of childrenOf(tree, node))
    first = Math.min(first, (date[child] ?? 0) - (0.5 * (counts[child] ?? 0)) / perYear);
  date[node] = first;
}

/** Moves old ancestors that are later than a new leaf, and remembers what they were. */
function liftPath(tree: Tree, node: number, date: Float64Array, known: Float64Array, moved: Map<number, number>): void {
  const limit = date[node] ?? Number.POSITIVE_INFINITY;
  if (!Number.isFinite(limit)) return;
  let least = limit;
  for (let at = tree.parent[node] ?? -1; at >= 0; at = tree.parent[at] ?? -1) {
    const held = date[at] ?? 0;
    if (held <= least) {
      if (!Number.isNaN(known[at] ?? Number.NaN)) break;
    } else {
      if (!Number.isNaN(known[at] ?? Number.NaN) && !moved.has(at)) moved.set(at, held);
      date[at] = least;
    }
    least = Math.min(least, date[at] ?? least);
  }
}

/** The mean of the likelihood of a fork's date, all else held, on 48 cells. */
function restDate(tree: Tree, node: number, date: Float64Array, counts: Int32Array, perYear: number): number {
  const children = childrenOf(tree, node);
  let high = Number.POSITIVE_INFINITY;
  for (const child of children) high = Math.min(high, date[child] ?? high);
  const above = tree.parent[node] ?? -1;
  if (!Number.isFinite(high)) high = (above < 0 ? 0 : (date[above] ?? 0)) + ((counts[node] ?? 0) + 1) / perYear;
  const low = above < 0 ? high - 4 / perYear : (date[above] ?? high);
  if (high <= low) return high;
  const logs: number[] = [];
  const cells = 48;
  for (let cell = 0; cell < cells; cell++) {
    const time = low + ((cell + 0.5) / cells) * (high - low);
    let log = above < 0 ? 0 : branchLog(time - low, counts[node] ?? 0, perYear);
    for (const child of children) {
      const end = date[child] ?? high;
      if (Number.isFinite(end)) log += branchLog(end - time, counts[child] ?? 0, perYear);
    }
    logs.push(log);
  }
  const most = Math.max(...logs);
  let total = 0;
  let sum = 0;
  logs.forEach((log, cell) => {
    const weight = Math.exp(log - most);
    total += weight;
    sum += weight * (low + ((cell + 0.5) / cells) * (high - low));
  });
  return sum / total;
}

const branchLog = (length: number, count: number, perYear: number): number => {
  const mean = Math.max(1e-6, length * perYear);
  return count * Math.log(mean) - mean;
};

function leafDate(parent: number, range: DateRange | undefined, length: number): number {
  const expected = parent + length;
  return range ? Math.max(parent, Math.min(range.to, Math.max(range.from, expected))) : expected;
}
