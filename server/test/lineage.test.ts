import type { ArchiveRecord } from '@geneward/metadata';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { person, type TestPerson } from './builders.ts';
import { testParts, type TestParts } from './parts.ts';
import { callerOf, inReview, reviewServer, studyRecords } from './studies.ts';
import type { Server } from '../src/platform/http.ts';
import { leader, settle } from '../src/modules/ledger/test/acts.ts';

let parts: TestParts;
let server: Server;
let call: ReturnType<typeof callerOf>;
let submitter: TestPerson;
let of: Record<string, string>;

beforeAll(async () => {
  parts = await testParts();
  ({ server } = await reviewServer(parts));
  call = callerOf(server);
  submitter = await person(parts, { roles: ['submitter'] });
  const curator = await person(parts, { roles: ['curator'] });
  const records: ArchiveRecord[] = studyRecords('prov', 2);
  const study = await inReview(parts, submitter, records, { releaseOn: '2027-06-01' });
  const { etag } = await call(curator, 'GET', `/review/${study.submission}`);
  await call(curator, 'POST', `/review/${study.submission}/accept`, {}, { 'if-match': etag });
  const { rows } = await sql<{ alias: string; accession: string }>`
    select alias, accession from object where submission_id = ${study.submission}`.execute(parts.pool.db);
  of = Object.fromEntries(rows.map((row) => [row.alias.split('-').at(-1) ?? '', row.accession]));
});
afterAll(async () => {
  await server.close();
  await parts.close();
});

type Records = Record<string, Record<string, unknown>>;
interface Prov {
  prefix: Record<string, string>;
  entity: Records;
  activity: Records;
  agent: Records;
  wasGeneratedBy: Records;
  wasAssociatedWith: Records;
  wasDerivedFrom: Records;
  wasInfluencedBy: Records;
  hadMember: Records;
}
interface Crate {
  '@context': string;
  '@graph': ({ '@id': string; '@type': string } & Record<string, unknown>)[];
}

const lineage = (who: TestPerson | undefined, name: string, format: string) =>
  call(who, 'GET', `/objects/${name}/lineage?format=${format}`);
const provOf = async (who: TestPerson) => (await lineage(who, of['p'] ?? '', 'prov')).body as Prov;
const crateOf = async (who: TestPerson) => (await lineage(who, of['p'] ?? '', 'ro-crate')).body as Crate;

/** What the schema of PROV-JSON asks: relations name things that are there, and every name has a prefix that is told. */
function checkProv(prov: Prov): void {
  const known = new Set([...Object.keys(prov.entity), ...Object.keys(prov.activity), ...Object.keys(prov.agent)]);
  const ends: Readonly<Record<string, readonly [string, string]>> = {
    wasGeneratedBy: ['prov:entity', 'prov:activity'],
    wasAssociatedWith: ['prov:activity', 'prov:agent'],
    wasDerivedFrom: ['prov:generatedEntity', 'prov:usedEntity'],
    wasInfluencedBy: ['prov:influencee', 'prov:influencer'],
    hadMember: ['prov:collection', 'prov:entity'],
  };
  for (const [relation, [from, to]] of Object.entries(ends))
    for (const given of Object.values(prov[relation as keyof Prov] as Records))
      expect([known.has(String(given[from])), known.has(String(given[to]))]).toEqual([true, true]);
  for (const name of known) expect(Object.keys(prov.prefix)).toContain(name.split(':')[0]);
  for (const address of Object.values(prov.prefix)) expect(URL.canParse(address)).toBe(true);
}

/** What RO-Crate 1.2 says must be: descriptor, root, its four properties, and no reference inside that leads nowhere. */
function checkCrate(crate: Crate): void {
  const graph = new Map(crate['@graph'].map((entity) => [entity['@id'], entity]));
  expect(graph.size).toBe(crate['@graph'].length);
  expect(crate['@context']).toBe('https://w3id.org/ro/crate/1.2/context');
  expect(graph.get('ro-crate-metadata.json')).toMatchObject({
    '@type': 'CreativeWork',
    conformsTo: { '@id': 'https://w3id.org/ro/crate/1.2' },
    about: { '@id': './' },
  });
  expect(graph.get('./')).toMatchObject({
    '@type': 'Dataset',
    name: expect.any(String),
    description: expect.any(String),
    datePublished: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    license: { '@id': expect.any(String) },
  });
  const outside = /^https:\/\/w3id.org|^http:\/\/schema.org/;
  const named = crate['@graph']
    .flatMap((entity) => Object.values(entity).flat())
    .flatMap((value) => (typeof value === 'object' && value !== null && '@id' in value ? [String(value['@id'])] : []));
  expect(named.filter((id) => !outside.test(id) && !graph.has(id))).toEqual([]);
}

it('says of each edge that no receipt exists yet, while nothing is signed', async () => {
  const body = await provOf(submitter);
  checkProv(body);
  const edges = [...Object.values(body.wasDerivedFrom), ...Object.values(body.wasInfluencedBy)];
  expect(edges.length).toBeGreaterThan(3);
  expect(new Set(edges.map((edge) => edge['geneward:receipt']))).toEqual(new Set(['none yet']));
  const crate = await crateOf(submitter);
  checkCrate(crate);
  expect(JSON.stringify(crate)).toContain('no receipt exists yet');
});

it('gives each edge the receipt of the act that made it, with its level, once it is signed', async () => {
  await settle(await leader(parts));
  const body = await provOf(submitter);
  checkProv(body);
  const edges = [...Object.values(body.wasDerivedFrom), ...Object.values(body.wasInfluencedBy)];
  for (const edge of edges) {
    expect(edge).toMatchObject({ 'geneward:level': 'L0', 'geneward:entry': expect.stringMatching(/^\d+$/) });
    const from = String(edge['prov:generatedEntity'] ?? edge['prov:influencee']).replace('object:', '');
    expect(edge['geneward:receipt']).toContain(`/ledger/objects/${from}/receipts/${String(edge['geneward:entry'])}`);
  }
  expect(Object.keys(body.activity)).toHaveLength(7);
  const crate = await crateOf(submitter);
  checkCrate(crate);
  const actions = crate['@graph'].filter((entity) => entity['@type'] === 'CreateAction');
  expect(actions).toHaveLength(edges.length);
  expect(actions.every((action) => 'subjectOf' in action)).toBe(true);
});

it('shows others only what they may read', async () => {
  const stranger = await person(parts, { roles: ['submitter', 'reader'] });
  expect((await lineage(stranger, of['p'] ?? '', 'prov')).status).toBe(404);
  const { etag } = await call(submitter, 'GET', `/objects/${of['r1'] ?? ''}`);
  await call(submitter, 'POST', `/objects/${of['r1'] ?? ''}/release`, {}, { 'if-match': etag });
  const body = await provOf(stranger);
  checkProv(body);
  const seen = Object.keys(body.entity).filter((name) => name.startsWith('object:'));
  expect(new Set(seen)).toEqual(new Set([of['p'], of['s1'], of['x1'], of['r1']].map((name) => `object:${name ?? ''}`)));
  expect(await provOf(submitter)).not.toEqual(body);
  expect((await call(stranger, 'GET', `/objects/${of['p'] ?? ''}/lineage?format=xml`)).status).toBe(422);
});
