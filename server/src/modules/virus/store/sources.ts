import { sql, type Selectable } from 'kysely';
import type { Db, Tx } from '../../../platform/db.ts';
import type { VirusSourceTable } from '../tables.ts';

export type SourceRow = Selectable<VirusSourceTable>;
export type CountedSource = SourceRow & { readonly batches: number; readonly genomes: number };

export async function insertSource(
  tx: Tx,
  row: Omit<SourceRow, 'id' | 'active' | 'position' | 'looked_at' | 'reason'>,
): Promise<string> {
  const { id } = await tx
    .insertInto('virus_source')
    .values({ ...row, looked_at: null, reason: null })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export function findSource(db: Db, id: string): Promise<SourceRow | undefined> {
  return db.selectFrom('virus_source').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Sources of an institution, with what came from them. */
export async function sourcesOf(db: Db, organisation: string): Promise<CountedSource[]> {
  const { rows } = await sql<CountedSource>`select s.*,
      (select count(*)::int from virus_batch b where b.source_id = s.id) as batches,
      (select coalesce(sum(b.genomes), 0)::int from virus_batch b where b.source_id = s.id) as genomes
    from virus_source s where s.organisation_id = ${organisation}::uuid order by s.id`.execute(db);
  return rows;
}

export async function activeSources(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('virus_source').select('id').where('active', '=', true).orderBy('id').execute();
  return rows.map(({ id }) => id);
}

export async function updateSource(
  db: Db,
  id: string,
  change: Partial<{ active: boolean; position: string; looked_at: Date; reason: string | null }>,
): Promise<void> {
  await db.updateTable('virus_source').set(change).where('id', '=', id).execute();
}

/** Whether a batch of this name has come from a source, and how far it is. */
export async function takenFrom(
  db: Db,
  source: string,
  external: string,
): Promise<{ readonly id: string; readonly state: string } | undefined> {
  return db
    .selectFrom('virus_batch')
    .select(['id', 'state'])
    .where('source_id', '=', source)
    .where('external', '=', external)
    .executeTakeFirst();
}

/** Names of all genomes that have come from a source, those under way among them. */
export async function namesFrom(db: Db, source: string): Promise<Set<string>> {
  const { rows } = await sql<{ name: string }>`
    select g.name from virus_genome g join virus_batch b on b.id = g.batch_id where b.source_id = ${source}::uuid
    union select jsonb_object_keys(b.records) from virus_batch b
      where b.source_id = ${source}::uuid and b.state in ('waiting', 'running')`.execute(db);
  return new Set(rows.map(({ name }) => name));
}

/** Genomes of a source by name that stand yet. */
export async function standingFrom(
  db: Db,
  source: string,
  given: { external?: string; names?: readonly string[] },
): Promise<{ id: string; batch: string }[]> {
  const { rows } = await sql<{ id: string; batch: string }>`
    select g.id, g.batch_id as batch from virus_genome g join virus_batch b on b.id = g.batch_id
    where b.source_id = ${source}::uuid and ${given.external === undefined ? sql`true` : sql`b.external = ${given.external}`}
      and ${given.names === undefined ? sql`true` : sql`g.name = any(${[...given.names]}::text[])`} and g.withdrawn_at is null order by g.id`.execute(
    db,
  );
  return rows;
}
