import { gap, unknown } from '../tree/mutation.ts';
import type { Masks, Sample } from './sample.ts';

/**
 * A growing tree as plain arrays, so that it can be sent to workers. Nodes are in order of birth, parents first. A branch that was
 * divided keeps its birth parent and mutations, along which costs are summed, beside those it has now.
 * Mutations hold 15 where the tree has a gap: a gap says nothing about descent.
 */
export interface Growth {
  readonly genome: Uint8Array;
  readonly count: number;
  readonly birthParent: Int32Array;
  readonly birthFrom: Int32Array;
  readonly birthTo: Int32Array;
  readonly nowFrom: Int32Array;
  readonly nowTo: Int32Array;
  readonly nowParent: Int32Array;
  readonly mutations: Int32Array;
  /** Leaves below each node when the tree was taken in: of equal places the one with more descendants is likelier. */
  readonly weight: Int32Array;
  /** Nodes whose branch was divided. */
  readonly divided: Int32Array;
}

/** The cheapest place: at the branch above `node`. `cost` is the parsimony that is added. */
export interface Place {
  readonly node: number;
  readonly cost: number;
}

/** Before any place is found. */
export const nowhere: Place = { node: -1, cost: 0x7fffffff };

/** One genome spread over the positions of the reference, ready to be compared; reused from sample to sample. */
export class Query {
  readonly sets: Uint8Array;
  readonly #genome: Uint8Array;
  readonly #masks: Masks;
  /** Positions that are not the reference's. */
  differing: number[] = [];
  /** Sites at which the genome cannot be the reference. */
  mismatches = 0;
  /** Stretches of which nothing is known. */
  missing: readonly (readonly [from: number, to: number])[] = [];

  constructor(genome: Uint8Array, masks: Masks) {
    this.#genome = genome;
    this.#masks = masks;
    this.sets = genome.slice();
  }

  load(sample: Sample): void {
    this.sets.set(this.#genome);
    for (const [position, set] of sample.differences) this.sets[position] = set === gap ? unknown : set;
    this.missing = sample.missing ?? [];
    for (const [from, to] of this.missing) this.sets.fill(unknown, from, to);
    for (const [from, to] of this.#masks.ranges) this.sets.fill(unknown, from, to);
    this.mismatches = 0;
    this.differing = sample.differences.map(([position]) => position);
    for (const position of this.differing)
      if (((this.sets[position] ?? 0) & (this.#genome[position] ?? 0)) === 0) this.mismatches++;
  }
}

/** Whether place a comes before place b: cheaper, then more descendants, then older. */
export const comesBefore = (
  costA: number,
  weightA: number,
  nodeA: number,
  costB: number,
  weightB: number,
  nodeB: number,
): boolean => (costA !== costB ? costA < costB : weightA !== weightB ? weightA > weightB : nodeA < nodeB);

/**
 * Sums the cost at each node in one pass over all branches and finds the cheapest place for a sample. At a branch, the mutations
 * that the sample shares go above the new fork and the others stay below, so the cost there is that of the parent less the shared.
 * Source: Turakhia et al. 2021 (UShER), parsimony placement; a pass over arrays in preorder instead of a walk.
 * `costs` is room for `growth.count` numbers and holds the distance to every node afterwards.
 */
export function searchPlace(growth: Growth, query: Query, costs: Int32Array): Place {
  const { birthParent, birthFrom, birthTo, nowFrom, mutations, weight } = growth;
  const { sets } = query;
  let best = 0;
  let bestCost = nowhere.cost;
  for (let node = 0; node < growth.count; node++) {
    const parent = birthParent[node] as number;
    const above = parent < 0 ? query.mismatches : (costs[parent] as number);
    const end = birthTo[node] as number;
    let gain = 0;
    let loss = 0;
    for (let at = birthFrom[node] as number; at < end; at++) {
      const mutation = mutations[at] as number;
      const set = sets[mutation >>> 8] as number;
      if ((set & (mutation >>> 4) & 15) === 0) gain += (set & mutation & 15) === 0 ? 0 : 1;
      else if ((set & mutation & 15) === 0) loss++;
    }
    const cost = above - gain;
    costs[node] = cost + loss;
    if (cost > bestCost || (gain === 0 && loss > 0 && parent >= 0) || nowFrom[node] !== birthFrom[node]) continue;
    const own = parent < 0 ? cost + loss : cost;
    if (own < bestCost) {
      bestCost = own;
      best = node;
    } else if (own === bestCost && (weight[node] as number) > (weight[best] as number)) best = node;
  }
  return withDivided(growth, query, costs, { node: best, cost: bestCost });
}

/** Looks at the branches that were divided, as they are now. */
function withDivided(growth: Growth, query: Query, costs: Int32Array, found: Place): Place {
  let { node: best, cost: bestCost } = found;
  for (const node of growth.divided) {
    const { gain, loss } = branchChange(growth, query, growth.nowFrom[node] ?? 0, growth.nowTo[node] ?? 0);
    const parent = growth.nowParent[node] ?? -1;
    const cost = (costs[parent] ?? 0) - gain;
    if (cost > bestCost || (gain === 0 && loss > 0)) continue;
    if (comesBefore(cost, growth.weight[node] ?? 0, node, bestCost, growth.weight[best] ?? 0, best)) {
      best = node;
      bestCost = cost;
    }
  }
  return { node: best, cost: bestCost };
}

/** Shared mutations of a stretch (gain) and those that the sample contradicts (loss). */
export function branchChange(growth: Growth, query: Query, from: number, to: number): { gain: number; loss: number } {
  let gain = 0;
  let loss = 0;
  for (let at = from; at < to; at++) {
    const mutation = growth.mutations[at] ?? 0;
    const set = query.sets[mutation >>> 8] ?? unknown;
    const had = (set & (mutation >>> 4) & 15) !== 0;
    const has = (set & mutation & 15) !== 0;
    if (!had && has) gain++;
    else if (had && !has) loss++;
  }
  return { gain, loss };
}

/** The distance to one node, along its path: what a pass would have found, in the time of the path. */
export function costAt(growth: Growth, query: Query, node: number): number {
  let cost = query.mismatches;
  for (let at = node; at >= 0; at = growth.birthParent[at] ?? -1) {
    const { gain, loss } = branchChange(growth, query, growth.birthFrom[at] ?? 0, growth.birthTo[at] ?? 0);
    cost += loss - gain;
  }
  return cost;
}

/**
 * Brings a place that was found on an earlier growth up to date: only nodes born and branches divided since are looked at, and
 * the result is that of a whole search now. This is what makes rounds over any number of workers equal to one after another.
 */
export function renewPlace(
  growth: Growth,
  query: Query,
  costs: Int32Array,
  found: Place,
  since: { readonly count: number; readonly divided: number },
): Place {
  const renewed = new Set<number>();
  for (let at = since.divided; at < growth.divided.length; at++) renewed.add(growth.divided[at] ?? 0);
  if (renewed.has(found.node) && found.node < since.count) return searchPlace(growth, query, costs);
  let { node: best, cost: bestCost } = found;
  for (let node = since.count; node < growth.count; node++) renewed.add(node);
  for (const node of renewed) {
    const parent = growth.nowParent[node] ?? -1;
    const { gain, loss } = branchChange(growth, query, growth.nowFrom[node] ?? 0, growth.nowTo[node] ?? 0);
    if (gain === 0 && loss > 0 && parent >= 0) continue;
    const cost = costAt(growth, query, parent) - gain + (parent < 0 ? loss : 0);
    if (cost > bestCost) continue;
    if (comesBefore(cost, growth.weight[node] ?? 0, node, bestCost, growth.weight[best] ?? 0, best)) {
      best = node;
      bestCost = cost;
    }
  }
  return { node: best, cost: bestCost };
}
