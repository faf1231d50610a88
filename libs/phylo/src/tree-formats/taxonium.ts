import { afterOf, beforeOf, letterOf, pack, positionOf, setOf } from '../tree/mutation.ts';
import { preorderOf } from '../tree/order.ts';
import { checkTree } from '../tree/states.ts';
import { isLeaf, leavesBelow, nodeCount, samplesOf, TreeBuilder, type Tree } from '../tree/tree.ts';
import { mostNodes } from './newick.ts';
import { VirusProblem } from '../rules/problem.ts';
import { treeRules } from '../rules/tree.ts';

type Json = Readonly<Record<string, unknown>>;

interface Line {
  readonly name: string;
  readonly parent: number;
  readonly mutations: readonly number[];
  readonly meta: Readonly<Record<string, string>>;
}

/**
 * Reads Taxonium JSONL: the first line holds the table of mutations, each other line one node; `parent_id` names the parent
 * and the root names itself. Nodes may come in any order. Source: docs.taxonium.org, “Taxonium format”.
 * Throws `treeRules.syntax`, `treeRules.loop`, `treeRules.parent`, `treeRules.roots`, `treeRules.reference`, `treeRules.contradiction`.
 */
export async function readTaxonium(
  lines: AsyncIterable<string> | Iterable<string>,
  reference: Tree['reference'],
): Promise<Tree> {
  let table: Map<number, number> | undefined;
  const nodes: Line[] = [];
  const numberOf = new Map<number, number>();
  let line = 0;
  for await (const text of lines) {
    line++;
    if (text.trim() === '') continue;
    const json = parseLine(text, line);
    if (!table) table = readTable(json, line);
    else {
      if (nodes.length >= mostNodes) throw new VirusProblem(treeRules.size, { what: 'nodes', limit: mostNodes });
      const id = json['node_id'];
      if (!isIndex(id) || numberOf.has(id))
        throw new VirusProblem(treeRules.syntax, { reason: 'node_id is missing or used twice' }, `line ${line}`);
      numberOf.set(id, nodes.length);
      nodes.push(readNode(json, table, line));
    }
  }
  if (!table) throw new VirusProblem(treeRules.syntax, { reason: 'it is empty' });
  const parent = new Int32Array(nodes.length);
  nodes.forEach((node, index) => {
    const above = numberOf.get(node.parent);
    if (above === undefined)
      throw new VirusProblem(treeRules.parent, { node: node.name || index, parent: node.parent });
    parent[index] = above === index ? -1 : above;
  });
  const tree = assemble(nodes, parent, reference);
  checkTree(tree);
  return tree;
}

function assemble(nodes: readonly Line[], parent: Int32Array, reference: Tree['reference']): Tree {
  const order = preorderOf(parent, (node) => nodes[node]?.name || String(node));
  const place = new Int32Array(order.length);
  order.forEach((given, at) => (place[given] = at));
  const builder = new TreeBuilder();
  const columns = new Map<string, { codes: Int32Array; values: string[]; numberOf: Map<string, number> }>();
  for (const given of order) {
    const node = nodes[given];
    if (!node) continue;
    const above = parent[given] ?? -1;
    const at = builder.add(above < 0 ? -1 : (place[above] ?? -1), node.name);
    for (const mutation of node.mutations) builder.mutate(mutation);
    for (const [key, value] of Object.entries(node.meta)) {
      let column = columns.get(key);
      if (!column)
        columns.set(key, (column = { codes: new Int32Array(order.length).fill(-1), values: [], numberOf: new Map() }));
      if (!column.numberOf.has(value)) column.numberOf.set(value, column.values.push(value) - 1);
      column.codes[at] = column.numberOf.get(value) ?? -1;
    }
  }
  for (const [key, { codes, values }] of columns) builder.attributes.set(key, { kind: 'category', codes, values });
  return builder.done(reference);
}

function parseLine(text: string, line: number): Json {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Json;
  } catch {
    // told below
  }
  throw new VirusProblem(treeRules.syntax, { reason: 'a line that is no JSON object' }, `line ${line}`);
}

const isIndex = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0;

function readTable(json: Json, line: number): Map<number, number> {
  const table = new Map<number, number>();
  const list = json['mutations'];
  if (!Array.isArray(list))
    throw new VirusProblem(treeRules.syntax, { reason: 'the first line has no mutations' }, `line ${line}`);
  for (const [index, entry] of list.entries()) {
    const one: Json = typeof entry === 'object' && entry !== null ? entry : {};
    if (one['type'] !== 'nt' && one['gene'] !== 'nt') continue;
    const id = one['mutation_id'] ?? index;
    const before = setOf(String(one['previous_residue']).charCodeAt(0));
    const after = setOf(String(one['new_residue']).charCodeAt(0));
    const position = one['residue_pos'];
    if (!isIndex(id) || !isIndex(position) || position < 1 || position > 2 ** 24 || before < 0 || after < 0)
      throw new VirusProblem(treeRules.syntax, { reason: `mutation ${index} of the table` }, `line ${line}`);
    table.set(id, pack(position - 1, before, after) | 0);
  }
  return table;
}

function readNode(json: Json, table: Map<number, number>, line: number): Line {
  const { name, parent_id: parent, mutations } = json;
  if (!isIndex(parent) || !Array.isArray(mutations))
    throw new VirusProblem(treeRules.syntax, { reason: 'a node without parent_id or mutations' }, `line ${line}`);
  const meta: Record<string, string> = {};
  for (const [key, value] of Object.entries(json))
    if (key.startsWith('meta_') && (typeof value === 'string' || typeof value === 'number') && value !== '')
      meta[key.slice(5)] = String(value);
  const packed: number[] = [];
  for (const id of mutations) {
    const mutation = table.get(Number(id));
    if (mutation !== undefined) packed.push(mutation);
  }
  return { name: typeof name === 'string' ? name : '', parent, mutations: packed, meta };
}

/**
 * Writes Taxonium JSONL, a line at a time, nodes in the order of y that the viewer wants. x is the mutations from the root
 * (`x_time` the attribute `num_date` where there is one); condensed samples become leaves of their own.
 */
export function* taxoniumLines(tree: Tree, title = 'Geneward'): Generator<string> {
  const numberOf = new Map<number, number>();
  for (const mutation of tree.mutations) if (!numberOf.has(mutation)) numberOf.set(mutation, numberOf.size);
  const { y, samples } = layout(tree);
  const leaves = leavesBelow(tree);
  const depth = new Int32Array(nodeCount(tree));
  for (let node = 1; node < depth.length; node++)
    depth[node] = (depth[tree.parent[node] ?? 0] ?? 0) + (tree.start[node + 1] ?? 0) - (tree.start[node] ?? 0);
  const order = Int32Array.from({ length: nodeCount(tree) }, (_, node) => node).sort(
    (a, b) => (y[a] ?? 0) - (y[b] ?? 0) || a - b,
  );
  const rank = new Int32Array(order.length);
  order.forEach((node, at) => (rank[node] = at));
  yield `${JSON.stringify({
    version: '2.0.0',
    config: { title },
    total_nodes: nodeCount(tree) + samples,
    mutations: [...numberOf].map(([mutation, id]) => ({
      mutation_id: id,
      gene: 'nt',
      type: 'nt',
      previous_residue: letterOf(beforeOf(mutation)),
      new_residue: letterOf(afterOf(mutation)),
      residue_pos: positionOf(mutation) + 1,
    })),
  })}\n`;
  let extra = nodeCount(tree);
  const more: string[] = [];
  for (const node of order) {
    const shared = isLeaf(tree, node) ? samplesOf(tree, node) : [];
    const time = tree.attributes.get('num_date');
    const line: Record<string, unknown> = {
      name: shared.length === 1 ? shared[0] : tree.names.at(node),
      node_id: rank[node],
      parent_id: rank[node === 0 ? 0 : (tree.parent[node] ?? 0)],
      x_dist: depth[node],
      ...(time?.kind === 'quantity' && { x_time: time.numbers[node] }),
      y: y[node],
      mutations: Array.from(tree.mutations.subarray(tree.start[node], tree.start[node + 1]), (one) =>
        numberOf.get(one),
      ),
      is_tip: shared.length === 1,
      num_tips: leaves[node],
      clades: {},
    };
    for (const [key, column] of tree.attributes)
      if (column.kind === 'category') line[`meta_${key}`] = column.values[column.codes[node] ?? -1] ?? '';
    yield `${JSON.stringify(line)}\n`;
    if (shared.length > 1)
      shared.forEach((name, at) => {
        const own = { ...line, name, node_id: extra++, parent_id: rank[node], y: (y[node] ?? 0) + at / shared.length };
        more.push(`${JSON.stringify({ ...own, mutations: [], is_tip: true, num_tips: 1 })}\n`);
      });
  }
  yield* more;
}

/** Leaves one apart, inner nodes in the middle of their children. */
function layout(tree: Tree): { y: Float64Array; samples: number } {
  const y = new Float64Array(nodeCount(tree));
  const low = new Float64Array(y.length);
  let next = 0;
  let samples = 0;
  for (let node = 0; node < y.length; node++) {
    low[node] = next;
    if (!isLeaf(tree, node)) continue;
    const count = tree.condensed.get(node)?.length ?? 1;
    if (count > 1) samples += count;
    y[node] = next + (count - 1) / 2;
    next += count;
  }
  const first = new Float64Array(y.length).fill(Number.NaN);
  const last = new Float64Array(y.length);
  for (let node = y.length - 1; node >= 0; node--) {
    if (!isLeaf(tree, node)) y[node] = ((first[node] ?? 0) + (last[node] ?? 0)) / 2;
    const above = tree.parent[node] ?? -1;
    if (above < 0) continue;
    if (Number.isNaN(first[above] ?? 0)) last[above] = y[node] ?? 0;
    first[above] = y[node] ?? 0;
  }
  return { y, samples };
}
