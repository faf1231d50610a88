import type { Context } from '../../../platform/context.ts';
import type { Tx } from '../../../platform/db.ts';
import { releaseClaim } from '../../files/index.ts';
import type { Intake } from '../intake.ts';
import { dropObjectFindings } from '../findings.ts';
import { heldFiles, removeObjects } from '../store-entries.ts';
import { batches } from '../store-object.ts';
import * as store from '../store.ts';

/** Lets objects of a submission go: their files go back to the inbox, what was found about them is dropped. */
export async function letGo(
  tx: Tx,
  context: Context,
  intake: Intake,
  submission: string,
  objects: readonly string[],
): Promise<void> {
  await freeFiles(tx, context, intake, submission, objects);
  await dropObjectFindings(tx, submission, objects);
  await removeObjects(tx, submission, objects);
}

/** Gives files that proposed versions hold back to the inbox of who sent them; files of accepted versions stay. */
export async function freeFiles(
  tx: Tx,
  context: Context,
  { rules }: Intake,
  submission: string,
  objects: readonly string[] | 'all',
): Promise<void> {
  if (objects.length === 0) return;
  for (const [object, files] of await heldFiles(tx, submission, objects))
    await releaseClaim(tx, context, { kind: 'object', id: object }, files, rules.unclaimedUploadDays);
}

/** Tells the modules above, a thousand at a time, that objects changed or went. */
export async function tellChanged(tx: Tx, { objectsChanged }: Intake, ids: readonly string[]): Promise<void> {
  for (const some of batches(ids)) await objectsChanged(tx, some);
}

/** Removes a draft with all that only it speaks of. @returns how many objects it spoke of */
export async function dropDraft(tx: Tx, context: Context, intake: Intake, row: store.SubmissionRow): Promise<number> {
  await freeFiles(tx, context, intake, row.id, 'all');
  const ids = await store.entryIds(tx, row.id, undefined, Number.MAX_SAFE_INTEGER);
  await store.removeEntries(tx, row.id);
  await store.deleteSubmission(tx, row.id);
  await tellChanged(tx, intake, ids);
  return ids.length;
}
