import type { GenomeQuestion } from '@geneward/api';
import { sql, type RawBuilder, type Selectable, type SqlBool } from 'kysely';
import type { Db, Tx } from '../../../platform/db.ts';
import type { VirusGenomeTable } from '../tables.ts';
import type { BatchRow } from './batches.ts';

export type GenomeRow = Omit<Selectable<VirusGenomeTable>, 'report' | 'sample' | 'source' | 'license' | 'terms'> &
  Pick<BatchRow, 'source' | 'license' | 'terms'>;

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
  /** Its own terms; those of its batch where null. */
  readonly source: string | null;
  readonly license: string | null;
  readonly terms: string | null;
}

/** Writes genomes of a batch; those that an earlier try wrote stay as they are. */
export async function addGenomes(db: Db, batch: string, rows: readonly NewGenome[]): Promise<void> {
  await sql`insert into virus_genome (batch_id, place_in_batch, name, accepted, clade, lineages, collected_from, collected_to,
      place, quality, marks, report, sample, source, license, terms)
    select ${batch}::uuid, place_in_batch, name, accepted, clade, lineages, collected_from, collected_to, place, quality, marks,
      report, sample, source, license, terms
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as g(place_in_batch int, name text, accepted boolean, clade text,
      lineages text[], collected_from date, collected_to date, place text, quality text, marks text[], report jsonb, sample jsonb,
      source text, license text, terms text)
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

/** What counts: accepted and not withdrawn. */
export const standing = sql<SqlBool>`g.accepted and g.withdrawn_at is null`;
const brief = sql`g.id, g.batch_id, g.place_in_batch, g.name, g.accepted, g.clade, g.lineages, g.collected_from, g.collected_to,
  g.place, g.quality, g.marks, g.withdrawn_at, g.withdrawn_reason, coalesce(g.source, b.source) as source,
  coalesce(g.license, b.license) as license, coalesce(g.terms, b.terms) as terms`;

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
): AsyncGenerator<
  Pick<
    Selectable<VirusGenomeTable>,
    'report' | 'withdrawn_at' | 'collected_from' | 'place' | 'source' | 'license' | 'terms'
  >
> {
  for (let after = -1; ;) {
    const rows = await db
      .selectFrom('virus_genome')
      .select(['place_in_batch', 'report', 'withdrawn_at', 'collected_from', 'place', 'source', 'license', 'terms'])
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

export type RecordRow = Pick<
  Selectable<VirusGenomeTable>,
  | 'place_in_batch'
  | 'name'
  | 'collected_from'
  | 'collected_to'
  | 'place'
  | 'source'
  | 'license'
  | 'terms'
  | 'withdrawn_at'
  | 'withdrawn_reason'
>;

/** Who, when, where and under which terms, in the order of a batch's file, some at a time. */
export async function* recordsOf(db: Db, batch: string): AsyncGenerator<RecordRow> {
  for (let after = -1; ;) {
    const rows = await db
      .selectFrom('virus_genome')
      .select([
        'place_in_batch',
        'name',
        'collected_from',
        'collected_to',
        'place',
        'source',
        'license',
        'terms',
        'withdrawn_at',
        'withdrawn_reason',
      ])
      .where('batch_id', '=', batch)
      .where('place_in_batch', '>', after)
      .orderBy('place_in_batch')
      .limit(2000)
      .execute();
    yield* rows;
    const last = rows.at(-1);
    if (!last) return;
    after = last.place_in_batch;
  }
}

/** Places in a batch of the genomes that were withdrawn. */
export async function withdrawnPlaces(db: Db, batch: string): Promise<ReadonlySet<number>> {
  const rows = await db
    .selectFrom('virus_genome')
    .select('place_in_batch')
    .where('batch_id', '=', batch)
    .where('withdrawn_at', 'is not', null)
    .execute();
  return new Set(rows.map(({ place_in_batch }) => place_in_batch));
}
