import type { ObjectGraph } from '@geneward/api';

type Node = ObjectGraph['nodes'][number];

/** A node with its place in a drawing; `more` counts those of its column that are left out. */
interface Placed {
  readonly node: Node;
  readonly x: number;
  readonly y: number;
}
export interface Layout {
  readonly columns: readonly {
    readonly type: Node['type'];
    readonly x: number;
    readonly more: number;
    readonly y: number;
  }[];
  readonly nodes: readonly Placed[];
  readonly lines: readonly { readonly id: string; readonly path: string }[];
  readonly width: number;
  readonly height: number;
}

export const nodeWidth = 172;
export const nodeHeight = 46;
const gapX = 56;
const gapY = 10;
const head = 26;
const mostInColumn = 10;

/** From what is stood on to what stands on it. */
const order: readonly Node['type'][] = [
  'project',
  'sample',
  'experiment',
  'run',
  'single_cell',
  'sequence',
  'assembly',
  'variation',
  'metabolism',
  'analysis',
];

/** Places the objects around one in a column for each type, the nearest first, with a line for each edge. */
export function layOut(graph: ObjectGraph): Layout {
  const placed = new Map<string, Placed>();
  const columns = order
    .map((type) => graph.nodes.filter((node) => node.type === type).toSorted(nearest))
    .filter((column) => column.length > 0)
    .map((column, i) => {
      const x = i * (nodeWidth + gapX);
      const shown = column.slice(0, mostInColumn);
      for (const [j, node] of shown.entries()) placed.set(node.id, { node, x, y: head + j * (nodeHeight + gapY) });
      return {
        type: column[0]?.type ?? 'project',
        x,
        more: column.length - shown.length,
        y: head + shown.length * (nodeHeight + gapY),
      };
    });
  const lines = graph.edges.flatMap((edge) => {
    const from = placed.get(edge.to);
    const to = placed.get(edge.from);
    if (!from || !to) return [];
    return [{ id: `${edge.from}${edge.to}${edge.relation}`, path: pathBetween(from, to) }];
  });
  return {
    columns,
    nodes: [...placed.values()],
    lines,
    width: Math.max(0, columns.length * (nodeWidth + gapX) - gapX),
    height: Math.max(0, ...columns.map((column) => column.y + (column.more > 0 ? 24 : 0))),
  };
}

const nearest = (a: Node, b: Node): number =>
  a.distance - b.distance || ((a.accession ?? a.alias) < (b.accession ?? b.alias) ? -1 : 1);

/** A curve from the right side of one to the left side of the other; within a column around its right side. */
function pathBetween(from: Placed, to: Placed): string {
  const [y1, y2] = [from.y + nodeHeight / 2, to.y + nodeHeight / 2];
  const x1 = from.x + nodeWidth;
  if (from.x === to.x) return `M${x1} ${y1} C${x1 + 30} ${y1} ${x1 + 30} ${y2} ${x1} ${y2}`;
  const [start, end] = from.x < to.x ? [x1, to.x] : [from.x, to.x + nodeWidth];
  const middle = (start + end) / 2;
  return `M${start} ${y1} C${middle} ${y1} ${middle} ${y2} ${end} ${y2}`;
}
