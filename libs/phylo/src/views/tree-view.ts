import { packView } from './columns.ts';
import type { Layout } from './layout.ts';

/** The part that a screen shows: x in the unit of the layout, y in samples, `rows` how many lines of pixels there are. */
export interface Window {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
  readonly rows: number;
}

/** Elements of a view: 28 bytes each stay below 300 kB. */
const mostElements = 10_000;

interface Elements {
  readonly node: number[];
  readonly parent: number[];
  readonly leaves: number[];
  readonly low: number[];
  readonly high: number[];
  readonly reach: number[];
}

/**
 * The tree as a window shows it: nodes that cover a row or more singly; smaller subtrees, and the small siblings beside them on the same row, as one
 * element with their number of samples. A view of many small things is coarsened until it fits. Work is that of what is shown.
 * Columns: node, parent (row in this view, −1 for the first), x, y, reach, samples, colour.
 */
export function treeView(layout: Layout, window: Window, colour?: Int32Array): Uint8Array<ArrayBuffer> {
  const rows = Math.max(1, Math.min(4096, Math.floor(window.rows)));
  let grain = Math.max(1e-6, window.y1 - window.y0) / rows;
  let found = collect(layout, window, grain);
  while (!found) {
    grain *= 2;
    found = collect(layout, window, grain);
  }
  const { node, parent, leaves, low, high, reach } = found;
  return packView('tree', [
    Uint32Array.from(node),
    Int32Array.from(parent),
    Float32Array.from(node, (one) => layout.x[one] ?? 0),
    Float32Array.from(node, (one, at) =>
      high[at] === low[at] ? (layout.y[one] ?? 0) : ((low[at] ?? 0) + (high[at] ?? 0)) / 2,
    ),
    Float32Array.from(reach),
    Uint32Array.from(leaves),
    Int32Array.from(node, (one) => colour?.[one] ?? -1),
  ]);
}

/** The elements at a grain of so many samples; undefined when there are too many. */
function collect(layout: Layout, window: Window, grain: number): Elements | undefined {
  const { tree, x, from, to, reach: reaches } = layout;
  const out: Elements = { node: [], parent: [], leaves: [], low: [], high: [], reach: [] };
  const open: { node: number; row: number; end: number }[] = [];
  let merged = { parent: -2, row: -1, at: -1 };
  let node = 0;
  while (node < tree.parent.length) {
    const size = tree.size[node] as number;
    const low = from[node] as number;
    const high = to[node] as number;
    if (node > 0 && low >= window.y1) break;
    while (open.length > 0 && (open.at(-1)?.end ?? 0) <= node) open.pop();
    const outside =
      high <= window.y0 ||
      (reaches[node] as number) < window.x0 ||
      (node > 0 && (x[tree.parent[node] as number] as number) > window.x1);
    if (outside && node > 0) {
      node += size;
      continue;
    }
    const above = open.at(-1)?.row ?? -1;
    const small = high - low < grain || size === 1;
    const bin = Math.floor(low / grain);
    if (small && merged.parent === above && merged.row === bin && grain > 1) {
      const { at } = merged;
      out.leaves[at] = (out.leaves[at] ?? 0) + high - low;
      out.high[at] = high;
      out.reach[at] = Math.max(out.reach[at] ?? 0, reaches[node] as number);
      node += size;
      continue;
    }
    const row = out.node.length;
    if (row >= mostElements) return undefined;
    out.node.push(node);
    out.parent.push(above);
    out.leaves.push(high - low);
    out.low.push(small && size > 1 ? low : 0);
    out.high.push(small && size > 1 ? high : 0);
    out.reach.push(small ? (reaches[node] as number) : (x[node] as number));
    if (small) {
      merged = { parent: above, row: bin, at: row };
      out.low[row] = low;
      out.high[row] = high;
      node += size;
    } else {
      open.push({ node, row, end: node + size });
      node++;
    }
  }
  return out;
}
