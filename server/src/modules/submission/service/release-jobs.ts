import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction, type Tx } from '../../../platform/db.ts';
import type { Archive } from '../archive.ts';
import { dueForRelease, dueForReminder, lockObjects, noticeOnce, organisationsDue } from '../store-object.ts';
import { nameOf, refOf } from './move-objects.ts';
import { tellReleaseBlocked, tellReleased, tellReleaseSoon } from './notices.ts';
import { carryOut, planRelease } from './release.ts';

const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

/**
 * Releases what has reached its day. Every batch is a transaction of its own, so the job may be run again at any point.
 * What cannot be released stays held; its owner is told once for that day, and the next run tries again.
 */
export async function releaseDue(context: Context, archive: Archive): Promise<void> {
  const today = dayOf(context.now());
  for (const organisation of await organisationsDue(context.db, today)) {
    let after: string | undefined;
    do after = await transaction(context.db, (tx) => releaseBatch(tx, context, archive, organisation, today, after));
    while (after !== undefined);
  }
}

async function releaseBatch(
  tx: Tx,
  context: Context,
  archive: Archive,
  organisation: string,
  today: string,
  after: string | undefined,
): Promise<string | undefined> {
  const ids = await dueForRelease(tx, organisation, today, after);
  if (ids.length === 0) return undefined;
  const plan = await planRelease(tx, organisation, ids);
  await carryOut(tx, context, archive, plan, 'date');
  await tellReleased(tx, context, plan.rows, 'date');
  const told = await noticeOnce(tx, 'release_blocked', plan.blocked, context.now());
  if (told.length > 0) {
    const rows = await lockObjects(tx, told);
    const blocking = plan.blockers.map(nameOf).slice(0, 100);
    for (const row of rows)
      await record(tx, context, {
        type: 'object.release_refused',
        outcome: 'refused',
        object: refOf(row),
        content: { code: 'release_blocked', blocking },
      });
    await tellReleaseBlocked(tx, context, rows, blocking);
  }
  return ids.at(-1);
}

/** Reminds owners of coming releases, once for each day that was set; a moved day is reminded of again. */
export async function remindOfRelease(context: Context, archive: Archive): Promise<void> {
  const now = context.now();
  const last = new Date(now.getTime() + archive.rules.releaseReminderDays * 86_400_000);
  for (const { submission, day } of await dueForReminder(context.db, dayOf(now), dayOf(last))) {
    await transaction(context.db, async (tx) => {
      const ids = await tx
        .selectFrom('object')
        .select('id')
        .where('submission_id', '=', submission)
        .where('status', '=', 'held')
        .where('manner', '<>', 'private')
        .where('release_on', '=', day)
        .orderBy('id')
        .execute();
      const told = await noticeOnce(
        tx,
        'release_soon',
        ids.map((row) => row.id),
        now,
      );
      await tellReleaseSoon(tx, context, await lockObjects(tx, told), day);
    });
  }
}
