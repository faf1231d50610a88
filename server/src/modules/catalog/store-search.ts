import type { SearchSort } from '@geneward/api';
import { sql, type RawBuilder, type Selectable, type SqlBool } from 'kysely';
import type { Db } from '../../platform/db.ts';
import type { Bound } from './query.ts';
import { countFacets } from './facets.ts';
import { countCap, rankLimit, rankWeights, walkReach } from './rules.ts';
import type { CatalogEntryTable, FacetCounts } from './tables.ts';

export type EntryFound = Omit<Selectable<CatalogEntryTable>, 'document'>;

/** A search as the store asks it. */
export interface Question {
  readonly tsquery: string;
  /** Empty: nothing makes one result better than another. */
  readonly rankQuery: string;
  /** Rows that the caller may find. */
  readonly scope: RawBuilder<SqlBool>;
  /** What else is asked of entries that are not open, beside the words; undefined when the caller finds none of them. */
  readonly closed: RawBuilder<SqlBool> | undefined;
}

/** Where a result stands in an order; text and numbers as they came from the database. */
export interface Position {
  readonly rank: number;
  readonly sortedAt: string;
  readonly title: string;
  readonly accession: string;
  readonly id: string;
}

export interface Gathered {
  /** Up to one more than the cap. */
  readonly total: number;
  readonly page: readonly Position[];
  /** Where those that are ranked end, when there are others. */
  readonly end?: Position;
  readonly facets: FacetCounts;
}

/** Rank of what is not ranked: it follows by date. */
const unranked = -1;

/** The condition in the form in which the two indexes of words, of open entries and of the others, can answer it. */
const fits = (question: Question): RawBuilder<SqlBool> => {
  const { tsquery, closed, scope } = question;
  const asked = tsquery === '' ? sql<SqlBool>`true` : sql<SqlBool>`document @@ ${tsquery}::tsquery`;
  const arms = closed ? sql`((open and ${asked}) or (not open and ${closed} and ${asked}))` : sql`open and ${asked}`;
  return sql`${arms} and listed and ${scope}`;
};

/** A project above the samples that it holds, when both say the same. */
const rankOf = (question: Question): RawBuilder<number> =>
  question.rankQuery === ''
    ? sql<number>`0`
    : sql<number>`(ts_rank(${sql.lit(rankWeights)}::float4[], document, ${question.rankQuery}::tsquery, 1)
        * case type when 'project' then 1500000 else 1000000 end)::int`;

const position = sql`object_id as id, rank, sorted_at::text as "sortedAt", title_key as title, accession_key as accession`;

const orders: Readonly<Record<SearchSort, RawBuilder<unknown>>> = {
  relevance: sql`rank desc, sorted_at desc, object_id desc`,
  newest: sql`sorted_at desc, object_id desc`,
  accession: sql`accession_key, object_id`,
  title: sql`title_key, object_id`,
};

const beyond = (sort: SearchSort, after: Position | undefined): RawBuilder<SqlBool> =>
  after ? beyondOf[sort](after) : sql`true`;

const beyondOf: Readonly<Record<SearchSort, (after: Position) => RawBuilder<SqlBool>>> = {
  relevance: ({ rank, sortedAt, id }) =>
    sql`(rank, sorted_at, object_id) < (${rank}::int, ${sortedAt}::timestamptz, ${id}::uuid)`,
  newest: ({ sortedAt, id }) => sql`(sorted_at, object_id) < (${sortedAt}::timestamptz, ${id}::uuid)`,
  accession: ({ accession, id }) => sql`(accession_key, object_id) > (${accession}, ${id}::uuid)`,
  title: ({ title, id }) => sql`(title_key, object_id) > (${title}, ${id}::uuid)`,
};

/** Facets of rows named `hit`, packed one after the other. */
const packedHits = sql`(select string_agg(facets, ''::bytea) from hit)`;

/** Values of facets by code, as read before: a code never changes what it means. */
const valuesOf = new WeakMap<Db, Map<number, string>>();

async function namesOfCodes(db: Db, codes: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const known = valuesOf.get(db) ?? new Map<number, string>();
  valuesOf.set(db, known);
  const missing = codes.filter((code) => !known.has(code));
  if (missing.length > 0) {
    const { rows } = await sql<{ code: number; value: string }>`
      select code, value from catalog_value where code = any(${missing}::int[])`.execute(db);
    for (const { code, value } of rows) known.set(code, value);
  }
  return known;
}

/** Counts packed facets and names what is counted. */
async function facetsOf(db: Db, packed: Buffer | null): Promise<FacetCounts> {
  if (packed === null) return {};
  const counted = countFacets(packed);
  const names = await namesOfCodes(
    db,
    [...counted.values()].flatMap((most) => most.map(({ code }) => code)),
  );
  return Object.fromEntries(
    [...counted].map(([name, most]) => [
      name,
      most
        .map(({ code, count }) => ({ value: names.get(code) ?? '', count }))
        .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)),
    ]),
  );
}

/**
 * Collects all that fits, up to one above the cap, and counts, ranks and sorts that. For rare words: its cost grows with what fits.
 * By relevance the newest of it are ranked, and the others follow by date.
 * @param limit one page and one more
 */
export async function gather(
  db: Db,
  question: Question,
  page: { sort: SearchSort; after: Position | undefined; limit: number; facets: boolean },
): Promise<Gathered> {
  const ranking = page.sort === 'relevance' && question.rankQuery !== '' && page.after?.rank !== unranked;
  const order = page.sort === 'relevance' && !ranking ? 'newest' : page.sort;
  const from = ranking ? sql`ranked` : sql`(select *, ${sql.lit(unranked)} as rank from hit) found`;
  const { rows } = await sql<{
    total: number;
    page: Position[] | null;
    end: Position | null;
    facets: Buffer | null;
  }>`
    with hit as materialized (
      select object_id, sorted_at, title_key, accession_key, facets
      from catalog_entry where ${fits(question)} limit ${countCap + 1}),
    ranked as materialized (
      select object_id, newest.sorted_at, newest.title_key, newest.accession_key, ${rankOf(question)} as rank
      from (select * from hit order by ${orders.newest} limit ${ranking ? rankLimit : 0}) newest
        join catalog_entry using (object_id))
    select (select count(*)::int from hit) as total,
      (select jsonb_agg(to_jsonb(p)) from (
        select ${position} from ${from} where ${beyond(order, page.after)}
        order by ${orders[order]} limit ${page.limit}) p) as page,
      (select to_jsonb(e) from (select ${position} from ranked order by sorted_at, object_id limit 1) e) as "end",
      ${page.facets ? packedHits : sql`null::bytea`} as facets`.execute(db);
  const row = rows[0];
  const total = row?.total ?? 0;
  return {
    total,
    page: row?.page ?? [],
    ...(row?.end && total > rankLimit && { end: { ...row.end, rank: unranked } }),
    facets: await facetsOf(db, row?.facets ?? null),
  };
}

/** Counts what fits in the fixed random sample. */
export async function countSample(db: Db, question: Question): Promise<{ hits: number; facets: FacetCounts }> {
  const { rows } = await sql<{ hits: number; facets: Buffer | null }>`
    with hit as materialized (select facets from catalog_sample where ${fits(question)})
    select (select count(*)::int from hit) as hits, ${packedHits} as facets`.execute(db);
  return { hits: rows[0]?.hits ?? 0, facets: await facetsOf(db, rows[0]?.facets ?? null) };
}

/**
 * Goes through entries in an order and takes what fits until there is enough. For common words: its cost grows with how rare
 * they are.
 * @param bounded looks through no more than a fixed number of entries, for a search that has another way
 */
export async function walk(
  db: Db,
  question: Question,
  page: { sort: SearchSort; after: Position | undefined; limit: number; bounded: boolean },
): Promise<Position[]> {
  const order = page.sort === 'relevance' ? 'newest' : page.sort;
  const here = sql<SqlBool>`listed ${question.closed ? sql`` : sql`and open`} and ${beyond(order, page.after)}`;
  const reach = page.bounded
    ? sql`(select * from catalog_entry where ${here} order by ${orders[order]} limit ${walkReach}) entry`
    : sql`catalog_entry`;
  const { rows } = await sql<Position>`
    select ${position} from (
      select object_id, sorted_at, title_key, accession_key, ${rankOf(question)} as rank from ${reach}
      where ${fits(question)} and ${page.bounded ? sql`true` : here}
      order by ${orders[order]} limit ${page.limit}) found`.execute(db);
  return rows;
}

/** Rows of the results of one page, in its order. */
export async function entriesById(db: Db, ids: readonly string[]): Promise<EntryFound[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<EntryFound>`
    select e.object_id, type, accession, alias, title, organism, taxon, country, collected_on, strategy, platform, instrument,
      organisation_id, manner, status, released_at, updated_at, files, bytes
    from unnest(${ids}::uuid[]) with ordinality as wanted(object_id, place) join catalog_entry e using (object_id)
    order by wanted.place`.execute(db);
  return rows;
}

/** The fewest open entries that any of these parts allows. */
export async function leastEntries(db: Db, bounds: readonly Bound[]): Promise<number> {
  if (bounds.length === 0) return Number.POSITIVE_INFINITY;
  const parts = bounds.map((bound) =>
    'words' in bound
      ? sql`(select coalesce(sum(entries), 0) from catalog_word where word = any(${[...bound.words]}))`
      : sql`(select coalesce(sum(entries), 0) from (
          select entries from catalog_word where ${begins(bound.prefix)} limit 5000) begun)`,
  );
  const { rows } = await sql<{ least: string }>`select least(${sql.join(parts)})::text as least`.execute(db);
  return Number(rows[0]?.least ?? 0);
}

const begins = (text: string) => sql<SqlBool>`word >= ${text} and word < ${`${text}\u{10ffff}`}`;

/** The most frequent words that begin so. */
export async function wordsBeginning(
  db: Db,
  text: string,
  limit: number,
): Promise<{ word: string; entries: number }[]> {
  const { rows } = await sql<{ word: string; entries: number }>`
    select word, entries from (
      select word, entries from catalog_word where ${begins(text)} and word not like '=%' limit 20000) begun
    order by entries desc, word limit ${limit}`.execute(db);
  return rows;
}

/** For each word that next to nobody uses, the words of the catalogue that resemble it, the most alike first. */
export async function likeWords(
  tx: Db,
  words: readonly string[],
): Promise<{ word: string; like: { word: string; entries: number }[] }[]> {
  await sql`select set_config('pg_trgm.similarity_threshold', '0.25', true)`.execute(tx);
  const { rows } = await sql<{ word: string; like: { word: string; entries: number }[] | null }>`
    select typed.word, (
      select jsonb_agg(to_jsonb(l)) from (
        select word, entries from catalog_word
        where word % typed.word and entries >= 5 and word !~ '^='
        order by similarity(word, typed.word) desc, entries desc limit 40) l) as like
    from unnest(${[...words]}::text[]) as typed(word)
    where not exists (select from catalog_word w where w.word = typed.word and w.entries > 3)`.execute(tx);
  return rows.map(({ word, like }) => ({ word, like: like ?? [] }));
}
