import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleOfLeaf } from '../placement/leave-one-out.ts';
import { placeSamples } from '../placement/place.ts';
import { bareTree, randomSamples, randomTree, treeSeed } from '../test/trees.ts';
import { withoutSamples } from '../tree/rebuild.ts';
import { checkTree, genomeOf } from '../tree/states.ts';
import { isLeaf, nodeCount, parsimonyOf, type Tree } from '../tree/tree.ts';
import { fitMutations } from './fitch.ts';
import { improveTree } from './improve.ts';

const genomesByName = (tree: Tree) =>
  new Map(
    [...tree.parent.keys()]
      .filter((node) => isLeaf(tree, node))
      .map((node) => [tree.names.at(node), genomeOf(tree, node)] as const),
  );

/** Each branch as the samples below it and its mutations, so that trees compare whatever the order of children. */
const splits = (tree: Tree) =>
  [...tree.parent.keys()]
    .map((node) => {
      const below: string[] = [];
      for (let at = node; at < node + (tree.size[node] ?? 1); at++)
        if (isLeaf(tree, at)) below.push(...(tree.condensed.get(at) ?? [tree.names.at(at)]));
      const own = [...tree.mutations.subarray(tree.start[node], tree.start[node + 1])].sort((a, b) => a - b);
      return `${below.sort().join(' ')}: ${own.join(' ')}`;
    })
    .sort();

describe('moving subtrees', () => {
  it('never makes a tree longer, keeps every leaf, and does the same twice', async () => {
    await fc.assert(
      fc.asyncProperty(treeSeed(), fc.integer({ min: 1, max: 10 }), async ({ leaves, seed }, radius) => {
        const { tree } = await placeSamples(
          randomTree(leaves, seed),
          randomSamples(randomTree(leaves, seed).reference.genome, 20, seed),
        );
        const { tree: better, moves } = improveTree(tree, { radius });
        checkTree(better);
        expect(genomesByName(better)).toEqual(genomesByName(tree));
        expect(parsimonyOf(better)).toBeLessThanOrEqual(
          parsimonyOf(tree) - moves.reduce((sum, { saved }) => sum + saved, 0),
        );
        expect(improveTree(tree, { radius }).tree).toEqual(better);
      }),
      { numRuns: 40 },
    );
  });

  it('brings a subtree home that was put elsewhere', () => {
    fc.assert(
      fc.property(treeSeed(), ({ leaves, seed }) => {
        const tree = randomTree(leaves, seed);
        const { tree: better } = improveTree(tree, { radius: 99, rounds: 20 });
        expect(improveTree(better, { radius: 99 }).moves.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 20 },
    );
  });
});

describe('fitting mutations', () => {
  it('needs no more changes than the tree that the leaves came from, and gives every leaf its genome', () => {
    fc.assert(
      fc.property(treeSeed(), ({ leaves, seed }) => {
        const tree = randomTree(leaves, seed);
        const samples = [...tree.parent.keys()]
          .filter((node) => isLeaf(tree, node))
          .map((leaf) => sampleOfLeaf(tree, leaf));
        const fitted = fitMutations(
          { ...tree, start: new Int32Array(nodeCount(tree) + 1), mutations: new Int32Array(0) },
          samples,
        );
        checkTree(fitted);
        expect(parsimonyOf(fitted) + (fitted.start[1] ?? 0)).toBeLessThanOrEqual(parsimonyOf(tree));
        expect(genomesByName(fitted)).toEqual(genomesByName(tree));
      }),
      { numRuns: 40 },
    );
  });
});

describe('taking samples back', () => {
  it('gives the tree as it was before they came', async () => {
    await fc.assert(
      fc.asyncProperty(treeSeed(), async ({ leaves, seed }) => {
        const tree = randomTree(leaves, seed);
        const samples = randomSamples(tree.reference.genome, 20, seed);
        const placed = await placeSamples(tree, samples);
        const back = withoutSamples(placed.tree, new Set(samples.map(({ name }) => name)));
        checkTree(back.tree);
        expect(splits(back.tree)).toEqual(splits(tree));
      }),
      { numRuns: 60 },
    );
  });

  it('leaves the root when all are taken', () => {
    const tree = randomTree(9, 4);
    const names = new Set([...tree.parent.keys()].map((node) => tree.names.at(node)));
    expect(nodeCount(withoutSamples(tree, names).tree)).toBe(1);
    expect(nodeCount(withoutSamples(bareTree(tree.reference), new Set()).tree)).toBe(1);
  });
});
