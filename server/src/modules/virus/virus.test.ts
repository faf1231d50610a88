import { gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { readView, madeUpDataset, madeUpName } from '@geneward/phylo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { organisation, person, testServer, type TestPerson } from '../../../test/builders.ts';
import { callerOf } from '../../../test/studies.ts';
import { testParts, type TestParts } from '../../../test/parts.ts';
import { runJobs } from '../../../test/run-jobs.ts';
import { genomesOf, sendBatch, turnover } from '../../../test/virus.ts';
import { zipOf } from '../../../test/zip.ts';
import type { Server } from '../../platform/http.ts';
import { enqueue } from '../../platform/jobs.ts';

let parts: TestParts;
let server: Server;
let call: ReturnType<typeof callerOf>;
let submitter: TestPerson;
let reader: TestPerson;
let stranger: TestPerson;
let curator: TestPerson;

beforeAll(async () => {
  parts = await testParts();
  server = await testServer(parts);
  call = callerOf(server);
  const own = await organisation(parts);
  submitter = await person(parts, { roles: ['submitter'], organisation: own });
  reader = await person(parts, { roles: ['reader'], organisation: own });
  stranger = await person(parts, { roles: ['submitter', 'reader'] });
  curator = await person(parts, { roles: ['curator'] });
});
afterAll(async () => {
  await server.close();
  await parts.close();
});

const files = madeUpDataset();
const fasta = Buffer.from(files.get('sequences.fasta') ?? []);
const table = Buffer.from(files.get('metadata.tsv') ?? []);
const terms = { source: 'Lakeside laboratory', license: 'CC-BY-4.0', terms: 'Cite the laboratory.' };

/** Sends bytes as somebody; the answer as it came. */
const put = (who: TestPerson, method: 'PUT' | 'POST', url: string, payload: Buffer) =>
  server.inject({
    method,
    url: `/api/v1${url}`,
    headers: { ...who.headers, 'content-type': 'application/octet-stream' },
    payload,
  });

async function batchOf(
  who: TestPerson,
  given: { shared?: boolean; genomes?: Buffer; title?: string } = {},
): Promise<string> {
  const { title = '甲病毒 first batch', shared = false, genomes = fasta } = given;
  const { body } = await call(who, 'POST', '/virus/batches', { title, dataset: madeUpName, shared, ...terms });
  expect((await put(who, 'PUT', `/virus/batches/${body.id}/records`, table)).statusCode).toBe(200);
  expect((await put(who, 'PUT', `/virus/batches/${body.id}/genomes`, genomes)).statusCode).toBe(202);
  await runJobs(parts);
  return body.id;
}

describe('a batch of genomes', () => {
  it('is told genome by genome, with clade, quality, neighbours, date, place and terms', async () => {
    const batch = await batchOf(submitter);
    const { body } = await call(submitter, 'GET', `/virus/batches/${batch}`);
    expect(body).toMatchObject({ state: 'done', genomes: 12, accepted: 12, shared: false, ...terms });
    const list = (await call(reader, 'GET', `/virus/genomes?batch=${batch}&limit=5`)).body;
    expect(list.items).toHaveLength(5);
    expect(list.items[0]).toMatchObject({ accepted: true, clade: expect.stringMatching(/^A/), use: terms });
    const rest = (await call(reader, 'GET', `/virus/genomes?batch=${batch}&after=${list.next}`)).body;
    expect(rest.items).toHaveLength(7);
    const one = (await call(reader, 'GET', `/virus/genomes/${list.items[0].id}`)).body;
    expect(one.report).toMatchObject({ neighbours: expect.any(Array), qc: { status: 'good' } });
    expect(one.collected).toBeDefined();
  });

  it('comes packed or plain with the same answer', async () => {
    const [plain, packed] = [await batchOf(submitter), await batchOf(submitter, { genomes: gzipSync(fasta) })];
    const reportOf = async (id: string) =>
      (await server.inject({ url: `/api/v1/virus/batches/${id}/report`, headers: submitter.headers })).body;
    expect(await reportOf(packed)).toBe(await reportOf(plain));
    expect((await reportOf(plain)).split('\n')).toHaveLength(14);
  });

  it('is private to its house unless it is shared', async () => {
    const [own, shared] = [await batchOf(submitter), await batchOf(submitter, { shared: true })];
    expect((await call(stranger, 'GET', `/virus/batches/${own}`)).status).toBe(404);
    expect((await call(stranger, 'GET', `/virus/genomes?batch=${own}`)).body.items).toEqual([]);
    expect((await call(stranger, 'GET', `/virus/genomes?batch=${shared}`)).body.items).toHaveLength(12);
    expect((await server.inject(`/api/v1/virus/batches/${shared}/report`)).statusCode).toBe(200);
    expect((await server.inject(`/api/v1/virus/batches/${own}/report`)).statusCode).toBe(404);
  });

  it('that cannot be read fails with a coded finding in both languages, and is not tried again', async () => {
    for (const [genomes, code] of [
      [Buffer.from('no fasta at all'), 'GW7002'],
      [gzipSync(fasta).subarray(0, -100), 'GW5002'],
    ] as const) {
      const id = await batchOf(submitter, { genomes });
      const { body } = await call(submitter, 'GET', `/virus/batches/${id}`, undefined, { 'accept-language': 'zh' });
      expect(body).toMatchObject({ state: 'failed', finding: { code } });
      expect(body.finding.message).toMatch(/\p{Script=Han}/u);
    }
  });

  it('tells bad genomes with their place and goes on with the rest', async () => {
    const genomes = Buffer.concat([Buffer.from('>蛋白\nMEFLPQE\n>empty\n>short\nA\n'), fasta]);
    const id = await batchOf(submitter, { genomes });
    expect((await call(submitter, 'GET', `/virus/batches/${id}`)).body).toMatchObject({ genomes: 15, accepted: 12 });
    const { items } = (await call(submitter, 'GET', `/virus/genomes?batch=${id}&all=true&limit=3`)).body;
    const first = (await call(submitter, 'GET', `/virus/genomes/${items[0].id}`)).body;
    expect(first).toMatchObject({ name: '蛋白', accepted: false, findings: [{ place: { line: 1, alias: '蛋白' } }] });
  });

  it('takes its genomes once', async () => {
    const id = await batchOf(submitter);
    const again = await put(submitter, 'PUT', `/virus/batches/${id}/genomes`, fasta);
    expect([again.statusCode, again.json().code]).toEqual([409, 'virus_batch_closed']);
  });

  it('refuses a table with an impossible day, by line', async () => {
    const { body } = await call(submitter, 'POST', '/virus/batches', { title: 'B', dataset: madeUpName, ...terms });
    const refused = await put(
      submitter,
      'PUT',
      `/virus/batches/${body.id}/records`,
      Buffer.from('strain\tdate\tcountry\na\t2021-XX\tX\nb\t2021-02-30\tX\n'),
    );
    expect(refused.json()).toMatchObject({ code: 'virus_records_refused', place: { line: 3 } });
  });

  it('reports as a page of its own, in both languages, without script', async () => {
    const id = await batchOf(submitter, { title: '<script>甲</script>' });
    for (const language of ['en', 'zh']) {
      const page = await server.inject({
        url: `/api/v1/virus/batches/${id}/report?format=html`,
        headers: { ...submitter.headers, 'accept-language': language },
      });
      expect(page.body).toContain('<svg');
      expect(page.body).not.toContain('<script');
    }
  });
});

describe('questions', () => {
  it('find by mutation, lineage, place and time, count and cite with terms', async () => {
    const batch = await batchOf(submitter);
    const { mutations, genomes, citation } = (await call(reader, 'GET', `/virus/mutations?batch=${batch}`)).body;
    expect(genomes).toBe(12);
    expect(citation.uses).toEqual([{ ...terms, genomes: 12 }]);
    const [common] = mutations;
    const found = (
      await call(reader, 'GET', `/virus/genomes?batch=${batch}&mutation=${encodeURIComponent(common.mutation)}`)
    ).body;
    expect(found.items).toHaveLength(common.genomes);
    const { bins, undated } = (await call(reader, 'GET', `/virus/frequencies?batch=${batch}&bin=month`)).body;
    expect(bins.reduce((sum: number, { total }: { total: number }) => sum + total, 0) + undated).toBe(12);
    const { items } = (await call(reader, 'GET', `/virus/lineages?batch=${batch}`)).body;
    const one = items[0];
    const byLineage = (await call(reader, 'GET', `/virus/genomes?batch=${batch}&lineage=${one.clade}`)).body;
    expect(byLineage.items).toHaveLength(one.genomes);
  });

  it('that are saved tell of new genomes that answer them, as far as their owner may see them', async () => {
    for (const who of [reader, stranger])
      expect((await call(who, 'POST', '/virus/alerts', { title: 'New here', question: {} })).status).toBe(201);
    const batch = await batchOf(submitter);
    const noticesOf = async (who: TestPerson) =>
      (await call(who, 'GET', '/me/notices')).body.items.filter(
        ({ object }: { object?: { id: string } }) => object?.id === batch,
      );
    expect(await noticesOf(reader)).toMatchObject([{ type: 'virus.answered' }]);
    expect(await noticesOf(stranger)).toEqual([]);
    const [alert] = (await call(reader, 'GET', '/virus/alerts')).body.items;
    expect((await call(stranger, 'DELETE', `/virus/alerts/${alert.id}`)).status).toBe(404);
    expect((await call(reader, 'DELETE', `/virus/alerts/${alert.id}`)).status).toBe(204);
  });
});

describe('a tree', () => {
  it('grows by batches; states differ by what they added, and any of them is shown again', async () => {
    const alone = await person(parts, { roles: ['submitter'] });
    await batchOf(alone);
    const { hash } = (await call(alone, 'GET', '/virus/datasets')).body.items[0];
    const base = (await call(alone, 'GET', `/virus/trees/${hash}?of=own&state=0`)).body;
    const now = (await call(alone, 'GET', `/virus/trees/${hash}?of=own`)).body;
    expect(now.states).toMatchObject([{ number: 1, why: 'batch', added: 12 }]);
    expect([base.citation.uses, now.citation.uses]).toEqual([[], [{ ...terms, genomes: 12 }]]);
    expect([base.state, now.state, now.samples - base.samples]).toEqual([0, 1, 12]);
    const view = await server.inject({
      url: `/api/v1/virus/trees/${hash}/view?of=own&kind=tree&colour=clade_membership`,
      headers: alone.headers,
    });
    const read = readView(new Uint8Array(view.rawPayload));
    expect([read.kind, read.columns.length]).toEqual(['tree', 7]);
    for (const kind of ['map', 'timeline']) {
      const one = await server.inject({
        url: `/api/v1/virus/trees/${hash}/view?of=own&kind=${kind}`,
        headers: alone.headers,
      });
      expect(readView(new Uint8Array(one.rawPayload)).kind).toBe(kind);
    }
    const { diff } = (await call(alone, 'GET', `/virus/trees/${hash}/states/1?of=own`)).body;
    expect(diff.added[0]).toMatchObject({ name: expect.any(String), beside: expect.any(String) });
    expect((await call(stranger, 'GET', `/virus/trees/${hash}/states/1?of=own`)).status).toBe(404);
    expect((await server.inject(`/api/v1/virus/trees/${hash}?of=own`)).statusCode).toBe(401);
  });

  it('is made again without a genome that was withdrawn, and figures leave it out', async () => {
    const alone = await person(parts, { roles: ['submitter'] });
    const batch = await batchOf(alone, { shared: true });
    const { hash } = (await call(alone, 'GET', '/virus/datasets')).body.items[0];
    const [genome] = (await call(alone, 'GET', `/virus/genomes?batch=${batch}`)).body.items;
    const path = `/virus/genomes/${genome.id}/withdrawal`;
    expect((await call(stranger, 'POST', path, { reason: 'x' })).status).toBe(403);
    expect((await call(alone, 'POST', path, { reason: 'Consent was taken back' })).body.withdrawn.reason).toBeDefined();
    expect((await call(alone, 'POST', path, { reason: 'again' })).body.code).toBe('virus_genome_withdrawn');
    await runJobs(parts);
    const { states, samples } = (await call(alone, 'GET', `/virus/trees/${hash}?of=own`)).body;
    expect(states.map(({ why }: { why: string }) => why)).toEqual(['batch', 'withdrawal']);
    const base = (await call(alone, 'GET', `/virus/trees/${hash}?of=own&state=0`)).body;
    expect(samples - base.samples).toBe(11);
    const before = (await call(alone, 'GET', `/virus/trees/${hash}?of=own&state=1`)).body;
    expect(before.samples - base.samples).toBe(11);
    const { citation, genomes } = (await call(alone, 'GET', `/virus/mutations?batch=${batch}`)).body;
    expect([genomes, citation.withdrawn]).toEqual([11, 1]);
    const page = await server.inject({
      url: `/api/v1/virus/batches/${batch}/report?format=html`,
      headers: alone.headers,
    });
    expect(page.body).toContain('11 accepted, 1 withdrawn since');
    const shown = (await call(stranger, 'GET', `/virus/genomes/${genome.id}`)).body;
    expect([shown.report, shown.withdrawn.reason]).toEqual([{}, 'Consent was taken back']);
  });
});

describe('a large tree', () => {
  it('is written down as it is, and a start goes on from there', async () => {
    const alone = await person(parts, { roles: ['submitter'] });
    const many = turnover('2025-01-01', [0, 87], 8);
    const batch = await sendBatch({ server, parts }, alone, genomesOf(many));
    const { hash } = (await call(alone, 'GET', '/virus/datasets')).body.items[0];
    const path = `/virus/trees/${hash}?of=own&verify=true`;
    const { samples, shown, states } = (await call(alone, 'GET', path)).body;
    expect([states[0].added, shown]).toEqual([2112, { treeSha256: states[0].treeSha256, asRecorded: true }]);
    // Others push it out of memory; then it cannot be made from its genomes any more.
    for (let other = 0; other < 5; other++)
      await call(await person(parts, { roles: ['submitter'] }), 'GET', `/virus/trees/${hash}?of=own&state=0`);
    await sql`update virus_genome set sample = null where batch_id = ${batch}::uuid`.execute(parts.pool.db);
    const again = (await call(alone, 'GET', path)).body;
    expect([again.samples, again.shown]).toEqual([samples, shown]);
  });

  it('and all other bytes stay while a row names them; what a crash left goes after a day', async () => {
    const orphan = 'virus/genomes/left-by-a-crash';
    await parts.blobs.put(orphan, oneChunk());
    const keys = async () => {
      const found: string[] = [];
      for await (const { key } of parts.blobs.list('virus')) found.push(key);
      return found;
    };
    const sweepAt = async (days: number) => {
      parts.clock.at = new Date(Date.now() + days * 86_400_000);
      await enqueue(parts.pool.db, 'virus.sweep', {});
      await runJobs(parts);
      parts.clock.at = undefined;
      return keys();
    };
    const before = await sweepAt(0);
    expect(before).toContain(orphan);
    const after = await sweepAt(2);
    expect(after).toEqual(before.filter((key) => key !== orphan));
    expect(after.some((key) => key.startsWith('virus/trees/'))).toBe(true);
  });
});

async function* oneChunk(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('x');
}

describe('data sets', () => {
  const text = Object.fromEntries([...files].map(([name, bytes]) => [name, Buffer.from(bytes).toString()]));
  const archive = zipOf({ ...text, 'CHANGES.md': 'another' });
  const query = new URLSearchParams(terms).toString();

  it('are installed by curators, once, and found by name', async () => {
    const refused = await put(submitter, 'POST', `/virus/datasets?${query}`, archive);
    expect(refused.statusCode).toBe(403);
    const made = await put(curator, 'POST', `/virus/datasets?${query}`, archive);
    expect([made.statusCode, made.json()]).toMatchObject([200, { builtIn: false, ...terms }]);
    expect((await put(curator, 'POST', `/virus/datasets?${query}`, archive)).json().hash).toBe(made.json().hash);
    const { body } = await call(submitter, 'POST', '/virus/batches', {
      title: 'C',
      dataset: made.json().hash,
      ...terms,
    });
    expect(body.dataset).toBe(made.json().hash);
  });

  it('with another hash than was said, or that are none, are refused with the reason', async () => {
    const wrong = await put(curator, 'POST', `/virus/datasets?${query}&hash=${'0'.repeat(64)}`, archive);
    expect(wrong.json()).toMatchObject({ status: 422, code: 'virus_dataset_refused' });
    const none = await put(curator, 'POST', `/virus/datasets?${query}`, Buffer.from('nothing'));
    expect(none.json()).toMatchObject({ status: 422, code: 'virus_dataset_refused' });
    const unknown = await call(submitter, 'POST', '/virus/batches', { title: 'D', dataset: 'nope', ...terms });
    expect(unknown.body).toMatchObject({ code: 'virus_dataset_unknown' });
  });
});
