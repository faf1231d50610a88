import { IntList, NameTable } from './grow.ts';
import { afterOf, beforeOf, pack, positionOf } from './mutation.ts';
import { preorderOf } from './order.ts';
import { sizesOf, type Tree } from './tree.ts';

/** One branch after another as one: a site that changes twice changes once, one that changes back not at all. */
export function compose(upper: readonly number[], lower: readonly number[]): number[] {
  const held = new Map<number, { before: number; after: number }>();
  for (const mutation of [...upper, ...lower]) {
    const position = positionOf(mutation);
    const first = held.get(position);
    held.set(position, { before: first?.before ?? beforeOf(mutation), after: afterOf(mutation) });
  }
  const joined: number[] = [];
  for (const [position, { before, after }] of held)
    if (before !== after) joined.push(pack(position, before, after) | 0);
  return joined.sort((a, b) => (a >>> 0) - (b >>> 0));
}

export const mutationsOf = (tree: Tree, node: number): number[] =>
  Array.from(tree.mutations.subarray(tree.start[node], tree.start[node + 1]));

/** Nodes as they are rearranged: `parent` −1 is the root, −2 was taken out; new nodes stand behind those of the base. */
export interface Draft {
  readonly parent: number[];
  readonly mutations: number[][];
  readonly samples: ReadonlyMap<number, readonly string[]>;
}

/** A tree in preorder from a draft over a base; nodes that stay keep their attributes. `place` is −1 for those taken out. */
export function rebuild(base: Tree, draft: Draft): { tree: Tree; place: Int32Array } {
  const baseCount = base.parent.length;
  const kept = draft.parent.flatMap((parent, node) => (parent === -2 ? [] : [node]));
  const rank = new Int32Array(draft.parent.length).fill(-1);
  kept.forEach((node, at) => (rank[node] = at));
  const parents = Int32Array.from(kept, (node) =>
    (draft.parent[node] ?? -1) < 0 ? -1 : (rank[draft.parent[node] ?? 0] ?? -1),
  );
  const order = preorderOf(parents, (at) => base.names.at(kept[at] ?? 0) || String(kept[at]));
  const place = new Int32Array(draft.parent.length).fill(-1);
  order.forEach((at, now) => (place[kept[at] ?? 0] = now));
  const nodes = Int32Array.from(order, (at) => kept[at] ?? 0);
  const parent = Int32Array.from(nodes, (node) =>
    (draft.parent[node] ?? -1) < 0 ? -1 : (place[draft.parent[node] ?? 0] ?? -1),
  );
  const start = new Int32Array(nodes.length + 1);
  const mutations = new IntList();
  const names = new NameTable();
  const condensed = new Map<number, readonly string[]>();
  const branches: Tree['branches'] = new Map();
  nodes.forEach((node, at) => {
    for (const mutation of draft.mutations[node] ?? []) mutations.push(mutation);
    start[at + 1] = mutations.length;
    const samples = draft.samples.get(node) ?? base.condensed.get(node);
    if (samples && samples.length > 1) condensed.set(at, samples);
    names.push(samples?.[0] ?? (node < baseCount ? base.names.at(node) : ''));
    const notes = base.branches.get(node);
    if (notes) branches.set(at, notes);
  });
  const attributes: Tree['attributes'] = new Map();
  for (const [key, column] of base.attributes)
    attributes.set(
      key,
      column.kind === 'category'
        ? { kind: 'category', values: column.values, codes: nodes.map((node) => column.codes[node] ?? -1) }
        : { kind: 'quantity', numbers: Float64Array.from(nodes, (node) => column.numbers[node] ?? Number.NaN) },
    );
  return {
    tree: {
      reference: base.reference,
      parent,
      size: sizesOf(parent),
      start,
      mutations: mutations.done(),
      names,
      condensed,
      attributes,
      branches,
    },
    place,
  };
}

/**
 * The tree without some samples: leaves that lose all theirs go, inner nodes that lose all leaves too, and a fork without a name that is left with one child joins its branches.
 * Takes back a batch (the tree before it) and a withdrawn record alike.
 */
export function withoutSamples(tree: Tree, names: ReadonlySet<string>): { tree: Tree; place: Int32Array } {
  const count = tree.parent.length;
  const parent = Array.from(tree.parent);
  const mutations = Array.from({ length: count }, (_, node) => mutationsOf(tree, node));
  const samples = new Map<number, readonly string[]>();
  const children = new Int32Array(count);
  for (let node = 1; node < count; node++)
    children[tree.parent[node] ?? 0] = (children[tree.parent[node] ?? 0] ?? 0) + 1;
  const before = children.slice();
  for (let node = count - 1; node > 0; node--) {
    const above = tree.parent[node] ?? 0;
    const emptied = (before[node] ?? 0) > 0 && children[node] === 0;
    if (before[node] === 0) {
      const held = tree.condensed.get(node) ?? [tree.names.at(node)];
      const left = held.filter((name) => !names.has(name));
      if (left.length > 0) {
        if (left.length < held.length) samples.set(node, left);
        continue;
      }
    } else if (!emptied) continue;
    parent[node] = -2;
    children[above] = (children[above] ?? 0) - 1;
  }
  // From the root down, so that a chain of forks joins into one branch.
  for (let node = 1; node < count; node++) {
    if (parent[node] === -2) continue;
    const above = parent[node] ?? 0;
    const joins =
      above > 0 && children[above] === 1 && (before[above] ?? 0) > 1 && tree.names.bytesAt(above).length === 0;
    if (!joins) continue;
    mutations[node] = compose(mutations[above] ?? [], mutations[node] ?? []);
    parent[node] = parent[above] ?? -1;
    parent[above] = -2;
  }
  return rebuild(tree, { parent, mutations, samples });
}
