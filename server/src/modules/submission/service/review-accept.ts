import type { Acceptance } from '@geneward/api';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction, type Tx } from '../../../platform/db.ts';
import { Refusal } from '../../../platform/refuse.ts';
import { labelOf } from '../../access/index.ts';
import type { Archive } from '../archive.ts';
import { reviewersFor } from '../review-policy.ts';
import { accessionRanges } from '../store-accept.ts';
import { decisionsOn, setClaim, wrotePart } from '../store-review.ts';
import { updateSubmission, type SubmissionRow } from '../store.ts';
import { acceptObjects } from './accept-objects.ts';
import { checkEtag, personIn } from './guard.ts';
import { tellAccepted } from './notices.ts';
import { openFor } from './open.ts';
import { lockForReview } from './review-queue.ts';

/**
 * A reviewer's yes. When the policies ask for more reviewers it is noted and the submission waits; the last one accepts it: then,
 * in one transaction, new objects get accessions, proposed versions become current, edges are written, and what has no later day
 * is released. The same reviewer's repeated yes to an accepted submission gives the same answer.
 */
export async function acceptSubmission(
  context: Context,
  archive: Archive,
  input: { submission: string; ifMatch: string | undefined; note?: string | undefined },
): Promise<Acceptance> {
  const found = await openFor(context, input.submission, 'submission:decide');
  const reviewer = personIn(context).id;
  if (found.status === 'accepted') {
    const earlier = (await decisionsOn(context.db, found.id)).some(
      (one) => one.reviewer_id === reviewer && one.verdict === 'accept',
    );
    if (earlier) return acceptanceOf(context.db, found);
  }
  return transaction(context.db, async (tx) => {
    const { row, round } = await lockForReview(tx, context, input.submission, 'accept');
    checkEtag(row, input.ifMatch);
    if (await wrotePart(tx, row.id, reviewer)) throw refuse('reviewer_not_independent', row);
    const endorsements = await endorse(tx, context, row, round, input.note ?? '');
    const { reviewers, rules } = reviewersFor(labelOf(row), context.now().toISOString().slice(0, 10));
    const about = { kind: 'submission', id: row.id };
    const policies = rules.map((rule) => rule.id);
    const said = { round, note: input.note !== undefined, endorsements, policies };
    if (endorsements < reviewers) {
      const waiting = await updateSubmission(tx, row.id, { updated_at: context.now() });
      await record(tx, context, { type: 'review.endorsed', object: about, content: { ...said, needed: reviewers } });
      return { ...(await acceptanceOf(tx, waiting)), endorsements, reviewersNeeded: reviewers };
    }
    const accepted = await acceptObjects(tx, context, archive, row);
    const at = context.now();
    const decided = await updateSubmission(tx, row.id, { status: 'accepted', decided_at: at, updated_at: at });
    const accessions = await accessionRanges(tx, row.id);
    await record(tx, context, {
      type: 'review.accepted',
      object: about,
      content: { ...said, accessions, revised: accepted.revised.length },
    });
    await tellAccepted(tx, context, row, accessions, accepted.revised);
    return { ...(await acceptanceOf(tx, decided)), endorsements, reviewersNeeded: reviewers };
  });
}

/** Notes the reviewer's yes and frees the claim. Gives how many reviewers have said yes in this round. */
async function endorse(tx: Tx, context: Context, row: SubmissionRow, round: number, note: string): Promise<number> {
  const reviewer = personIn(context).id;
  const before = (await decisionsOn(tx, row.id)).filter((one) => one.round === round && one.verdict === 'accept');
  if (before.some((one) => one.reviewer_id === reviewer)) throw refuse('second_reviewer_needed', row);
  await tx
    .insertInto('review_decision')
    .values({ submission_id: row.id, round, reviewer_id: reviewer, verdict: 'accept', note, at: context.now() })
    .execute();
  await setClaim(tx, row.id, null, context.now());
  return before.length + 1;
}

async function acceptanceOf(db: Context['db'], row: SubmissionRow): Promise<Acceptance> {
  const decisions = await decisionsOn(db, row.id);
  const last = Math.max(0, ...decisions.map((one) => one.round));
  const endorsements = decisions.filter((one) => one.round === last && one.verdict === 'accept').length;
  return {
    submission: row.id,
    status: row.status,
    version: row.etag,
    endorsements,
    reviewersNeeded: endorsements,
    accessions: row.status === 'accepted' ? await accessionRanges(db, row.id) : [],
  };
}

function refuse(code: 'reviewer_not_independent' | 'second_reviewer_needed', row: SubmissionRow): Refusal {
  return new Refusal(code, {
    type: 'access.refused',
    object: { kind: 'submission', id: row.id },
    content: { action: 'submission:decide', reason: code, policies: [] },
  });
}
