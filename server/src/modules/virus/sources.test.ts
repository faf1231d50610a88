import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { madeUpName } from '@geneward/phylo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { organisation, person, testServer, type TestPerson } from '../../../test/builders.ts';
import { testParts, type TestParts } from '../../../test/parts.ts';
import { runJobs } from '../../../test/run-jobs.ts';
import { callerOf, inReview } from '../../../test/studies.ts';
import { genomesOf, sendBatch, type Taken } from '../../../test/virus.ts';
import type { Server } from '../../platform/http.ts';
import { enqueue } from '../../platform/jobs.ts';

const folder = mkdtempSync(join(tmpdir(), 'geneward-sources-'));
let parts: TestParts;
let server: Server;
let call: ReturnType<typeof callerOf>;
let feed: HttpServer;
let partner: string;

/** What the feed gives, and how. */
const given = { metadata: '', sequences: Buffer.alloc(0), etag: '"1"', cutAt: undefined as number | undefined };
const ranges: (string | undefined)[] = [];

beforeAll(async () => {
  feed = createServer((request, reply) => {
    if (request.url === '/data/metadata.tsv') return reply.end(given.metadata);
    if (request.url !== '/data/sequences.fasta') return reply.writeHead(404).end();
    const { range, 'if-none-match': known } = request.headers;
    if (known === given.etag) return reply.writeHead(304).end();
    ranges.push(range);
    const from = range !== undefined && request.headers['if-range'] === given.etag ? Number(/\d+/.exec(range)?.[0]) : 0;
    const body = given.sequences.subarray(from);
    const head = { etag: given.etag, 'content-length': body.length };
    reply.writeHead(from > 0 ? 206 : 200, head);
    if (given.cutAt === undefined) return reply.end(body);
    return reply.write(body.subarray(0, given.cutAt), () => setTimeout(() => request.socket.destroy(), 50));
  });
  await new Promise<void>((resolve) => feed.listen(0, '127.0.0.1', resolve));
  const port = await freePort();
  partner = `http://127.0.0.1:${port}`;
  const hosts = `127.0.0.1:${(feed.address() as AddressInfo).port}, 127.0.0.1:${port}`;
  parts = await testParts({ virus: { folder, hosts }, drop: { settleSeconds: 60 } });
  server = await testServer(parts);
  await server.listen({ port, host: '127.0.0.1' });
  call = callerOf(server);
});
afterAll(async () => {
  feed.closeAllConnections();
  feed.close();
  await server.close();
  await parts.close();
  rmSync(folder, { recursive: true });
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function house() {
  const own = await organisation(parts);
  const of = (role: 'curator' | 'submitter' | 'reader') => person(parts, { roles: [role], organisation: own });
  return { curator: await of('curator'), reader: await of('reader'), submitter: await of('submitter') };
}
const terms = { source: 'The source', license: 'CC-BY-4.0', terms: 'Cite it.' };
const add = (who: TestPerson, kind: string, address: string, more: object = {}) =>
  call(who, 'POST', '/virus/sources', { kind, address, title: 'A source', dataset: madeUpName, ...terms, ...more });
const look = async (who: TestPerson, source: string) => {
  await call(who, 'POST', `/virus/sources/${source}/fetch`);
  await runJobs(parts);
  return (await call(who, 'GET', '/virus/sources')).body.items.find(({ id }: { id: string }) => id === source);
};
const genomes = async (who: TestPerson) => (await call(who, 'GET', '/virus/genomes?limit=200&all=true')).body.items;
const ofHouse = async (who: TestPerson) => {
  const own = (await call(who, 'GET', '/virus/batches?limit=200')).body.items
    .filter(({ organisation: of }: { organisation: string }) => of === who.organisation)
    .map(({ id }: { id: string }) => id);
  return (await genomes(who)).filter(({ batch }: { batch: string }) => own.includes(batch));
};
const taken = (count: number, from = 1): Taken[] =>
  Array.from({ length: count }, (_, at) => ({
    clade: 'A',
    date: `2025-03-${String(from + at).padStart(2, '0')}`,
    place: 'Aria',
  }));

describe('sources', () => {
  it('are for curators, of hosts and folders that the operator allows', async () => {
    const { curator, submitter } = await house();
    expect((await add(submitter, 'folder', '.')).status).toBe(403);
    for (const [kind, address] of [
      ['feed', 'http://169.254.169.254/data'],
      ['partner', 'file:///etc'],
      ['folder', '../..'],
      ['folder', 'nowhere'],
    ] as const)
      expect((await add(curator, kind, address)).body).toMatchObject({ status: 422, code: 'virus_source_refused' });
  });
});

describe('a feed', () => {
  const address = () => `http://127.0.0.1:${(feed.address() as AddressInfo).port}/data`;

  it('goes on where it was cut off, takes what is new once, with the terms of each record, and takes back what it withdrew', async () => {
    const { curator, reader } = await house();
    const first = genomesOf(taken(6));
    const [head = '', ...rows] = first.records.split('\n');
    const table = (more: readonly string[], status: (at: number) => string) =>
      [
        `${head}\tlicense\tstatus`,
        ...[...rows, ...more].map((row, at) => `${row}\t${at === 1 ? 'CC0-1.0' : ''}\t${status(at)}`),
      ].join('\n');
    Object.assign(given, {
      metadata: table([], () => ''),
      sequences: Buffer.from(first.fasta),
      etag: '"1"',
      cutAt: 9000,
    });
    const { body } = await add(curator, 'feed', address());
    await runJobs(parts);
    const broken = await look(curator, body.id);
    expect(broken).toMatchObject({ batches: 0, finding: { code: 'GW7401' } });
    given.cutAt = undefined;
    ranges.length = 0;
    expect(await look(curator, body.id)).toMatchObject({ batches: 1, genomes: 6 });
    expect(ranges).toEqual(['bytes=18000-']);
    const all = await ofHouse(reader);
    expect(all.map(({ use }: { use: object }) => use)).toEqual(
      all.map((_: unknown, at: number) => ({ ...terms, license: at === 1 ? 'CC0-1.0' : 'CC-BY-4.0' })),
    );
    expect(await look(curator, body.id)).toMatchObject({ batches: 1 });

    const second = genomesOf(taken(2, 20));
    const more = second.records
      .split('\n')
      .slice(1)
      .map((row) => row.replace('2025-03-21\t', '2025-02-30\t'));
    Object.assign(given, {
      metadata: table(more, (at) => (at === 3 ? 'suppressed' : '')),
      sequences: Buffer.from(first.fasta + second.fasta),
      etag: '"2"',
    });
    const after = await look(curator, body.id);
    expect(after).toMatchObject({ batches: 2, genomes: 8, finding: { code: 'GW7403', level: 'warning' } });
    const now = await ofHouse(reader);
    expect(now.map(({ withdrawn }: { withdrawn?: { reason: string } }) => withdrawn?.reason)).toEqual(
      now.map((_: unknown, at: number) => (at === 3 ? 'The source: suppressed' : undefined)),
    );
    expect(now.at(-1).collected).toBeUndefined();
    expect((await sql`select 1 from virus_source where position ? 'parts'`.execute(parts.pool.db)).rows).toEqual([]);
  });

  it('that gives no table is told, and one that is paused is left alone', async () => {
    const { curator } = await house();
    Object.assign(given, { metadata: '<html>Not found</html>', etag: '"3"' });
    const { body } = await add(curator, 'feed', address());
    await runJobs(parts);
    expect(await look(curator, body.id)).toMatchObject({ finding: { code: 'GW7402' }, batches: 0 });
    await call(curator, 'PUT', `/virus/sources/${body.id}/active`, { active: false });
    given.metadata = genomesOf(taken(1)).records;
    await enqueue(parts.pool.db, 'virus.sources', {});
    await runJobs(parts);
    expect(await look(curator, body.id)).toMatchObject({ active: false, finding: { code: 'GW7402' } });
  });
});

describe('a partner', () => {
  it('gives its shared batches with their terms, and its withdrawals follow', async () => {
    const [theirs, ours] = [await house(), await house()];
    const own = { source: 'Their laboratory', license: 'CC0-1.0', terms: '' };
    const batch = await sendBatch({ server, parts }, theirs.submitter, {
      ...genomesOf(taken(3)),
      shared: true,
      terms: own,
    });
    await sendBatch({ server, parts }, theirs.submitter, { ...genomesOf(taken(2)), terms: own });
    const { body } = await add(ours.curator, 'partner', partner);
    await runJobs(parts);
    expect(await look(ours.curator, body.id)).toMatchObject({ batches: 1, genomes: 3 });
    const got = await ofHouse(ours.reader);
    expect(got.map(({ use, place }: { use: object; place: string }) => [use, place])).toEqual(
      got.map(() => [{ ...own, terms: terms.terms }, 'Aria']),
    );
    const [gone] = (await call(theirs.submitter, 'GET', `/virus/genomes?batch=${batch}`)).body.items;
    await call(theirs.submitter, 'POST', `/virus/genomes/${gone.id}/withdrawal`, { reason: 'No consent' });
    await look(ours.curator, body.id);
    const now = await ofHouse(ours.reader);
    expect(now.filter(({ withdrawn }: { withdrawn?: object }) => withdrawn)).toMatchObject([
      { name: gone.name, withdrawn: { reason: 'The source: No consent' } },
    ]);
    expect(await look(ours.curator, body.id)).toMatchObject({ batches: 1 });
  });
});

describe('a folder', () => {
  it('gives each file that lies still, once', async () => {
    const { curator, reader } = await house();
    const inside = join(folder, 'lab');
    mkdirSync(inside);
    const { records, fasta } = genomesOf(taken(4));
    const old = new Date(Date.now() - 3_600_000);
    for (const [name, bytes] of [
      ['a.fasta.gz', gzipSync(fasta)],
      ['a.tsv', Buffer.from(records)],
    ] as const) {
      writeFileSync(join(inside, name), bytes);
      utimesSync(join(inside, name), old, old);
    }
    writeFileSync(join(inside, 'b.fasta'), fasta);
    const { body } = await add(curator, 'folder', 'lab');
    await runJobs(parts);
    expect(await look(curator, body.id)).toMatchObject({ batches: 1, genomes: 4 });
    expect((await ofHouse(reader))[0]).toMatchObject({ collected: { from: '2025-03-01' }, use: terms });
  });
});

describe('the archive', () => {
  it('gives the open FASTA files of an organism with date, place and terms, and takes back what is open no more', async () => {
    const { curator, reader, submitter } = await house();
    const { fasta } = genomesOf(taken(2));
    const uploaded = await server.inject({
      method: 'PUT',
      url: '/api/v1/files/genomes.fasta',
      headers: { ...submitter.headers, 'content-type': 'application/octet-stream' },
      payload: Buffer.from(fasta),
    });
    const attributes = { organism: 'Virus fictus', collection_date: '2025-04-02', geo_loc_name: 'Calda: Port' };
    const { ids } = await inReview(parts, submitter, [
      { type: 'sample', alias: 's', attributes, references: [], files: [], place: {} },
      {
        type: 'sequence',
        alias: 'q',
        attributes: {},
        references: [{ relation: 'derived_from', type: 'sample', target: 's' }],
        files: [{ name: 'genomes.fasta', format: 'fasta', md5: 'a'.repeat(32) }],
        place: {},
      },
    ]);
    const { db } = parts.pool;
    for (const [alias, id] of ids)
      await sql`update object set status = 'released', accession = ${`GWTEST-${alias}`}, current_version = 1, released_at = now(),
        use_terms = 'Ask first.', updated_at = now() where id = ${id}::uuid`.execute(db);
    await sql`insert into edge (from_id, relation, to_id)
      values (${ids.get('q')}::uuid, 'derived_from', ${ids.get('s')}::uuid)`.execute(db);
    await sql`update object_file set file_id = ${uploaded.json().id}::uuid where object_id = ${ids.get('q')}::uuid`.execute(
      db,
    );
    const { body } = await add(curator, 'archive', 'virus fictus');
    await runJobs(parts);
    expect(await look(curator, body.id)).toMatchObject({ batches: 1, genomes: 2 });
    expect((await ofHouse(reader))[0]).toMatchObject({
      collected: { from: '2025-04-02', to: '2025-04-02' },
      place: 'Calda',
      use: { source: 'GWTEST-q', license: terms.license, terms: 'Ask first.' },
    });
    await sql`update object set status = 'withdrawn', updated_at = now() where id = ${ids.get('q')}::uuid`.execute(db);
    await look(curator, body.id);
    expect((await ofHouse(reader)).map(({ withdrawn }: { withdrawn?: object }) => withdrawn !== undefined)).toEqual([
      true,
      true,
    ]);
  });
});
