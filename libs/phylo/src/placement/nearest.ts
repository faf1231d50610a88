import { gap } from '../tree/mutation.ts';
import { nodeCount, type Tree } from '../tree/tree.ts';
import type { Masks, Sample } from './sample.ts';
import { Query } from './search.ts';

/** The nodes closest to a genome; `nodes` are all at that distance, by rising number. */
export interface Nearest {
  readonly distance: number;
  readonly nodes: readonly number[];
  /** The one of them that the prior prefers. */
  readonly node: number;
}

export interface NearestOptions {
  readonly masks?: Masks;
  /** Logarithm of how often a node is the nearest, from the data set (`placement_prior`); of equal ones the highest counts. */
  readonly prior?: Float64Array;
  /** Nodes that may not be found, for leaving out. */
  readonly without?: (node: number) => boolean;
}

/**
 * Distance D = M_ref + M_query − 2·agree − disagree − unknown of a genome to every node, carried along the branches, and the nodes where
 * it is least. Gaps count as unknown. The tree is not changed, so the answer for a genome never depends on other genomes.
 * Source: Nextclade 3, “Phylogenetic placement”.
 */
export class NearestNodes {
  readonly #tree: Tree;
  readonly #compared: Int32Array;
  readonly #costs: Int32Array;
  readonly #query: Query;
  readonly #options: NearestOptions;

  constructor(tree: Tree, options: NearestOptions = {}) {
    this.#tree = tree;
    this.#options = options;
    this.#query = new Query(tree.reference.genome, options.masks ?? { ranges: [] });
    this.#costs = new Int32Array(nodeCount(tree));
    this.#compared = tree.mutations.map((mutation) => {
      let given = mutation;
      if ((given & 15) === gap) given |= 15;
      if ((given & 0xf0) === gap) given |= 0xf0;
      return given;
    });
  }

  find(sample: Sample, without = this.#options.without): Nearest {
    return this.least(this.distances(sample), without);
  }

  /** The nodes where some distances are least. */
  least(costs: Int32Array, without = this.#options.without): Nearest {
    let distance = 0x7fffffff;
    let nodes: number[] = [];
    for (let node = 0; node < costs.length; node++) {
      const cost = costs[node] as number;
      if (cost > distance || without?.(node)) continue;
      if (cost < distance) {
        distance = cost;
        nodes = [];
      }
      nodes.push(node);
    }
    const { prior } = this.#options;
    let [best = 0] = nodes;
    for (const node of nodes) if (rank(prior, node) > rank(prior, best)) best = node;
    return { distance, nodes, node: best };
  }

  /** The distance to every node; the array is used again by the next call. */
  distances(sample: Sample): Int32Array {
    const { parent, start } = this.#tree;
    const mutations = this.#compared;
    const costs = this.#costs;
    this.#query.load(sample);
    const { sets, mismatches } = this.#query;
    for (let node = 0; node < costs.length; node++) {
      const above = parent[node] as number;
      let cost = above < 0 ? mismatches : (costs[above] as number);
      const end = start[node + 1] as number;
      for (let at = start[node] as number; at < end; at++) {
        const mutation = mutations[at] as number;
        const set = sets[mutation >>> 8] as number;
        if ((set & (mutation >>> 4) & 15) === 0) cost--;
        if ((set & mutation & 15) === 0) cost++;
      }
      costs[node] = cost;
    }
    return costs;
  }
}

const rank = (prior: Float64Array | undefined, node: number): number => {
  const value = prior?.[node] ?? Number.NaN;
  return Number.isNaN(value) ? -1e9 : value;
};

/** The value of a category at a node, such as its clade. */
export function valueAt(tree: Tree, attribute: string, node: number): string | undefined {
  const column = tree.attributes.get(attribute);
  return column?.kind === 'category' ? column.values[column.codes[node] ?? -1] : undefined;
}
