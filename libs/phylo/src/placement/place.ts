import { isLeaf, nodeCount, type Tree } from '../tree/tree.ts';
import { Grower, type Attachment } from './grower.ts';
import { keyOf, unknownIn, type Masks, type Sample } from './sample.ts';
import { BranchIndex } from './branch-index.ts';
import { Query, renewPlace, searchPlace, type Growth, type Place } from './search.ts';
import { VirusProblem } from '../rules/problem.ts';
import { treeRules } from '../rules/tree.ts';

/** Searches a round of samples on one growth; the answers stand in the order of the samples. A worker pool fits behind it. */
export type RoundSearch = (
  growth: Growth,
  samples: readonly Sample[],
  masks: Masks,
) => readonly Place[] | Promise<readonly Place[]>;

export interface PlaceOptions {
  readonly masks?: Masks;
  /** Samples of a round; the result does not depend on it. */
  readonly round?: number;
  /** Where rounds are searched, such as a pool of workers; one after another in this thread unless told. The result does not depend on it. */
  readonly search?: RoundSearch;
  readonly onProgress?: (done: number, all: number) => void;
}

/** Where a sample came to stand: numbers of nodes are of the tree that is returned. */
export interface Placement {
  readonly name: string;
  readonly leaf: number;
  /** The node it hangs from, or the leaf that it shares. */
  readonly fork: number;
  readonly how: Attachment;
  /** Mutations that it added to the tree. */
  readonly cost: number;
}

export interface Placed {
  readonly tree: Tree;
  /** In the order in which the samples were placed. */
  readonly placements: readonly Placement[];
  readonly refused: readonly { readonly name: string; readonly problem: VirusProblem }[];
  /** Number in `tree` of each node of the tree that was given. */
  readonly nodeOf: Int32Array;
}

/** Searches in this thread. */
export const searchHere: RoundSearch = (growth, samples, masks) => {
  const query = new Query(growth.genome, masks);
  const costs = new Int32Array(growth.count);
  return samples.map((sample) => {
    query.load(sample);
    return searchPlace(growth, query, costs);
  });
};

/**
 * Places samples by parsimony. The samples are put into their canonical order (fewest differences, fewest unknown bases, then by
 * what they say), equal ones together, and each is placed as cheaply as the tree then allows; so the tree is the same for any order of
 * the input, any length of a round and any number of workers. A sample that cannot be placed is refused and the rest goes on.
 */
export async function placeSamples(tree: Tree, samples: Iterable<Sample>, options: PlaceOptions = {}): Promise<Placed> {
  const { masks = { ranges: [] }, round = 256, search, onProgress } = options;
  const { groups, refused } = canonical(tree, samples);
  const grower = new Grower(tree);
  const query = new Query(tree.reference.genome, masks);
  let index: BranchIndex | undefined;
  const findHere = (): Place => {
    const growth = grower.growth();
    if (index === undefined || index.behind(growth) > index.patience) index = new BranchIndex(growth, masks);
    return index.find(growth, query);
  };
  let costs = new Int32Array(0);
  const renew = (held: Place, since: { readonly count: number; readonly divided: number }): Place => {
    const growth = grower.growth();
    if (costs.length < growth.count) costs = new Int32Array(growth.count + 4 * round);
    return renewPlace(growth, query, costs, held, since);
  };
  const attached: { names: readonly string[]; leaf: number; fork: number; how: Attachment; cost: number }[] = [];
  for (let from = 0; from < groups.length; from += round) {
    const members = groups.slice(from, from + round);
    const since = { count: grower.count, divided: grower.dividedCount };
    const found = await search?.(
      grower.growth(),
      members.map(({ sample }) => sample),
      masks,
    );
    for (const [at, { sample, names }] of members.entries()) {
      query.load(sample);
      const held = found?.[at];
      const place = held ? renew(held, since) : findHere();
      attached.push({ names, cost: place.cost, ...grower.attach(names, query, place) });
    }
    onProgress?.(Math.min(from + round, groups.length), groups.length);
  }
  const frozen = grower.freeze();
  const placements = attached.flatMap(({ names, leaf, fork, how, cost }) =>
    names.map((name) => ({ name, leaf: frozen.place[leaf] ?? 0, fork: frozen.place[fork] ?? 0, how, cost })),
  );
  return { tree: frozen.tree, placements, refused, nodeOf: frozen.place.slice(0, nodeCount(tree)) };
}

interface Group {
  readonly sample: Sample;
  readonly names: string[];
}

/** Samples that say the same, in canonical order; names that are taken and positions outside are refused. */
function canonical(
  tree: Tree,
  samples: Iterable<Sample>,
): { groups: Group[]; refused: { name: string; problem: VirusProblem }[] } {
  const given = [...samples];
  const count = new Map<string, number>();
  for (const { name } of given) count.set(name, (count.get(name) ?? 0) + 1);
  const taken = namesHeld(tree, count);
  const refused: { name: string; problem: VirusProblem }[] = [];
  const byKey = new Map<string, Group>();
  const { length } = tree.reference.genome;
  for (const sample of given) {
    const outside = [...sample.differences.map(([at]) => at), ...(sample.missing ?? []).map(([, to]) => to - 1)].find(
      (at) => at < 0 || at >= length || !Number.isInteger(at),
    );
    // Two genomes under one name: none is taken, since which one came first must not matter.
    if (sample.name === '' || taken.has(sample.name) || count.get(sample.name) !== 1)
      refused.push({ name: sample.name, problem: new VirusProblem(treeRules.name, { name: sample.name }) });
    else if (outside !== undefined)
      refused.push({
        name: sample.name,
        problem: new VirusProblem(treeRules.position, { position: outside + 1, length }, sample.name),
      });
    else {
      const key = keyOf(sample);
      const group = byKey.get(key);
      if (group) group.names.push(sample.name);
      else byKey.set(key, { sample, names: [sample.name] });
    }
  }
  refused.sort((a, b) => (a.name < b.name ? -1 : 1));
  const sorted = [...byKey].map(([key, group]) => ({ key, group, missing: unknownIn(group.sample) }));
  sorted.sort(
    (a, b) =>
      a.group.sample.differences.length - b.group.sample.differences.length ||
      a.missing - b.missing ||
      (a.key < b.key ? -1 : 1),
  );
  for (const { group } of sorted) group.names.sort();
  return { groups: sorted.map(({ group }) => group), refused };
}

/** Those of some names that the tree has, without holding those of a tree of millions. */
function namesHeld(tree: Tree, asked: ReadonlyMap<string, unknown>): Set<string> {
  const encoder = new TextEncoder();
  const sums = new Set<number>();
  for (const name of asked.keys()) sums.add(sumOf(encoder.encode(name)));
  const held = new Set<string>();
  for (let node = 0; node < nodeCount(tree); node++) {
    if (!isLeaf(tree, node)) continue;
    const together = tree.condensed.get(node);
    if (together === undefined && !sums.has(sumOf(tree.names.bytesAt(node)))) continue;
    for (const name of together ?? [tree.names.at(node)]) if (asked.has(name)) held.add(name);
  }
  return held;
}

/** FNV-1a over 32 bits. */
function sumOf(bytes: Uint8Array): number {
  let sum = 0x811c9dc5;
  for (const byte of bytes) sum = Math.imul(sum ^ byte, 0x01000193);
  return sum;
}
