import { createHash, randomUUID } from 'node:crypto';
import {
  addBatch,
  checkpointPieces,
  matPieces,
  readCheckpoint,
  treeOf,
  type Dataset,
  type Growing,
  type Taken,
  type Tree,
  type UpdateDiff,
} from '@geneward/phylo';
import type { BlobStore } from '../../platform/blobs.ts';
import type { Db } from '../../platform/db.ts';
import { openDataset } from './datasets.ts';
import { program } from './program.ts';
import { batchesOfGenomes, samplesOf, statesOf, type StateRow } from './store.ts';

/** What a state of a tree is made from: the data set's tree, these batches in this order, and what was withdrawn of them. */
export interface Recipe {
  readonly owner: string;
  readonly dataset: string;
  readonly batches: readonly string[];
  readonly without: readonly string[];
}

/** A growing tree with its data set; undated when the data set's own tree is. */
export interface Grown extends Growing {
  readonly dataset: Dataset;
}

type Made = Grown & { readonly diff: UpdateDiff | undefined };

/** States lately asked for, the last at the end: a large tree takes long to make. */
const made = new Map<string, Promise<Made>>();
const keep = 4;

/**
 * Makes a state of a tree. It is a function of its recipe: placement gives the same tree for the same batches, whatever their order
 * inside and whoever computes it. It begins with the longest part of the recipe that is at hand, in memory or as a checkpoint.
 */
export async function grow(db: Db, blobs: BlobStore, recipe: Recipe): Promise<Made> {
  const batchOf = await batchesOfGenomes(db, recipe.without);
  const key = keyOf(recipe, batchOf);
  const growing = made.get(key) ?? make(db, blobs, recipe, batchOf);
  made.delete(key);
  made.set(key, growing);
  growing.catch(() => made.delete(key));
  const [oldest] = made.keys();
  if (made.size > keep && oldest !== undefined) made.delete(oldest);
  return growing;
}

/** The genomes that are left out of some batches. */
const withoutIn = ({ without }: Recipe, batches: readonly string[], batchOf: ReadonlyMap<string, string>): string[] =>
  without.filter((id) => batches.includes(batchOf.get(id) ?? '')).toSorted();

const keyOf = (recipe: Recipe, batchOf: ReadonlyMap<string, string>, batches = recipe.batches): string =>
  JSON.stringify([recipe.owner, recipe.dataset, batches, withoutIn(recipe, batches, batchOf)]);

async function make(db: Db, blobs: BlobStore, recipe: Recipe, batchOf: ReadonlyMap<string, string>): Promise<Made> {
  let state = await begin(db, blobs, recipe, batchOf);
  const { dataset } = state.grown;
  const without = new Set(recipe.without);
  let diff: UpdateDiff | undefined;
  for (const batch of recipe.batches.slice(state.batches)) {
    const rows = (await samplesOf(db, [batch])).filter(({ id }) => !without.has(id));
    const { diff: changes, ...grown } = await addBatch(state.grown, dataset, rows.flatMap(takenOf));
    state = { grown: { dataset, ...grown }, batches: state.batches + 1 };
    diff = changes;
  }
  return { ...state.grown, diff };
}

/** The longest part of a recipe that is at hand, and of how many batches it is. */
async function begin(
  db: Db,
  blobs: BlobStore,
  recipe: Recipe,
  batchOf: ReadonlyMap<string, string>,
): Promise<{ grown: Grown; batches: number }> {
  const dataset = await openDataset(db, blobs, recipe.dataset);
  const checkpoints = (await statesOf(db, recipe.owner, recipe.dataset)).filter(
    (row) => row.checkpoint !== null && row.program === program,
  );
  for (let batches = recipe.batches.length; batches > 0; batches--) {
    const part = recipe.batches.slice(0, batches);
    const known = batches < recipe.batches.length ? made.get(keyOf(recipe, batchOf, part)) : undefined;
    if (known) return { grown: await known, batches };
    const same = (row: (typeof checkpoints)[number]): boolean =>
      JSON.stringify([row.batches, row.without.toSorted()]) ===
      JSON.stringify([part, withoutIn(recipe, part, batchOf)]);
    const key = checkpoints.find(same)?.checkpoint;
    if (key === undefined || key === null) continue;
    const chunks: Uint8Array[] = [];
    for await (const chunk of await blobs.open(key)) chunks.push(chunk);
    return { grown: { dataset, ...readCheckpoint(Buffer.concat(chunks), dataset.reference) }, batches };
  }
  return { grown: { dataset, ...treeOf(dataset) }, batches: 0 };
}

/** Samples that are placed before the tree is written down as it is: placing them anew takes seconds. */
const checkpointEvery = 2000;

/** Writes down a tree when much was placed since it last was. @returns its key */
export async function writeCheckpoint(
  blobs: BlobStore,
  state: Grown,
  before: readonly Pick<StateRow, 'added' | 'checkpoint'>[],
  added: number,
): Promise<string | null> {
  const since = before.slice(before.findLastIndex(({ checkpoint }) => checkpoint !== null) + 1);
  if (since.reduce((sum, one) => sum + one.added, added) < checkpointEvery) return null;
  const key = `virus/trees/${randomUUID()}`;
  // oxlint-disable-next-line typescript/require-await -- a store takes its bytes one after another
  await blobs.put(
    key,
    (async function* () {
      yield* checkpointPieces(state);
    })(),
  );
  return key;
}

const takenOf = ({
  name,
  sample,
  collected_from: from,
  collected_to: to,
  place,
}: Awaited<ReturnType<typeof samplesOf>>[number]): Taken[] =>
  sample ? [{ name, sample, ...(from !== null && to !== null && { from, to }), ...(place !== null && { place }) }] : [];

/** SHA-256 of a tree as UShER's protobuf: shape, names and mutations. */
export function treeHash(tree: Tree): string {
  const hash = createHash('sha256');
  for (const piece of matPieces(tree)) hash.update(piece);
  return hash.digest('hex');
}
