import { sql, type RawBuilder, type Selectable, type SqlBool } from 'kysely';
import type { Db, Tx } from '../../platform/db.ts';
import type { ReviewCommentTable, ReviewDecisionTable } from './tables.ts';
import type { SubmissionRow } from './store.ts';

export type DecisionRow = Selectable<ReviewDecisionTable>;
export type CommentRow = Selectable<ReviewCommentTable>;

/** A submission with what the queue shows of its review. */
export interface ReviewRow extends SubmissionRow {
  readonly round: number;
  readonly claimed_by: string | null;
  readonly claimed_at: Date | null;
  readonly endorsements: number;
  readonly open_comments: number;
  readonly objects: Record<string, number>;
}

/**
 * Submissions with the state of their review. What was sent in after the last look of a curator is a round of its own: its
 * claim is free and nobody has decided yet.
 */
export async function reviewRows(db: Db, condition: RawBuilder<SqlBool>, limit: number): Promise<ReviewRow[]> {
  const { rows } = await sql<ReviewRow>`
    select s.*, coalesce(r.round, 0) + (case when r.submitted_at is not distinct from s.submitted_at then 0 else 1 end) as round,
      case when r.submitted_at = s.submitted_at then r.claimed_by end as claimed_by,
      case when r.submitted_at = s.submitted_at then r.claimed_at end as claimed_at,
      (select count(*)::int from review_decision d
        where d.submission_id = s.id and d.round = r.round and d.verdict = 'accept'
          and r.submitted_at = s.submitted_at) as endorsements,
      (select count(*)::int from review_comment c where c.submission_id = s.id and c.resolved_at is null) as open_comments,
      (select coalesce(jsonb_object_agg(type, n), '{}') from (
        select o.type, count(*)::int as n from object_version v join object o on o.id = v.object_id
        where v.submission_id = s.id group by o.type) as counted) as objects
    from submission s left join review r on r.submission_id = s.id
    where ${condition} order by s.submitted_at, s.id limit ${limit}`.execute(db);
  return rows;
}

/** Opens the round of what was sent in last, when it is not open yet, and locks it. */
export async function lockRound(
  tx: Tx,
  submission: SubmissionRow,
): Promise<{ round: number; claimed_by: string | null }> {
  const { rows } = await sql<{ round: number; claimed_by: string | null }>`
    insert into review (submission_id, round, submitted_at) values (${submission.id}, 1, ${submission.submitted_at})
    on conflict (submission_id) do update set
      round = review.round + (case when review.submitted_at = excluded.submitted_at then 0 else 1 end),
      claimed_by = case when review.submitted_at = excluded.submitted_at then review.claimed_by end,
      claimed_at = case when review.submitted_at = excluded.submitted_at then review.claimed_at end,
      submitted_at = excluded.submitted_at
    returning round, claimed_by`.execute(tx);
  const [row] = rows;
  if (!row) throw new Error('an upsert gives its row');
  return row;
}

export async function setClaim(tx: Tx, submission: string, by: string | null, at: Date): Promise<void> {
  await tx
    .updateTable('review')
    .set({ claimed_by: by, claimed_at: by === null ? null : at })
    .where('submission_id', '=', submission)
    .execute();
}

/** Decisions of all rounds, in their order. */
export function decisionsOn(db: Db, submission: string): Promise<DecisionRow[]> {
  return db
    .selectFrom('review_decision')
    .selectAll()
    .where('submission_id', '=', submission)
    .orderBy('round')
    .orderBy('at')
    .execute();
}

/** Whether a person wrote any part of a submission. */
export async function wrotePart(db: Db, submission: string, person: string): Promise<boolean> {
  const row = await db
    .selectFrom('object_version')
    .select('object_id')
    .where('submission_id', '=', submission)
    .where('created_by', '=', person)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Those of the given ids that are not objects of the submission. */
export async function strangers(db: Db, submission: string, objects: readonly string[]): Promise<string[]> {
  if (objects.length === 0) return [];
  const { rows } = await sql<{ id: string }>`
    select id from unnest(${objects}::uuid[]) as given(id)
    where not exists (select from object_version v where v.submission_id = ${submission} and v.object_id = given.id)`.execute(
    db,
  );
  return rows.map((row) => row.id);
}
