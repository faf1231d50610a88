import { createHash } from 'node:crypto';
import { canonicalJson } from '@geneward/api';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import type { Parts } from '../../../platform/parts.ts';
import { openDataset } from '../datasets.ts';
import { grow, treeHash, writeCheckpoint, type Recipe } from '../grown.ts';
import { program } from '../program.ts';
import * as store from '../store.ts';

/** The tree on which everybody's shared genomes stand; an institution's own tree is called by its id. */
export const publicTree = 'public';

/** A withdrawal may make the newest one useless; then the one before it is the beginning. */
const checkpointsKept = 2;

const hashOf = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex');

/**
 * The job: makes the states that the trees of a batch lack, one for each new batch and one when genomes were withdrawn. It may be run
 * again, and by several workers: a state is written once.
 */
export async function growTrees(context: Context, parts: Pick<Parts, 'blobs'>, id: string): Promise<void> {
  const batch = await store.findBatch(context.db, id);
  if (batch?.state !== 'done') return;
  const { tree } = await openDataset(context.db, parts.blobs, batch.dataset);
  if (!tree) return;
  const owners = [batch.organisation_id, ...(batch.manner === 'public' ? [publicTree] : [])];
  for (const owner of owners) while (await growOnce(context, parts, owner, batch.dataset));
}

/** @returns whether there was something to do */
async function growOnce(
  context: Context,
  { blobs }: Pick<Parts, 'blobs'>,
  owner: string,
  dataset: string,
): Promise<boolean> {
  const { db } = context;
  const states = await store.statesOf(db, owner, dataset);
  const last = states.at(-1);
  const { batches, withdrawn } = await store.standingOf(db, owner, dataset);
  const next = batches.find((one) => !last?.batches.includes(one));
  const without = withdrawn.filter(({ batch }) => last?.batches.includes(batch) ?? false).map(({ id }) => id);
  const why = without.length > (last?.without.length ?? 0) ? 'withdrawal' : 'batch';
  if (why === 'batch' && next === undefined) return false;
  const recipe: Recipe = {
    owner,
    dataset,
    batches: [...(last?.batches ?? []), ...(why === 'batch' && next !== undefined ? [next] : [])],
    // What was withdrawn before its batch was placed never stood on the tree.
    without:
      why === 'batch' ? [...without, ...withdrawn.filter(({ batch }) => batch === next).map(({ id }) => id)] : without,
  };
  const { diff: grown, ...state } = await grow(db, blobs, recipe);
  const gone = withdrawn.filter(({ id }) => recipe.without.includes(id) && !(last?.without.includes(id) ?? false));
  const diff =
    why === 'batch'
      ? { added: [], moved: [], renamed: [], refused: [], ...grown }
      : { added: [], moved: [], renamed: [], refused: [], removed: gone.map(({ name }) => name) };
  const hashes = {
    inputs_sha256: hashOf({ dataset, batches: await store.hashesOf(db, recipe.batches), without: recipe.without }),
    tree_sha256: treeHash(state.tree),
  };
  const number = (last?.number ?? 0) + 1;
  const checkpoint = await writeCheckpoint(blobs, state, states, diff.added.length);
  let freed: string[] = checkpoint === null ? [] : [checkpoint];
  await transaction(db, async (tx) => {
    const made = await store.insertState(tx, {
      owner,
      dataset,
      number,
      batches: [...recipe.batches],
      without: [...recipe.without],
      why,
      diff: JSON.stringify(diff),
      ...hashes,
      program,
      made_at: context.now(),
      added: diff.added.length,
      moved: diff.moved.length,
      renamed: diff.renamed.length,
      refused: diff.refused.length,
      checkpoint,
    });
    if (!made) return;
    freed = await store.dropCheckpoints(tx, owner, dataset, checkpointsKept);
    await record(tx, context, {
      type: 'virus.tree_grown',
      object: { kind: 'tree', id: `${owner}/${dataset}` },
      content: {
        dataset,
        state: number,
        why,
        inputsSha256: hashes.inputs_sha256,
        treeSha256: hashes.tree_sha256,
        diffSha256: hashOf(diff),
        program,
      },
    });
  });
  for (const key of freed) await blobs.delete(key);
  return true;
}
