import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharedVirus } from '../test/shared-virus.ts';
import { randomSamples, randomTree, treeSeed } from '../test/trees.ts';
import { readAuspice } from '../tree-formats/auspice.ts';
import { genomeOf } from '../tree/states.ts';
import { leaveOneOut } from './leave-one-out.ts';
import { NearestNodes, valueAt } from './nearest.ts';
import { Query } from './search.ts';

describe('nearest node', () => {
  it('is at the distance that comparing whole genomes gives', () => {
    fc.assert(
      fc.property(treeSeed(), ({ leaves, seed }) => {
        const tree = randomTree(leaves, seed);
        const nearest = new NearestNodes(tree);
        const query = new Query(tree.reference.genome, { ranges: [] });
        for (const sample of randomSamples(tree.reference.genome, 5, seed)) {
          query.load(sample);
          const byHand = Array.from(tree.parent, (_, node) =>
            genomeOf(tree, node).reduce((sum, set, at) => sum + ((set & (query.sets[at] ?? 0)) === 0 ? 1 : 0), 0),
          );
          expect([...nearest.distances(sample)]).toEqual(byHand);
          const { distance, nodes } = nearest.find(sample);
          expect(distance).toBe(Math.min(...byHand));
          expect(nodes).toEqual(byHand.flatMap((cost, node) => (cost === distance ? [node] : [])));
        }
      }),
      { numRuns: 30 },
    );
  });
});

const shared = sharedVirus('sars-cov-2/tree.json');
describe.skipIf(shared === undefined)('leave one out', () => {
  it.each([
    ['sars-cov-2', 0.98],
    ['rsv-a', 0.98],
  ])('finds the clade of %s again', (name, least) => {
    const { tree } = readAuspice(readFileSync(sharedVirus(`${name}/tree.json`) ?? '', 'utf8'));
    const recombinant = (leaf: number) =>
      valueAt(tree, 'clade_membership', leaf) === 'recombinant' ||
      (valueAt(tree, 'Nextclade_pango', leaf) ?? '').startsWith('X');
    const among = (leaf: number) => !recombinant(leaf);
    expect(leaveOneOut(tree, 'clade_membership', { parent: 'kept', among }).rate).toBeGreaterThanOrEqual(least);
    expect(leaveOneOut(tree, 'clade_membership', { parent: 'removed', among }).rate).toBeGreaterThanOrEqual(least);
  });
});
