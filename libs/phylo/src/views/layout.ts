import { isLeaf, nodeCount, type Category, type Tree } from '../tree/tree.ts';

/** Where everything of a tree is drawn: made once for a tree, served from again and again. */
export interface Layout {
  readonly tree: Tree;
  /** Horizontal place of each node: a date in decimal years, or mutations from the root. */
  readonly x: Float32Array;
  /** Greatest x below each node. */
  readonly reach: Float32Array;
  /** Samples before and up to the end of each node's subtree: its vertical stretch is `[from, to)`. */
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  /** Vertical place of the node: the middle of its children. */
  readonly y: Float32Array;
  readonly samples: number;
  readonly bounds: { readonly x0: number; readonly x1: number };
}

/** Lays a tree out. `date` gives x; without it x is mutations. */
export function layoutOf(tree: Tree, date?: Float64Array): Layout {
  const count = nodeCount(tree);
  const x = new Float32Array(count);
  const reach = new Float32Array(count);
  const from = new Uint32Array(count);
  const to = new Uint32Array(count);
  const y = new Float32Array(count);
  let samples = 0;
  for (let node = 0; node < count; node++) {
    const above = tree.parent[node] as number;
    const steps =
      above < 0 ? 0 : (x[above] as number) + (tree.start[node + 1] as number) - (tree.start[node] as number);
    x[node] = date ? (date[node] as number) : steps;
    reach[node] = x[node] as number;
    from[node] = samples;
    if (tree.size[node] === 1) samples += tree.condensed.size === 0 ? 1 : (tree.condensed.get(node)?.length ?? 1);
    to[node] = samples;
  }
  const first = new Float32Array(count).fill(-1);
  const last = new Float32Array(count);
  for (let node = count - 1; node >= 0; node--) {
    y[node] = isLeaf(tree, node)
      ? ((from[node] as number) + (to[node] as number)) / 2
      : ((first[node] as number) + (last[node] as number)) / 2;
    const above = tree.parent[node] as number;
    if (above < 0) continue;
    if ((first[above] as number) < 0) last[above] = y[node] as number;
    first[above] = y[node] as number;
    if ((reach[node] as number) > (reach[above] as number)) reach[above] = reach[node] as number;
    if ((to[node] as number) > (to[above] as number)) to[above] = to[node] as number;
  }
  return { tree, x, reach, from, to, y, samples, bounds: { x0: x[0] ?? 0, x1: reach[0] ?? 0 } };
}

/**
 * The leading value below each node: the one that a vote of pairs against pairs leaves standing (Boyer and Moore 1981), which is the
 * majority wherever there is one. −1 where nothing is known.
 */
export function leadingValues(tree: Tree, category: Category): Int32Array {
  const leading = Int32Array.from(category.codes);
  const votes = new Int32Array(leading.length);
  for (let node = leading.length - 1; node >= 0; node--) {
    if (tree.size[node] === 1) votes[node] = (leading[node] as number) < 0 ? 0 : 1;
    const above = tree.parent[node] as number;
    if (above < 0) continue;
    const vote = votes[node] as number;
    if (vote === 0) continue;
    if (votes[above] === 0) {
      leading[above] = leading[node] as number;
      votes[above] = vote;
    } else if (leading[above] === leading[node]) votes[above] = (votes[above] as number) + vote;
    else if ((votes[above] as number) >= vote) votes[above] = (votes[above] as number) - vote;
    else {
      leading[above] = leading[node] as number;
      votes[above] = vote - (votes[above] as number);
    }
  }
  return leading;
}
