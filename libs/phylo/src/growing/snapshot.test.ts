import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stateBefore, updateTree, type Growing } from '../placement/update.ts';
import { treeRules } from '../rules/tree.ts';
import { randomSamples, randomTree, treeSeed } from '../test/trees.ts';
import { checkpointPieces, readCheckpoint } from './checkpoint.ts';
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

const whole = (state: Growing): Uint8Array => {
  const pieces = [...checkpointPieces(state)];
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
};

it('a checkpoint gives the same tree, with names, dates and attributes, and the next batch comes out the same', async () => {
  await fc.assert(
    fc.asyncProperty(treeSeed(), async ({ leaves, seed }) => {
      const tree = randomTree(leaves, seed);
      tree.attributes.set('country', {
        kind: 'category',
        values: ['甲地', 'b'],
        codes: Int32Array.from(tree.parent, (_, node) => (node % 3) - 1),
      });
      const state = { tree, date: Float64Array.from(tree.parent, (_, node) => 2020 + node / 100) };
      const read = readCheckpoint(Buffer.from(whole(state)), tree.reference);
      expect(writeSnapshot(read)).toBe(writeSnapshot(state));
      const samples = randomSamples(tree.reference.genome, 8, seed);
      const [one, other] = [await updateTree(state, samples), await updateTree(read, samples)];
      expect(writeSnapshot(other)).toBe(writeSnapshot(one));
    }),
    { numRuns: 20 },
  );
});

it('a checkpoint that is cut off, or none, is refused', () => {
  const tree = randomTree(9, 3);
  const bytes = whole({ tree });
  for (const bad of [new Uint8Array(0), bytes.subarray(0, -3), new TextEncoder().encode('{"type":"x"}\n')])
    expect(() => readCheckpoint(bad, tree.reference)).toThrow(expect.objectContaining({ code: treeRules.syntax.code }));
});
