import { sql, type Selectable } from 'kysely';
import type { Db, Tx } from '../../platform/db.ts';
import type { TaxonomyReleaseTable } from './tables.ts';

export type ReleaseRow = Selectable<TaxonomyReleaseTable>;

export interface TaxonRow {
  readonly id: number;
  readonly parent_id: number;
  readonly rank: string;
  readonly name: string;
}

export interface NameRow {
  readonly taxon_id: number;
  readonly name: string;
  readonly folded: string;
  readonly kind: number;
}

/** The taxonomy in use; undefined while only the built-in one is there. */
export async function currentRelease(
  db: Db,
): Promise<{ id: number; taxa: number; sha256: string; loaded_at: Date | null } | undefined> {
  return db
    .selectFrom('taxonomy_release')
    .select(['id', 'taxa', 'sha256', 'loaded_at'])
    .where('state', '=', 'loaded')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** The dump that was sent last. */
export function lastRelease(db: Db): Promise<ReleaseRow | undefined> {
  return db.selectFrom('taxonomy_release').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirst();
}

/** Notes a dump that waits to be loaded. */
export async function insertRelease(
  tx: Tx,
  row: { sha256: string; blob_key: string; received_at: Date },
): Promise<number> {
  const { id } = await tx
    .insertInto('taxonomy_release')
    .values({ ...row, state: 'loading', reason: null, loaded_at: null })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export function findRelease(db: Db, id: number): Promise<ReleaseRow | undefined> {
  return db.selectFrom('taxonomy_release').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Puts a loaded release in use, in the place of the one before. */
export async function useRelease(tx: Tx, id: number, counts: { taxa: number; names: number }, at: Date): Promise<void> {
  await tx.updateTable('taxonomy_release').set({ state: 'retired' }).where('state', '=', 'loaded').execute();
  await tx
    .updateTable('taxonomy_release')
    .set({ ...counts, state: 'loaded', loaded_at: at })
    .where('id', '=', id)
    .execute();
}

export async function failRelease(tx: Tx, id: number, reason: string): Promise<void> {
  await tx.updateTable('taxonomy_release').set({ state: 'failed', reason }).where('id', '=', id).execute();
}

const rowsAtOnce = 50_000;

/** Removes the rows of a release that is not in use, some at a time. */
export async function clearRelease(db: Db, id: number): Promise<void> {
  for (const table of ['taxon_name', 'taxon', 'taxon_past'] as const)
    for (;;) {
      const { numAffectedRows } = await sql`
        delete from ${sql.table(table)} where ctid = any(array(
          select ctid from ${sql.table(table)} where release_id = ${id} limit ${rowsAtOnce}))`.execute(db);
      if ((numAffectedRows ?? 0n) === 0n) break;
    }
}

/** Releases whose rows are no longer needed. */
export async function oldReleases(db: Db): Promise<number[]> {
  const rows = await db
    .selectFrom('taxonomy_release')
    .select('id')
    .where('state', 'in', ['retired', 'failed'])
    .where((eb) =>
      eb.exists(eb.selectFrom('taxon').select('taxon.id').whereRef('taxon.release_id', '=', 'taxonomy_release.id')),
    )
    .execute();
  return rows.map((row) => row.id);
}

export async function addTaxa(
  db: Db,
  release: number,
  rows: readonly { id: number; parent: number; rank: string }[],
): Promise<void> {
  await sql`insert into taxon (release_id, id, parent_id, rank)
    select ${release}::int, * from unnest(${rows.map((row) => row.id)}::int[], ${rows.map((row) => row.parent)}::int[],
      ${rows.map((row) => row.rank)}::text[]) on conflict do nothing`.execute(db);
}

export async function addNames(
  db: Db,
  release: number,
  rows: readonly { id: number; name: string; kind: number }[],
): Promise<void> {
  await sql`insert into taxon_name (release_id, folded, name, taxon_id, kind)
    select ${release}::int, * from unnest(${rows.map((row) => row.name.toLowerCase())}::text[],
      ${rows.map((row) => row.name)}::text[], ${rows.map((row) => row.id)}::int[], ${rows.map((row) => row.kind)}::smallint[])`.execute(
    db,
  );
}

export async function addPast(
  db: Db,
  release: number,
  rows: readonly { id: number; into: number | null }[],
): Promise<void> {
  await sql`insert into taxon_past (release_id, id, into_id)
    select ${release}::int, * from unnest(${rows.map((row) => row.id)}::int[], ${rows.map((row) => row.into)}::int[])
    on conflict do nothing`.execute(db);
}

/** Names in any case, of the most binding kind each. */
export async function namesFolded(db: Db, release: number, folded: readonly string[]): Promise<NameRow[]> {
  const { rows } = await sql<NameRow>`
    select distinct on (folded) taxon_id, name, folded, kind from taxon_name
    where release_id = ${release} and folded = any(${[...folded]}::text[]) order by folded, kind`.execute(db);
  return rows;
}

/** The given taxa and all above them. */
export async function withAncestors(db: Db, release: number, ids: readonly number[]): Promise<TaxonRow[]> {
  const { rows } = await sql<TaxonRow>`
    with recursive line(id, parent_id, rank, depth) as (
      select id, parent_id, rank, 0 from taxon where release_id = ${release} and id = any(${[...ids]}::int[])
      union
      select t.id, t.parent_id, t.rank, line.depth + 1 from line
        join taxon t on t.release_id = ${release} and t.id = line.parent_id
      where line.id <> line.parent_id and line.depth < 120)
    select distinct on (line.id) line.id, line.parent_id, line.rank, n.name from line
      join taxon_name n on n.release_id = ${release} and n.taxon_id = line.id and n.kind = 0`.execute(db);
  return rows;
}

/** What became of identifiers that are no more. */
export async function pastTaxa(
  db: Db,
  release: number,
  ids: readonly number[],
): Promise<{ id: number; into_id: number | null }[]> {
  return db
    .selectFrom('taxon_past')
    .select(['id', 'into_id'])
    .where('release_id', '=', release)
    .where('id', '=', sql<number>`any(${[...ids]}::int[])`)
    .execute();
}

/** Names that begin with the words, then names like them. */
export async function namesLike(db: Db, release: number, folded: string, limit: number): Promise<NameRow[]> {
  const begin = `${folded.replaceAll(/[\\%_]/g, '\\$&')}%`;
  const starting = await sql<NameRow>`
    select taxon_id, name, folded, kind from taxon_name
    where release_id = ${release} and folded like ${begin} order by length(folded), folded, kind limit ${limit}`.execute(
    db,
  );
  if (starting.rows.length >= limit) return starting.rows;
  const like = await sql<NameRow>`
    select taxon_id, name, folded, kind from taxon_name
    where release_id = ${release} and folded % ${folded}
    order by similarity(folded, ${folded}) desc, folded, kind limit ${limit}`.execute(db);
  return [...starting.rows, ...like.rows];
}

/** Other names of taxa that people use. */
export async function commonNames(db: Db, release: number, ids: readonly number[]): Promise<NameRow[]> {
  const { rows } = await sql<NameRow>`
    select taxon_id, name, folded, kind from taxon_name
    where release_id = ${release} and taxon_id = any(${[...ids]}::int[]) and kind = 3 order by taxon_id, name`.execute(
    db,
  );
  return rows;
}
