import { withoutSamples } from '../tree/rebuild.ts';
import { isLeaf, nodeCount, type Tree } from '../tree/tree.ts';
import { extendDates } from '../timetree/extend.ts';
import type { DateRange } from '../timetree/dates.ts';
import { placeSamples, type Placement, type PlaceOptions } from './place.ts';
import type { Sample } from './sample.ts';
import { VirusProblem } from '../rules/problem.ts';
import { treeRules } from '../rules/tree.ts';

/** A tree that grows by batches. `date` is in decimal years a node; absent when nothing is dated. */
export interface Growing {
  readonly tree: Tree;
  readonly date?: Float64Array;
}

export interface Added {
  readonly name: string;
  readonly how: Placement['how'];
  readonly cost: number;
  /** A sample beside it in the tree as it was, so that its place can be told without numbers. */
  readonly beside: string;
  readonly clade?: string;
}

/** A node that was dated anew; it is told by the samples that it is the youngest ancestor of. */
export interface Moved {
  readonly between: readonly [string, string];
  readonly from: number;
  readonly to: number;
  readonly why: 'older sample below';
}

export interface Renamed {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

/** What one update did: enough to show the state before it again. */
export interface UpdateDiff {
  readonly added: readonly Added[];
  readonly moved: readonly Moved[];
  readonly renamed: readonly Renamed[];
  readonly refused: readonly { readonly name: string; readonly code: string }[];
}

export interface UpdateOptions extends PlaceOptions {
  /** Category that new nodes inherit from the branch they stand on, such as the clade. */
  readonly clade?: string;
  readonly dateOf?: (sample: string) => DateRange | undefined;
  /** Mutations a genome and year, for dating. */
  readonly perYear?: number;
}

/**
 * Places and dates one batch. Nothing that was there changes its place; a date moves only when an older sample comes below. So the diff is the
 * batch's, and `stateBefore` undoes it exactly.
 */
export async function updateTree(
  before: Growing,
  samples: Iterable<Sample>,
  options: UpdateOptions = {},
): Promise<Growing & { readonly diff: UpdateDiff }> {
  const { clade, dateOf, perYear } = options;
  const placed = await placeSamples(before.tree, samples, options);
  const { tree } = placed;
  const isOld = new Uint8Array(nodeCount(tree));
  for (const node of placed.nodeOf) isOld[node] = 1;
  const fresh = [...isOld.keys()].filter((node) => isOld[node] === 0);
  if (clade !== undefined) inherit(tree, clade, fresh);
  const dates =
    before.date && perYear !== undefined
      ? dateFresh(placed.nodeOf, tree, before.date, fresh, dateOf, perYear)
      : undefined;
  const column = clade === undefined ? undefined : tree.attributes.get(clade);
  const added = placed.placements.map(({ name, leaf, fork, how, cost }): Added => {
    const value = column?.kind === 'category' ? column.values[column.codes[leaf] ?? -1] : undefined;
    return { name, how, cost, beside: besides(tree, fork, name, isOld), ...(value !== undefined && { clade: value }) };
  });
  const moved = (dates?.moved ?? []).map(({ node, from, to }): Moved => ({
    between: between(tree, node),
    from,
    to,
    why: 'older sample below',
  }));
  return {
    tree,
    ...(dates && { date: dates.date }),
    diff: {
      added,
      moved,
      renamed: [],
      refused: placed.refused.map(({ name, problem }) => ({ name, code: problem.code })),
    },
  };
}

function dateFresh(
  nodeOf: Int32Array,
  tree: Tree,
  date: Float64Array,
  fresh: readonly number[],
  dateOf: UpdateOptions['dateOf'],
  perYear: number,
): ReturnType<typeof extendDates> {
  const known = new Float64Array(nodeCount(tree)).fill(Number.NaN);
  nodeOf.forEach((now, was) => (known[now] = date[was] ?? Number.NaN));
  return extendDates(tree, known, fresh, (leaf) => dateOf?.(tree.names.at(leaf)), perYear);
}

/** A fork that holds the whole branch has the value of what it was put above; one within a branch that of its parent; a leaf that of its fork. */
function inherit(tree: Tree, attribute: string, fresh: readonly number[]): void {
  const column = tree.attributes.get(attribute);
  if (column?.kind !== 'category') return;
  for (const node of fresh) {
    let code = column.codes[tree.parent[node] ?? 0] ?? -1;
    if (!isLeaf(tree, node))
      for (let child = node + 1; child < node + (tree.size[node] ?? 1); child += tree.size[child] ?? 1)
        if (tree.start[child] === tree.start[child + 1] && (column.codes[child] ?? -1) >= 0)
          code = column.codes[child] ?? code;
    column.codes[node] = code;
  }
}

/** The first older leaf below a fork, or else below its nearest ancestor that has one. */
function besides(tree: Tree, fork: number, name: string, isOld: Uint8Array): string {
  for (let at = fork; at >= 0; at = tree.parent[at] ?? -1)
    for (let leaf = at; leaf < at + (tree.size[at] ?? 1); leaf++)
      if (isLeaf(tree, leaf) && isOld[leaf] === 1 && tree.names.at(leaf) !== name) return tree.names.at(leaf);
  return '';
}

/** Two leaves whose youngest common ancestor is the node. */
function between(tree: Tree, node: number): [string, string] {
  let first = node;
  while (!isLeaf(tree, first)) first++;
  return [tree.names.at(first), tree.names.at(node + (tree.size[node] ?? 1) - 1)];
}

/**
 * The growing tree as it was before its last updates: their samples are taken out and the dates that they moved put back, newest first.
 * Throws `treeRules.state` when a diff names what the tree does not have.
 */
export function stateBefore(now: Growing, diffs: readonly UpdateDiff[]): Growing {
  let state = now;
  for (const diff of diffs.toReversed()) {
    const { tree } = state;
    const date = state.date?.slice();
    if (date && diff.moved.length > 0) restoreDates(tree, date, diff.moved);
    const back = withoutSamples(tree, new Set(diff.added.map(({ name }) => name)));
    const earlier = date && new Float64Array(nodeCount(back.tree));
    if (date && earlier)
      back.place.forEach((at, node) => {
        if (at >= 0) earlier[at] = date[node] ?? Number.NaN;
      });
    state = { tree: back.tree, ...(earlier && { date: earlier }) };
  }
  return state;
}

function restoreDates(tree: Tree, date: Float64Array, moved: readonly Moved[]): void {
  const leafOf = new Map<string, number>();
  for (let node = 0; node < nodeCount(tree); node++) if (isLeaf(tree, node)) leafOf.set(tree.names.at(node), node);
  // Nodes with one child share the pair, and several of them may have been moved to one date: the deepest was the youngest and is met first.
  for (const {
    between: [first, last],
    from,
    to,
  } of moved.toSorted((a, b) => b.from - a.from)) {
    const [one, other] = [leafOf.get(first), leafOf.get(last)];
    if (one === undefined || other === undefined)
      throw new VirusProblem(treeRules.state, { state: `${first}, ${last}` });
    let at = one;
    while (at >= 0 && at + (tree.size[at] ?? 1) <= other) at = tree.parent[at] ?? -1;
    while (at >= 0 && date[at] !== to) at = tree.parent[at] ?? -1;
    if (at < 0) throw new VirusProblem(treeRules.state, { state: `${first}, ${last}` });
    date[at] = from;
  }
}

/** Samples whose name of lineage is another than it was, and why: a new data set, or another place. */
export function renamedBetween(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  why: string,
): readonly Renamed[] {
  return [...after].flatMap(([name, to]) => {
    const from = before.get(name);
    return from !== undefined && from !== to ? [{ name, from, to, why }] : [];
  });
}
