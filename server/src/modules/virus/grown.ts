import { createHash } from 'node:crypto';
import {
  matPieces,
  readDate,
  updateTree,
  type Dataset,
  type DateRange,
  type Tree,
  type UpdateDiff,
} from '@geneward/phylo';
import type { BlobStore } from '../../platform/blobs.ts';
import type { Db } from '../../platform/db.ts';
import { openDataset } from './datasets.ts';
import { samplesOf } from './store.ts';

/** What a state of a tree is made from: the data set's tree, these batches in this order, and what was withdrawn of them. */
export interface Recipe {
  readonly owner: string;
  readonly dataset: string;
  readonly batches: readonly string[];
  readonly without: readonly string[];
}

export interface Grown {
  readonly dataset: Dataset;
  readonly tree: Tree;
  /** Decimal years of the nodes; undefined when the data set's tree is not dated. */
  readonly date: Float64Array | undefined;
}

const keep = 4;
const made = new Map<string, Promise<Grown & { diff: UpdateDiff | undefined }>>();

/**
 * Makes a state of a tree. It is a function of its recipe: placement gives the same tree for the same batches, whatever their order
 * inside and whoever computes it. States lately made are kept, and one that only adds a batch is made from the one before.
 */
export function grow(db: Db, blobs: BlobStore, recipe: Recipe): Promise<Grown & { diff: UpdateDiff | undefined }> {
  const key = JSON.stringify([recipe.owner, recipe.dataset, recipe.batches, recipe.without]);
  const known = made.get(key);
  if (known) return known;
  const growing = make(db, blobs, recipe);
  made.set(key, growing);
  growing.catch(() => made.delete(key));
  const [oldest] = made.keys();
  if (made.size > keep && oldest !== undefined) made.delete(oldest);
  return growing;
}

async function make(db: Db, blobs: BlobStore, recipe: Recipe): Promise<Grown & { diff: UpdateDiff | undefined }> {
  const last = recipe.batches.at(-1);
  if (last === undefined) {
    const dataset = await openDataset(db, blobs, recipe.dataset);
    if (!dataset.tree) throw new Error('a data set without a tree has no states');
    const dated = dataset.tree.attributes.get('num_date');
    const whole = dated?.kind === 'quantity' && !dated.numbers.some((year) => Number.isNaN(year));
    return { dataset, tree: dataset.tree, date: whole ? dated.numbers : undefined, diff: undefined };
  }
  const before = await grow(db, blobs, { ...recipe, batches: recipe.batches.slice(0, -1) });
  const without = new Set(recipe.without);
  const rows = (await samplesOf(db, [last])).filter(({ id, sample }) => !without.has(id) && sample !== null);
  const taken = new Map(rows.map((row) => [row.name, row]));
  const { dataset } = before;
  const { tree, date, diff } = await updateTree(
    { tree: before.tree, ...(before.date && { date: before.date }) },
    rows.flatMap(({ sample }) => sample ?? []),
    {
      masks: dataset.masks,
      clade: 'clade_membership',
      dateOf: (name) => rangeOf(taken.get(name)),
      ...(dataset.clock && { perYear: dataset.clock.rate * dataset.reference.genome.length }),
    },
  );
  placeNew(tree, diff, (name) => taken.get(name)?.place ?? undefined);
  return { dataset, tree, date, diff };
}

function rangeOf(
  row: { collected_from: string | null; collected_to: string | null } | undefined,
): DateRange | undefined {
  const [from, to] = [readDate(row?.collected_from ?? ''), readDate(row?.collected_to ?? '')];
  return from && to && { from: from.from, to: to.to };
}

/** New leaves stand where their table says. The list of places is a copy: the tree before has its own. */
function placeNew(tree: Tree, diff: UpdateDiff, placeOf: (name: string) => string | undefined): void {
  const country = tree.attributes.get('country');
  if (country?.kind !== 'category') return;
  const added = new Set(diff.added.map(({ name }) => name));
  const [codes, values] = [country.codes.slice(), [...country.values]];
  for (let node = 0; node < codes.length; node++) {
    const name = tree.size[node] === 1 ? tree.names.at(node) : '';
    if (!added.has(name)) continue;
    const place = placeOf(name);
    const known = place === undefined ? -1 : values.indexOf(place);
    codes[node] = place === undefined || known >= 0 ? known : values.push(place) - 1;
  }
  tree.attributes.set('country', { kind: 'category', codes, values });
}

/** SHA-256 of a tree as UShER's protobuf: shape, names and mutations. */
export function treeHash(tree: Tree): string {
  const hash = createHash('sha256');
  for (const piece of matPieces(tree)) hash.update(piece);
  return hash.digest('hex');
}
