import type { Context } from '../../../platform/context.ts';
import { transaction, type Tx } from '../../../platform/db.ts';
import { enqueue } from '../../../platform/jobs.ts';
import type { SubmissionPorts } from '../ports.ts';
import { batchSize } from '../store-object.ts';
import { entryIds } from '../store.ts';

/** A draft that is being worked on is told of once it rests for this long. */
const restMs = 5000;

/** Lets a job tell the modules above of all objects of a submission: soon, once, and without making the sender wait. */
export function announce(tx: Tx, { now }: Pick<Context, 'now'>, submission: string): Promise<void> {
  const runAt = new Date(now().getTime() + restMs);
  return enqueue(tx, 'submission.announce', { submission }, { key: `submission.announce:${submission}`, runAt });
}

/** The job: a batch at a time, each in a transaction of its own. Telling twice does no harm. */
export async function announceObjects(context: Context, ports: SubmissionPorts, submission: string): Promise<void> {
  for (let after: string | undefined; ;) {
    const ids = await entryIds(context.db, submission, after, batchSize);
    if (ids.length === 0) return;
    await transaction(context.db, (tx) => ports.objectsChanged(tx, ids));
    after = ids.at(-1);
  }
}
