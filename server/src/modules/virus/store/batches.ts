import { sql, type RawBuilder, type Selectable, type SqlBool } from 'kysely';
import type { Db, Tx } from '../../../platform/db.ts';
import type { VirusBatchTable } from '../tables.ts';

export type BatchRow = Selectable<VirusBatchTable>;

/** How many genomes of each batch were withdrawn. */
export async function withdrawnIn(db: Db, batches: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{
    batch_id: string;
    genomes: number;
  }>`select batch_id, count(*)::int as genomes from virus_genome
    where batch_id = any(${[...batches]}::uuid[]) and withdrawn_at is not null group by 1`.execute(db);
  return new Map(rows.map(({ batch_id, genomes }) => [batch_id, genomes]));
}

/** Columns by which access to a batch is decided, in a query that calls it `b`. */
export const batchColumns = {
  organisation: 'b.organisation_id',
  owner: 'b.submitter_id',
  status: 'b.state',
  manner: 'b.manner',
  grade: 'b.grade',
  categories: 'b.categories',
  jurisdictions: 'b.jurisdictions',
} as const;

/** What is known of a batch when it begins. */
type NewBatch = Pick<
  BatchRow,
  | 'organisation_id'
  | 'submitter_id'
  | 'title'
  | 'dataset'
  | 'manner'
  | 'grade'
  | 'categories'
  | 'jurisdictions'
  | 'source'
  | 'license'
  | 'terms'
  | 'created_at'
>;

export function insertBatch(tx: Tx, row: NewBatch): Promise<BatchRow> {
  return tx
    .insertInto('virus_batch')
    .values({
      ...row,
      state: 'open',
      blob_key: null,
      sha256: null,
      size: null,
      reason: null,
      finished_at: null,
      source_id: null,
      external: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export function findBatch(db: Db, id: string, lock = false): Promise<BatchRow | undefined> {
  const query = db.selectFrom('virus_batch').selectAll().where('id', '=', id);
  return (lock ? query.forUpdate() : query).executeTakeFirst();
}

export function updateBatch(
  db: Db,
  id: string,
  change: Partial<{
    state: BatchRow['state'];
    records: string;
    blob_key: string | null;
    sha256: string;
    size: string;
    genomes: number;
    accepted: number;
    reason: string | null;
    finished_at: Date;
  }>,
): Promise<BatchRow> {
  return db.updateTable('virus_batch').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow();
}

/** Batches within a scope, newest first. */
export async function listBatches(
  db: Db,
  { scope, after, limit }: { scope: RawBuilder<SqlBool>; after: string | undefined; limit: number },
): Promise<BatchRow[]> {
  const { rows } = await sql<BatchRow>`select b.* from virus_batch b
    where ${scope} and ${after === undefined ? sql`true` : sql`b.id < ${after}::uuid`}
    order by b.id desc limit ${limit}`.execute(db);
  return rows;
}

/** These batches `b`. */
export const batchesAmong = (batches: readonly string[]): RawBuilder<SqlBool> =>
  sql<SqlBool>`b.id = any(${[...batches]}::uuid[])`;

/** A batch that was fetched whole. @returns its id, or nothing when it had come before */
export async function insertFetched(
  tx: Tx,
  row: NewBatch &
    Pick<BatchRow, 'blob_key' | 'sha256' | 'size' | 'source_id' | 'external'> & { readonly records: string },
): Promise<string | undefined> {
  const made = await tx
    .insertInto('virus_batch')
    .values({ ...row, state: 'waiting', reason: null, finished_at: null })
    .onConflict((conflict) => conflict.constraint('virus_batch_external').doNothing())
    .returning('id')
    .executeTakeFirst();
  return made?.id;
}
