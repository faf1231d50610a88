import { z } from 'zod';
import { route } from './contract.ts';
import { defineEvents } from './event.ts';
import { archiveObject, objectGraph } from './object.ts';
import { pageQuery, text, uuid } from './page.ts';
import { defineProblems } from './problem.ts';
import { accessManner, objectStatus, objectType } from './submission.ts';

/** What a search can be narrowed by, in the order in which pages show it. */
export const facetNames = [
  'type',
  'organism',
  'country',
  'strategy',
  'platform',
  'organisation',
  'year',
  'manner',
] as const;
export type FacetName = (typeof facetNames)[number];

/** The same key may be given several times: any of its values fits. */
const anyOf = z
  .union([z.string().max(200), z.array(z.string().max(200)).max(20)])
  .transform((given) => (typeof given === 'string' ? [given] : given))
  .optional();

export const searchSort = z.enum(['relevance', 'newest', 'accession', 'title']);
export type SearchSort = z.infer<typeof searchSort>;

/** A search: what was typed, and what was ticked beside it. */
export const searchQuery = pageQuery.extend({
  q: z
    .string()
    .max(500)
    .default('')
    .describe(
      'Words (all must occur), "a phrase", pref*, -not, field:value with the fields type, organism, taxon, country, strategy, platform, instrument, organisation, year, manner, title, alias, accession, checksum',
    ),
  ...(Object.fromEntries(facetNames.map((name) => [name, anyOf])) as Record<FacetName, typeof anyOf>),
  mine: z.stringbool().default(false).describe('Only objects of the own organisation, drafts as well'),
  sort: searchSort.default('relevance'),
  facets: z.stringbool().default(true).describe('false leaves the facets out'),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
export type SearchQuery = z.output<typeof searchQuery>;

/** One object in a list of results. */
export const searchHit = z.object({
  id: uuid,
  type: objectType,
  accession: z.string().optional().describe('Absent until the object is accepted'),
  alias: z.string(),
  title: z.string(),
  organism: z.string().optional(),
  taxon: z.int().optional().describe('NCBI taxonomy id'),
  country: z.string().optional(),
  collectedOn: z.string().optional().describe('As the submitter gave it: a year, a month, a day or a range'),
  strategy: z.string().optional(),
  platform: z.string().optional(),
  instrument: z.string().optional(),
  organisation: uuid,
  organisationName: z.string().optional(),
  manner: accessManner,
  status: objectStatus,
  releasedAt: z.iso.datetime().optional(),
  updatedAt: z.iso.datetime(),
  files: z.int(),
  bytes: z.string().describe('Size of all its files, a decimal string'),
});
export type SearchHit = z.infer<typeof searchHit>;

export const facetValue = z.object({
  value: z.string(),
  label: z.string().optional().describe('What to show when it differs from the value'),
  count: z.int(),
});

/** How the typed text was read, so that a reader sees what was asked. */
export const searchTerm = z.object({
  kind: z.enum(['word', 'prefix', 'phrase', 'field']),
  field: z.string().optional(),
  text: z.string(),
  not: z.boolean(),
});

export const searchReply = z.object({
  items: z.array(searchHit),
  next: z.string().optional(),
  total: z.object({
    value: z.int(),
    relation: z.enum(['exact', 'at_least']).describe('Counted up to 10,000; beyond, "at_least" 10,000'),
  }),
  facets: z
    .object({
      counted: z.enum(['all', 'sample']).describe('sample: estimated from a fixed random sample of the archive'),
      values: z.partialRecord(z.enum(facetNames), z.array(facetValue)),
    })
    .optional(),
  terms: z.array(searchTerm),
  suggestion: z
    .object({
      text: z.string(),
      used: z.boolean().describe('Nothing fits what was typed: these are the results of the suggestion'),
    })
    .optional(),
});
export type SearchReply = z.infer<typeof searchReply>;

/** How to cite an object, ready to copy. */
export const citation = z.object({ text, bibtex: z.string(), ris: z.string() });

/** All that a page about one object shows. */
export const landing = z.object({
  object: archiveObject,
  organisationName: z.string().optional(),
  graph: objectGraph,
  citation,
  jsonLd: z.record(z.string(), z.unknown()).describe('schema.org, to embed in a page'),
});
export type Landing = z.infer<typeof landing>;

const counted = z.object({ value: z.string(), label: z.string().optional(), count: z.int(), bytes: z.string() });

/** Figures of everything that is released and not private. */
export const catalogStatistics = z.object({
  at: z.iso.datetime().describe('When they were counted'),
  objects: z.int(),
  bytes: z.string(),
  files: z.int(),
  organisms: z.int(),
  organisations: z.int(),
  byType: z.array(counted),
  byOrganism: z.array(counted).describe('The 50 most frequent'),
  byOrganisation: z.array(counted).describe('The 50 largest'),
  byMonth: z.array(z.object({ month: z.string(), objects: z.int(), bytes: z.string() })),
});
export type CatalogStatistics = z.infer<typeof catalogStatistics>;

export const reindexState = z.object({
  running: z.boolean(),
  done: z.int().describe('Objects indexed in the present or last run'),
  startedAt: z.iso.datetime().optional(),
  endedAt: z.iso.datetime().optional(),
  waiting: z.int().describe('Changed objects that the index does not show yet'),
});
export type ReindexState = z.infer<typeof reindexState>;

export const catalogRoutes = {
  search: route({
    method: 'GET',
    path: '/catalog/search',
    summary: { en: 'Search objects of all types', zh: '检索各类对象' },
    caller: 'anyone',
    query: searchQuery,
    reply: searchReply,
    problems: ['search_prefix_short', 'search_too_many_terms', 'search_page_invalid'],
  }),
  complete: route({
    method: 'GET',
    path: '/catalog/complete',
    summary: { en: 'Words of the catalogue that begin as typed', zh: '检索词自动补全' },
    caller: 'anyone',
    query: z.object({ q: z.string().min(1).max(100) }),
    reply: z.object({ items: z.array(z.object({ text: z.string(), count: z.int() })) }),
  }),
  landing: route({
    method: 'GET',
    path: '/catalog/objects/:accession',
    summary: {
      en: 'A landing page as data: the object, what it stands on, how to cite it, JSON-LD',
      zh: '对象主页数据：元数据、关联对象、引用方式与 JSON-LD',
    },
    caller: 'anyone',
    params: z.object({ accession: z.string().min(1).max(100) }),
    reply: landing,
  }),
  byChecksum: route({
    method: 'GET',
    path: '/catalog/checksums/:checksum',
    summary: { en: 'Objects that hold a file with this MD5 or SHA-256', zh: '按 MD5 或 SHA-256 查找对象' },
    caller: 'anyone',
    params: z.object({
      checksum: z
        .string()
        .toLowerCase()
        .regex(/^(?:[0-9a-f]{32}|[0-9a-f]{64})$/, '32 or 64 hexadecimal digits'),
    }),
    reply: z.object({ items: z.array(searchHit) }),
  }),
  statistics: route({
    method: 'GET',
    path: '/catalog/statistics',
    summary: { en: 'Public figures of the archive', zh: '公开数据统计' },
    caller: 'anyone',
    reply: catalogStatistics,
  }),
  reindex: route({
    method: 'POST',
    path: '/catalog/reindex',
    summary: { en: 'Build the search index anew, while the present one serves', zh: '重建检索索引，期间不影响检索' },
    caller: 'administer',
    reply: reindexState,
    status: 202,
  }),
  reindexState: route({
    method: 'GET',
    path: '/catalog/reindex',
    summary: { en: 'How far the index is', zh: '检索索引的进度' },
    caller: 'administer',
    reply: reindexState,
  }),
};

export const catalogProblems = defineProblems({
  search_prefix_short: {
    status: 422,
    title: { en: 'The beginning "{text}" is too short', zh: '前缀 “{text}” 过短' },
    hint: {
      en: 'Write at least three letters, or two Chinese characters, before the asterisk.',
      zh: '星号前请至少输入三个字母或两个汉字。',
    },
  },
  search_too_many_terms: {
    status: 422,
    title: { en: 'The search has more than {limit} terms', zh: '检索词超过 {limit} 个' },
    hint: { en: 'Use fewer words.', zh: '请减少检索词。' },
  },
  search_page_invalid: {
    status: 422,
    title: { en: 'This page does not belong to this search', zh: '分页标记与检索条件不符' },
    hint: {
      en: 'Begin without "after", or pass on "next" as it was given, with the same search.',
      zh: '请从第一页开始，或在相同检索条件下原样使用 “next” 的值。',
    },
  },
});

export const catalogEvents = defineEvents({
  'catalog.reindex_started': z.object({}),
  'catalog.reindexed': z.object({ objects: z.int() }),
});
