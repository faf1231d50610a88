import { afterOf, beforeOf, gap, pack, positionOf, unknown } from '../tree/mutation.ts';
import { compose, mutationsOf, rebuild } from '../tree/rebuild.ts';
import { isLeaf, nodeCount, type Tree } from '../tree/tree.ts';

export interface ImproveOptions {
  /** Branches that a subtree may be carried over. */
  readonly radius?: number;
  /** Passes over the tree; it ends earlier when a pass moves nothing. */
  readonly rounds?: number;
  /** Nodes to try; all unless told, and those that a batch added keep the work that of the batch. */
  readonly among?: readonly number[];
}

export interface Move {
  readonly node: number;
  readonly saved: number;
}

/**
 * Moves subtrees to where they cost fewer mutations, within a radius, one after another in the order of the nodes: the same result every time. A subtree
 * keeps its genome, so no move ever makes the tree longer, and every leaf stays what it is.
 * Source: subtree pruning and regrafting as in matOptimize (Ye et al. 2022), greedy instead of parallel.
 */
export function improveTree(
  tree: Tree,
  options: ImproveOptions = {},
): { tree: Tree; place: Int32Array; moves: readonly Move[] } {
  const { radius = 6, rounds = 4, among } = options;
  const work = new Workshop(tree);
  const moves: Move[] = [];
  for (let round = 0; round < rounds; round++) {
    let moved = 0;
    for (const node of among ?? tree.parent.keys()) {
      const saved = work.tryMove(node, radius);
      if (saved > 0) {
        moves.push({ node, saved });
        moved++;
      }
    }
    if (moved === 0) break;
  }
  return { ...rebuild(tree, work), moves };
}

class Workshop {
  readonly parent: number[];
  readonly mutations: number[][];
  readonly samples: ReadonlyMap<number, readonly string[]> = new Map();
  readonly #children: number[][];
  readonly #genome: Uint8Array;
  readonly #leaf: (node: number) => boolean;
  readonly #named: (node: number) => boolean;

  constructor(tree: Tree) {
    const count = nodeCount(tree);
    this.parent = Array.from(tree.parent);
    this.mutations = Array.from({ length: count }, (_, node) => mutationsOf(tree, node));
    this.#children = Array.from({ length: count }, () => []);
    for (let node = 1; node < count; node++) this.#children[this.parent[node] ?? 0]?.push(node);
    this.#genome = tree.reference.genome;
    this.#leaf = (node) => node < count && isLeaf(tree, node);
    this.#named = (node) => node < count && tree.names.bytesAt(node).length > 0;
  }

  /** Moves the subtree of a node if that saves mutations, and says how many. */
  tryMove(node: number, radius: number): number {
    const from = this.parent[node] ?? -1;
    const now = (this.mutations[node] ?? []).filter(counts).length;
    if (from < 0 || now === 0) return 0;
    const state = this.#stateOf(node);
    const best = this.#search(node, from, now, state, radius);
    if (!best) return 0;
    this.#detach(node, from);
    const target = best.node;
    const fork = this.#forkAt(target, state);
    this.parent[node] = fork;
    this.#children[fork]?.push(node);
    this.mutations[node] = this.#between(fork, state);
    this.#tidy(from);
    return now - best.cost;
  }

  /** All differences of a node from the reference. */
  #stateOf(node: number): Map<number, number> {
    const state = new Map<number, number>();
    for (let at = node; at >= 0; at = this.parent[at] ?? -1) {
      const list = this.mutations[at] ?? [];
      for (let index = list.length - 1; index >= 0; index--) {
        const position = positionOf(list[index] ?? 0);
        if (!state.has(position)) state.set(position, afterOf(list[index] ?? 0));
      }
    }
    return state;
  }

  #setAt(state: ReadonlyMap<number, number>, position: number): number {
    const set = state.get(position) ?? this.#genome[position] ?? unknown;
    return set === gap ? unknown : set;
  }

  /** What crossing a branch downwards gains and loses for a genome. */
  #change(branch: number, state: ReadonlyMap<number, number>): { gain: number; loss: number } {
    let gain = 0;
    let loss = 0;
    for (const mutation of this.mutations[branch] ?? []) {
      const set = this.#setAt(state, positionOf(mutation));
      const had = (set & (beforeOf(mutation) || unknown)) !== 0;
      const has = (set & (afterOf(mutation) || unknown)) !== 0;
      if (!had && has) gain++;
      else if (had && !has) loss++;
    }
    return { gain, loss };
  }

  /** The cheapest branch within the radius that is cheaper than now; of equal ones the nearest, then the first met. */
  #search(
    node: number,
    from: number,
    now: number,
    state: ReadonlyMap<number, number>,
    radius: number,
  ): { node: number; cost: number } | undefined {
    let best: { node: number; cost: number } | undefined;
    const queue = [{ at: from, came: node, cost: now, steps: 0 }];
    for (let head = 0; head < queue.length; head++) {
      const { at, came, cost, steps } = queue[head] ?? { at: 0, came: 0, cost: 0, steps: 0 };
      const above = this.parent[at] ?? -1;
      if (above >= 0) {
        const { gain, loss } = this.#change(at, state);
        const over = cost + gain - loss;
        const here = over - gain;
        if ((gain > 0 || loss === 0) && here < (best?.cost ?? now)) best = { node: at, cost: here };
        if (steps < radius && above !== came) queue.push({ at: above, came: at, cost: over, steps: steps + 1 });
      }
      if (steps < radius)
        for (const child of this.#children[at] ?? []) {
          if (child === came || child === node) continue;
          const { gain, loss } = this.#change(child, state);
          queue.push({ at: child, came: at, cost: cost - gain + loss, steps: steps + 1 });
        }
    }
    return best;
  }

  /** The node to hang a genome from on the branch above `target`: the target, or a new fork. */
  #forkAt(target: number, state: ReadonlyMap<number, number>): number {
    const { loss } = this.#change(target, state);
    if (loss === 0 && !this.#leaf(target)) return target;
    const upper: number[] = [];
    const lower: number[] = [];
    for (const mutation of this.mutations[target] ?? []) {
      const set = this.#setAt(state, positionOf(mutation));
      const shared =
        loss === 0 || ((set & (beforeOf(mutation) || unknown)) === 0 && (set & (afterOf(mutation) || unknown)) !== 0);
      (shared ? upper : lower).push(mutation);
    }
    const above = this.parent[target] ?? -1;
    const fork = this.parent.push(above) - 1;
    this.mutations.push(upper);
    this.#children.push([target]);
    const siblings = this.#children[above] ?? [];
    siblings[siblings.indexOf(target)] = fork;
    this.parent[target] = fork;
    this.mutations[target] = lower;
    return fork;
  }

  #between(fork: number, state: ReadonlyMap<number, number>): number[] {
    const held = this.#stateOf(fork);
    const list: number[] = [];
    for (const position of new Set([...held.keys(), ...state.keys()])) {
      const reference = this.#genome[position] ?? unknown;
      const before = held.get(position) ?? reference;
      const after = state.get(position) ?? reference;
      if (before !== after) list.push(pack(position, before, after) | 0);
    }
    return list.sort((a, b) => (a >>> 0) - (b >>> 0));
  }

  #detach(node: number, from: number): void {
    const siblings = this.#children[from] ?? [];
    siblings.splice(siblings.indexOf(node), 1);
  }

  /** Takes out a fork without a name that is left with one child or none. */
  #tidy(node: number): void {
    const above = this.parent[node] ?? -1;
    const children = this.#children[node] ?? [];
    if (above < 0 || this.#named(node) || children.length > 1) return;
    const siblings = this.#children[above] ?? [];
    const [only] = children;
    if (only === undefined) siblings.splice(siblings.indexOf(node), 1);
    else {
      siblings[siblings.indexOf(node)] = only;
      this.mutations[only] = compose(this.mutations[node] ?? [], this.mutations[only] ?? []);
      this.parent[only] = above;
    }
    this.parent[node] = -2;
    if (only === undefined) this.#tidy(above);
  }
}

const counts = (mutation: number): boolean => afterOf(mutation) !== gap && beforeOf(mutation) !== gap;
