import { randomUUID } from 'node:crypto';
import type { ReindexState } from '@geneward/api';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import { record } from '../../../platform/audit.ts';
import { enqueue } from '../../../platform/jobs.ts';
import { authorize } from '../../access/index.ts';
import type { CatalogPorts } from '../ports.ts';
import { countPending, entriesBefore, notePending, readDocument, recountWords, writeDocument } from '../store-index.ts';
import type { Reindex } from '../tables.ts';
import { countAll } from './count.ts';
import { installation } from './installation.ts';

const batch = 1000;
/** More than this many noted objects, and building waits for indexing. */
const waitingLimit = 20_000;

/** Starts to build the whole index anew; the present one serves until each entry is replaced. A second start changes nothing. */
export async function startReindex(context: Context): Promise<ReindexState> {
  authorize(context, 'catalog:reindex', installation);
  await transaction(context.db, async (tx) => {
    const last = await readDocument(tx, 'reindex');
    if (last?.content.running) return;
    const run: Reindex = { run: randomUUID(), running: true, done: 0, startedAt: context.now().toISOString() };
    await writeDocument(tx, 'reindex', run, context.now());
    await record(tx, context, { type: 'catalog.reindex_started', content: {} });
    await enqueue(tx, 'catalog.reindex', { run: run.run }, { queue: 'catalog-reindex' });
  });
  return reindexState(context);
}

export async function reindexState(context: Context): Promise<ReindexState> {
  authorize(context, 'catalog:reindex', installation);
  const last = await readDocument(context.db, 'reindex');
  const waiting = await countPending(context.db);
  if (!last) return { running: false, done: 0, waiting };
  const { running, done, startedAt, endedAt } = last.content;
  return { running, done, startedAt, waiting, ...(endedAt !== undefined && { endedAt }) };
}

/**
 * One step of building: notes the next objects, keeps how far it came with the same transaction, and comes back. When all are
 * noted and indexed it takes out entries whose objects are gone, and counts everything anew.
 */
export async function stepReindex(context: Context, ports: CatalogPorts, run: string): Promise<void> {
  const state = (await readDocument(context.db, 'reindex'))?.content;
  if (!state?.running || state.run !== run) return;
  const waiting = await countPending(context.db);
  if (waiting > waitingLimit) return comeBack(context, run, 1000);
  const ids = await ports.objectIds(context.db, state.after, batch);
  const after = ids.at(-1);
  if (after !== undefined) return note(context, ids, { ...state, done: state.done + ids.length, after });
  if (waiting > 0) return comeBack(context, run, 500);
  const gone = await entriesBefore(context.db, state.startedAt, batch);
  if (gone.length > 0) return note(context, gone, state);
  await transaction(context.db, async (tx) => {
    await recountWords(tx);
    await writeDocument(
      tx,
      'reindex',
      { ...state, running: false, endedAt: context.now().toISOString() },
      context.now(),
    );
    await record(tx, context, { type: 'catalog.reindexed', content: { objects: state.done } });
  });
  await countAll(context, { force: true });
}

async function note(context: Context, ids: readonly string[], state: Reindex): Promise<void> {
  await transaction(context.db, async (tx) => {
    await notePending(tx, ids);
    await writeDocument(tx, 'reindex', state, context.now());
    await enqueue(tx, 'catalog.index', {}, { queue: 'catalog' });
    await enqueue(tx, 'catalog.reindex', { run: state.run }, { queue: 'catalog-reindex' });
  });
}

async function comeBack(context: Context, run: string, milliseconds: number): Promise<void> {
  const runAt = new Date(Date.now() + milliseconds);
  await enqueue(context.db, 'catalog.reindex', { run }, { queue: 'catalog-reindex', runAt });
}
