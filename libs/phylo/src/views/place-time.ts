import type { Category, Tree } from '../tree/tree.ts';
import { packView } from './columns.ts';

/** Samples by rising date, with what maps and timelines count; made once for a tree. */
export interface SampleTable {
  readonly date: Float32Array;
  readonly node: Int32Array;
}

/** Sorts the dated leaves of a tree by date; a condensed leaf counts with each of its samples. */
export function sampleTable(tree: Tree, date: Float64Array): SampleTable {
  const nodes: number[] = [];
  for (let node = 0; node < date.length; node++)
    if (tree.size[node] === 1 && !Number.isNaN(date[node] ?? Number.NaN)) {
      const times = tree.condensed.size === 0 ? 1 : (tree.condensed.get(node)?.length ?? 1);
      for (let at = 0; at < times; at++) nodes.push(node);
    }
  const keys = Float64Array.from(nodes, (node) => date[node] ?? 0);
  const order = Int32Array.from(nodes.keys()).sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || a - b);
  return {
    date: Float32Array.from(order, (at) => keys[at] ?? 0),
    node: Int32Array.from(order, (at) => nodes[at] ?? 0),
  };
}

const inOrder = new WeakMap<SampleTable, WeakMap<Category, Int32Array>>();

/** The values of a category in the order of the table, made once for each, so that a view reads memory from left to right. */
function codesOf(table: SampleTable, category: Category): Int32Array {
  let held = inOrder.get(table);
  if (!held) inOrder.set(table, (held = new WeakMap()));
  let codes = held.get(category);
  if (!codes) held.set(category, (codes = table.node.map((node) => category.codes[node] as number)));
  return codes;
}

/** First sample at or after a date. */
function lowerBound(date: Float32Array, time: number): number {
  let low = 0;
  let high = date.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((date[middle] as number) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Lines between places that a map shows; the rarest are left out above this. */
const mostLines = 5000;
/** Pairs of place and colour that a map shows, and that are counted at most. */
const mostPairs = 12_000;
const mostCells = 16_000_000;

/**
 * Samples by place and colour between two dates, and moves between places: the branches that end within the dates in another place than they began.
 * The level of detail is the attribute: region, country, division. Columns: place, colour, samples; from, to, moves.
 */
export function mapView(
  table: SampleTable,
  tree: Tree,
  window: { readonly t0: number; readonly t1: number },
  places: {
    readonly category: Category;
    readonly nodePlace?: Int32Array;
    readonly nodeDate?: Float64Array;
    readonly moves?: readonly number[];
  },
  colour?: Category,
): Uint8Array<ArrayBuffer> {
  const colours = (colour?.values.length ?? 0) + 1;
  const begin = lowerBound(table.date, window.t0);
  const end = lowerBound(table.date, window.t1);
  const held = codesOf(table, places.category);
  const shades = colour && codesOf(table, colour);
  const counts = new Uint32Array(Math.min(mostCells, places.category.values.length * colours));
  for (let at = begin; at < end; at++) {
    const place = held[at] as number;
    const cell = place * colours + (shades ? (shades[at] as number) : -1) + 1;
    if (place >= 0 && cell < counts.length) counts[cell] = (counts[cell] as number) + 1;
  }
  const cells: [key: number, count: number][] = [];
  for (let key = 0; key < counts.length && cells.length < mostPairs; key++)
    if ((counts[key] as number) > 0) cells.push([key, counts[key] as number]);
  const lines = linesOf(tree, window, places);
  return packView('map', [
    Int32Array.from(cells, ([key]) => Math.floor(key / colours)),
    Int32Array.from(cells, ([key]) => (key % colours) - 1),
    Uint32Array.from(cells, ([, count]) => count),
    Int32Array.from(lines, ({ from }) => from),
    Int32Array.from(lines, ({ to }) => to),
    Uint32Array.from(lines, ({ count }) => count),
  ]);
}

function linesOf(
  tree: Tree,
  { t0, t1 }: { readonly t0: number; readonly t1: number },
  { category, nodePlace, nodeDate, moves = [] }: Parameters<typeof mapView>[3],
): { from: number; to: number; count: number }[] {
  if (!nodePlace || !nodeDate) return [];
  const kinds = category.values.length;
  const counts = new Map<number, number>();
  for (const node of moves) {
    const time = nodeDate[node] ?? Number.NaN;
    if (!(time >= t0 && time < t1)) continue;
    const key = (nodePlace[tree.parent[node] ?? 0] ?? 0) * kinds + (nodePlace[node] ?? 0);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .map(([key, count]) => ({ from: Math.floor(key / kinds), to: key % kinds, count }))
    .sort((a, b) => b.count - a.count || a.from - b.from || a.to - b.to)
    .slice(0, mostLines);
}

/** Values that a timeline tells apart; the rest are counted together as −1. */
const mostSeries = 60;

/**
 * Samples by time and value: so many bins of equal length between two dates. Columns: values (−1 is all others), counts (bin after bin, a row of
 * values each).
 */
export function timelineView(
  table: SampleTable,
  window: { readonly t0: number; readonly t1: number; readonly bins: number },
  category: Category,
): Uint8Array<ArrayBuffer> {
  const bins = Math.max(1, Math.min(1000, Math.floor(window.bins)));
  const begin = lowerBound(table.date, window.t0);
  const end = lowerBound(table.date, window.t1);
  const codes = codesOf(table, category);
  const totals = new Uint32Array(category.values.length + 1);
  for (let at = begin; at < end; at++) {
    const slot = (codes[at] as number) + 1;
    totals[slot] = (totals[slot] as number) + 1;
  }
  const leading = Array.from(totals, (count, slot) => ({ count, code: slot - 1 }))
    .filter(({ count, code }) => count > 0 && code >= 0)
    .sort((a, b) => b.count - a.count || a.code - b.code)
    .slice(0, mostSeries)
    .map(({ code }) => code);
  const series = [...leading, -1];
  const columnOf = new Int32Array(category.values.length + 1).fill(series.length - 1);
  leading.forEach((code, column) => (columnOf[code + 1] = column));
  const counts = new Uint32Array(bins * series.length);
  const scale = bins / Math.max(1e-9, window.t1 - window.t0);
  for (let at = begin; at < end; at++) {
    const bin = Math.min(bins - 1, Math.floor(((table.date[at] as number) - window.t0) * scale));
    const cell = Math.max(0, bin) * series.length + (columnOf[(codes[at] as number) + 1] as number);
    counts[cell] = (counts[cell] as number) + 1;
  }
  return packView('timeline', [Int32Array.from(series), counts]);
}
