import { IntList, NameTable } from '../tree/grow.ts';
import { afterOf, beforeOf, gap, pack, positionOf, unknown } from '../tree/mutation.ts';
import { preorderOf } from '../tree/order.ts';
import { leavesBelow, nodeCount, sizesOf, type Tree } from '../tree/tree.ts';
import { branchChange, type Growth, type Place, type Query } from './search.ts';

/** How a sample came to stand where it stands. */
export type Attachment = 'same' | 'child' | 'fork';

/**
 * A tree that takes samples: a node that was there keeps its number, new ones follow in order of birth, and a branch is divided
 * without moving anything. `freeze` gives a tree in preorder again.
 */
export class Grower {
  readonly #base: Tree;
  readonly #birthParent: IntList;
  readonly #nowParent: IntList;
  readonly #birthFrom: IntList;
  readonly #birthTo: IntList;
  readonly #nowFrom: IntList;
  readonly #nowTo: IntList;
  /** Mutations for comparing (gaps as unknown) and, beside them, as the tree has them. */
  readonly #compared: IntList;
  readonly #told: IntList;
  readonly #weight: IntList;
  readonly #divided = new IntList(16);
  readonly #isDivided = new Set<number>();
  readonly #inner: Set<number> = new Set();
  readonly #samples = new Map<number, string[]>();

  constructor(tree: Tree) {
    this.#base = tree;
    const count = nodeCount(tree);
    const room = count + 1024;
    const lists = Array.from({ length: 7 }, () => new IntList(room));
    const [a, b, c, d, e, f, g] = lists as [IntList, IntList, IntList, IntList, IntList, IntList, IntList];
    [this.#birthParent, this.#nowParent, this.#birthFrom, this.#birthTo, this.#nowFrom, this.#nowTo, this.#weight] = [
      a,
      b,
      c,
      d,
      e,
      f,
      g,
    ];
    for (const list of [a, b]) list.append(tree.parent, 0, count);
    for (const list of [c, e]) list.append(tree.start, 0, count);
    for (const list of [d, f]) list.append(tree.start, 1, count + 1);
    g.append(leavesBelow(tree), 0, count);
    this.#told = new IntList(tree.mutations.length + 4096);
    this.#told.append(tree.mutations, 0, tree.mutations.length);
    this.#compared = new IntList(tree.mutations.length + 4096);
    for (let at = 0; at < tree.mutations.length; at++) this.#compared.push(compared(tree.mutations[at] ?? 0));
  }

  /** The arrays for searching, as they are now; valid until the next sample is attached. */
  growth(): Growth {
    return {
      genome: this.#base.reference.genome,
      count: this.#birthParent.length,
      birthParent: this.#birthParent.values,
      birthFrom: this.#birthFrom.values,
      birthTo: this.#birthTo.values,
      nowFrom: this.#nowFrom.values,
      nowTo: this.#nowTo.values,
      nowParent: this.#nowParent.values,
      mutations: this.#compared.values,
      weight: this.#weight.values,
      divided: this.#divided.values.subarray(0, this.#divided.length),
    };
  }

  get count(): number {
    return this.#birthParent.length;
  }

  get dividedCount(): number {
    return this.#divided.length;
  }

  /**
   * Attaches samples that say the same (`names`, of one query) at the place that was found and gives the leaf.
   * Ambiguous bases take the base of the fork where they may, else the first they allow, in the order A, C, G, T.
   */
  attach(names: readonly string[], query: Query, place: Place): { leaf: number; fork: number; how: Attachment } {
    const { node } = place;
    const growth = this.growth();
    const from = growth.nowFrom[node] ?? 0;
    const to = growth.nowTo[node] ?? 0;
    const { loss } = branchChange(growth, query, from, to);
    const isRoot = (growth.nowParent[node] ?? -1) < 0;
    if (isRoot || loss === 0) {
      if (!this.#isLeaf(node)) return { leaf: this.#leaf(names, query, node), fork: node, how: 'child' };
      const own = this.#privateOf(query, node);
      if (own.length === 0 && this.#saysAll(query, node)) {
        this.#samples.set(node, [...this.#samplesAt(node), ...names]);
        return { leaf: node, fork: node, how: 'same' };
      }
      const fork = this.#divide(node, () => true);
      return { leaf: this.#leaf(names, query, fork), fork, how: 'fork' };
    }
    const fork = this.#divide(node, (mutation) => {
      const set = query.sets[positionOf(mutation)] ?? unknown;
      return (set & beforeOf(mutation)) === 0 && (set & afterOf(mutation)) !== 0;
    });
    return { leaf: this.#leaf(names, query, fork), fork, how: 'fork' };
  }

  /** A genome that does not know a site of the leaf's mutations fits the leaf without being it. */
  #saysAll(query: Query, node: number): boolean {
    for (let at = node; at >= 0; at = this.#birthParent.values[at] ?? -1)
      for (let index = this.#birthFrom.values[at] ?? 0; index < (this.#birthTo.values[at] ?? 0); index++)
        if (query.sets[positionOf(this.#compared.values[index] ?? 0)] === unknown) return false;
    return true;
  }

  #isLeaf(node: number): boolean {
    return node < nodeCount(this.#base)
      ? this.#base.size[node] === 1 && !this.#inner.has(node)
      : !this.#inner.has(node);
  }

  #samplesAt(node: number): readonly string[] {
    return this.#samples.get(node) ?? this.#base.condensed.get(node) ?? [this.#base.names.at(node)];
  }

  #born(parent: number, from: number, to: number): number {
    const node = this.#birthParent.length;
    for (const list of [this.#birthParent, this.#nowParent]) list.push(parent);
    for (const list of [this.#birthFrom, this.#nowFrom]) list.push(from);
    for (const list of [this.#birthTo, this.#nowTo]) list.push(to);
    this.#weight.push(0);
    return node;
  }

  #mutate(mutation: number): void {
    this.#told.push(mutation);
    this.#compared.push(compared(mutation));
  }

  /** Puts a fork into the branch above a node; mutations that `above` chooses go above it. */
  #divide(node: number, above: (compared: number) => boolean): number {
    const from = this.#nowFrom.values[node] ?? 0;
    const to = this.#nowTo.values[node] ?? 0;
    const upper: number[] = [];
    const lower: number[] = [];
    for (let at = from; at < to; at++)
      (above(this.#compared.values[at] ?? 0) ? upper : lower).push(this.#told.values[at] ?? 0);
    const first = this.#told.length;
    for (const mutation of upper) this.#mutate(mutation);
    const fork = this.#born(this.#nowParent.values[node] ?? -1, first, this.#told.length);
    this.#inner.add(fork);
    this.#weight.values[fork] = this.#weight.values[node] ?? 0;
    const second = this.#told.length;
    for (const mutation of lower) this.#mutate(mutation);
    this.#nowParent.values[node] = fork;
    this.#nowFrom.values[node] = second;
    this.#nowTo.values[node] = this.#told.length;
    this.#isDivided.add(node);
    this.#divided.push(node);
    return fork;
  }

  #leaf(names: readonly string[], query: Query, parent: number): number {
    const own = this.#privateOf(query, parent);
    const first = this.#told.length;
    for (const mutation of own) this.#mutate(mutation);
    const leaf = this.#born(parent, first, this.#told.length);
    this.#samples.set(leaf, [...names]);
    return leaf;
  }

  /** The mutations from a node to the sample. */
  #privateOf(query: Query, node: number): number[] {
    const { genome } = this.#base.reference;
    const held = new Map<number, number>();
    for (let at = node; at >= 0; at = this.#birthParent.values[at] ?? -1)
      for (let index = (this.#birthTo.values[at] ?? 0) - 1; index >= (this.#birthFrom.values[at] ?? 0); index--) {
        const position = positionOf(this.#told.values[index] ?? 0);
        if (!held.has(position)) held.set(position, afterOf(this.#told.values[index] ?? 0));
      }
    const own: number[] = [];
    const compare = (position: number): void => {
      const set = query.sets[position] ?? unknown;
      const base = held.get(position) ?? genome[position] ?? unknown;
      if (base !== gap && set !== unknown && (set & base) === 0) own.push(pack(position, base, set & -set) | 0);
    };
    for (const position of held.keys()) compare(position);
    for (const position of query.differing) if (!held.has(position)) compare(position);
    return own.sort((a, b) => (a >>> 0) - (b >>> 0));
  }

  /** The tree in preorder, and the number in it of each node here. */
  freeze(): { tree: Tree; place: Int32Array } {
    const base = this.#base;
    const baseCount = nodeCount(base);
    const parents = this.#nowParent.done();
    const nameOf = (node: number): string =>
      node < baseCount ? base.names.at(node) : (this.#samples.get(node)?.[0] ?? `node ${node}`);
    const order = preorderOf(parents, nameOf);
    const place = new Int32Array(order.length);
    for (let at = 0; at < order.length; at++) place[order[at] ?? 0] = at;
    const parent = new Int32Array(order.length);
    const start = new Int32Array(order.length + 1);
    const mutations = new IntList(this.#told.length);
    const names = new NameTable();
    const condensed = new Map<number, readonly string[]>();
    const branches: Tree['branches'] = new Map();
    for (let at = 0; at < order.length; at++) {
      const node = order[at] ?? 0;
      const above = parents[node] ?? -1;
      parent[at] = above < 0 ? -1 : (place[above] ?? -1);
      mutations.append(this.#told.values, this.#nowFrom.values[node] ?? 0, this.#nowTo.values[node] ?? 0);
      start[at + 1] = mutations.length;
      const samples = this.#samples.get(node) ?? (node < baseCount ? base.condensed.get(node) : undefined);
      if (samples && samples.length > 1) condensed.set(at, samples);
      if (node < baseCount) names.pushBytes(base.names.bytesAt(node));
      else names.push(samples?.[0] ?? '');
      const notes = node < baseCount && !this.#isDivided.has(node) ? base.branches.get(node) : undefined;
      if (notes) branches.set(at, notes);
    }
    const attributes: Tree['attributes'] = new Map();
    for (const [key, column] of base.attributes) {
      if (column.kind === 'category') {
        const codes = Int32Array.from(order, (node) => (node < baseCount ? (column.codes[node] ?? -1) : -1));
        attributes.set(key, { kind: 'category', codes, values: column.values });
      } else {
        const numbers = Float64Array.from(order, (node) =>
          node < baseCount ? (column.numbers[node] ?? Number.NaN) : Number.NaN,
        );
        attributes.set(key, { kind: 'quantity', numbers });
      }
    }
    const tree: Tree = {
      reference: base.reference,
      parent,
      size: sizesOf(parent),
      start,
      mutations: mutations.done(),
      names,
      condensed,
      attributes,
      branches,
    };
    return { tree, place };
  }
}

/** A mutation as it is compared: a gap says nothing. */
function compared(mutation: number): number {
  let given = mutation;
  if ((given & 15) === gap) given |= unknown;
  if ((given & 0xf0) === gap) given |= unknown << 4;
  return given;
}
