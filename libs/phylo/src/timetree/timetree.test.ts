import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placesOf } from '../geo/mugration.ts';
import { placeSamples } from '../placement/place.ts';
import { madeReference, numbersFrom } from '../test/trees.ts';
import { pack } from '../tree/mutation.ts';
import { isLeaf, nodeCount, TreeBuilder, type Tree } from '../tree/tree.ts';
import { fitClock, leafDates } from './clock.ts';
import { dayOf, readDate } from './dates.ts';
import { extendDates } from './extend.ts';
import { gradientDates } from './gradient.ts';
import { marginalDates } from './marginal.ts';
import { treeRules } from '../rules/tree.ts';

const perYear = 30;

/** An outbreak that is simulated forward from 2020.0: a lineage divides, mutates at a clock and is sampled now and then. */
function outbreak(leaves: number, seed: number): { tree: Tree; truth: Float64Array; place: Int32Array } {
  const next = numbersFrom(seed);
  const uniform = () => (next(1e6) + 1) / (1e6 + 1);
  const reference = madeReference(3000, 4);
  const builder = new TreeBuilder();
  const truth: number[] = [];
  const place: number[] = [];
  const todo = [{ parent: -1, from: 2020, leaves, genome: reference.genome, place: 0 }];
  while (todo.length > 0) {
    const one = todo.pop();
    if (!one) break;
    const time = one.parent < 0 ? 2020 : one.from + (-Math.log(uniform()) * 0.25) / Math.log2(one.leaves + 1);
    const node = builder.add(one.parent, one.leaves === 1 ? `s${builder.length}` : '');
    const genome = one.genome.slice();
    const used = new Set<number>();
    for (
      let passed = one.from - Math.log(uniform()) / perYear;
      passed < time;
      passed -= Math.log(uniform()) / perYear
    ) {
      const position = next(3000);
      if (used.has(position)) continue;
      used.add(position);
      const before = genome[position] ?? 1;
      const after = before === 8 ? 1 : before * 2;
      builder.mutate(pack(position, before, after));
      genome[position] = after;
    }
    truth.push(time);
    const here = uniform() < 0.15 ? next(3) : one.place;
    place.push(here);
    if (one.leaves === 1) continue;
    const share = 1 + next(one.leaves - 1);
    for (const part of [share, one.leaves - share])
      todo.push({ parent: node, from: time, leaves: part, genome, place: here });
  }
  return { tree: builder.done(reference), truth: Float64Array.from(truth), place: Int32Array.from(place) };
}

const dated = (tree: Tree, truth: Float64Array) =>
  leafDates(tree, (name) => {
    const node = [...tree.parent.keys()].find((one) => tree.names.at(one) === name) ?? 0;
    return readDate(dayOf(truth[node] ?? 0));
  });

const meanError = (tree: Tree, found: Float64Array, truth: Float64Array): number => {
  const inner = [...tree.parent.keys()].filter((node) => !isLeaf(tree, node));
  return inner.reduce((sum, node) => sum + Math.abs((found[node] ?? 0) - (truth[node] ?? 0)), 0) / inner.length;
};

describe('dates', () => {
  it('are read whole, in part and not at all', () => {
    expect(readDate('2020-02-29')?.from).toBeCloseTo(2020 + 59 / 366, 9);
    expect(readDate('2020-12')).toEqual({ from: 2020 + 335 / 366, to: 2021 });
    expect(readDate('2020-XX-XX')).toEqual({ from: 2020, to: 2021 });
    expect(readDate('2020-03-XX')).toEqual(readDate('2020-03'));
    expect(readDate('?')).toBeUndefined();
    for (const wrong of ['2021-02-29', '2020-13-01', '20-01-01', '2020-XX-05', 'yesterday'])
      expect(() => readDate(wrong, 's')).toThrow(treeRules.date.code);
  });

  it('name the day that they were read from', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1990-01-01'), max: new Date('2035-12-31'), noInvalidDate: true }),
        (date) => {
          const day = date.toISOString().slice(0, 10);
          expect(dayOf(readDate(day)?.from ?? 0)).toBe(day);
        },
      ),
    );
  });
});

describe('time tree', () => {
  const { tree, truth, place } = outbreak(300, 11);
  const dates = dated(tree, truth);
  const known = { rate: perYear / 3000, sd: 1e-4 };

  it('fits the clock that was simulated', () => {
    const clock = fitClock(tree, dates);
    expect(clock.rate * 3000).toBeGreaterThan(perYear * 0.6);
    expect(clock.rate * 3000).toBeLessThan(perYear * 1.5);
    expect(() => fitClock(tree, new Map())).toThrow(treeRules.clock.code);
  });

  it('finds inner dates by either method, children never before parents', () => {
    const clock = fitClock(tree, dates, { known });
    const marginal = marginalDates(tree, dates, clock);
    const gradient = gradientDates(tree, dates, clock);
    for (const date of [marginal.date, gradient]) {
      expect(meanError(tree, date, truth)).toBeLessThan(0.06);
      for (let node = 1; node < nodeCount(tree); node++)
        expect(date[node]).toBeGreaterThanOrEqual(date[tree.parent[node] ?? 0] ?? 0);
    }
    const inner = [...tree.parent.keys()].filter((node) => !isLeaf(tree, node));
    const covered = inner.filter(
      (node) =>
        (marginal.low[node] ?? 0) - 0.01 <= (truth[node] ?? 0) &&
        (truth[node] ?? 0) <= (marginal.high[node] ?? 0) + 0.01,
    );
    expect(covered.length / inner.length).toBeGreaterThan(0.75);
  });

  it('dates a batch without moving the rest', async () => {
    const leaf = [...tree.parent.keys()].find((node) => isLeaf(tree, node)) ?? 0;
    const { sampleOfLeaf } = await import('../placement/leave-one-out.ts');
    const sample = sampleOfLeaf(tree, leaf);
    const own = sample.differences.slice(0, -1);
    const placed = await placeSamples(tree, [{ name: 'new', differences: own }]);
    const before = new Float64Array(nodeCount(placed.tree)).fill(Number.NaN);
    placed.nodeOf.forEach((now, was) => (before[now] = truth[was] ?? 0));
    const fresh = [...before.keys()].filter((node) => Number.isNaN(before[node]));
    const { date, moved } = extendDates(placed.tree, before, fresh, () => readDate('2020-12-01'), perYear);
    expect(moved).toEqual([]);
    for (let node = 0; node < date.length; node++) {
      expect(Number.isFinite(date[node])).toBe(true);
      expect(date[node]).toBe(fresh.includes(node) ? date[node] : before[node]);
      expect(date[node]).toBeGreaterThanOrEqual((date[Math.max(0, placed.tree.parent[node] ?? 0)] ?? 0) - 1e-9);
    }
    const early = extendDates(placed.tree, before, fresh, () => readDate('2019-12-30'), perYear);
    expect(early.moved.length).toBeGreaterThan(0);
    for (let node = 1; node < date.length; node++)
      expect(early.date[node]).toBeGreaterThanOrEqual((early.date[placed.tree.parent[node] ?? 0] ?? 0) - 1e-9);
  });

  it('finds places with probabilities that add up', () => {
    const codes = place.map((code, node) => (isLeaf(tree, node) ? code : -1));
    const places = placesOf(tree, { kind: 'category', codes, values: ['x', 'y', 'z'] }, { date: truth });
    let right = 0;
    let inner = 0;
    for (let node = 0; node < nodeCount(tree); node++) {
      const sum = (places.all[node * 3] ?? 0) + (places.all[node * 3 + 1] ?? 0) + (places.all[node * 3 + 2] ?? 0);
      expect(sum).toBeCloseTo(1, 4);
      if (isLeaf(tree, node)) continue;
      inner++;
      if (places.code[node] === place[node]) right++;
    }
    expect(right / inner).toBeGreaterThan(0.75);
  });
});
