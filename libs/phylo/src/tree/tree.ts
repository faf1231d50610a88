import { IntList, NameTable } from './grow.ts';

/** One value a node out of a list; -1 is none. */
export interface Category {
  readonly kind: 'category';
  readonly codes: Int32Array;
  readonly values: string[];
}

/** One number a node; NaN is none. */
export interface Quantity {
  readonly kind: 'quantity';
  readonly numbers: Float64Array;
}

/**
 * A mutation-annotated tree. Nodes are numbered in preorder, so node 0 is the root, a subtree is the stretch
 * `[v, v + size[v])`, and one pass from left to right meets every parent before its children.
 */
export interface Tree {
  readonly reference: { readonly name: string; readonly genome: Uint8Array };
  /** Parent of each node; -1 at the root. */
  readonly parent: Int32Array;
  /** Nodes in the subtree of each node, itself among them. */
  readonly size: Int32Array;
  /** Mutations of node v, on the branch above it, are `mutations[start[v]..start[v+1])`; those of the root are against the reference. */
  readonly start: Int32Array;
  readonly mutations: Int32Array;
  readonly names: NameTable;
  /** Samples that share one leaf: node → their names. A node that is not here stands for the sample of its own name. */
  readonly condensed: ReadonlyMap<number, readonly string[]>;
  readonly attributes: Map<string, Category | Quantity>;
  /** What Auspice holds beside the values: amino-acid mutations, labels, confidences; kept for the way back. */
  readonly branches: Map<number, BranchNotes>;
}

export interface BranchNotes {
  readonly protein?: Readonly<Record<string, readonly string[]>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

export const nodeCount = (tree: Tree): number => tree.parent.length;
export const isLeaf = (tree: Tree, node: number): boolean => tree.size[node] === 1;

/** The children of a node, in order. */
export function childrenOf(tree: Tree, node: number): number[] {
  const children: number[] = [];
  const end = node + (tree.size[node] ?? 1);
  for (let child = node + 1; child < end; child += tree.size[child] ?? 1) children.push(child);
  return children;
}

/** The nodes from the root to a node, both among them. */
export function pathTo(tree: Tree, node: number): number[] {
  const path: number[] = [];
  for (let at = node; at >= 0; at = tree.parent[at] ?? -1) path.push(at);
  return path.reverse();
}

/** Total of all mutations on branches, the parsimony of the tree; gaps are not counted. */
export function parsimonyOf(tree: Tree): number {
  let total = 0;
  for (let at = tree.start[1] ?? 0; at < tree.mutations.length; at++) {
    const mutation = tree.mutations[at] ?? 0;
    if ((mutation & 15) !== 0 && (mutation & 0xf0) !== 0) total++;
  }
  return total;
}

/** Builds a tree whose nodes come in preorder. */
export class TreeBuilder {
  readonly #parent = new IntList();
  readonly #start = new IntList();
  readonly #mutations = new IntList();
  readonly names = new NameTable();
  readonly condensed = new Map<number, readonly string[]>();
  readonly attributes = new Map<string, Category | Quantity>();
  readonly branches = new Map<number, BranchNotes>();

  /** Adds a node below one that was added before (-1 for the root) and gives its number. */
  add(parent: number, name: string): number {
    this.#parent.push(parent);
    this.#start.push(this.#mutations.length);
    this.names.push(name);
    return this.#parent.length - 1;
  }

  get length(): number {
    return this.#parent.length;
  }

  /** A mutation of the node that was added last. */
  mutate(mutation: number): void {
    this.#mutations.push(mutation | 0);
  }

  done(reference: Tree['reference']): Tree {
    const parent = this.#parent.done();
    this.#start.push(this.#mutations.length);
    return {
      reference,
      parent,
      size: sizesOf(parent),
      start: this.#start.done(),
      mutations: this.#mutations.done(),
      names: this.names,
      condensed: this.condensed,
      attributes: this.attributes,
      branches: this.branches,
    };
  }
}

/** Sizes of the subtrees of a preorder numbering. */
export function sizesOf(parent: Int32Array): Int32Array {
  const size = new Int32Array(parent.length).fill(1);
  for (let node = parent.length - 1; node > 0; node--) {
    const above = parent[node] ?? 0;
    size[above] = (size[above] ?? 0) + (size[node] ?? 1);
  }
  return size;
}

/** Leaves under each node, condensed samples counted singly. */
export function leavesBelow(tree: Tree): Int32Array {
  const count = new Int32Array(nodeCount(tree));
  for (let node = count.length - 1; node >= 0; node--) {
    if (tree.size[node] === 1) count[node] = tree.condensed.get(node)?.length ?? 1;
    const above = tree.parent[node] ?? -1;
    if (above >= 0) count[above] = (count[above] ?? 0) + (count[node] ?? 0);
  }
  return count;
}

/** The samples of a leaf. */
export const samplesOf = (tree: Tree, leaf: number): readonly string[] =>
  tree.condensed.get(leaf) ?? [tree.names.at(leaf)];
