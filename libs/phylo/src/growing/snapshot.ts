import { treeRules } from '../rules/tree.ts';
import { VirusProblem } from '../rules/problem.ts';
import { NameTable } from '../tree/grow.ts';
import { nameMutation } from '../tree/mutation.ts';
import { checkTree } from '../tree/states.ts';
import { isLeaf, nodeCount, samplesOf, sizesOf, type Category, type Quantity, type Tree } from '../tree/tree.ts';
import type { Growing } from '../placement/update.ts';

/** A growing tree as one JSON value: all that an update needs, nothing that formats of others cannot hold. */
interface Snapshot {
  readonly version: 1;
  readonly parent: readonly number[];
  readonly start: readonly number[];
  readonly mutations: readonly number[];
  readonly names: readonly string[];
  readonly condensed: readonly (readonly [node: number, samples: readonly string[]])[];
  readonly attributes: readonly (readonly [key: string, Stored])[];
  readonly branches: readonly (readonly [
    node: number,
    Tree['branches'] extends Map<number, infer Notes> ? Notes : never,
  ])[];
  readonly date?: readonly (number | null)[];
}
type Stored =
  | { readonly kind: 'category'; readonly values: readonly string[]; readonly codes: readonly number[] }
  | { readonly kind: 'quantity'; readonly numbers: readonly (number | null)[] };

const nullable = (numbers: Float64Array): (number | null)[] =>
  Array.from(numbers, (one) => (Number.isNaN(one) ? null : one));
const numbersOf = (list: readonly (number | null)[]): Float64Array =>
  Float64Array.from(list, (one) => one ?? Number.NaN);

/** Writes a growing tree; the reference is that of the data set and is not written. */
export function writeSnapshot({ tree, date }: Growing): string {
  const snapshot: Snapshot = {
    version: 1,
    parent: [...tree.parent],
    start: [...tree.start],
    mutations: [...tree.mutations],
    names: [...tree.parent.keys()].map((node) => tree.names.at(node)),
    condensed: [...tree.condensed],
    attributes: [...tree.attributes].map(([key, column]) => [
      key,
      column.kind === 'category'
        ? { kind: 'category', values: column.values, codes: [...column.codes] }
        : { kind: 'quantity', numbers: nullable(column.numbers) },
    ]),
    branches: [...tree.branches],
    ...(date && { date: nullable(date) }),
  };
  return JSON.stringify(snapshot);
}

/** Reads what {@link writeSnapshot} wrote. Throws {@link treeRules.syntax} and what a tree of another reference throws. */
export function readSnapshot(text: string, reference: Tree['reference']): Growing {
  let held: Snapshot;
  try {
    held = JSON.parse(text) as Snapshot;
    if (held.version !== 1 || held.start.length !== held.parent.length + 1 || held.names.length !== held.parent.length)
      throw new SyntaxError('no snapshot of a tree');
  } catch (error) {
    throw new VirusProblem(treeRules.syntax, { reason: error instanceof Error ? error.message : 'no JSON' });
  }
  const parent = Int32Array.from(held.parent);
  const attributes = new Map<string, Category | Quantity>(
    held.attributes.map(([key, column]) => [
      key,
      column.kind === 'category'
        ? { kind: 'category', values: [...column.values], codes: Int32Array.from(column.codes) }
        : { kind: 'quantity', numbers: numbersOf(column.numbers) },
    ]),
  );
  const tree: Tree = {
    reference,
    parent,
    size: sizesOf(parent),
    start: Int32Array.from(held.start),
    mutations: Int32Array.from(held.mutations),
    names: NameTable.of(held.names),
    condensed: new Map(held.condensed),
    attributes,
    branches: new Map(held.branches),
  };
  checkTree(tree);
  return { tree, ...(held.date && { date: numbersOf(held.date) }) };
}

/**
 * What a tree says, the same whatever the order of children and the numbers of nodes: a line a node with its samples, mutations and date, children after
 * their parent by their first sample. Its hash names a state.
 */
export function* stateLines({ tree, date }: Growing): Generator<string> {
  const count = nodeCount(tree);
  const first = Array.from({ length: count }, () => '');
  for (let node = count - 1; node >= 0; node--) {
    if (isLeaf(tree, node)) first[node] = [...samplesOf(tree, node)].sort()[0] ?? '';
    const above = tree.parent[node] ?? -1;
    if (above >= 0 && (first[above] === '' || (first[node] ?? '') < (first[above] ?? '')))
      first[above] = first[node] ?? '';
  }
  const children = new Map<number, number[]>();
  for (let node = 1; node < count; node++) {
    const above = tree.parent[node] ?? 0;
    const list = children.get(above);
    if (list) list.push(node);
    else children.set(above, [node]);
  }
  const stack = [{ node: 0, depth: 0 }];
  for (let one = stack.pop(); one; one = stack.pop()) {
    const { node, depth } = one;
    const names = isLeaf(tree, node) ? [...samplesOf(tree, node)].sort() : [];
    const mutations = Array.from(
      tree.mutations.subarray(tree.start[node], tree.start[node + 1]),
      (mutation) => mutation >>> 0,
    )
      .sort((a, b) => a - b)
      .map(nameMutation);
    const when = date?.[node];
    const told = when === undefined || Number.isNaN(when) ? '' : when.toFixed(9);
    yield `${depth}\t${names.join(',')}\t${mutations.join(',')}\t${told}\n`;
    const below = (children.get(node) ?? []).sort((a, b) => ((first[a] ?? '') < (first[b] ?? '') ? 1 : -1));
    for (const child of below) stack.push({ node: child, depth: depth + 1 });
  }
}
