import type { Review, ReviewItem } from '@geneward/api';
import type { ObjectType } from '@geneward/metadata';
import { sql, type SqlBool } from 'kysely';
import { z } from 'zod';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction, type Tx } from '../../../platform/db.ts';
import { pageFrom, positionOf } from '../../../platform/page.ts';
import { Problem } from '../../../platform/problem.ts';
import { labelOf, scopeOf } from '../../access/index.ts';
import { reviewersFor } from '../review-policy.ts';
import type { SubmissionAct } from '../rules.ts';
import { decisionsOn, lockRound, reviewRows, setClaim, type DecisionRow, type ReviewRow } from '../store-review.ts';
import { lockSubmission, type SubmissionRow } from '../store.ts';
import { personIn } from './guard.ts';
import { judgeSubmissionMove, openFor } from './open.ts';

const timeAndId = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [0-9a-f-]{36}$/);

interface QueueFilter {
  readonly after?: string | undefined;
  readonly limit: number;
  readonly claim: 'any' | 'free' | 'mine';
  readonly manner?: string | undefined;
  readonly organisation?: string | undefined;
  readonly type?: ObjectType | undefined;
  readonly grade?: number | undefined;
}

/** What waits for a curator and may be reviewed by the caller, oldest first. */
export async function reviewQueue(
  context: Context,
  filter: QueueFilter,
): Promise<{ items: ReviewItem[]; next?: string }> {
  const { id: person } = personIn(context);
  const conditions = [
    scopeOf(context.principal, 'submission:review', {
      organisation: 's.organisation_id',
      owner: 's.submitter_id',
      status: 's.status',
      manner: 's.manner',
      grade: 's.grade',
      categories: 's.categories',
      jurisdictions: 's.jurisdictions',
    }),
    sql<SqlBool>`s.status = 'in_review'`,
  ];
  const claimant = sql`(case when r.submitted_at = s.submitted_at then r.claimed_by end)`;
  if (filter.claim === 'free') conditions.push(sql`${claimant} is null`);
  if (filter.claim === 'mine') conditions.push(sql`${claimant} = ${person}`);
  if (filter.manner !== undefined) conditions.push(sql`s.manner = ${filter.manner}`);
  if (filter.organisation !== undefined) conditions.push(sql`s.organisation_id = ${filter.organisation}`);
  if (filter.grade !== undefined) conditions.push(sql`s.grade >= ${filter.grade}`);
  if (filter.type !== undefined)
    conditions.push(sql`exists (select from object_version v join object o on o.id = v.object_id
      where v.submission_id = s.id and o.type = ${filter.type})`);
  const [at, after] = positionOf(filter.after, timeAndId)?.split(' ') ?? [];
  if (at !== undefined && after !== undefined)
    conditions.push(sql`(s.submitted_at, s.id) > (${at}::timestamptz, ${after}::uuid)`);
  const rows = await reviewRows(context.db, sql`${sql.join(conditions, sql` and `)}`, filter.limit + 1);
  return pageFrom(rows, filter.limit, (row) => `${row.submitted_at?.toISOString()} ${row.id}`, itemOf);
}

/** The review of a submission, for its submitter and for curators. */
export async function getReview(context: Context, submission: string): Promise<Review> {
  await openFor(context, submission, 'submission:read');
  const [row] = await reviewRows(context.db, sql`s.id = ${submission}`, 1);
  if (!row) throw new Problem('not_found');
  return reviewOf(context, row, await decisionsOn(context.db, submission));
}

/** Takes a submission for review; taking one's own again changes nothing. */
export async function claimReview(context: Context, submission: string): Promise<Review> {
  await openFor(context, submission, 'submission:review');
  await transaction(context.db, async (tx) => {
    const { row, claimed_by } = await lockForReview(tx, context, submission, 'accept');
    if (claimed_by !== null) return;
    await setClaim(tx, row.id, personIn(context).id, context.now());
    await record(tx, context, { type: 'review.claimed', object: { kind: 'submission', id: row.id }, content: {} });
  });
  return getReview(context, submission);
}

/** Gives a submission back to the queue; one that is not claimed stays as it is. */
export async function unclaimReview(context: Context, submission: string): Promise<void> {
  await openFor(context, submission, 'submission:review');
  await transaction(context.db, async (tx) => {
    const { row, claimed_by } = await lockForReview(tx, context, submission, 'accept');
    if (claimed_by === null) return;
    await setClaim(tx, row.id, null, context.now());
    await record(tx, context, { type: 'review.unclaimed', object: { kind: 'submission', id: row.id }, content: {} });
  });
}

/** Locks a submission in review and its round for the caller: in the state for the act, and not claimed by another. */
export async function lockForReview(
  tx: Tx,
  context: Context,
  submission: string,
  act: SubmissionAct,
): Promise<{ row: SubmissionRow; round: number; claimed_by: string | null }> {
  const row = await lockSubmission(tx, submission);
  if (!row) throw new Problem('not_found');
  judgeSubmissionMove(row, act, 'curator');
  const round = await lockRound(tx, row);
  if (round.claimed_by !== null && round.claimed_by !== personIn(context).id) throw new Problem('review_claimed');
  return { row, ...round };
}

function itemOf(row: ReviewRow): ReviewItem {
  return {
    submission: row.id,
    title: row.title,
    organisation: row.organisation_id,
    submitter: row.submitter_id,
    status: row.status,
    manner: row.manner,
    label: labelOf(row),
    ...(row.submitted_at !== null && { submittedAt: row.submitted_at.toISOString() }),
    ...(row.release_on !== null && { releaseOn: row.release_on }),
    objects: row.objects,
    round: row.round,
    ...(row.claimed_by !== null && { claimedBy: row.claimed_by }),
    ...(row.claimed_at !== null && { claimedAt: row.claimed_at.toISOString() }),
    endorsements: row.endorsements,
    openComments: row.open_comments,
  };
}

function reviewOf(context: Context, row: ReviewRow, decisions: readonly DecisionRow[]): Review {
  const { reviewers, rules } = reviewersFor(labelOf(row), context.now().toISOString().slice(0, 10));
  return {
    ...itemOf(row),
    version: row.etag,
    reviewersNeeded: reviewers,
    policies: rules.map(({ id, validFrom, source, reason, reviewers: needed }) => ({
      id,
      validFrom,
      source,
      reason,
      reviewers: needed,
    })),
    decisions: decisions.map((one) => ({
      round: one.round,
      reviewer: one.reviewer_id,
      verdict: one.verdict,
      ...(one.note !== '' && { note: one.note }),
      reasons: one.reasons,
      at: one.at.toISOString(),
    })),
  };
}
