import { VirusProblem } from '../rules/problem.ts';
import { treeRules } from '../rules/tree.ts';

/**
 * The preorder of a tree that is given as parents in any order: `order[i]` is the given number of the node that
 * becomes i. Children keep the order in which they are given. Throws `treeRules.loop` and `treeRules.roots`.
 */
export function preorderOf(parent: Int32Array, nameOf: (node: number) => string): Int32Array {
  const count = parent.length;
  const first = new Int32Array(count).fill(-1);
  const next = new Int32Array(count).fill(-1);
  let root = -1;
  let roots = 0;
  for (let node = count - 1; node >= 0; node--) {
    const above = parent[node] ?? -1;
    if (above < 0) {
      root = node;
      roots++;
    } else {
      next[node] = first[above] ?? -1;
      first[above] = node;
    }
  }
  if (roots === 0) throw loopAt(count > 0 ? nameOf(0) : '-');
  if (roots > 1) throw new VirusProblem(treeRules.roots, { count: roots });
  const order = new Int32Array(count);
  let placed = 0;
  const reached = new Uint8Array(count);
  let at = root;
  while (at >= 0) {
    order[placed++] = at;
    reached[at] = 1;
    if ((first[at] ?? -1) >= 0) {
      at = first[at] ?? -1;
      continue;
    }
    while (at >= 0 && at !== root && (next[at] ?? -1) < 0) at = parent[at] ?? -1;
    at = at < 0 || at === root ? -1 : (next[at] ?? -1);
  }
  if (placed < count) throw loopAt(nameOf(reached.indexOf(0)));
  return order;
}

const loopAt = (node: string): VirusProblem => new VirusProblem(treeRules.loop, { node }, `node ${node}`);
