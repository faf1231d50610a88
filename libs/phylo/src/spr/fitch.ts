import type { Sample } from '../placement/sample.ts';
import { gap, pack, unknown } from '../tree/mutation.ts';
import { isLeaf, nodeCount, samplesOf, type Tree } from '../tree/tree.ts';
import { VirusProblem } from '../rules/problem.ts';
import { treeRules } from '../rules/tree.ts';

/**
 * Puts mutations on a tree of which only the shape and the leaves are known, with the least number of changes at every site; ambiguous and unknown bases
 * take what costs least, and the base of the parent where that is free. Source: Fitch 1971, for forks of any size Hartigan 1973.
 * Throws `treeRules.parent` when a leaf has no sample.
 */
export function fitMutations(tree: Tree, samples: Iterable<Sample>): Tree {
  const byName = new Map<string, Sample>();
  for (const sample of samples) byName.set(sample.name, sample);
  const count = nodeCount(tree);
  const { genome } = tree.reference;
  /** position → leaves that differ there, with their sets */
  const sites = new Map<number, Map<number, number>>();
  const missing: { node: number; from: number; to: number }[] = [];
  for (let node = 0; node < count; node++) {
    if (!isLeaf(tree, node)) continue;
    const [name = ''] = samplesOf(tree, node);
    const sample = byName.get(name);
    if (!sample) throw new VirusProblem(treeRules.parent, { node: name, parent: 'sample' });
    for (const [position, set] of sample.differences) {
      let site = sites.get(position);
      if (!site) sites.set(position, (site = new Map()));
      site.set(node, set === gap ? unknown : set);
    }
    for (const [from, to] of sample.missing ?? []) missing.push({ node, from, to });
  }
  const perNode: number[][] = Array.from({ length: count }, () => []);
  const positions = [...sites.keys()].sort((a, b) => a - b);
  for (const position of positions) {
    const site = sites.get(position) ?? new Map<number, number>();
    if (![...site.values()].some((set) => (set & (genome[position] ?? unknown)) === 0)) continue;
    for (const { node, from, to } of missing) if (from <= position && position < to) site.set(node, unknown);
    fitSite(tree, position, genome[position] ?? unknown, site, perNode);
  }
  const start = new Int32Array(count + 1);
  const mutations: number[] = [];
  perNode.forEach((list, node) => {
    mutations.push(...list);
    start[node + 1] = mutations.length;
  });
  return { ...tree, start, mutations: Int32Array.from(mutations) };
}

function fitSite(
  tree: Tree,
  position: number,
  held: number,
  site: ReadonlyMap<number, number>,
  perNode: number[][],
): void {
  const count = nodeCount(tree);
  const sets = new Uint8Array(count);
  const votes = new Int32Array(count * 4);
  for (let node = count - 1; node >= 0; node--) {
    if (isLeaf(tree, node)) sets[node] = site.get(node) ?? held;
    else {
      let most = 0;
      for (let base = 0; base < 4; base++) most = Math.max(most, votes[node * 4 + base] as number);
      for (let base = 0; base < 4; base++)
        if (votes[node * 4 + base] === most) sets[node] = (sets[node] as number) | (1 << base);
    }
    const above = tree.parent[node] as number;
    if (above < 0) continue;
    for (let base = 0; base < 4; base++)
      if (((sets[node] as number) & (1 << base)) !== 0)
        votes[above * 4 + base] = (votes[above * 4 + base] as number) + 1;
  }
  const chosen = new Uint8Array(count);
  for (let node = 0; node < count; node++) {
    const above = node === 0 ? held : (chosen[tree.parent[node] as number] as number);
    const set = sets[node] as number;
    chosen[node] = (set & above) !== 0 ? above : set & -set;
    if (chosen[node] !== above) perNode[node]?.push(pack(position, above, chosen[node] as number) | 0);
  }
}
