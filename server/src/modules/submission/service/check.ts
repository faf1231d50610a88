import { recordAll } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction, type Tx } from '../../../platform/db.ts';
import { labelOf } from '../../access/index.ts';
import { claimFiles } from '../../files/index.ts';
import { writeFindings, type Counts } from '../findings.ts';
import { checkSource, type Intake } from '../intake.ts';
import { linkFiles, raiseLabels } from '../store-check.ts';
import { lockObjects } from '../store-object.ts';
import * as store from '../store.ts';
import { announce } from './announce.ts';
import { tellChecked } from './check-notice.ts';
import { checkSet } from './check-set.ts';
import { checkFiles, matches, type Match } from './check-submission-files.ts';
import { judgeSubmissionMove } from './open.ts';

/**
 * Checks what was sent in as a whole, and lets it pass to review or gives it back to the submitter with the report. All of it is
 * one transaction; run again, it finds the submission no longer in check and leaves it alone.
 */
export async function checkSubmission(context: Context, intake: Intake, id: string): Promise<void> {
  await transaction(context.db, async (tx) => {
    const row = await store.lockSubmission(tx, id);
    if (row?.status !== 'checking') return;
    await raiseLabels(tx, row);
    const { counts, files } = await gather(tx, context, intake, row);
    const passed = counts.errors === 0;
    const to = judgeSubmissionMove(row, passed ? 'pass_checks' : 'fail_checks', 'platform');
    if (passed) await holdFiles(tx, context, row);
    const at = context.now();
    await store.updateSubmission(tx, id, { status: to, updated_at: at });
    await store.moveNewObjects(tx, id, to, at);
    const objects = (await store.countEntries(tx, id)).reduce((sum, one) => sum + one.new + one.revised, 0);
    const { errors, warnings, hints } = counts;
    await recordAll(tx, context, [
      {
        type: 'submission.checked',
        object: { kind: 'submission', id },
        content: { from: row.status, to, errors, warnings, hints, objects, files },
      },
    ]);
    await tellChecked(tx, context, row, errors);
    await announce(tx, context, id);
  });
}

async function gather(
  tx: Tx,
  context: Context,
  { blobs }: Intake,
  row: store.SubmissionRow,
): Promise<{ counts: Counts; files: number }> {
  const findings = await writeFindings(tx, row.id, checkSource);
  const today = context.now().toISOString().slice(0, 10);
  for await (const finding of checkSet(tx, row, await store.sheetsOf(tx, row.id), today)) await findings.add(finding);
  for await (const finding of checkFiles(tx, blobs, row)) await findings.add(finding);
  let files = 0;
  for await (const some of matches(tx, row)) files += some.length;
  return { counts: await findings.end(), files };
}

/** From now on the files belong to their objects: they no longer expire, and are as sensitive as these. */
async function holdFiles(tx: Tx, context: Context, row: store.SubmissionRow): Promise<void> {
  for await (const some of matches(tx, row)) {
    await linkFiles(
      tx,
      some.flatMap(({ declared: { object_id: object, version, ordinal }, file }) =>
        file ? { object, version, ordinal, file: file.id } : [],
      ),
    );
    const rows = await lockObjects(
      tx,
      some.map(({ declared }) => declared.object_id),
    );
    const labels = new Map(rows.map((one) => [one.id, labelOf(one)]));
    for (const [object, group] of Map.groupBy(some, ({ declared }: Match) => declared.object_id)) {
      const label = labels.get(object);
      const ids = group.flatMap(({ file }) => file?.id ?? []);
      if (label) await claimFiles(tx, context, { kind: 'object', id: object }, ids, label);
    }
  }
}
