import type { Review } from '@geneward/api';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import { Problem } from '../../../platform/problem.ts';
import type { Archive } from '../archive.ts';
import { setClaim, strangers } from '../store-review.ts';
import { moveNewObjects, updateSubmission } from '../store.ts';
import { idsBrought } from '../store-accept.ts';
import { batches } from '../store-object.ts';
import type { ReturnReason } from '../tables.ts';
import { checkEtag, personIn } from './guard.ts';
import { tellReturned } from './notices.ts';
import { openFor } from './open.ts';
import { getReview, lockForReview } from './review-queue.ts';

/** Sends a submission back to its submitter with reasons; it can be changed and sent in again, which opens the next round. */
export async function returnSubmission(
  context: Context,
  archive: Archive,
  input: {
    submission: string;
    ifMatch: string | undefined;
    reasons: readonly ReturnReason[];
    note?: string | undefined;
  },
): Promise<Review> {
  await openFor(context, input.submission, 'submission:decide');
  const at = context.now();
  await transaction(context.db, async (tx) => {
    const { row, round } = await lockForReview(tx, context, input.submission, 'return');
    checkEtag(row, input.ifMatch);
    await checkPlaces(tx, row.id, input.reasons);
    await tx
      .insertInto('review_decision')
      .values({
        submission_id: row.id,
        round,
        reviewer_id: personIn(context).id,
        verdict: 'return',
        note: input.note ?? '',
        reasons: JSON.stringify(input.reasons),
        at,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await setClaim(tx, row.id, null, at);
    await updateSubmission(tx, row.id, { status: 'returned', decided_at: at, updated_at: at });
    await moveNewObjects(tx, row.id, 'returned', at);
    for (const ids of batches(await idsBrought(tx, row.id))) await archive.objectsChanged(tx, ids);
    await record(tx, context, {
      type: 'review.returned',
      object: { kind: 'submission', id: row.id },
      content: { round, note: input.note !== undefined, reasons: input.reasons.length },
    });
    await tellReturned(tx, context, row, input.reasons.length);
  });
  return getReview(context, input.submission);
}

/** Refuses remarks that point at objects of other submissions. */
export async function checkPlaces(
  db: Context['db'],
  submission: string,
  places: readonly { readonly object?: string | undefined }[],
): Promise<void> {
  const [stranger] = await strangers(
    db,
    submission,
    places.flatMap((place) => place.object ?? []),
  );
  if (stranger !== undefined) throw new Problem('remark_place_unknown', { params: { object: stranger } });
}
