import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import { enqueue } from '../../../platform/jobs.ts';
import { Problem } from '../../../platform/problem.ts';
import * as store from '../store.ts';
import { judgeSubmissionMove, openFor, requireIdle } from './open.ts';

/** Sends a draft in. A job checks it as a whole; of two who do so at once, one is refused. */
export async function submitSubmission(context: Context, id: string): Promise<store.SubmissionRow> {
  await openFor(context, id, 'submission:submit');
  return transaction(context.db, async (tx) => {
    const before = await store.lockSubmission(tx, id);
    if (!before) throw new Problem('not_found');
    const to = judgeSubmissionMove(before, 'submit', 'submitter');
    await requireIdle(tx, id);
    if ((await store.entryIds(tx, id, undefined, 1)).length === 0) throw new Problem('submission_empty');
    const at = context.now();
    const row = await store.updateSubmission(tx, id, { status: to, updated_at: at, submitted_at: at });
    await store.moveNewObjects(tx, id, to, at);
    await record(tx, context, {
      type: 'submission.submitted',
      object: { kind: 'submission', id },
      content: { from: before.status, to, version: row.etag },
    });
    await enqueue(tx, 'submission.check', { submission: id }, { key: `submission.check:${id}` });
    return row;
  });
}
