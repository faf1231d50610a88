import { searchQuery, type SearchHit, type SearchReply } from '@geneward/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contextOf } from '../../../test/builders.ts';
import { testParts, type TestParts } from '../../../test/parts.ts';
import { transaction } from '../../platform/db.ts';
import type { CatalogPorts } from './ports.ts';
import { rowOf } from './row.ts';
import { search } from './service/search.ts';
import { putEntries, recountWords } from './store-index.ts';

const entries = 18_000;
const uuid = (n: number) => `0190f3f6-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const colours = ['red', 'green', 'blue'];

let parts: TestParts;
const unused = async (): Promise<never> => {
  throw new Error('a search reads the index only');
};
const ports: CatalogPorts = {
  objectsToIndex: unused,
  objectIds: unused,
  dependents: unused,
  readObject: unused,
  objectGraph: unused,
  organisationNames: async () => new Map(),
};

/** Every entry says "common"; every third one colour; one in six "often"; one in 300 "seldom"; one in 90 is not open. */
beforeAll(async () => {
  parts = await testParts();
  for (let first = 0; first < entries; first += 1000) {
    const rows = Array.from({ length: 1000 }, (_, i) => {
      const n = first + i;
      const at = new Date(Date.UTC(2020, 0, 1) + n * 3_600_000);
      return rowOf(
        {
          id: uuid(n),
          type: n % 10 === 0 ? 'project' : 'sample',
          alias: `a${n}`,
          accession: `GWS${String(n).padStart(7, '0')}`,
          organisation: uuid(1_000_000),
          submitter: uuid(1_000_001),
          status: n % 90 === 7 ? 'held' : 'released',
          manner: 'public',
          label: { grade: 1, categories: [], jurisdictions: [] },
          releasedAt: at,
          updatedAt: at,
          title: `common ${n % 7 === 0 ? 'common common' : 'words'} ${n % 6 === 0 ? 'often' : ''} ${n % 300 === 0 ? 'seldom' : ''}`,
          attributes: { organism: colours[n % 3] ?? '' },
          files: [],
          inherited: [],
        },
        at,
      );
    });
    await transaction(parts.pool.db, (tx) => putEntries(tx, rows));
  }
  await transaction(parts.pool.db, recountWords);
}, 240_000);
afterAll(() => parts.close());

const ask = (query: object): Promise<SearchReply> =>
  search(contextOf(parts, { kind: 'anonymous' }), ports, searchQuery.parse(query));

/** Numbers of open entries with a property, newest first. */
const expected = (fits: (n: number) => boolean): number[] =>
  Array.from({ length: entries }, (_, n) => entries - 1 - n).filter((n) => n % 90 !== 7 && fits(n));
const numbersOf = (items: readonly SearchHit[]): number[] => items.map((item) => Number(item.alias.slice(1)));

async function pages(query: object, count: number): Promise<number[][]> {
  const found: number[][] = [];
  for (let after: string | undefined; found.length < count;) {
    const page: SearchReply = await ask({ ...query, ...(after !== undefined && { after }) });
    found.push(numbersOf(page.items));
    after = page.next;
    if (after === undefined) break;
  }
  return found;
}

describe('a search for a common word', () => {
  it('counts up to the cap and estimates facets from the sample', async () => {
    const reply = await ask({ q: 'common' });
    expect(reply.total).toEqual({ value: 10_000, relation: 'at_least' });
    expect(reply.facets?.counted).toBe('sample');
    const organisms = reply.facets?.values.organism ?? [];
    expect(organisms.map(({ value }) => value).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(['blue', 'green', 'red']);
    for (const { count } of organisms) expect(Math.abs(count - entries / 3)).toBeLessThan(entries / 6);
  });

  it('ranks the newest by windows: no result is lost or doubled from page to page', async () => {
    const found = await pages({ q: 'common', limit: 25 }, 12);
    const all = found.flat();
    expect(new Set(all).size).toBe(all.length);
    const windows = Math.floor(all.length / 60);
    const newest = expected(() => true).slice(0, windows * 60);
    expect(new Set(all.slice(0, windows * 60))).toEqual(new Set(newest));
    // Three times the word ranks above once, within the first window.
    const first = all.slice(0, 60);
    expect(first.findIndex((n) => n % 7 !== 0 && n % 10 !== 0)).toBeGreaterThan(3);
  });

  it('gives the exact order by date, accession and title', async () => {
    expect((await pages({ q: 'common', sort: 'newest', limit: 40 }, 3)).flat()).toEqual(
      expected(() => true).slice(0, 120),
    );
    const byAccession = expected(() => true)
      .toReversed()
      .slice(0, 120);
    expect((await pages({ q: 'common', sort: 'accession', limit: 40 }, 3)).flat()).toEqual(byAccession);
    const titles = (await ask({ q: 'common', sort: 'title', limit: 50 })).items.map((item) => item.title);
    expect(titles).toEqual(titles.toSorted((a, b) => (a < b ? -1 : 1)));
  });

  it('finds two common words that seldom meet, and counts them exactly', async () => {
    const reply = await ask({ q: 'common seldom' });
    expect(reply.total).toEqual({ value: expected((n) => n % 300 === 0).length, relation: 'exact' });
    expect(reply.facets?.counted).toBe('all');
    expect((await ask({ q: 'common -words', country: 'nowhere' })).total.value).toBe(0);
  });
});

describe('a search that finds thousands', () => {
  it('ranks the newest thousand and lets the others follow, each once', async () => {
    const wanted = expected((n) => n % 6 === 0);
    const reply = await ask({ q: 'often' });
    expect(reply.total).toEqual({ value: wanted.length, relation: 'exact' });
    expect(reply.facets?.counted).toBe('all');
    const all = (await pages({ q: 'often', limit: 100, facets: 'false' }, 100)).flat();
    expect(all).toHaveLength(wanted.length);
    expect(new Set(all)).toEqual(new Set(wanted));
    expect(new Set(all.slice(0, 1000))).toEqual(new Set(wanted.slice(0, 1000)));
    expect(all.slice(1000)).toEqual(wanted.slice(1000));
  });
});
