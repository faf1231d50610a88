import type { AccessManner, Label, SubmissionStatus } from '@geneward/api';
import type { ObjectType } from '@geneward/metadata';
import { sql, type RawBuilder, type Selectable, type SqlBool, type Updateable } from 'kysely';
import type { Db, Tx } from '../../platform/db.ts';
import type { SheetTable, SubmissionTable } from './tables.ts';

export type SubmissionRow = Selectable<SubmissionTable>;
export type SheetRow = Selectable<SheetTable>;

/** A submission as it stands. */
export function findSubmission(db: Db, id: string): Promise<SubmissionRow | undefined> {
  return db.selectFrom('submission').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Submissions newest first, from after a given one. */
export function listSubmissions(
  db: Db,
  filter: {
    readonly scope: RawBuilder<SqlBool>;
    readonly status: SubmissionStatus | undefined;
    readonly submitter: string | undefined;
    readonly after: string | undefined;
    readonly limit: number;
  },
): Promise<SubmissionRow[]> {
  let query = db.selectFrom('submission').selectAll().where(filter.scope).orderBy('id', 'desc').limit(filter.limit);
  if (filter.status !== undefined) query = query.where('status', '=', filter.status);
  if (filter.submitter !== undefined) query = query.where('submitter_id', '=', filter.submitter);
  if (filter.after !== undefined) query = query.where('id', '<', filter.after);
  return query.execute();
}

/** A submission that nobody else can change until the transaction ends. */
export function lockSubmission(tx: Tx, id: string): Promise<SubmissionRow | undefined> {
  return tx.selectFrom('submission').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

export function insertSubmission(
  tx: Tx,
  row: {
    organisation_id: string;
    submitter_id: string;
    title: string;
    manner: AccessManner;
    use_terms: string;
    release_on: string | null;
    at: Date;
  },
): Promise<SubmissionRow> {
  const { at, ...rest } = row;
  return tx
    .insertInto('submission')
    .values({ ...rest, created_at: at, updated_at: at, submitted_at: null, decided_at: null })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Changes a locked submission; its ETag moves on. */
export function updateSubmission(
  tx: Tx,
  id: string,
  set: Updateable<SubmissionTable> & { updated_at: Date },
): Promise<SubmissionRow> {
  return tx
    .updateTable('submission')
    .set({ ...set, etag: sql<number>`etag + 1` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Gives the objects that a submission brings the status of the submission. */
export async function moveNewObjects(tx: Tx, submission: string, status: SubmissionStatus, at: Date): Promise<void> {
  await tx
    .updateTable('object')
    .set({ status, updated_at: at, etag: sql<number>`etag + 1` })
    .where('submission_id', '=', submission)
    .where('current_version', 'is', null)
    .execute();
}

/** Gives the objects that a submission brings what was changed about the submission. */
export async function alignNewObjects(tx: Tx, row: SubmissionRow): Promise<void> {
  await tx
    .updateTable('object')
    .set({ manner: row.manner, use_terms: row.use_terms, release_on: row.release_on, updated_at: row.updated_at })
    .where('submission_id', '=', row.id)
    .where('current_version', 'is', null)
    .execute();
}

export async function setSubmissionLabel(tx: Tx, id: string, label: Label): Promise<void> {
  await tx.updateTable('submission').set(label).where('id', '=', id).execute();
}

/**
 * Removes what a submission proposes: versions, and objects that nothing else speaks of.
 * @returns how many objects it spoke of
 */
export async function removeEntries(tx: Tx, submission: string): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('object_version')
    .where('submission_id', '=', submission)
    .where('accepted_at', 'is', null)
    .executeTakeFirst();
  await tx.deleteFrom('object').where('submission_id', '=', submission).where('current_version', 'is', null).execute();
  return Number(numDeletedRows);
}

/** Removes proposed versions of objects that are accepted already; they keep what they said before. */
export async function dropRevisions(tx: Tx, submission: string): Promise<void> {
  await sql`delete from object_version v using object o
    where o.id = v.object_id and v.submission_id = ${submission} and v.accepted_at is null
      and o.current_version is not null`.execute(tx);
}

export async function deleteSubmission(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('submission').where('id', '=', id).execute();
}

/** How many objects of each type a submission brings and revises. */
export async function countEntries(db: Db, submission: string) {
  return db
    .selectFrom('object_version as v')
    .innerJoin('object as o', 'o.id', 'v.object_id')
    .select([
      'o.type',
      sql<number>`count(*) filter (where v.version = 1)::int`.as('new'),
      sql<number>`count(*) filter (where v.version > 1)::int`.as('revised'),
    ])
    .where('v.submission_id', '=', submission)
    .groupBy('o.type')
    .orderBy('o.type')
    .execute();
}

/** Ids of the objects of a submission after a given one, in their order. */
export async function entryIds(
  db: Db,
  submission: string,
  after: string | undefined,
  limit: number,
): Promise<string[]> {
  let query = db
    .selectFrom('object_version')
    .select('object_id')
    .where('submission_id', '=', submission)
    .orderBy('object_id')
    .limit(limit);
  if (after !== undefined) query = query.where('object_id', '>', after);
  return (await query.execute()).map((row) => row.object_id);
}

export function findSheet(db: Db, submission: string, name: string): Promise<SheetRow | undefined> {
  return db
    .selectFrom('sheet')
    .selectAll()
    .where('submission_id', '=', submission)
    .where('name', '=', name)
    .executeTakeFirst();
}

export function sheetsOf(db: Db, submission: string): Promise<SheetRow[]> {
  return db.selectFrom('sheet').selectAll().where('submission_id', '=', submission).orderBy('name').execute();
}

/** Puts a sheet in the place of the one of its name. */
export async function replaceSheet(
  tx: Tx,
  row: { submission_id: string; name: string; sha256: string; size: string; blob_key: string; at: Date },
): Promise<SheetRow> {
  const { at, submission_id, name, ...bytes } = row;
  const fresh = { ...bytes, state: 'reading' as const, progress: 0, received_at: at, read_at: null };
  return tx
    .insertInto('sheet')
    .values({ submission_id, name, ...fresh })
    .onConflict((oc) => oc.columns(['submission_id', 'name']).doUpdateSet(fresh))
    .returningAll()
    .executeTakeFirstOrThrow();
}

export function updateSheet(db: Db, submission: string, name: string, set: Updateable<SheetTable>): Promise<SheetRow> {
  return db
    .updateTable('sheet')
    .set(set)
    .where('submission_id', '=', submission)
    .where('name', '=', name)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function deleteSheet(tx: Tx, submission: string, name: string): Promise<void> {
  await tx.deleteFrom('sheet').where('submission_id', '=', submission).where('name', '=', name).execute();
}

/** Blob keys that sheets name, of those given. */
export async function knownSheetKeys(db: Db, keys: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom('sheet')
    .select('blob_key')
    .where('blob_key', '=', sql<string>`any(${[...keys]}::text[])`)
    .execute();
  return new Set(rows.map((row) => row.blob_key));
}

/** Types in the order in which a reader expects them. */
export const byType =
  <T extends { type: ObjectType }>(order: readonly ObjectType[]) =>
  (a: T, b: T): number =>
    order.indexOf(a.type) - order.indexOf(b.type);
