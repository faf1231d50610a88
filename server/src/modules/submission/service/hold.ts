import type { AccessManner, ChangedObjects } from '@geneward/api';
import { recordAll } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction, type Tx } from '../../../platform/db.ts';
import { Problem } from '../../../platform/problem.ts';
import { Refusal } from '../../../platform/refuse.ts';
import { labelOf } from '../../access/index.ts';
import type { Archive } from '../archive.ts';
import { reviewersFor } from '../review-policy.ts';
import { batches, idsAbove, lockNeeded, lockObjects, setDay, type ObjectRow } from '../store-object.ts';
import { checkEtag, requireReleaseDay } from './guard.ts';
import { changedReply, refOf, refuseMove } from './move-objects.ts';
import { findObject } from './read-object.ts';

/**
 * Moves the release day of a held object within the horizon, with `below` of the whole study: all that stands on it, and the
 * samples that those stand on.
 */
export async function holdObject(
  context: Context,
  archive: Archive,
  input: { object: string; releaseOn: string; below: boolean; ifMatch: string | undefined },
): Promise<ChangedObjects> {
  const found = await findObject(context, input.object, 'object:edit');
  requireReleaseDay(context, archive, input.releaseOn);
  return transaction(context.db, async (tx) => {
    const locked = input.below ? await lockStudy(tx, found.id) : await lockObjects(tx, [found.id]);
    const root = pick(locked, found.id);
    checkEtag(root, input.ifMatch);
    const rows = locked.filter((row) => row.status === 'held' && row.organisation_id === root.organisation_id);
    if (rows.length === 0) throw refuseMove(root, 'hold');
    await setDay(
      tx,
      rows.map((row) => row.id),
      input.releaseOn,
      context.now(),
    );
    await tellAll(tx, context, archive, rows, (row) => ({
      type: 'object.hold_moved',
      content: { ...(row.release_on !== null && { from: row.release_on }), to: input.releaseOn },
    }));
    return changedReply(rows);
  });
}

async function lockStudy(tx: Tx, id: string): Promise<ObjectRow[]> {
  const ids = new Set(await idsAbove(tx, [id], 'with_projects'));
  return (await lockNeeded(tx, [...ids])).filter((row) => ids.has(row.id) || row.type === 'sample');
}

const openness: Readonly<Record<AccessManner, number>> = { private: 0, controlled: 1, public: 2 };

/** Changes who may read an object. What others may have read already is not narrowed again. */
export async function changeManner(
  context: Context,
  archive: Archive,
  input: { object: string; manner: AccessManner; reason: string; ifMatch: string | undefined },
): Promise<ChangedObjects> {
  const found = await findObject(context, input.object, 'object:edit');
  return transaction(context.db, async (tx) => {
    const row = pick(await lockObjects(tx, [found.id]), found.id);
    checkEtag(row, input.ifMatch);
    if (!['held', 'released', 'suppressed'].includes(row.status)) throw refuseMove(row, 'change_manner');
    if (row.status !== 'held' && openness[input.manner] < openness[row.manner])
      throw new Problem('manner_narrowed', { params: { from: row.manner, to: input.manner } });
    if (row.manner === input.manner) return changedReply([]);
    if (openness[input.manner] > openness[row.manner]) requireNoReview(context, row, input.manner);
    await tx
      .updateTable('object')
      .set((e) => ({ manner: input.manner, etag: e('etag', '+', 1), updated_at: context.now() }))
      .where('id', '=', row.id)
      .execute();
    await tellAll(tx, context, archive, [row], () => ({
      type: 'object.manner_changed',
      content: { from: row.manner, to: input.manner, reason: input.reason },
    }));
    return changedReply([row]);
  });
}

/** What several reviewers had to accept is not opened further by its owner alone. */
function requireNoReview(context: Context, row: ObjectRow, to: AccessManner): void {
  const { reviewers } = reviewersFor(labelOf(row), context.now().toISOString().slice(0, 10));
  if (reviewers === 1) return;
  const content = { from: row.manner, to, reviewers };
  throw new Refusal(
    'manner_needs_review',
    { type: 'object.manner_refused', object: refOf(row), content },
    { params: content },
  );
}

function pick(rows: readonly ObjectRow[], id: string): ObjectRow {
  const row = rows.find((one) => one.id === id);
  if (!row) throw new Problem('not_found');
  return row;
}

async function tellAll(
  tx: Tx,
  context: Context,
  archive: Archive,
  rows: readonly ObjectRow[],
  event: (row: ObjectRow) => { type: string; content: Record<string, unknown> },
): Promise<void> {
  for (const some of batches(rows)) {
    await recordAll(
      tx,
      context,
      some.map((row) => ({ ...event(row), object: refOf(row) })),
    );
    await archive.objectsChanged(
      tx,
      some.map((row) => row.id),
    );
  }
}
