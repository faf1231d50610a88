import type { Landing, SearchReply } from '@geneward/api';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { organisation, person, testServer, type TestPerson } from '../../../test/builders.ts';
import { testParts, type TestParts } from '../../../test/parts.ts';
import { systemContext } from '../../platform/context.ts';
import { transaction } from '../../platform/db.ts';
import type { Server } from '../../platform/http.ts';
import { jobHandlers } from '../index.ts';
import { objectsChanged } from './index.ts';
import { readDocument } from './store-index.ts';

let parts: TestParts;
let server: Server;
let owner: TestPerson;
let stranger: TestPerson;
let submission: string;

beforeAll(async () => {
  parts = await testParts();
  server = await testServer(parts);
});
afterAll(async () => {
  await server.close();
  await parts.close();
});
beforeEach(async () => {
  const { db } = parts.pool;
  const catalogue = [
    'catalog_entry',
    'catalog_sample',
    'catalog_word',
    'catalog_word_change',
    'catalog_pending',
    'catalog_figures',
  ];
  for (const table of [...catalogue, 'edge', 'object_file', 'object_version', 'object', 'submission'])
    await sql`delete from ${sql.table(table)}`.execute(db);
  const institute = await organisation(parts, { name: { en: 'Rice Institute', zh: '水稻研究所' } });
  owner = await person(parts, { roles: ['submitter', 'reader'], organisation: institute });
  stranger = await person(parts, { roles: ['submitter', 'reader'] });
  const made = await sql<{ id: string }>`
    insert into submission (organisation_id, submitter_id, title) values (${owner.organisation}, ${owner.id}, 'A study') returning id`.execute(
    db,
  );
  submission = made.rows[0]?.id ?? '';
});

interface Given {
  type?: string;
  alias: string;
  accession?: string;
  title?: string;
  status?: string;
  manner?: string;
  attributes?: object;
  releasedAt?: string;
  on?: string[];
  md5?: string;
}

/** Puts an object into the archive as accepting and releasing would have left it, and tells the catalogue. */
async function put(given: Given): Promise<string> {
  const status = given.status ?? 'released';
  const accepted = !['draft', 'checking', 'in_review', 'returned'].includes(status);
  const accession = accepted ? (given.accession ?? `GWS9${given.alias.replaceAll(/\W/g, '').toUpperCase()}`) : null;
  return transaction(parts.pool.db, async (tx) => {
    const made = await sql<{ id: string }>`
      insert into object (type, alias, accession, organisation_id, submitter_id, submission_id, status, manner, released_at, current_version)
      values (${given.type ?? 'sample'}, ${given.alias}, ${accession}, ${owner.organisation}, ${owner.id}, ${submission}, ${status},
        ${given.manner ?? 'public'}, ${given.releasedAt ?? (accepted ? '2026-01-02T03:04:05Z' : null)}::timestamptz, ${accepted ? 1 : null}::int)
      returning id`.execute(tx);
    const id = made.rows[0]?.id ?? '';
    await sql`
      insert into object_version (object_id, version, submission_id, title, attributes, content_sha256, created_by, accepted_at)
      values (${id}, 1, ${submission}, ${given.title ?? null}, ${JSON.stringify(given.attributes ?? {})}::jsonb, ${'0'.repeat(64)}, ${owner.id},
        ${accepted ? '2026-01-01' : null}::timestamptz)`.execute(tx);
    for (const to of given.on ?? [])
      await sql`insert into edge (from_id, relation, to_id) values (${id}, 'derived_from', ${to})`.execute(tx);
    if (given.md5)
      await sql`insert into object_file (object_id, version, ordinal, submitter_id, name, format, md5)
        values (${id}, 1, 0, ${owner.id}, 'reads_1.fq.gz', 'fastq', ${given.md5})`.execute(tx);
    await objectsChanged(tx, [id]);
    return id;
  });
}

const system = () =>
  systemContext({ db: parts.pool.db, log: parts.log, now: parts.now, name: 'catalog.index', requestId: 'test' });
const index = () => jobHandlers(parts)['catalog.index']({}, system());

async function search(query: string, as?: TestPerson, language = 'en'): Promise<SearchReply> {
  const headers = { ...as?.headers, 'accept-language': language };
  const reply = await server.inject({ url: `/api/v1/catalog/search?${query}`, headers });
  expect(reply.statusCode).toBe(200);
  return reply.json<SearchReply>();
}
const found = async (q: string, as?: TestPerson) =>
  (await search(`q=${encodeURIComponent(q)}`, as)).items.map((item) => item.alias).toSorted();

describe('who finds what', () => {
  beforeEach(async () => {
    for (const status of ['draft', 'in_review', 'held', 'released', 'suppressed', 'withdrawn'])
      for (const manner of ['public', 'controlled', 'private'])
        await put({ alias: `${status}-${manner}`, status, manner, title: 'rice' });
    await index();
  });

  it('shows anybody what is released and not private', async () => {
    expect(await found('rice')).toEqual(['released-controlled', 'released-public']);
    expect(await found('rice', stranger)).toEqual(['released-controlled', 'released-public']);
    expect((await search('q=rice')).total).toEqual({ value: 2, relation: 'exact' });
  });

  it('shows owners their drafts, held and private objects as well, but nothing suppressed or gone', async () => {
    const seen = ['draft', 'held', 'in_review', 'released'].flatMap((status) =>
      ['controlled', 'private', 'public'].map((manner) => `${status}-${manner}`),
    );
    expect(await found('rice', owner)).toEqual(seen);
    expect((await search('mine=true', stranger)).items).toEqual([]);
    expect((await search('mine=true', owner)).total.value).toBe(seen.length);
  });

  it('lets no count, facet or word of what one may not see through', async () => {
    await put({
      alias: 'secret-1',
      status: 'draft',
      title: 'wolframite wolframium',
      attributes: { organism: 'Secretus novus' },
    });
    await index();
    const seen = await search('q=rice', stranger);
    expect(JSON.stringify(seen)).not.toContain('Secretus');
    expect(seen.facets?.values.manner).toEqual([
      { value: 'controlled', count: 1 },
      { value: 'public', count: 1 },
    ]);
    const completed = await server.inject('/api/v1/catalog/complete?q=wolf');
    expect(completed.json()).toEqual({ items: [] });
  });

  it('gives a suppressed object by its accession', async () => {
    const reply = await server.inject('/api/v1/catalog/objects/GWS9SUPPRESSEDPUBLIC');
    expect(reply.statusCode).toBe(200);
    expect((await server.inject('/api/v1/catalog/objects/GWS9HELDPUBLIC')).statusCode).toBe(404);
    expect(
      (await server.inject({ url: '/api/v1/catalog/objects/GWS9HELDPUBLIC', headers: owner.headers })).statusCode,
    ).toBe(200);
  });
});

describe('finding', () => {
  beforeEach(async () => {
    const attributes = { scientific_name: 'Oryza sativa', tax_id: '4530', geo_loc_name: 'China: Hainan' };
    await put({ alias: 'leaf', title: 'Drought response of rice leaf', attributes });
    await put({
      alias: 'root',
      title: 'Salt response of rice root',
      attributes: { ...attributes, geo_loc_name: 'Japan' },
    });
    await put({ alias: 'blast', title: '水稻抗病基因组测序', attributes });
    await put({
      alias: 'mouse',
      title: 'Liver of mouse',
      attributes: { scientific_name: 'Mus musculus' },
      md5: 'a'.repeat(32),
    });
    await put({ type: 'project', alias: 'study', accession: 'GWP0000007', title: 'Rice under drought' });
    await index();
  });

  it.each([
    ['rice', ['leaf', 'root', 'study']],
    ['RICE drought', ['leaf', 'study']],
    ['dro*', ['leaf', 'study']],
    ['"response of rice"', ['leaf', 'root']],
    ['"rice response"', []],
    ['rice -salt', ['leaf', 'study']],
    ['抗病基因', ['blast']],
    ['organism:"Oryza sativa" -type:project', ['blast', 'leaf', 'root']],
    ['organism:musculus', ['mouse']],
    ['taxon:4530 country:japan', ['root']],
    ['title:liver', ['mouse']],
    ['GWP0000007', ['study']],
    ['alias:leaf', ['leaf']],
    ['a'.repeat(32), ['mouse']],
    ['', ['blast', 'leaf', 'mouse', 'root', 'study']],
  ])('%s', async (q, expected) => expect(await found(q)).toEqual(expected));

  it('narrows by what is ticked and counts what is left', async () => {
    const reply = await search('q=rice&country=China&country=Japan');
    expect(reply.items.map((item) => item.alias).toSorted()).toEqual(['leaf', 'root']);
    expect(reply.facets).toEqual({
      counted: 'all',
      values: {
        type: [{ value: 'sample', count: 2 }],
        organism: [{ value: 'Oryza sativa', count: 2 }],
        country: expect.arrayContaining([{ value: 'China', count: 1 }]),
        organisation: [{ value: owner.organisation, label: 'Rice Institute', count: 2 }],
        year: [{ value: '2026', count: 2 }],
        manner: [{ value: 'public', count: 2 }],
      },
    });
    const chinese = await search('q=rice', undefined, 'zh-CN');
    expect(chinese.items[0]?.organisationName).toBe('水稻研究所');
  });

  it('puts a project above samples that say the same, and a title above an attribute', async () => {
    await put({ alias: 'aside', title: 'Something else', attributes: { note: 'rice drought' } });
    await index();
    const reply = await search('q=rice+drought');
    expect(reply.items.map((item) => item.alias)).toEqual(['study', 'leaf', 'aside']);
  });

  it('finds what was meant when nothing fits what was typed', async () => {
    for (let i = 0; i < 5; i += 1) await put({ alias: `flu-${i}`, title: 'Influenza in swine' });
    await index();
    const reply = await search('q=infuenza+swine');
    expect(reply.suggestion).toEqual({ text: 'influenza swine', used: true });
    expect(reply.items).toHaveLength(5);
    expect(reply.terms.map((term) => term.text)).toEqual(['infuenza', 'swine']);
    const completed = await server.inject('/api/v1/catalog/complete?q=swine+inf');
    expect(completed.json()).toEqual({ items: [{ text: 'swine influenza', count: 5 }] });
  });

  it('refuses what it will not look up, and pages of another search', async () => {
    const refusal = async (query: string) =>
      (await server.inject(`/api/v1/catalog/search?${query}`)).json<{ code: string }>().code;
    expect(await refusal('q=ab*')).toBe('search_prefix_short');
    expect(await refusal(`q=${'w+'.repeat(20)}`)).toBe('search_too_many_terms');
    expect(await refusal('q=rice&after=nonsense')).toBe('search_page_invalid');
    expect(await refusal('limit=1000')).toBe('invalid_request');
    const first = await search('q=rice&limit=1');
    expect(await refusal(`q=mouse&limit=1&after=${first.next}`)).toBe('search_page_invalid');
  });

  it('finds files by checksum', async () => {
    const reply = await server.inject(`/api/v1/catalog/checksums/${'A'.repeat(32)}`);
    expect(reply.json<SearchReply>().items.map((item) => item.alias)).toEqual(['mouse']);
    expect((await server.inject('/api/v1/catalog/checksums/xyz')).statusCode).toBe(422);
  });
});

describe('pages', () => {
  it.each(['relevance', 'newest', 'accession', 'title'])('give every result once, by %s', async (sort) => {
    for (let i = 0; i < 23; i += 1)
      await put({
        alias: `s${i}`,
        title: i % 3 === 0 ? 'rice rice' : `rice ${i % 4}`,
        releasedAt: `2026-01-${String((i % 5) + 1).padStart(2, '0')}T00:00:00.001Z`,
      });
    await index();
    const whole = (await search(`q=rice&sort=${sort}&limit=100`)).items.map((item) => item.alias);
    const paged: string[] = [];
    for (let after: string | undefined = ''; after !== undefined;) {
      const page: SearchReply = await search(`q=rice&sort=${sort}&limit=5${after && `&after=${after}`}`);
      expect(page.total.value).toBe(23);
      paged.push(...page.items.map((item) => item.alias));
      after = page.next;
    }
    expect(paged).toEqual(whole);
    expect(new Set(paged).size).toBe(23);
  });
});

describe('keeping the index', () => {
  it('shows no old state of what changed, and the new one after the job', async () => {
    const id = await put({ alias: 'leaf', title: 'rice' });
    await index();
    await transaction(parts.pool.db, async (tx) => {
      await sql`update object_version set title = 'wheat' where object_id = ${id}`.execute(tx);
      await objectsChanged(tx, [id]);
    });
    expect(await found('rice')).toEqual([]);
    await index();
    expect(await found('rice')).toEqual([]);
    expect(await found('wheat')).toEqual(['leaf']);
  });

  it('forgets what is removed, with its words', async () => {
    const id = await put({ alias: 'leaf', title: 'rice' });
    await index();
    await transaction(parts.pool.db, async (tx) => {
      for (const [table, column] of [
        ['object_version', 'object_id'],
        ['object', 'id'],
      ] as const)
        await sql`delete from ${sql.table(table)} where ${sql.ref(column)} = ${id}`.execute(tx);
      await objectsChanged(tx, [id]);
    });
    await index();
    expect(await found('rice')).toEqual([]);
    expect(await parts.pool.db.selectFrom('catalog_word').selectAll().execute()).toEqual([]);
  });

  it('changes nothing when the transaction that told it does not stand', async () => {
    await put({ alias: 'leaf', title: 'rice' });
    await index();
    await expect(
      transaction(parts.pool.db, async (tx) => {
        const { rows } = await sql<{ id: string }>`select id from object`.execute(tx);
        await objectsChanged(
          tx,
          rows.map((row) => row.id),
        );
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await found('rice')).toEqual(['leaf']);
  });

  it('finds a run by its sample, follows the sample, and takes nothing from a private one', async () => {
    const sample = await put({ alias: 'leaf', attributes: { scientific_name: 'Oryza sativa' } });
    const hidden = await put({ alias: 'patient', manner: 'private', attributes: { scientific_name: 'Homo sapiens' } });
    const experiment = await put({
      type: 'experiment',
      alias: 'x',
      accession: 'GWX1',
      on: [sample],
      attributes: { library_strategy: 'RNA-Seq' },
    });
    await put({ type: 'run', alias: 'r', accession: 'GWR1', on: [experiment] });
    await put({ type: 'run', alias: 'p', accession: 'GWR2', on: [hidden] });
    await index();
    expect(await found('type:run organism:"oryza sativa" strategy:rna-seq')).toEqual(['r']);
    expect(await found('organism:"homo sapiens"')).toEqual([]);
    await transaction(parts.pool.db, async (tx) => {
      await sql`update object_version set attributes = '{"scientific_name": "Zea mays"}' where object_id = ${sample}`.execute(
        tx,
      );
      await objectsChanged(tx, [sample]);
    });
    await index();
    expect(await found('type:run organism:"zea mays"')).toEqual(['r']);
  });

  it('counts words as a count of everything would', async () => {
    for (let i = 0; i < 8; i += 1)
      await put({ alias: `a${i}`, title: i % 2 ? 'rice leaf' : 'rice root', status: i < 6 ? 'released' : 'draft' });
    await index();
    await sql`update object set status = 'suppressed' where alias = 'a0'`.execute(parts.pool.db);
    const changed = await sql<{ id: string }>`select id from object where alias in ('a0', 'a1')`.execute(parts.pool.db);
    await transaction(parts.pool.db, (tx) =>
      objectsChanged(
        tx,
        changed.rows.map((row) => row.id),
      ),
    );
    await index();
    const words = await sql<{ word: string; entries: number }>`
      select word, entries from catalog_word where word in ('rice', 'leaf', 'root') order by word`.execute(
      parts.pool.db,
    );
    expect(words.rows).toEqual([
      { word: 'leaf', entries: 3 },
      { word: 'rice', entries: 5 },
      { word: 'root', entries: 2 },
    ]);
  });

  it('builds itself anew, step by step, and drops what has no object', async () => {
    for (let i = 0; i < 3; i += 1) await put({ alias: `a${i}`, title: 'rice' });
    await index();
    await sql`update catalog_entry set title = 'stale'`.execute(parts.pool.db);
    await sql`update catalog_entry set object_id = uuidv7(), accession = 'GWS0' where alias = 'a2'`.execute(
      parts.pool.db,
    );
    const administrator = await person(parts, { roles: ['system_administrator'] });
    const headers = administrator.headers;
    expect(
      (await server.inject({ method: 'POST', url: '/api/v1/catalog/reindex', headers: owner.headers })).statusCode,
    ).toBe(403);
    const started = await server.inject({ method: 'POST', url: '/api/v1/catalog/reindex', headers });
    expect(started.json()).toMatchObject({ running: true, done: 0 });
    const again = await server.inject({ method: 'POST', url: '/api/v1/catalog/reindex', headers });
    expect(again.json()).toMatchObject({ running: true });
    for (let step = 0; step < 5; step += 1) {
      const state = await readDocument(parts.pool.db, 'reindex');
      await jobHandlers(parts)['catalog.reindex']({ run: state?.content.run ?? '' }, system());
      await index();
    }
    const ended = await server.inject({ url: '/api/v1/catalog/reindex', headers });
    expect(ended.json()).toMatchObject({ running: false, done: 3, waiting: 0 });
    const rows = await sql<{ title: string }>`select title from catalog_entry`.execute(parts.pool.db);
    expect(rows.rows.map((row) => row.title)).toEqual(['rice', 'rice', 'rice']);
    const events = await sql<{
      type: string;
    }>`select type from audit_event where type like 'catalog.%' order by seq`.execute(parts.pool.db);
    expect(events.rows.map((row) => row.type)).toEqual(['catalog.reindex_started', 'catalog.reindexed']);
  });
});

it('gives a landing page: graph, files, citation, JSON-LD', async () => {
  const sample = await put({
    alias: 'leaf',
    accession: 'GWS0000001',
    title: 'Rice leaf',
    attributes: { scientific_name: 'Oryza sativa' },
  });
  await put({ type: 'run', alias: 'r', accession: 'GWR0000001', title: 'Reads', on: [sample], md5: 'b'.repeat(32) });
  await index();
  const reply = await server.inject('/api/v1/catalog/objects/GWR0000001');
  expect(reply.statusCode).toBe(200);
  const page = reply.json<Landing>();
  expect(page.organisationName).toBe('Rice Institute');
  expect(page.graph.nodes.map((node) => node.accession ?? '').toSorted()).toEqual(['GWR0000001', 'GWS0000001']);
  expect(page.object.content?.files).toMatchObject([{ name: 'reads_1.fq.gz', md5: 'b'.repeat(32) }]);
  expect(page.citation.text.en).toContain('Rice Institute (2026). Reads [Data set]. Geneward, GWR0000001');
  expect(page.citation.text.zh).toContain('水稻研究所（2026）');
  expect(page.citation.bibtex).toContain('year = {2026}');
  expect(page.jsonLd).toMatchObject({ '@type': ['Dataset'], identifier: 'GWR0000001', isAccessibleForFree: true });
});

it('keeps public figures that count what anybody may find', async () => {
  await put({ alias: 'a', attributes: { organism: 'Oryza sativa' }, releasedAt: '2026-02-03T00:00:00Z' });
  await put({ alias: 'b', attributes: { organism: 'Zea mays' } });
  await put({ alias: 'c', status: 'draft', attributes: { organism: 'Secretus novus' } });
  await index();
  await jobHandlers(parts)['catalog.count']({}, system());
  const reply = await server.inject('/api/v1/catalog/statistics');
  expect(reply.json()).toMatchObject({
    objects: 2,
    organisms: 2,
    organisations: 1,
    byType: [{ value: 'sample', count: 2 }],
    byOrganisation: [{ value: owner.organisation, label: 'Rice Institute', count: 2 }],
    byMonth: [
      { month: '2026-01', objects: 1 },
      { month: '2026-02', objects: 1 },
    ],
  });
});
