import { gap, positionOf } from '../tree/mutation.ts';
import { nodeCount, type Tree } from '../tree/tree.ts';
import type { Masks, Sample } from '../placement/sample.ts';
import { Query } from '../placement/search.ts';

/** A genome as a mosaic of two others. */
export interface Mosaic {
  /** Distance of the genome to its nearest node, unbroken. */
  readonly whole: number;
  /** Distance of the mosaic: outer part to the acceptor and inner part to the donor. */
  readonly broken: number;
  /** Mutations that the mosaic explains. */
  readonly gain: number;
  /** The inner part, 0-based, end exclusive; with one breakpoint it reaches an end of the genome. */
  readonly from: number;
  readonly to: number;
  readonly donor: number;
  readonly acceptor: number;
  readonly breakpoints: 1 | 2;
}

export interface MosaicOptions {
  readonly masks?: Masks;
  /** Nodes that may not be parents, for leaving out. */
  readonly without?: (node: number) => boolean;
  /** Places to break at that are tried at most. */
  readonly breaks?: number;
}

/**
 * Looks for one or two breakpoints at which a genome is better explained by two nodes of the tree than by one. The distance of every node to each stretch is
 * summed along the branches once; a mosaic is the least pair over all stretches. What gain is telling is for the caller: 3 a breakpoint, or a quantile over
 * genomes that are no recombinants. Source: RIPPLES (Turakhia et al. 2022), over distances instead of placements.
 */
export class MosaicSearch {
  readonly #tree: Tree;
  readonly #options: MosaicOptions;
  readonly #query: Query;

  constructor(tree: Tree, options: MosaicOptions = {}) {
    this.#tree = tree;
    this.#options = options;
    this.#query = new Query(tree.reference.genome, options.masks ?? { ranges: [] });
  }

  find(sample: Sample): Mosaic {
    this.#query.load(sample);
    const edges = this.#breaks(sample);
    const parts = edges.length - 1;
    const distances = this.#distances(edges);
    const count = nodeCount(this.#tree);
    const allowed = Uint8Array.from({ length: count }, (_, node) => (this.#options.without?.(node) === true ? 0 : 1));
    /** prefix sums a node: distance over the first p stretches */
    const stride = parts + 1;
    let whole = { cost: 0x7fffffff, node: 0 };
    for (let node = 0; node < count; node++) {
      const all = distances[node * stride + parts] as number;
      if (allowed[node] === 1 && all < whole.cost) whole = { cost: all, node };
    }
    let best: Mosaic = {
      whole: whole.cost,
      broken: whole.cost,
      gain: 0,
      from: 0,
      to: edges[parts] ?? 0,
      donor: whole.node,
      acceptor: whole.node,
      breakpoints: 1,
    };
    for (let first = 0; first < parts; first++)
      for (let last = first + 1; last <= parts; last++) {
        if (first === 0 && last === parts) continue;
        const inner = { cost: 0x7fffffff, node: 0 };
        const outer = { cost: 0x7fffffff, node: 0 };
        for (let node = 0, at = 0; node < count; node++, at += stride) {
          if (allowed[node] === 0) continue;
          const own = (distances[at + last] as number) - (distances[at + first] as number);
          if (own < inner.cost) {
            inner.cost = own;
            inner.node = node;
          }
          const rest = (distances[at + parts] as number) - own;
          if (rest < outer.cost) {
            outer.cost = rest;
            outer.node = node;
          }
        }
        const breakpoints = first === 0 || last === parts ? 1 : 2;
        const broken = inner.cost + outer.cost;
        // A second breakpoint must explain three mutations more than one does.
        const better = broken + (breakpoints === 2 ? 3 : 0) < best.broken + (best.breakpoints === 2 ? 3 : 0);
        if (better)
          best = {
            whole: whole.cost,
            broken,
            gain: whole.cost - broken,
            from: edges[first] ?? 0,
            to: edges[last] ?? 0,
            donor: inner.node,
            acceptor: outer.node,
            breakpoints,
          };
      }
    return best;
  }

  /** Ends of the stretches: between the sites at which the genome differs, thinned evenly. */
  #breaks(sample: Sample): number[] {
    const sites = sample.differences.map(([position]) => position);
    const most = this.#options.breaks ?? 24;
    const step = Math.max(1, Math.ceil(sites.length / most));
    const inner = sites.filter((_, at) => at > 0 && at % step === 0);
    return [0, ...new Set(inner), this.#tree.reference.genome.length];
  }

  #distances(edges: readonly number[]): Int32Array {
    const { parent, start, mutations, reference } = this.#tree;
    const stride = edges.length;
    const { sets } = this.#query;
    const partOf = new Uint8Array(reference.genome.length);
    for (let part = 0; part + 1 < edges.length; part++) partOf.fill(part, edges[part], edges[part + 1]);
    const own = new Int32Array(nodeCount(this.#tree) * stride);
    const root = new Int32Array(stride);
    for (const position of this.#query.differing)
      if (((sets[position] ?? 0) & (reference.genome[position] ?? 0)) === 0)
        root[(partOf[position] ?? 0) + 1] = (root[(partOf[position] ?? 0) + 1] ?? 0) + 1;
    for (let node = 0; node < parent.length; node++) {
      const above = parent[node] as number;
      const at = node * stride;
      own.set(above < 0 ? root : own.subarray(above * stride, (above + 1) * stride), at);
      for (let index = start[node] as number; index < (start[node + 1] as number); index++) {
        const mutation = mutations[index] as number;
        const position = positionOf(mutation);
        const set = sets[position] as number;
        const before = (mutation >>> 4) & 15;
        const after = mutation & 15;
        const cell = at + (partOf[position] as number) + 1;
        if (before !== gap && (set & before) === 0) own[cell] = (own[cell] as number) - 1;
        if (after !== gap && (set & after) === 0) own[cell] = (own[cell] as number) + 1;
      }
    }
    for (let at = 0; at < own.length; at += stride)
      for (let part = 1; part < stride; part++)
        own[at + part] = (own[at + part] as number) + (own[at + part - 1] as number);
    return own;
  }
}
