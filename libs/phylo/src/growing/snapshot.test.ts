import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stateBefore, updateTree, type Growing } from '../placement/update.ts';
import { treeRules } from '../rules/tree.ts';
import { randomSamples, randomTree, treeSeed } from '../test/trees.ts';
import { readSnapshot, stateLines, writeSnapshot } from './snapshot.ts';

const said = (state: Growing): string => [...stateLines(state)].join('');

it('a growing tree comes back as it was written, and says the same after a batch is undone', async () => {
  await fc.assert(
    fc.asyncProperty(treeSeed(), async ({ leaves, seed }) => {
      const tree = randomTree(leaves, seed);
      const date = Float64Array.from(tree.parent, (_, node) => 2020 + node / 100);
      const state = { tree, date };
      const read = readSnapshot(writeSnapshot(state), tree.reference);
      expect(writeSnapshot(read)).toBe(writeSnapshot(state));
      const { diff, ...grown } = await updateTree(read, randomSamples(tree.reference.genome, 8, seed));
      const back = stateBefore(readSnapshot(writeSnapshot(grown), tree.reference), [diff]);
      expect(said({ tree: back.tree })).toBe(said({ tree }));
    }),
    { numRuns: 40 },
  );
});

it('what is no snapshot is refused', () => {
  const { reference } = randomTree(3, 1);
  for (const text of ['', '{}', '{"version":1,"parent":[0],"start":[0],"names":[]}'])
    expect(() => readSnapshot(text, reference)).toThrow(expect.objectContaining({ code: treeRules.syntax.code }));
});
