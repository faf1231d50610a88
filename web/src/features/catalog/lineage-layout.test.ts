import type { ObjectGraph } from '@geneward/api';
import { expect, it } from 'vitest';
import { layOut, nodeWidth } from './lineage-layout.ts';

const node = (id: string, type: 'project' | 'sample' | 'run', distance: number): ObjectGraph['nodes'][number] => ({
  id,
  type,
  alias: id,
  status: 'released',
  distance,
});
const at = '2026-01-01T00:00:00Z';

it('puts each type in a column from project to run and draws every edge between shown objects', () => {
  const graph: ObjectGraph = {
    root: 's',
    nodes: [node('r', 'run', 1), node('s', 'sample', 0), node('p', 'project', 1)],
    edges: [
      { from: 's', to: 'p', relation: 'part_of', at },
      { from: 'r', to: 's', relation: 'derived_from', at },
    ],
    truncated: false,
  };
  const layout = layOut(graph);
  expect(layout.columns.map((column) => column.type)).toEqual(['project', 'sample', 'run']);
  expect(layout.lines).toHaveLength(2);
  const [project, sample] = layout.nodes;
  expect(project?.x).toBe(0);
  expect(sample?.x).toBeGreaterThan(nodeWidth);
});

it('shows the nearest of many and says how many are left out', () => {
  const runs = Array.from({ length: 25 }, (_, n) => node(`r${n}`, 'run', n === 24 ? 0 : 2));
  const layout = layOut({
    root: 'r24',
    nodes: runs,
    edges: [{ from: 'r1', to: 'r2', relation: 'derived_from', at }],
    truncated: false,
  });
  expect(layout.nodes).toHaveLength(10);
  expect(layout.nodes[0]?.node.id).toBe('r24');
  expect(layout.columns[0]?.more).toBe(15);
});

it('draws nothing for nothing', () => {
  expect(layOut({ root: 'x', nodes: [], edges: [], truncated: false })).toMatchObject({ width: 0, height: 0 });
});
