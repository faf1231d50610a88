import { layoutOf, leadingValues, mapView, sampleTable, timelineView, treeView, type Category } from '@geneward/phylo';
import type { Figure } from './figure.ts';
import { numbersFrom, outbreak } from './virus/outbreak.ts';

const leaves = Number(process.env['GENEWARD_BENCH_LEAVES'] ?? 1_000_000);

/** A made-up tree of a million tips: laying it out with the first view of tree, map and timeline, then two hundred steps of a viewer that pans and zooms. */
export async function run(): Promise<Figure[]> {
  const { tree, date } = outbreak(leaves);
  const next = numbersFrom(5);
  const place: Category = {
    kind: 'category',
    values: Array.from({ length: 120 }, (_, at) => `place ${at}`),
    codes: Int32Array.from(date, () => Math.floor(next() ** 2 * 120)),
  };
  const moves = Array.from(tree.parent.keys()).filter((node) => node > 0 && node % 11 === 0);
  const began = performance.now();
  const layout = layoutOf(tree, date);
  const colour = leadingValues(tree, place);
  const whole = { x0: layout.bounds.x0, x1: layout.bounds.x1, y0: 0, y1: layout.samples, rows: 1080 };
  const first = treeView(layout, whole, colour);
  const firstTree = performance.now() - began;
  const table = sampleTable(tree, date);
  const prepared = performance.now() - began;
  const sizes = [first.length];
  const times: { tree: number[]; map: number[]; timeline: number[] } = { tree: [], map: [], timeline: [] };
  const timed = (list: number[], make: () => Uint8Array): void => {
    const from = performance.now();
    sizes.push(make().length);
    list.push(performance.now() - from);
  };
  for (let step = 0; step < 200; step++) {
    const height = layout.samples * 10 ** (-4 * next());
    const y0 = next() * (layout.samples - height);
    timed(times.tree, () => treeView(layout, { ...whole, y0, y1: y0 + height }, colour));
    const t0 = layout.bounds.x0 + next() * 2;
    const t1 = t0 + 0.1 + next() * 2;
    timed(times.map, () =>
      mapView(table, tree, { t0, t1 }, { category: place, nodePlace: place.codes, nodeDate: date, moves }, place),
    );
    timed(times.timeline, () => timelineView(table, { t0, t1, bins: 200 }, place));
  }
  console.log(
    `layout and first tree view ${Math.round(firstTree)} ms, with the table of samples ${Math.round(prepared)} ms`,
  );
  const p95 = (list: number[]): number =>
    Math.round((list.sort((a, b) => a - b)[Math.floor(list.length * 0.95)] ?? 0) * 10) / 10;
  return [
    { name: 'views.first', value: Math.round(firstTree), unit: 'ms', better: 'lower', target: 1000 },
    { name: 'views.step.tree.p95', value: p95(times.tree), unit: 'ms', better: 'lower', target: 50 },
    { name: 'views.step.map.p95', value: p95(times.map), unit: 'ms', better: 'lower', target: 50 },
    { name: 'views.step.timeline.p95', value: p95(times.timeline), unit: 'ms', better: 'lower', target: 50 },
    { name: 'views.largest', value: Math.round(Math.max(...sizes) / 1000), unit: 'kB', better: 'lower', target: 300 },
  ];
}
