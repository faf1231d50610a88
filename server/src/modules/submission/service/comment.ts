import { uuid, type Comment } from '@geneward/api';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import { pageFrom, positionOf } from '../../../platform/page.ts';
import { Problem } from '../../../platform/problem.ts';
import { Refusal } from '../../../platform/refuse.ts';
import { partsOf } from '../resource.ts';
import type { CommentRow } from '../store-review.ts';
import type { SubmissionRow } from '../store.ts';
import { personIn } from './guard.ts';
import { tellComment } from './notices.ts';
import { openFor } from './open.ts';
import { checkPlaces } from './review-return.ts';

type Side = Comment['side'];

/** What both sides wrote about a submission, oldest first. */
export async function listComments(
  context: Context,
  input: { submission: string; after?: string | undefined; limit: number; open: boolean },
): Promise<{ items: Comment[]; next?: string }> {
  await openFor(context, input.submission, 'submission:read');
  const after = positionOf(input.after, uuid);
  const rows = await context.db
    .selectFrom('review_comment')
    .selectAll()
    .where('submission_id', '=', input.submission)
    .$if(input.open, (query) => query.where('resolved_at', 'is', null))
    .$if(after !== undefined, (query) => query.where('id', '>', after ?? ''))
    .orderBy('id')
    .limit(input.limit + 1)
    .execute();
  return pageFrom(rows, input.limit, (row) => row.id, commentOf);
}

/** Writes to the other side, about the submission, an object of it, or a field. */
export async function addComment(
  context: Context,
  input: { submission: string; side: Side; object?: string | undefined; field?: string | undefined; text: string },
): Promise<Comment> {
  const submission = await openFor(context, input.submission, 'submission:comment');
  checkSide(context, submission, input.side);
  return transaction(context.db, async (tx) => {
    await checkPlaces(tx, submission.id, [input]);
    const row = await tx
      .insertInto('review_comment')
      .values({
        submission_id: submission.id,
        object_id: input.object ?? null,
        field: input.field ?? null,
        side: input.side,
        author_id: personIn(context).id,
        body: input.text,
        at: context.now(),
        resolved_at: null,
        resolved_by: null,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await record(tx, context, {
      type: 'review.commented',
      object: { kind: 'submission', id: submission.id },
      content: { comment: row.id, side: input.side, ...(input.object !== undefined && { object: input.object }) },
    });
    const reader = input.side === 'curator' ? submission.submitter_id : await claimant(tx, submission.id);
    if (reader !== undefined) await tellComment(tx, context, submission, reader);
    return commentOf(row);
  });
}

/** Marks a comment as settled; either side may. Settling it again changes nothing. */
export async function resolveComment(
  context: Context,
  input: { submission: string; comment: string; side: Side },
): Promise<Comment> {
  const submission = await openFor(context, input.submission, 'submission:comment');
  checkSide(context, submission, input.side);
  return transaction(context.db, async (tx) => {
    const row = await tx
      .selectFrom('review_comment')
      .selectAll()
      .where('id', '=', input.comment)
      .where('submission_id', '=', submission.id)
      .forUpdate()
      .executeTakeFirst();
    if (!row) throw new Problem('not_found');
    if (row.resolved_at !== null) return commentOf(row);
    const settled = await tx
      .updateTable('review_comment')
      .set({ resolved_at: context.now(), resolved_by: personIn(context).id })
      .where('id', '=', row.id)
      .returningAll()
      .executeTakeFirstOrThrow();
    await record(tx, context, {
      type: 'review.comment_resolved',
      object: { kind: 'submission', id: submission.id },
      content: { comment: row.id, side: input.side },
    });
    return commentOf(settled);
  });
}

/** A curator writes as a curator about what is not his own; a submitter as a submitter about his organisation's. */
function checkSide(context: Context, submission: SubmissionRow, side: Side): void {
  const own = side === 'curator' && submission.submitter_id === personIn(context).id;
  if (partsOf(context.principal, submission).includes(side) && !own) return;
  throw new Refusal(
    'forbidden',
    {
      type: 'access.refused',
      object: { kind: 'submission', id: submission.id },
      content: { action: 'submission:comment', reason: 'forbidden', policies: [] },
    },
    { params: { needed: side } },
  );
}

async function claimant(db: Context['db'], submission: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('review')
    .select('claimed_by')
    .where('submission_id', '=', submission)
    .executeTakeFirst();
  return row?.claimed_by ?? undefined;
}

function commentOf(row: CommentRow): Comment {
  return {
    id: row.id,
    submission: row.submission_id,
    ...(row.object_id !== null && { object: row.object_id }),
    ...(row.field !== null && { field: row.field }),
    side: row.side,
    by: row.author_id,
    at: row.at.toISOString(),
    text: row.body,
    ...(row.resolved_at !== null && { resolvedAt: row.resolved_at.toISOString() }),
    ...(row.resolved_by !== null && { resolvedBy: row.resolved_by }),
  };
}
