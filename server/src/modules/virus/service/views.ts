import { openLabel, type QueryOf, type ReplyOf, type virusRoutes } from '@geneward/api';
import {
  layoutOf,
  leadingValues,
  mapView,
  nodeCount,
  sampleTable,
  timelineView,
  treeView,
  type Category,
  type Layout,
  type SampleTable,
} from '@geneward/phylo';
import type { Context } from '../../../platform/context.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem } from '../../../platform/problem.ts';
import { authorize } from '../../access/index.ts';
import { findDataset, openDataset } from '../datasets.ts';
import { grow, treeHash, type Grown } from '../grown.ts';
import * as store from '../store.ts';
import { citing } from './figures.ts';
import { publicTree } from './grow.ts';

type Needs = Pick<Parts, 'blobs'>;
type Which = Pick<QueryOf<typeof virusRoutes.getVirusTree>, 'of' | 'state'>;

/** Whose tree it is; the own one is for those who see the own genomes. */
function ownerOf(context: Context, of: Which['of']): string {
  if (of === 'public') return publicTree;
  const { principal } = context;
  if (principal.kind !== 'person') throw new Problem('unauthenticated');
  authorizeTree(context, principal.organisation);
  return principal.organisation;
}

/** Refuses who may not see the tree of an institution. */
export function authorizeTree(context: Context, organisation: string): void {
  authorize(context, 'genomes:read', {
    kind: 'genomes',
    id: 'tree',
    organisation,
    status: 'done',
    manner: 'private',
    label: openLabel,
  });
}

interface Shown {
  readonly grown: Grown;
  readonly states: readonly store.StateRow[];
  readonly number: number;
}

async function shown(context: Context, { blobs }: Needs, asked: string, { of, state }: Which): Promise<Shown> {
  const owner = ownerOf(context, of);
  const { hash: dataset } = await findDataset(context.db, asked);
  const states = await store.statesOf(context.db, owner, dataset);
  const number = state ?? states.length;
  const found = states.find((one) => one.number === number);
  const { tree } = await openDataset(context.db, blobs, dataset);
  if (!tree || (number > 0 && !found)) throw new Problem('virus_tree_missing', { params: { dataset } });
  // An earlier state is shown without what was withdrawn since: it says so by its number of samples and in `citation`.
  const without = states.at(-1)?.without ?? [];
  const grown = await grow(context.db, blobs, {
    owner,
    dataset,
    batches: found?.batches ?? [],
    without: found ? without : [],
  });
  return { grown, states, number };
}

interface Prepared {
  readonly layout: Layout;
  readonly table: SampleTable | undefined;
}

/** What is made once for a tree and serves every window of it. */
const prepared = new WeakMap<Grown, Prepared>();
const leading = new WeakMap<Category, Int32Array>();
const movesIn = new WeakMap<Category, number[]>();

function prepare(grown: Grown): Prepared {
  const known = prepared.get(grown);
  if (known) return known;
  const { tree, date } = grown;
  const made = { layout: layoutOf(tree, date), table: date && sampleTable(tree, date) };
  prepared.set(grown, made);
  return made;
}

function categoryOf({ tree }: Grown, name: string): Category {
  const found = tree.attributes.get(name);
  if (found?.kind === 'category') return found;
  const known = [...tree.attributes].flatMap(([key, { kind }]) => (kind === 'category' ? [key] : []));
  throw new Problem('virus_attribute_unknown', { params: { name, known: known.join(', ') } });
}

function leadingOf(grown: Grown, category: Category): Int32Array {
  const made = leading.get(category) ?? leadingValues(grown.tree, category);
  leading.set(category, made);
  return made;
}

/** Branches that end in another place than they began. */
function movesOf({ tree }: Grown, category: Category): number[] {
  const known = movesIn.get(category);
  if (known) return known;
  const moves: number[] = [];
  for (let node = 1; node < nodeCount(tree); node++) {
    const [from, to] = [category.codes[tree.parent[node] ?? 0] ?? -1, category.codes[node] ?? -1];
    if (from >= 0 && to >= 0 && from !== to) moves.push(node);
  }
  movesIn.set(category, moves);
  return moves;
}

/** A window of a tree in the binary form that viewers read. */
export async function view(
  context: Context,
  parts: Needs,
  dataset: string,
  query: QueryOf<typeof virusRoutes.virusView>,
): Promise<Uint8Array> {
  const { grown } = await shown(context, parts, dataset, query);
  const { layout, table } = prepare(grown);
  const colour = query.colour === undefined ? undefined : categoryOf(grown, query.colour);
  const { x0 = layout.bounds.x0, x1 = layout.bounds.x1 } = query;
  if (query.kind === 'tree') {
    const { y0 = 0, y1 = layout.samples, rows } = query;
    return treeView(layout, { x0, x1, y0, y1, rows }, colour && leadingOf(grown, colour));
  }
  if (!table) throw new Problem('virus_attribute_unknown', { params: { name: 'num_date', known: '-' } });
  const place = categoryOf(grown, query.kind === 'map' ? query.place : (query.colour ?? query.place));
  if (query.kind === 'timeline') return timelineView(table, { t0: x0, t1: x1, bins: query.bins }, place);
  const nodes = grown.date && { nodePlace: place.codes, nodeDate: grown.date, moves: movesOf(grown, place) };
  return mapView(table, grown.tree, { t0: x0, t1: x1 }, { category: place, ...nodes }, colour);
}

const stateView = (row: store.StateRow): ReplyOf<typeof virusRoutes.getVirusTree>['states'][number] => ({
  number: row.number,
  why: row.why,
  batches: row.batches,
  without: row.without,
  inputsSha256: row.inputs_sha256,
  treeSha256: row.tree_sha256,
  program: row.program,
  madeAt: row.made_at.toISOString(),
  added: row.added,
  moved: row.moved,
  renamed: row.renamed,
  refused: row.refused,
});

const holdAgainst = (state: store.StateRow, treeSha256: string) => ({
  treeSha256,
  asRecorded: treeSha256 === state.tree_sha256,
});

/** What views of a tree may be asked for, and the states that it had. */
export async function getTree(
  context: Context,
  parts: Needs,
  dataset: string,
  { verify, ...which }: QueryOf<typeof virusRoutes.getVirusTree>,
): Promise<ReplyOf<typeof virusRoutes.getVirusTree>> {
  const { grown, states, number } = await shown(context, parts, dataset, which);
  const state = states.find((one) => one.number === number);
  const { layout } = prepare(grown);
  const { tree, dataset: read } = grown;
  const places = new Map([...read.places.values()].flatMap((one) => [...one]));
  return {
    state: number,
    ...(verify && state && { shown: holdAgainst(state, treeHash(tree)) }),
    samples: layout.samples,
    nodes: nodeCount(tree),
    x: { from: layout.bounds.x0, to: layout.bounds.x1, unit: grown.date ? 'years' : 'mutations' },
    attributes: Object.fromEntries(
      [...tree.attributes].flatMap(([name, column]) => (column.kind === 'category' ? [[name, column.values]] : [])),
    ),
    places: Object.fromEntries([...places].map(([place, at]) => [place, [...at]])),
    states: states.map(stateView),
    // What stands on this tree and nothing else.
    citation: await citing(context, {
      scope: store.batchesAmong(state?.batches ?? []),
      question: { dataset: read.hash },
    }),
  };
}

export async function getDiff(
  context: Context,
  asked: string,
  number: number,
  of: Which['of'],
): Promise<ReplyOf<typeof virusRoutes.getVirusDiff>> {
  const owner = ownerOf(context, of);
  const { hash } = await findDataset(context.db, asked);
  const row = await store.findState(context.db, owner, hash, number);
  if (!row) throw new Problem('virus_tree_missing', { params: { dataset: hash } });
  return { ...stateView(row), diff: { ...row.diff } };
}
