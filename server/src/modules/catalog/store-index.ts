import { sql } from 'kysely';
import type { Db, Tx } from '../../platform/db.ts';
import { facetNames } from '@geneward/api';
import { facetValuesOf, packFacets } from './facets.ts';
import type { EntryRow } from './row.ts';
import type { CatalogDocuments } from './tables.ts';

/**
 * Words whose frequency is kept: of texts, except numbers like those of samples; and of fields with few values. Serials and
 * checksums are rare by themselves.
 */
const counted = sql<boolean>`case when left(word, 1) <> '='
  then length(word) - length(translate(word, '0123456789', '')) < 3
  else split_part(substr(word, 2), ':', 1) not in ('alias', 'accession', 'checksum') end`;

/** Writes entries of at most 1,000 objects, and what that changes in the frequency of words. */
export async function putEntries(tx: Tx, rows: readonly EntryRow[]): Promise<void> {
  if (rows.length === 0) return;
  const ids = rows.map((row) => row.object_id);
  await countWords(tx, ids, -1);
  await dropEntries(tx, ids);
  const written = await withFacets(tx, rows);
  await sql`
    insert into catalog_entry
    select object_id, type, accession, alias, title, title_key, accession_key, organism, taxon, country, collected_on, strategy,
           platform, instrument, organisation_id, submitter_id, status, manner, grade, categories, jurisdictions, released_at,
           updated_at, sorted_at, year, files, bytes, open, listed, dice, decode(facets, 'hex'), document::tsvector, indexed_at
    from jsonb_to_recordset(${JSON.stringify(written)}::jsonb) as e(
      object_id uuid, type text, accession text, alias text, title text, title_key text, accession_key text, organism text,
      taxon integer, country text, collected_on text, strategy text, platform text, instrument text, organisation_id uuid,
      submitter_id uuid, status text, manner text, grade smallint, categories text[], jurisdictions text[],
      released_at timestamptz, updated_at timestamptz, sorted_at timestamptz, year smallint, files integer, bytes bigint,
      open boolean, listed boolean, dice smallint, facets text, document text, indexed_at timestamptz)`.execute(tx);
  await sql`insert into catalog_sample select * from catalog_entry where object_id = any(${ids}::uuid[]) and dice = 0`.execute(
    tx,
  );
  await countWords(tx, ids, 1);
}

/** The rows with the codes of their facets; values that are new get one. */
async function withFacets(tx: Tx, rows: readonly EntryRow[]): Promise<(EntryRow & { facets: string })[]> {
  const values = rows.map(facetValuesOf);
  const pairs = new Map(
    values.flatMap((of) =>
      facetNames.flatMap((facet, i) => {
        const value = of[i];
        return typeof value === 'string' ? [[`${facet}:${value}`, { facet, value }] as const] : [];
      }),
    ),
  );
  const wanted = JSON.stringify([...pairs.keys()].toSorted().map((key) => pairs.get(key)));
  await sql`
    insert into catalog_value (facet, value)
    select facet, value from jsonb_to_recordset(${wanted}::jsonb) as w(facet text, value text)
    where not exists (select from catalog_value v where v.facet = w.facet and v.value = w.value)
    on conflict do nothing`.execute(tx);
  const known = await sql<{ key: string; code: number }>`
    select facet || ':' || value as key, code from catalog_value
    join jsonb_to_recordset(${wanted}::jsonb) as w(facet text, value text) using (facet, value)`.execute(tx);
  const codes = new Map(known.rows.map(({ key, code }) => [key, code]));
  return rows.map((row, at) => ({
    ...row,
    facets: packFacets(facetNames.map((facet, i) => codes.get(`${facet}:${values[at]?.[i] ?? ''}`) ?? 0)).toString(
      'hex',
    ),
  }));
}

/** Takes objects that are gone out of the index. */
export async function removeEntries(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await countWords(tx, ids, -1);
  await dropEntries(tx, ids);
}

async function dropEntries(tx: Tx, ids: readonly string[]): Promise<void> {
  await sql`delete from catalog_sample where object_id = any(${ids}::uuid[])`.execute(tx);
  await sql`delete from catalog_entry where object_id = any(${ids}::uuid[])`.execute(tx);
}

async function countWords(tx: Tx, ids: readonly string[], sign: 1 | -1): Promise<void> {
  await sql`
    insert into catalog_word_change (word, change)
    select word, ${sql.lit(sign)} * count(*) from catalog_entry, unnest(tsvector_to_array(document)) as word
    where object_id = any(${ids}::uuid[]) and open and ${counted} group by word`.execute(tx);
}

/** Notes objects to be indexed; the old state is shown until then. */
export async function notePending(tx: Tx, ids: readonly string[]): Promise<void> {
  // The update locks a row that is there: a worker passes it by until this transaction has ended.
  await sql`
    insert into catalog_pending (object_id) select id from unnest(${ids}::uuid[]) as id order by id
    on conflict (object_id) do update set at = now()`.execute(tx);
}

/** Shows objects in no search until they are indexed again. */
export async function hideEntries(tx: Tx, ids: readonly string[]): Promise<void> {
  for (const table of ['catalog_entry', 'catalog_sample']) {
    await sql`update ${sql.table(table)} set listed = false where object_id = any(${ids}::uuid[]) and listed`.execute(
      tx,
    );
  }
}

/** Takes up to `limit` changed objects; they stay noted when the transaction fails. */
export async function takePending(tx: Tx, limit: number): Promise<string[]> {
  const { rows } = await sql<{ object_id: string }>`
    delete from catalog_pending where object_id in
      (select object_id from catalog_pending order by at, object_id limit ${limit} for update skip locked)
    returning object_id`.execute(tx);
  return rows.map((row) => row.object_id);
}

export async function countPending(db: Db): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from catalog_pending`.execute(db);
  return rows[0]?.n ?? 0;
}

/** Adds up noted changes of word frequencies. Returns how many there were. */
export async function foldWordChanges(tx: Tx): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtext('catalog_word'))`.execute(tx);
  const { rows } = await sql<{ n: number }>`
    with change as (delete from catalog_word_change returning word, change),
      total as (select word, sum(change)::int as change, count(*) as n from change group by word),
      gone as (delete from catalog_word w using total t where w.word = t.word and w.entries + t.change <= 0),
      less as (update catalog_word w set entries = w.entries + t.change from total t
        where w.word = t.word and t.change < 0 and w.entries + t.change > 0),
      more as (
        insert into catalog_word (word, entries) select word, change from total where change > 0 order by word
        on conflict (word) do update set entries = catalog_word.entries + excluded.entries)
    select coalesce(sum(n), 0)::int as n from total`.execute(tx);
  return rows[0]?.n ?? 0;
}

/** Counts all words anew; seconds for each million entries. */
export async function recountWords(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('catalog_word'))`.execute(tx);
  await sql`lock table catalog_word_change in exclusive mode`.execute(tx);
  await sql`delete from catalog_word_change`.execute(tx);
  await sql`delete from catalog_word`.execute(tx);
  await sql`select set_config('statement_timeout', '0', true), set_config('work_mem', '128MB', true)`.execute(tx);
  await sql`
    insert into catalog_word (word, entries)
    select word, count(*) from catalog_entry, unnest(tsvector_to_array(document)) as word
    where open and ${counted} group by word`.execute(tx);
}

/** Entries that a building of the index did not meet: their objects are gone. */
export async function entriesBefore(db: Db, startedAt: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ object_id: string }>`
    select object_id from catalog_entry where indexed_at < ${startedAt}::timestamptz limit ${limit}`.execute(db);
  return rows.map((row) => row.object_id);
}

/** What the index holds of objects that others inherit from. */
export async function inheritedFields(db: Db, ids: readonly string[]) {
  return db
    .selectFrom('catalog_entry')
    .select(['object_id', 'open', 'organism', 'taxon', 'country', 'collected_on', 'strategy', 'platform', 'instrument'])
    .where('object_id', 'in', [...ids])
    .execute();
}

export async function readDocument<N extends keyof CatalogDocuments>(
  db: Db,
  name: N,
): Promise<{ content: CatalogDocuments[N]; at: Date } | undefined> {
  const row = await db
    .selectFrom('catalog_figures')
    .select(['content', 'at'])
    .where('name', '=', name)
    .executeTakeFirst();
  return row && { content: row.content as CatalogDocuments[N], at: row.at };
}

export async function writeDocument<N extends keyof CatalogDocuments>(
  db: Db,
  name: N,
  content: CatalogDocuments[N],
  at: Date,
): Promise<void> {
  await sql`insert into catalog_figures (name, content, at) values (${name}, ${JSON.stringify(content)}::jsonb, ${at})
    on conflict (name) do update set content = excluded.content, at = excluded.at`.execute(db);
}
