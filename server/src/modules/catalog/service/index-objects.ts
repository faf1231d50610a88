import type { Context } from '../../../platform/context.ts';
import { transaction, type Tx } from '../../../platform/db.ts';
import { enqueue } from '../../../platform/jobs.ts';
import type { CatalogPorts } from '../ports.ts';
import { passesOnAnew, rowOf } from '../row.ts';
import {
  foldWordChanges,
  hideEntries,
  inheritedFields,
  notePending,
  putEntries,
  removeEntries,
  takePending,
} from '../store-index.ts';

/** Objects that one job indexes in one transaction. */
const batch = 500;

/**
 * Told, with the transaction, of every object that was created, changed or removed. Searches show none of its old state from
 * then on; a job, moments later, shows the new one.
 */
export async function objectsChanged(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await notePending(tx, ids);
  await hideEntries(tx, ids);
  await enqueue(tx, 'catalog.index', {}, { queue: 'catalog' });
}

/** Indexes what is noted until nothing is left. Stopped anywhere, it has done whole batches, and the rest stays noted. */
export async function indexPending(context: Context, ports: CatalogPorts): Promise<void> {
  let changed = false;
  for (let taken = batch; taken === batch;) {
    taken = await transaction(context.db, async (tx) => {
      const ids = await takePending(tx, batch);
      if (ids.length > 0) await indexNow(tx, ids, ports, context.now());
      return ids.length;
    });
    changed ||= taken > 0;
  }
  if (!changed) return;
  await transaction(context.db, async (tx) => {
    if ((await foldWordChanges(tx)) > 0) await enqueue(tx, 'catalog.count', {}, { queue: 'catalog' });
  });
}

async function indexNow(tx: Tx, ids: readonly string[], ports: CatalogPorts, now: Date): Promise<void> {
  const objects = await ports.objectsToIndex(tx, ids);
  const rows = objects.map((object) => rowOf(object, now));
  const before = new Map((await inheritedFields(tx, ids)).map((row) => [row.object_id, row]));
  const passedOn = rows.filter((row) => passesOnAnew(before.get(row.object_id), row)).map((row) => row.object_id);
  await putEntries(tx, rows);
  const found = new Set<string>(rows.map((row) => row.object_id));
  await removeEntries(
    tx,
    ids.filter((id) => !found.has(id)),
  );
  // Their old state is still true of themselves: they stay listed meanwhile.
  if (passedOn.length > 0) await notePending(tx, await ports.dependents(tx, passedOn));
}
