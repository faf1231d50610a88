import { nameMutation, parseGenome, parseMutation, positionOf, writeGenome } from '../tree/mutation.ts';
import { checkTree } from '../tree/states.ts';
import { childrenOf, isLeaf, nodeCount, samplesOf, TreeBuilder, type BranchNotes, type Tree } from '../tree/tree.ts';
import { mostNodes } from './newick.ts';
import { VirusProblem } from '../rules/problem.ts';
import { treeRules } from '../rules/tree.ts';

/** The tree of an Auspice v2 data set with its `meta`, which is kept as it is (colourings, demes, nextclade extension). */
export interface Auspice {
  readonly tree: Tree;
  readonly meta: Readonly<Record<string, unknown>>;
}

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads an Auspice v2 data set. The reference is `root_sequence.nuc` when the file has it, else the one given; when both are
 * there they must be equal. Source: auspice JSON schema v2 (docs.nextstrain.org).
 * Throws `treeRules.syntax`, `treeRules.name`, `treeRules.reference`, `treeRules.contradiction`.
 */
export function readAuspice(text: string, given?: Tree['reference']): Auspice {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw new VirusProblem(treeRules.syntax, {
      reason: `it is no JSON (${cause instanceof Error ? cause.message : ''})`,
    });
  }
  if (!isObject(data) || data['version'] !== 'v2')
    throw new VirusProblem(treeRules.syntax, { reason: 'the version is not “v2”' });
  const root = Array.isArray(data['tree']) ? (data['tree'].length === 1 ? data['tree'][0] : undefined) : data['tree'];
  if (Array.isArray(data['tree']) && data['tree'].length !== 1)
    throw new VirusProblem(treeRules.roots, { count: data['tree'].length });
  if (!isObject(root)) throw new VirusProblem(treeRules.syntax, { reason: 'there is no tree' });
  const builder = new TreeBuilder();
  const values = new AttributeCollector();
  const stack: { json: Json; parent: number }[] = [{ json: root, parent: -1 }];
  const leaves = new Set<string>();
  while (stack.length > 0) {
    const { json, parent } = stack.pop() ?? { json: {}, parent: -1 };
    const name = json['name'];
    if (typeof name !== 'string' || name === '')
      throw new VirusProblem(treeRules.syntax, { reason: 'a node without a name' }, `node ${builder.length}`);
    if (builder.length >= mostNodes) throw new VirusProblem(treeRules.size, { what: 'nodes', limit: mostNodes });
    const node = builder.add(parent, name);
    readBranch(builder, node, name, json, values);
    const children = json['children'];
    if (Array.isArray(children) && children.length > 0) {
      for (let at = children.length - 1; at >= 0; at--) {
        const child: unknown = children[at];
        if (!isObject(child))
          throw new VirusProblem(treeRules.syntax, { reason: 'a child that is no node' }, `node ${name}`);
        stack.push({ json: child, parent: node });
      }
    } else if (leaves.has(name)) throw new VirusProblem(treeRules.name, { name });
    else leaves.add(name);
  }
  values.into(builder);
  const tree = builder.done(referenceOf(data, given));
  checkTree(tree);
  return { tree, meta: isObject(data['meta']) ? data['meta'] : {} };
}

function referenceOf(data: Json, given: Tree['reference'] | undefined): Tree['reference'] {
  const sequences = data['root_sequence'];
  const own = isObject(sequences) && typeof sequences['nuc'] === 'string' ? parseGenome(sequences['nuc']) : undefined;
  if (!own) {
    if (given) return given;
    throw new VirusProblem(treeRules.syntax, { reason: 'it has no root_sequence and no reference was given' });
  }
  if (!given) return { name: 'reference', genome: own };
  const length = Math.max(own.length, given.genome.length);
  for (let at = 0; at < length; at++)
    if (own[at] !== given.genome[at])
      throw new VirusProblem(treeRules.reference, {
        position: at + 1,
        found: own[at] === undefined ? '-' : writeGenome(own.subarray(at, at + 1)),
        expected: given.genome[at] === undefined ? '-' : writeGenome(given.genome.subarray(at, at + 1)),
      });
  return given;
}

function readBranch(builder: TreeBuilder, node: number, name: string, json: Json, values: AttributeCollector): void {
  const attributes = isObject(json['branch_attrs']) ? json['branch_attrs'] : {};
  const mutations = isObject(attributes['mutations']) ? attributes['mutations'] : {};
  const protein: Record<string, string[]> = {};
  for (const [gene, list] of Object.entries(mutations)) {
    if (!Array.isArray(list) || !list.every((one) => typeof one === 'string'))
      throw new VirusProblem(treeRules.syntax, { reason: `mutations of ${gene} that are no list` }, `node ${name}`);
    if (gene === 'nuc') for (const one of list) builder.mutate(parseMutation(one, `node ${name}`));
    else protein[gene] = list;
  }
  const labels = isObject(attributes['labels']) ? attributes['labels'] : undefined;
  const rest: Record<string, unknown> = {};
  if (isObject(json['node_attrs']))
    for (const [key, value] of Object.entries(json['node_attrs'])) {
      const held = isObject(value) ? value['value'] : value;
      values.set(key, node, held);
      if (isObject(value)) {
        const more = Object.fromEntries(Object.entries(value).filter(([inner]) => inner !== 'value'));
        if (Object.keys(more).length > 0 || !isPlain(held)) rest[key] = isPlain(held) ? more : value;
      } else if (!isPlain(value) || key !== 'div') rest[key] = value;
    }
  const notes: BranchNotes = {
    ...(Object.keys(protein).length > 0 && { protein }),
    ...(labels && { labels: labels as Record<string, string> }),
    ...(Object.keys(rest).length > 0 && { attributes: rest }),
  };
  if (Object.keys(notes).length > 0) builder.branches.set(node, notes);
}

const isPlain = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';

/** Collects values by key; a key whose values are all numbers is a quantity. */
class AttributeCollector {
  readonly #byKey = new Map<string, Map<number, string | number>>();

  set(key: string, node: number, value: unknown): void {
    if (!isPlain(value)) return;
    let column = this.#byKey.get(key);
    if (!column) this.#byKey.set(key, (column = new Map()));
    column.set(node, value);
  }

  into(builder: TreeBuilder): void {
    for (const [key, column] of this.#byKey) {
      if ([...column.values()].every((value) => typeof value === 'number')) {
        const numbers = new Float64Array(builder.length).fill(Number.NaN);
        for (const [node, value] of column) numbers[node] = Number(value);
        builder.attributes.set(key, { kind: 'quantity', numbers });
      } else {
        const codes = new Int32Array(builder.length).fill(-1);
        const values: string[] = [];
        const numberOf = new Map<string, number>();
        for (const [node, value] of column) {
          const written = String(value);
          if (!numberOf.has(written)) numberOf.set(written, values.push(written) - 1);
          codes[node] = numberOf.get(written) ?? -1;
        }
        builder.attributes.set(key, { kind: 'category', codes, values });
      }
    }
  }
}

/** Writes Auspice v2. Condensed samples become children of their leaf. `div` is the mutations from the root where the tree has none. */
export function writeAuspice(tree: Tree, meta: Readonly<Record<string, unknown>>): string {
  const json: Record<string, unknown>[] = Array.from({ length: nodeCount(tree) }, () => ({}));
  const divergence = new Int32Array(nodeCount(tree));
  for (let node = 0; node < json.length; node++) {
    const count = node === 0 ? 0 : (tree.start[node + 1] ?? 0) - (tree.start[node] ?? 0);
    divergence[node] = (node === 0 ? 0 : (divergence[tree.parent[node] ?? 0] ?? 0)) + count;
    json[node] = nodeJson(tree, node, divergence[node] ?? 0);
  }
  for (let node = 0; node < json.length; node++) {
    const one = json[node];
    if (!one) continue;
    const samples = isLeaf(tree, node) ? samplesOf(tree, node) : [];
    if (samples.length > 1) {
      one['name'] = `${String(one['name'])}_condensed`;
      one['children'] = samples.map((name) => ({
        name,
        node_attrs: one['node_attrs'],
        branch_attrs: { mutations: {} },
      }));
    } else if (samples.length === 0) one['children'] = childrenOf(tree, node).map((child) => json[child]);
  }
  return JSON.stringify({
    version: 'v2',
    meta: { updated: '1970-01-01', panels: ['tree'], ...meta },
    tree: json[0],
    root_sequence: { nuc: writeGenome(tree.reference.genome) },
  });
}

function nodeJson(tree: Tree, node: number, divergence: number): Record<string, unknown> {
  const notes = tree.branches.get(node);
  const attributes: Record<string, unknown> = { div: divergence };
  for (const [key, column] of tree.attributes) {
    let value: string | number | undefined;
    if (column.kind === 'category') value = column.values[column.codes[node] ?? -1];
    else {
      const number = column.numbers[node] ?? Number.NaN;
      if (!Number.isNaN(number)) value = number;
    }
    if (value !== undefined) attributes[key] = key === 'div' ? value : { value };
  }
  for (const [key, more] of Object.entries(notes?.attributes ?? {}))
    attributes[key] = isObject(more) && isObject(attributes[key]) ? { ...attributes[key], ...more } : more;
  const list: string[] = [];
  for (let index = tree.start[node] ?? 0; index < (tree.start[node + 1] ?? 0); index++)
    list.push(nameMutation(tree.mutations[index] ?? 0));
  list.sort((a, b) => positionOf(parseMutation(a)) - positionOf(parseMutation(b)));
  return {
    name: tree.names.at(node) || `NODE_${String(node).padStart(7, '0')}`,
    node_attrs: attributes,
    branch_attrs: {
      mutations: { ...(list.length > 0 && { nuc: list }), ...notes?.protein },
      ...(notes?.labels && { labels: notes.labels }),
    },
  };
}
