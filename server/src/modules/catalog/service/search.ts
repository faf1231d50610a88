import type { SearchQuery, SearchReply } from '@geneward/api';
import { facetNames } from '@geneward/api';
import { sql, type SqlBool } from 'kysely';
import type { Context } from '../../../platform/context.ts';
import { transaction, type Db } from '../../../platform/db.ts';
import { Problem } from '../../../platform/problem.ts';
import { authorize, scopeOf } from '../../access/index.ts';
import { exact, quote } from '../lexeme.ts';
import { readToken, writeToken, type PageToken } from '../page-token.ts';
import type { CatalogPorts } from '../ports.ts';
import { compile, parseQuery, type Compiled, type Term } from '../query.ts';
import { certainHits, countCap, rankWindow, sampleShare } from '../rules.ts';
import { readDocument } from '../store-index.ts';
import { countSample, entriesById, gather, leastEntries, walk, type Position, type Question } from '../store-search.ts';
import type { FacetCounts } from '../tables.ts';
import { installation } from './installation.ts';
import { namedFacets, showEntries } from './show.ts';
import { suggest } from './suggest.ts';

/** What was found, before it is dressed for a reader. */
interface Found {
  readonly page: readonly Position[];
  readonly next?: PageToken;
  readonly total: SearchReply['total'];
  readonly facets?: { readonly counted: 'all' | 'sample'; readonly values: FacetCounts };
}

/**
 * Answers a search with a page of results, the total and the facets. What is listed is what the caller may find: the same
 * condition stands in the question to the index of words and, as access states it, on the rows.
 */
export async function search(context: Context, ports: CatalogPorts, query: SearchQuery): Promise<SearchReply> {
  authorize(context, 'catalog:search', installation);
  const terms = parseQuery(query.q);
  if ('code' in terms) throw new Problem(terms.code, { params: terms.params, place: { field: 'q' } });
  const first = query.after === undefined;
  const found = await find(context, query, terms);
  const few = first && found.total.relation === 'exact' && found.total.value <= 3;
  const hint = few ? await transaction(context.db, (tx) => suggest(tx, query.q, terms)) : undefined;
  if (hint !== undefined && found.total.value === 0) {
    const meant = parseQuery(hint);
    const instead = 'code' in meant ? found : await find(context, { ...query, q: hint }, meant);
    if (instead.total.value > 0) return dress(context, ports, { ...query, q: hint }, terms, instead, hint);
  }
  return dress(context, ports, query, terms, found, hint);
}

async function find(context: Context, query: SearchQuery, terms: readonly Term[]): Promise<Found> {
  const { db } = context;
  const compiled = compile(terms, query.mine ? { ...query, ...mineOf(context) } : query);
  const question: Question = { ...compiled, ...audienceOf(context) };
  const token = query.after === undefined ? undefined : readToken(query.after, identityOf(query));
  const asked = terms.length > 0 || facetNames.some((name) => (query[name]?.length ?? 0) > 0) || query.mine;
  const known = !question.closed && !asked ? await browsed(db) : await sampled(db, question, compiled);
  const ranking = query.sort === 'relevance' && compiled.rankQuery !== '';
  const way = token?.way ?? (!known?.total ? 'gather' : ranking ? 'window' : 'walk');
  const limit = query.limit + 1;
  const sort = query.sort === 'relevance' && !ranking ? 'newest' : query.sort;
  if (way !== 'gather') {
    const listed =
      way === 'walk'
        ? pageOf(await walk(db, question, { sort, after: token?.after, limit, bounded: false }), query.limit, { way })
        : await rankedWindow(db, question, token, query.limit);
    if (listed)
      return { ...listed, ...(known?.total ? { ...known, total: known.total } : await countsOf(db, question)) };
  }
  const counting = query.facets && !known?.total;
  const gathered = await gather(db, question, { sort, after: token?.after, limit, facets: counting });
  const page = pageOf(gathered.page, query.limit, { way: 'gather' });
  return {
    ...page,
    ...(!page.next && gathered.end && { next: { way: 'gather', after: gathered.end } }),
    total: known?.total ?? totalOf(gathered.total),
    facets:
      known && (known.total || gathered.total > countCap) ? known.facets : { counted: 'all', values: gathered.facets },
  };
}

const totalOf = (counted: number): SearchReply['total'] =>
  counted > countCap ? { value: countCap, relation: 'at_least' } : { value: counted, relation: 'exact' };

/** What is known of a search before anything is gathered: facets, and the total when it is certainly above the cap. */
interface Known {
  readonly total?: SearchReply['total'];
  readonly facets: NonNullable<Found['facets']>;
}

/** What was counted beforehand for everybody who has asked nothing yet. */
async function browsed(db: Db): Promise<Known | undefined> {
  const browse = await readDocument(db, 'browse');
  if (!browse || browse.content.total <= countCap) return undefined;
  return { total: totalOf(browse.content.total), facets: { counted: 'all', values: browse.content.facets } };
}

/** What the random sample says of a search whose words are all common; undefined for a rare one. */
async function sampled(db: Db, question: Question, { bounds, word }: Compiled): Promise<Known | undefined> {
  if ((await leastEntries(db, bounds)) <= countCap) return undefined;
  const sample = await countSample(db, question);
  const values = Object.fromEntries(
    Object.entries(sample.facets).map(([name, counts]) => [
      name,
      counts.map(({ value, count }) => ({ value, count: count * sampleShare })),
    ]),
  ) as FacetCounts;
  const certain = sample.hits >= certainHits || (word !== undefined && !question.closed);
  return { ...(certain && { total: totalOf(countCap + 1) }), facets: { counted: 'sample', values } };
}

/** Counts for a later page of a search that was common on its first page and is rare by now. */
async function countsOf(db: Db, question: Question): Promise<Required<Pick<Found, 'total' | 'facets'>>> {
  const gathered = await gather(db, question, { sort: 'newest', after: undefined, limit: 1, facets: true });
  return { total: totalOf(gathered.total), facets: { counted: 'all', values: gathered.facets } };
}

/** A page of the newest entries that fit, best first within each window; undefined when they lie too far back. */
async function rankedWindow(
  db: Db,
  question: Question,
  token: PageToken | undefined,
  limit: number,
): Promise<Pick<Found, 'page' | 'next'> | undefined> {
  const size = Math.max(rankWindow, limit);
  const window = await walk(db, question, { sort: 'relevance', after: token?.from, limit: size, bounded: true });
  if (window.length < size && !token) return undefined;
  const ranked = window.toSorted((a, b) => b.rank - a.rank || window.indexOf(a) - window.indexOf(b));
  const start = token?.after ? ranked.findIndex((one) => one.id === token.after?.id) + 1 : 0;
  const page = ranked.slice(start, start + limit);
  const last = page.at(-1);
  const more = start + limit < ranked.length;
  if (more && last) return { page, next: { way: 'window', ...(token?.from && { from: token.from }), after: last } };
  const end = window.at(-1);
  return { page, ...(window.length === size && end && { next: { way: 'window', from: end } }) };
}

function pageOf(
  found: readonly Position[],
  limit: number,
  token: Pick<PageToken, 'way'>,
): Pick<Found, 'page' | 'next'> {
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return { page, ...(found.length > limit && last && { next: { ...token, after: last } }) };
}

const scopeColumns = {
  organisation: 'organisation_id',
  owner: 'submitter_id',
  status: 'status',
  manner: 'manner',
  grade: 'grade',
  categories: 'categories',
  jurisdictions: 'jurisdictions',
} as const;

/** What the caller may find: open entries, and of the others at most those of the own organisation, or all for curators. */
export function audienceOf({ principal }: Context): Pick<Question, 'scope' | 'closed'> {
  const scope = scopeOf(principal, 'catalog:search', scopeColumns);
  if (principal.kind === 'anonymous') return { scope, closed: undefined };
  const all = principal.kind === 'system' || principal.roles.includes('curator');
  const own = exact('organisation', principal.kind === 'person' ? principal.organisation : '');
  return { scope, closed: all ? sql<SqlBool>`true` : sql<SqlBool>`document @@ ${quote(own)}::tsquery` };
}

const mineOf = ({ principal }: Context) => ({
  organisation: [principal.kind === 'person' ? principal.organisation : ''],
});

/** What makes two searches the same, so that a page of one is no page of the other. */
const identityOf = (query: SearchQuery) => [
  query.q,
  query.sort,
  query.mine,
  ...facetNames.map((name) => query[name] ?? []),
];

async function dress(
  context: Context,
  ports: CatalogPorts,
  query: SearchQuery,
  terms: readonly Term[],
  found: Found,
  hint: string | undefined,
): Promise<SearchReply> {
  const entries = await entriesById(
    context.db,
    found.page.map((one) => one.id),
  );
  const facets = found.facets;
  return {
    items: await showEntries(context.db, context, ports, entries),
    ...(found.next && { next: writeToken(found.next, identityOf(query)) }),
    total: found.total,
    ...(query.facets &&
      facets && {
        facets: { counted: facets.counted, values: await namedFacets(context.db, context, ports, facets.values) },
      }),
    terms: terms.map(({ kind, field, text, not }) => ({ kind, text, not, ...(field !== undefined && { field }) })),
    ...(hint !== undefined && { suggestion: { text: hint, used: query.q === hint } }),
  };
}
