import type { GenomeQuestion } from '@geneward/api';
import { sql, type RawBuilder, type Selectable, type SqlBool } from 'kysely';
import type { Db, Tx } from '../../platform/db.ts';
import type {
  VirusAlertTable,
  VirusBatchTable,
  VirusDatasetTable,
  VirusGenomeTable,
  VirusTreeStateTable,
} from './tables.ts';

export type BatchRow = Selectable<VirusBatchTable>;
export type StateRow = Selectable<VirusTreeStateTable>;
export type AlertRow = Selectable<VirusAlertTable>;
export type GenomeRow = Omit<Selectable<VirusGenomeTable>, 'report' | 'sample'> &
  Pick<BatchRow, 'source' | 'license' | 'terms'>;

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

export function datasetRows(db: Db): Promise<Selectable<VirusDatasetTable>[]> {
  return db.selectFrom('virus_dataset').selectAll().orderBy('installed_at').orderBy('hash').execute();
}

/** @returns false when the same content is installed already */
export async function insertDataset(
  tx: Tx,
  row: { hash: string; content: string; blob_key: string; installed_at: Date; installed_by: string },
): Promise<boolean> {
  const made = await tx
    .insertInto('virus_dataset')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returning('hash')
    .executeTakeFirst();
  return made !== undefined;
}

export function insertBatch(
  tx: Tx,
  row: Pick<
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
  >,
): Promise<BatchRow> {
  return tx
    .insertInto('virus_batch')
    .values({ ...row, state: 'open', blob_key: null, sha256: null, size: null, reason: null, finished_at: null })
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

/** A genome's row as the job writes it. */
export interface NewGenome {
  readonly place_in_batch: number;
  readonly name: string;
  readonly accepted: boolean;
  readonly clade: string | null;
  readonly lineages: readonly string[];
  readonly collected_from: string | null;
  readonly collected_to: string | null;
  readonly place: string | null;
  readonly quality: string | null;
  readonly marks: readonly string[];
  readonly report: unknown;
  readonly sample: unknown;
}

/** Writes genomes of a batch; those that an earlier try wrote stay as they are. */
export async function addGenomes(db: Db, batch: string, rows: readonly NewGenome[]): Promise<void> {
  await sql`insert into virus_genome (batch_id, place_in_batch, name, accepted, clade, lineages, collected_from, collected_to,
      place, quality, marks, report, sample)
    select ${batch}::uuid, place_in_batch, name, accepted, clade, lineages, collected_from, collected_to, place, quality, marks,
      report, sample
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as g(place_in_batch int, name text, accepted boolean, clade text,
      lineages text[], collected_from date, collected_to date, place text, quality text, marks text[], report jsonb, sample jsonb)
    on conflict (batch_id, place_in_batch) do nothing`.execute(db);
}

/** What is asked of genomes `g` of batches `b`. */
export function answers(question: GenomeQuestion): RawBuilder<SqlBool> {
  const { dataset, batch, mutation, lineage, place, from, to } = question;
  return sql<SqlBool>`${sql.join(
    [
      sql`true`,
      ...(dataset === undefined ? [] : [sql`b.dataset = ${dataset}`]),
      ...(batch === undefined ? [] : [sql`b.id = ${batch}::uuid`]),
      ...(mutation === undefined || mutation.length === 0 ? [] : [sql`g.marks @> ${mutation}::text[]`]),
      ...(lineage === undefined ? [] : [sql`${lineage} = any(g.lineages)`]),
      ...(place === undefined ? [] : [sql`g.place = ${place}`]),
      ...(from === undefined ? [] : [sql`g.collected_to >= ${from}::date`]),
      ...(to === undefined ? [] : [sql`g.collected_from <= ${to}::date`]),
    ],
    sql` and `,
  )}`;
}

const standing = sql<SqlBool>`g.accepted and g.withdrawn_at is null`;
const brief = sql`g.id, g.batch_id, g.place_in_batch, g.name, g.accepted, g.clade, g.lineages, g.collected_from, g.collected_to,
  g.place, g.quality, g.marks, g.withdrawn_at, g.withdrawn_reason, b.source, b.license, b.terms`;

export interface Asked {
  readonly scope: RawBuilder<SqlBool>;
  readonly question: GenomeQuestion;
}

export async function listGenomes(
  db: Db,
  { scope, question, all, after, limit }: Asked & { all: boolean; after: string | undefined; limit: number },
): Promise<GenomeRow[]> {
  const { rows } = await sql<GenomeRow>`select ${brief} from virus_genome g join virus_batch b on b.id = g.batch_id
    where ${scope} and ${answers(question)} and ${all ? sql`true` : standing}
      and ${after === undefined ? sql`true` : sql`g.id > ${after}::uuid`}
    order by g.id limit ${limit}`.execute(db);
  return rows;
}

/** A genome with everything that is kept of it, and its batch. */
export async function findGenome(
  db: Db,
  id: string,
): Promise<(GenomeRow & Pick<Selectable<VirusGenomeTable>, 'report'>) | undefined> {
  const { rows } = await sql<GenomeRow & Pick<Selectable<VirusGenomeTable>, 'report'>>`
    select ${brief}, g.report from virus_genome g join virus_batch b on b.id = g.batch_id where g.id = ${id}::uuid`.execute(
    db,
  );
  return rows[0];
}

/** The reports of a batch in the order of its file, some at a time. */
export async function* reportsOf(
  db: Db,
  batch: string,
): AsyncGenerator<Pick<Selectable<VirusGenomeTable>, 'report' | 'withdrawn_at' | 'collected_from' | 'place'>> {
  for (let after = -1; ;) {
    const rows = await db
      .selectFrom('virus_genome')
      .select(['place_in_batch', 'report', 'withdrawn_at', 'collected_from', 'place'])
      .where('batch_id', '=', batch)
      .where('place_in_batch', '>', after)
      .orderBy('place_in_batch')
      .limit(500)
      .execute();
    yield* rows;
    const last = rows.at(-1);
    if (!last) return;
    after = last.place_in_batch;
  }
}

/** @returns false when it has been withdrawn before */
export async function withdraw(tx: Tx, id: string, at: Date, reason: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('virus_genome')
    .set({ withdrawn_at: at, withdrawn_reason: reason })
    .where('id', '=', id)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function countsByTime(
  db: Db,
  { scope, question }: Asked,
  bin: 'week' | 'month',
): Promise<{ from: string | null; clade: string; genomes: number }[]> {
  const { rows } = await sql<{ from: string | null; clade: string; genomes: number }>`
    select case when g.collected_to - g.collected_from <= ${bin === 'week' ? 6 : 31}
        then date_trunc(${bin}, g.collected_from)::date end as "from", coalesce(g.clade, '?') as clade, count(*)::int as genomes
    from virus_genome g join virus_batch b on b.id = g.batch_id
    where ${scope} and ${answers(question)} and ${standing} group by 1, 2 order by 1, 2`.execute(db);
  return rows;
}

export async function countsOfMarks(
  db: Db,
  { scope, question }: Asked,
): Promise<{ genomes: number; marks: { mark: string; genomes: number }[] }> {
  const { rows } = await sql<{ genomes: number; marks: { mark: string; genomes: number }[] | null }>`
    with hit as materialized (select g.marks from virus_genome g join virus_batch b on b.id = g.batch_id
      where ${scope} and ${answers(question)} and ${standing}),
    counted as (select mark, count(*)::int as genomes from hit, unnest(marks) as mark group by mark
      order by count(*) desc, mark limit 20000)
    select (select count(*)::int from hit) as genomes, (select jsonb_agg(to_jsonb(counted)) from counted) as marks`.execute(
    db,
  );
  return { genomes: rows[0]?.genomes ?? 0, marks: rows[0]?.marks ?? [] };
}

export async function lineagesInShort(
  db: Db,
  { scope, question }: Asked,
): Promise<
  { clade: string; genomes: number; first: string | null; last: string | null; places: Record<string, number> }[]
> {
  const { rows } = await sql<{
    clade: string;
    genomes: number;
    first: string | null;
    last: string | null;
    places: Record<string, number>;
  }>`
    with hit as materialized (select coalesce(g.clade, '?') as clade, g.collected_from, g.collected_to, g.place
      from virus_genome g join virus_batch b on b.id = g.batch_id where ${scope} and ${answers(question)} and ${standing}),
    placed as (select clade, place, count(*)::int as genomes from hit where place is not null group by 1, 2)
    select clade, count(*)::int as genomes, min(collected_from) as first, max(collected_to) as last,
      coalesce((select jsonb_object_agg(place, p.genomes) from placed p where p.clade = hit.clade), '{}') as places
    from hit group by clade order by count(*) desc, clade limit 1000`.execute(db);
  return rows;
}

/** These batches `b`. */
export const batchesAmong = (batches: readonly string[]): RawBuilder<SqlBool> =>
  sql<SqlBool>`b.id = any(${[...batches]}::uuid[])`;

/** Sources of what fits with their terms, and how many of it were withdrawn. */
export async function usesOf(
  db: Db,
  { scope, question }: Asked,
): Promise<{ source: string; license: string; terms: string; genomes: number; withdrawn: number }[]> {
  const { rows } = await sql<{ source: string; license: string; terms: string; genomes: number; withdrawn: number }>`
    select b.source, b.license, b.terms, (count(*) filter (where g.withdrawn_at is null))::int as genomes,
      (count(*) filter (where g.withdrawn_at is not null))::int as withdrawn
    from virus_genome g join virus_batch b on b.id = g.batch_id
    where ${scope} and ${answers(question)} and g.accepted group by 1, 2, 3 order by 1, 2, 3`.execute(db);
  return rows;
}

/** What stands on an institution's tree of a data set: samples of its done batches, with what is known of when and where. */
export async function samplesOf(
  db: Db,
  batches: readonly string[],
): Promise<
  Pick<
    Selectable<VirusGenomeTable>,
    'id' | 'batch_id' | 'name' | 'sample' | 'collected_from' | 'collected_to' | 'place'
  >[]
> {
  return db
    .selectFrom('virus_genome')
    .select(['id', 'batch_id', 'name', 'sample', 'collected_from', 'collected_to', 'place'])
    .where('batch_id', '=', sql<string>`any(${[...batches]}::uuid[])`)
    .where('accepted', '=', true)
    .orderBy('batch_id')
    .orderBy('place_in_batch')
    .execute();
}

/** What belongs on a tree: done batches in the order in which they were done, and the genomes of them that were withdrawn. */
export async function standingOf(
  db: Db,
  owner: string,
  dataset: string,
): Promise<{ batches: string[]; withdrawn: { id: string; batch: string; name: string }[] }> {
  const { rows: batches } = await sql<{ id: string }>`select id from virus_batch
    where dataset = ${dataset} and state = 'done'
      and ${owner === 'public' ? sql`manner = 'public'` : sql`organisation_id = ${owner}::uuid`}
    order by finished_at, id`.execute(db);
  const ids = batches.map(({ id }) => id);
  const { rows: withdrawn } = await sql<{ id: string; batch: string; name: string }>`
    select id, batch_id as batch, name from virus_genome
    where batch_id = any(${ids}::uuid[]) and withdrawn_at is not null and accepted order by withdrawn_at, id`.execute(
    db,
  );
  return { batches: ids, withdrawn };
}

/** What was sent in each batch, by hash, in the order given. */
export async function hashesOf(db: Db, batches: readonly string[]): Promise<{ id: string; sha256: string | null }[]> {
  const { rows } = await sql<{ id: string; sha256: string | null }>`
    select b.id, b.sha256 from unnest(${[...batches]}::uuid[]) with ordinality as wanted(id, place)
      join virus_batch b using (id) order by wanted.place`.execute(db);
  return rows;
}

export function statesOf(db: Db, owner: string, dataset: string): Promise<StateRow[]> {
  return db
    .selectFrom('virus_tree_state')
    .selectAll()
    .where('owner', '=', owner)
    .where('dataset', '=', dataset)
    .orderBy('number')
    .execute();
}

/** @returns false when another process made this state in the meantime */
export async function insertState(tx: Tx, row: Omit<StateRow, 'diff'> & { diff: string }): Promise<boolean> {
  const made = await tx
    .insertInto('virus_tree_state')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returning('number')
    .executeTakeFirst();
  return made !== undefined;
}

/** Genomes of a batch that answer a saved question, within what its owner may see. */
export async function countAnswers(db: Db, { scope, question }: Asked, batch: string): Promise<number> {
  const { rows } = await sql<{ genomes: number }>`select count(*)::int as genomes
    from virus_genome g join virus_batch b on b.id = g.batch_id
    where ${scope} and ${answers(question)} and ${standing} and b.id = ${batch}::uuid`.execute(db);
  return rows[0]?.genomes ?? 0;
}

export function allAlerts(db: Db): Promise<AlertRow[]> {
  return db.selectFrom('virus_alert').selectAll().orderBy('id').execute();
}

export function alertsOf(db: Db, person: string): Promise<AlertRow[]> {
  return db.selectFrom('virus_alert').selectAll().where('person_id', '=', person).orderBy('id').execute();
}

export function insertAlert(
  tx: Tx,
  row: { person_id: string; title: string; query: string; created_at: Date },
): Promise<AlertRow> {
  return tx.insertInto('virus_alert').values(row).returningAll().executeTakeFirstOrThrow();
}

/** @returns whether there was one */
export async function deleteAlert(tx: Tx, person: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('virus_alert')
    .where('id', '=', id)
    .where('person_id', '=', person)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
