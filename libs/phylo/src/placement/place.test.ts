import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeNewick } from '../tree-formats/newick.ts';
import { checkTree, genomeOf } from '../tree/states.ts';
import { isLeaf, nodeCount, parsimonyOf, samplesOf } from '../tree/tree.ts';
import { bareTree, madeReference, numbersFrom, randomSamples, randomTree, treeSeed } from '../test/trees.ts';
import { placeSamples, searchHere, type RoundSearch } from './place.ts';
import { BranchIndex } from './branch-index.ts';
import { Query, costAt, searchPlace } from './search.ts';
import { Grower } from './grower.ts';
import { treeRules } from '../rules/tree.ts';

const shuffled = <T>(list: readonly T[], seed: number): T[] => {
  const next = numbersFrom(seed);
  const copy = [...list];
  for (let at = copy.length - 1; at > 0; at--) {
    const other = next(at + 1);
    const held = copy[at] as T;
    copy[at] = copy[other] as T;
    copy[other] = held;
  }
  return copy;
};

/** As many workers search parts of the round, each on a copy of the growth, as a message would carry it. */
const split =
  (workers: number): RoundSearch =>
  async (growth, samples, masks) => {
    const share = Math.ceil(samples.length / workers);
    const parts = await Promise.all(
      Array.from({ length: workers }, async (_, at) =>
        searchHere(structuredClone(growth), samples.slice(at * share, (at + 1) * share), masks),
      ),
    );
    return parts.flat();
  };

describe('placement', () => {
  it('gives the same tree for any order, round and number of workers', async () => {
    await fc.assert(
      fc.asyncProperty(
        treeSeed(),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 4 }),
        async (shape, round, workers) => {
          const tree =
            shape.leaves > 5 ? randomTree(shape.leaves, shape.seed) : bareTree(madeReference(400, shape.seed));
          const samples = randomSamples(tree.reference.genome, 25, shape.seed);
          const one = await placeSamples(tree, samples);
          const other = await placeSamples(tree, shuffled(samples, shape.seed), {
            round,
            search: split(workers),
          });
          expect(writeNewick(other.tree)).toBe(writeNewick(one.tree));
          expect([...other.tree.mutations]).toEqual([...one.tree.mutations]);
          expect(other.placements).toEqual(one.placements);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps the tree sound, every leaf what it was, and every sample what it says', async () => {
    await fc.assert(
      fc.asyncProperty(treeSeed(), async ({ leaves, seed }) => {
        const tree = randomTree(leaves, seed);
        const samples = randomSamples(tree.reference.genome, 20, seed);
        const placed = await placeSamples(tree, samples);
        checkTree(placed.tree);
        for (let node = 0; node < nodeCount(tree); node++)
          expect(genomeOf(placed.tree, placed.nodeOf[node] ?? 0)).toEqual(genomeOf(tree, node));
        const byName = new Map(samples.map((sample) => [sample.name, sample]));
        for (const { name, leaf } of placed.placements) {
          const sample = byName.get(name);
          expect(isLeaf(placed.tree, leaf) && samplesOf(placed.tree, leaf).includes(name)).toBe(true);
          const genome = genomeOf(placed.tree, leaf);
          const query = new Query(tree.reference.genome, { ranges: [] });
          if (sample) query.load(sample);
          genome.forEach((set, at) => expect((query.sets[at] ?? 0) & set).not.toBe(0));
        }
        expect(parsimonyOf(placed.tree)).toBe(
          parsimonyOf(tree) + placed.placements.reduce((sum, { cost }) => sum + cost, 0) - repeated(placed.placements),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('finds the least cost over all branches, as counting each of them by its path does', () => {
    fc.assert(
      fc.property(treeSeed(), ({ leaves, seed }) => {
        const tree = randomTree(leaves, seed);
        const growth = new Grower(tree).growth();
        const query = new Query(tree.reference.genome, { ranges: [[0, 20]] });
        for (const sample of randomSamples(tree.reference.genome, 10, seed)) {
          query.load(sample);
          const found = searchPlace(growth, query, new Int32Array(growth.count));
          const all = Array.from({ length: nodeCount(tree) }, (_, node) => costAt(growth, query, node));
          expect(found.cost).toBeLessThanOrEqual(Math.min(...all));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('finds by the index what a pass over all branches finds, while the tree grows away from the index', () => {
    fc.assert(
      fc.property(
        fc.record({ leaves: fc.integer({ min: 1, max: 600 }), seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }) }),
        fc.integer({ min: 1, max: 40 }),
        ({ leaves, seed }, every) => {
          const tree = leaves > 5 ? randomTree(leaves, seed) : bareTree(madeReference(400, seed));
          const masks = { ranges: [[0, 20] as const, [390, 400] as const] };
          const grower = new Grower(tree);
          const query = new Query(tree.reference.genome, masks);
          let index = new BranchIndex(grower.growth(), masks);
          for (const [at, sample] of randomSamples(tree.reference.genome, 60, seed).entries()) {
            query.load(sample);
            const growth = grower.growth();
            if (at % every === every - 1) index = new BranchIndex(growth, masks);
            const found = index.find(growth, query);
            expect(found).toEqual(searchPlace(growth, query, new Int32Array(growth.count)));
            grower.attach([sample.name], query, found);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('refuses names that are taken or given twice and places outside, and goes on with the rest', async () => {
    const reference = madeReference(100);
    const first = await placeSamples(bareTree(reference), [
      { name: 'a', differences: [[5, 15 ^ (reference.genome[5] ?? 0)]] },
    ]);
    const placed = await placeSamples(first.tree, [
      { name: 'a', differences: [] },
      { name: 'b', differences: [] },
      { name: 'b', differences: [] },
      { name: 'c', differences: [[100, 1]] },
      { name: 'd', differences: [] },
    ]);
    expect(placed.refused.map(({ name, problem }) => [name, problem.code])).toEqual([
      ['a', treeRules.name.code],
      ['b', treeRules.name.code],
      ['b', treeRules.name.code],
      ['c', treeRules.position.code],
    ]);
    expect(placed.placements.map(({ name }) => name)).toEqual(['d']);
  });
});

/** Samples that say the same are placed once and share the cost. */
function repeated(placements: readonly { leaf: number; cost: number; name: string }[]): number {
  const seen = new Set<number>();
  let sum = 0;
  for (const { leaf, cost } of placements)
    if (seen.has(leaf)) sum += cost;
    else seen.add(leaf);
  return sum;
}
