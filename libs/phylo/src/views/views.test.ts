import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numbersFrom, randomTree, treeSeed } from '../test/trees.ts';
import { isLeaf, nodeCount, type Category } from '../tree/tree.ts';
import { readView } from './columns.ts';
import { layoutOf, leadingValues } from './layout.ts';
import { mapView, sampleTable, timelineView } from './place-time.ts';
import { treeView } from './tree-view.ts';
import { treeRules } from '../rules/tree.ts';

const categoryOf = (count: number, seed: number, kinds = 4): Category => {
  const next = numbersFrom(seed);
  return {
    kind: 'category',
    values: Array.from({ length: kinds }, (_, at) => `v${at}`),
    codes: Int32Array.from({ length: count }, () => next(kinds + 1) - 1),
  };
};

describe('views', () => {
  it('of the whole tree hold every node when there is room, and every sample when there is not', () => {
    fc.assert(
      fc.property(treeSeed(), fc.integer({ min: 1, max: 50 }), ({ leaves, seed }, rows) => {
        const tree = randomTree(leaves, seed);
        const layout = layoutOf(tree);
        const whole = { x0: layout.bounds.x0, x1: layout.bounds.x1, y0: 0, y1: layout.samples };
        const full = readView(treeView(layout, { ...whole, rows: 4096 }));
        expect([...(full.columns[0] ?? [])]).toEqual([...tree.parent.keys()]);
        expect([...(full.columns[1] ?? [])]).toEqual([...tree.parent]);
        const { columns } = readView(treeView(layout, { ...whole, rows }));
        const [node = [], parent = [], , , , samples = []] = columns;
        const inner = new Set(parent);
        let sum = 0;
        for (let row = 0; row < node.length; row++) if (!inner.has(row)) sum += samples[row] ?? 0;
        expect(sum).toBe(leaves);
      }),
    );
  });

  it('of a part hold every leaf of that part', () => {
    fc.assert(
      fc.property(treeSeed(), fc.nat(39), fc.integer({ min: 1, max: 20 }), ({ leaves, seed }, low, high) => {
        const tree = randomTree(leaves, seed);
        const layout = layoutOf(tree);
        const y0 = Math.min(low, leaves - 1);
        const y1 = Math.min(leaves, y0 + high);
        const { columns } = readView(treeView(layout, { x0: 0, x1: layout.bounds.x1, y0, y1, rows: 4096 }));
        const shown = new Set(columns[0]);
        const inside = [...tree.parent.keys()].filter(
          (node) => isLeaf(tree, node) && (layout.from[node] ?? 0) >= y0 && (layout.from[node] ?? 0) < y1,
        );
        expect(inside.filter((node) => !shown.has(node))).toEqual([]);
      }),
    );
  });

  it('stay below 300 kB for a tree of 200,000 leaves', () => {
    const tree = randomTree(200_000, 5, 2000);
    const layout = layoutOf(tree);
    const colour = leadingValues(tree, categoryOf(nodeCount(tree), 3));
    for (const part of [1, 0.1, 0.01, 0.001]) {
      const y0 = layout.samples * 0.3;
      const bytes = treeView(
        layout,
        { x0: 0, x1: layout.bounds.x1, y0, y1: y0 + layout.samples * part, rows: 1200 },
        colour,
      );
      expect(bytes.length).toBeLessThan(300_000);
      expect(readView(bytes).columns[0]?.length).toBeGreaterThan(part === 0.001 ? 100 : 500);
    }
  });

  it('count every dated sample on map and timeline', () => {
    fc.assert(
      fc.property(treeSeed(), ({ leaves, seed }) => {
        const tree = randomTree(leaves, seed);
        const next = numbersFrom(seed);
        const date = Float64Array.from(tree.parent, () => 2020 + next(1000) / 1000);
        const category = categoryOf(nodeCount(tree), seed);
        const table = sampleTable(tree, date);
        const known = [...tree.parent.keys()].filter(
          (node) => isLeaf(tree, node) && (category.codes[node] ?? -1) >= 0,
        ).length;
        const map = readView(mapView(table, tree, { t0: 2020, t1: 2021 }, { category }, category));
        expect((map.columns[2] as Uint32Array).reduce((a, b) => a + b, 0)).toBe(known);
        const line = readView(timelineView(table, { t0: 2020, t1: 2021, bins: 12 }, category));
        expect((line.columns[1] as Uint32Array).reduce((a, b) => a + b, 0)).toBe(leaves);
      }),
    );
  });

  it('lead with the majority', () => {
    const tree = randomTree(30, 9);
    const codes = Int32Array.from(tree.parent, (_, node) => (node % 5 === 0 ? 1 : 0));
    const leaves = [...tree.parent.keys()].filter((node) => isLeaf(tree, node));
    const leading = leadingValues(tree, {
      kind: 'category',
      codes: codes.map((code, node) => (isLeaf(tree, node) ? code : -1)),
      values: ['a', 'b'],
    });
    const ones = leaves.filter((node) => codes[node] === 1).length;
    expect(leading[0]).toBe(ones * 2 > leaves.length ? 1 : 0);
  });

  it('refuse bytes that are no view', () => {
    for (const bytes of [
      new Uint8Array(0),
      new Uint8Array(40),
      treeView(layoutOf(randomTree(4, 2)), { x0: 0, x1: 9, y0: 0, y1: 4, rows: 9 }).subarray(0, 50),
    ])
      expect(() => readView(bytes)).toThrow(treeRules.syntax.code);
  });
});
