import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stateLines } from '../growing/snapshot.ts';
import { sharedVirus } from '../test/shared-virus.ts';
import { randomSamples, randomTree, treeSeed } from '../test/trees.ts';
import { fitClock, leafDates } from '../timetree/clock.ts';
import { gradientDates } from '../timetree/gradient.ts';
import { dayOf, readDate, type DateRange } from '../timetree/dates.ts';
import { readAuspice } from '../tree-formats/auspice.ts';
import { withoutSamples } from '../tree/rebuild.ts';
import { checkTree, differencesOf } from '../tree/states.ts';
import { isLeaf, nodeCount, parsimonyOf, type Tree } from '../tree/tree.ts';
import { sampleOfLeaf } from './leave-one-out.ts';
import { valueAt } from './nearest.ts';
import { renamedBetween, stateBefore, updateTree, type Growing, type UpdateDiff } from './update.ts';

const namesOf = (tree: Tree): string[] =>
  [...tree.parent.keys()]
    .filter((node) => isLeaf(tree, node))
    .flatMap((node) => tree.condensed.get(node) ?? [tree.names.at(node)])
    .sort();

const datesByName = ({ tree, date }: Growing) =>
  [...tree.parent.keys()].map((node) => `${tree.size[node]} ${date?.[node]?.toFixed(9)}`).sort();

describe('updates', () => {
  it('can be undone one after another to each state that there was', async () => {
    await fc.assert(
      fc.asyncProperty(treeSeed(), async ({ leaves, seed }) => {
        const tree = randomTree(leaves, seed);
        const date = Float64Array.from(tree.parent, (_, node) => 2020 + node / nodeCount(tree));
        for (let node = 1; node < date.length; node++)
          date[node] = Math.max(date[node] ?? 0, date[tree.parent[node] ?? 0] ?? 0);
        const all = randomSamples(tree.reference.genome, 30, seed);
        const states: Growing[] = [{ tree, date }];
        const diffs: UpdateDiff[] = [];
        for (let batch = 0; batch < 3; batch++) {
          const dateOf = (name: string) => readDate(dayOf(2019.9 + (Number(name.slice(6)) % 7) / 10));
          const next = await updateTree(states.at(-1) ?? { tree }, all.slice(batch * 10, batch * 10 + 10), {
            dateOf,
            perYear: 30,
          });
          states.push(next);
          diffs.push(next.diff);
        }
        const last = states.at(-1) ?? { tree };
        states.forEach((state, at) => {
          const back = stateBefore(last, diffs.slice(at));
          expect(namesOf(back.tree)).toEqual(namesOf(state.tree));
          expect(parsimonyOf(back.tree)).toBe(parsimonyOf(state.tree));
          expect(datesByName(back)).toEqual(datesByName(state));
        });
      }),
      { numRuns: 30 },
    );
  });

  it('tell whose lineage has another name', () => {
    const before = new Map([
      ['a', 'B.1'],
      ['b', 'B.1'],
    ]);
    expect(
      renamedBetween(
        before,
        new Map([
          ['a', 'B.1'],
          ['b', 'B.1.1'],
          ['c', 'B'],
        ]),
        'new data set',
      ),
    ).toEqual([{ name: 'b', from: 'B.1', to: 'B.1.1', why: 'new data set' }]);
  });
});

const hashOf = (state: Growing): string => {
  const hash = createHash('sha256');
  for (const line of stateLines(state)) hash.update(line);
  return hash.digest('hex');
};

/** Dates by the clock of the tree itself. */
function datesOf(tree: Tree, dateOf: (sample: string) => DateRange | undefined): Float64Array {
  const dates = leafDates(tree, dateOf);
  return gradientDates(tree, dates, fitClock(tree, dates));
}

describe.each([
  ['rsv-a', 'date', 0.98],
  // Half of all lineages withheld, each the only one of its name: a branch that is left knows the clade less often.
  ['sars-cov-2', undefined, 0.96],
])('growing the reference tree of %s in ten batches', (name, dateKey, least) => {
  const shared = sharedVirus(`${name}/tree.json`);
  it.skipIf(shared === undefined)(
    'finds the clade of what was withheld, at no more mutations than the whole tree by 3 %, and comes back to the hash of each state',
    async () => {
      const { tree } = readAuspice(readFileSync(shared ?? '', 'utf8'));
      // Without dates the batches come in the order of the tree's distance from its root.
      const key = (leaf: number): string =>
        dateKey === undefined
          ? String(differencesOf(tree, leaf).size).padStart(6, '0')
          : (valueAt(tree, dateKey, leaf) ?? '9999');
      const leaves = [...tree.parent.keys()]
        .filter((node) => isLeaf(tree, node))
        .map((leaf) => ({ leaf, key: key(leaf) }))
        .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.leaf - b.leaf))
        .map(({ leaf }) => leaf);
      const later = leaves.filter((_, at) => at % 2 === 1);
      const clades = new Map(later.map((leaf) => [tree.names.at(leaf), valueAt(tree, 'clade_membership', leaf)]));
      const start = withoutSamples(tree, new Set(clades.keys()));
      const days = new Map(
        leaves.map((leaf) => [tree.names.at(leaf), dateKey === undefined ? undefined : valueAt(tree, dateKey, leaf)]),
      );
      const dateOf = (sample: string) => {
        const day = days.get(sample);
        return day === undefined ? undefined : readDate(day, sample);
      };
      const begun: Growing = { tree: start.tree, ...(dateKey !== undefined && { date: datesOf(start.tree, dateOf) }) };
      const options = { clade: 'clade_membership', dateOf, ...(begun.date && { perYear: 10 }) };
      let state = begun;
      let turned = begun;
      const share = Math.ceil(later.length / 10);
      let right = 0;
      let asked = 0;
      const hashes = [hashOf(state)];
      const diffs: UpdateDiff[] = [];
      for (let batch = 0; batch < 10; batch++) {
        const samples = later.slice(batch * share, (batch + 1) * share).map((leaf) => sampleOfLeaf(tree, leaf));
        const { diff, ...next } = await updateTree(state, samples, options);
        expect(diff.added).toHaveLength(samples.length);
        for (const { name: sample, clade } of diff.added) {
          if (clades.get(sample) === 'recombinant') continue;
          asked++;
          if (clade === clades.get(sample)) right++;
        }
        state = next;
        diffs.push(diff);
        hashes.push(hashOf(state));
        const { diff: _, ...other } = await updateTree(turned, samples.toReversed(), { ...options, round: 7 });
        turned = other;
        expect(hashOf(turned)).toBe(hashes.at(-1));
      }
      checkTree(state.tree);
      expect(namesOf(state.tree)).toEqual(namesOf(tree));
      expect(right / asked).toBeGreaterThanOrEqual(least);
      expect(parsimonyOf(state.tree)).toBeLessThanOrEqual(parsimonyOf(tree) * 1.03);
      for (let at = 10; at > 0; at--) {
        expect(hashOf(state)).toBe(hashes[at]);
        state = stateBefore(state, diffs.slice(at - 1, at));
      }
      expect(hashOf(state)).toBe(hashes[0]);
    },
  );
});
