import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesRoutes, type UploadView } from '@geneward/api';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrapLinkIn, firstPeople } from '../scripts/installation.ts';
import { startServer, temporaryData } from '../scripts/server.ts';
import { openSite, type Person, type Site } from '../server/src/modules/files/files-under-test.ts';
import { sweep, verifyBlobs } from '../server/src/modules/files/service/upkeep.ts';
import { s3Blobs } from '../server/src/platform/storage/s3-blobs.ts';
import { startFaultyStore, type StoreFault, type StoreRequest } from './faulty-store.ts';
import { startCommand } from './transfer/command.ts';
import { writeLongStudy } from './transfer/reads.ts';
import { findGateway, startGateway, type Gateway } from './versitygw.ts';

const program = findGateway();
/** A store is given up after so long a silence; every wait below is bounded by it. */
const silenceSeconds = 1;
/** Three tries, the pauses between them, and a slow machine. */
const bound = 15_000;

let gateway: Gateway;
let store: Awaited<ReturnType<typeof startFaultyStore>>;
beforeAll(async () => {
  if (!program) return;
  gateway = await startGateway(program);
  store = await startFaultyStore(gateway.endpoint);
});
afterEach(() => store?.heal());
afterAll(async () => {
  await store?.close();
  gateway?.close();
});

const storage = () => ({
  s3Bucket: 'objects',
  s3Endpoint: store.endpoint,
  s3AccessKey: gateway.account.accessKey,
  s3SecretKey: gateway.account.secretKey,
  s3SilenceSeconds: silenceSeconds,
});
/** Files that lie in the store, parts of unfinished objects among them. */
const lies = () =>
  readdirSync(join(gateway.folder, 'objects'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const reads = (count: number, name: string) =>
  Buffer.from(
    Array.from({ length: count }, (_, nth) => `@CANARY.${name}.${nth}\nACGTACGTAC\n+\nIIIIIIIIII\n`).join(''),
  );
const failing = { kind: 'error', status: 500, code: 'InternalError' } as const;
const silent = { kind: 'silent' } as const;
const writes = ({ method }: StoreRequest) => method === 'PUT' || method === 'POST';
const bodies = ({ method, path }: StoreRequest) => method === 'GET' && path.includes('.sealed');

async function within<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await work();
  expect(performance.now() - began).toBeLessThan(milliseconds);
  return result;
}

describe.runIf(program)('a store in bad hours', () => {
  let site: Site;
  let address: string;
  let who: Person;
  beforeAll(async () => {
    site = await openSite({ settings: { storage: { placement: '*=s3', ...storage() } } });
    await site.server.listen({ port: 0, host: '127.0.0.1' });
    address = `http://127.0.0.1:${(site.server.server.address() as AddressInfo).port}`;
    who = site.person();
  });
  afterAll(() => site?.close());

  const call = (method: string, path: string, headers: Record<string, string> = {}, body?: Uint8Array) =>
    fetch(new URL(path, address), {
      method,
      headers: { 'x-person': who.id, 'tus-resumable': '1.0.0', ...headers },
      ...(body && { body: body as BodyInit }),
    });
  const begin = async (name: string, bytes: Uint8Array) => {
    const metadata = `filename ${Buffer.from(name).toString('base64')}`;
    const headers = { 'upload-length': String(bytes.length), 'upload-metadata': metadata };
    return (await call('POST', '/api/v1/uploads', headers)).headers.get('location') ?? '';
  };
  const send = (path: string, bytes: Uint8Array, offset: number) => {
    const stream = { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) };
    return call('PATCH', path, stream, bytes.subarray(offset));
  };
  const offsetOf = async (path: string) => Number((await call('HEAD', path)).headers.get('upload-offset'));
  const keep = async (name: string, bytes: Uint8Array) => (await site.upload(who, name, bytes)).body.id;
  const read = (id: string, headers: Record<string, string> = {}) =>
    call('GET', `/api/v1/files/${id}/content`, headers);
  const unsound = async () => (await site.parts.blobs.due(new Date(0), 100)).length;

  it.each<[string, StoreFault]>([
    ['answers 500', failing],
    ['says nothing', silent],
    ['is overloaded', { kind: 'error', status: 503, code: 'SlowDown' }],
  ])('that %s refuses an upload with a code in both languages in bounded time, and keeps nothing', async (_, fault) => {
    const before = lies();
    store.fault((asked) => (writes(asked) ? fault : undefined));
    const bytes = reads(1000, `refused ${fault.kind}`);
    for (const [language, title] of [
      ['en', 'The store of the bytes does not answer at the moment'],
      ['zh', '数据存储暂时无响应'],
    ] as const) {
      const reply = await within(bound, () =>
        call('PUT', '/api/v1/files/refused.fastq', { 'accept-language': language }, bytes),
      );
      expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '5']);
      expect(await reply.json()).toMatchObject({ code: 'storage_unavailable', title });
    }
    expect(lies()).toEqual(before);
    store.heal();
    expect((await call('PUT', '/api/v1/files/refused.fastq', {}, bytes)).status).toBe(200);
  });

  it('whose single requests fail is not even noticed: they are asked again', async () => {
    let nth = 0;
    store.fault(() => ((nth += 1) % 2 === 1 ? failing : undefined));
    const bytes = reads(300_000, 'every second');
    const id = await keep('every-second.fastq', bytes);
    expect(sha256(Buffer.from(await (await read(id)).arrayBuffer()))).toBe(sha256(bytes));
    expect(store.seen().filter(({ fault }) => fault === 'error').length).toBeGreaterThan(3);
  });

  it.each<[string, StoreFault]>([
    ['fails', failing],
    ['falls silent', silent],
    ['does its work and answers 500', { ...failing, kind: 'lost-answer' }],
  ])('that %s in the middle of a resumable upload costs nothing of what was acknowledged', async (_, fault) => {
    const bytes = reads(500_000, `resumed ${fault.kind}`);
    const path = await begin(`resumed-${fault.kind}.fastq`, bytes);
    const half = 9_000_001;
    expect((await send(path, bytes.subarray(0, half), 0)).status).toBe(204);
    store.fault((asked) => (writes(asked) ? fault : undefined));
    const refused = await within(bound * 2, () => send(path, bytes, half));
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([503, 'storage_unavailable']);
    expect(await offsetOf(path)).toBe(half);
    store.heal();
    expect((await send(path, bytes, half)).status).toBe(204);
    const { file } = (await (await call('GET', path)).json()) as UploadView;
    expect(sha256(Buffer.from(await (await read(file ?? '')).arrayBuffer()))).toBe(sha256(bytes));
  });

  it('tells of itself when it is asked whether it is ready', async () => {
    store.fault(() => silent);
    const ready = () => fetch(new URL('/ready', address));
    await expect.poll(async () => (await ready()).status, { timeout: bound, interval: 500 }).toBe(503);
    expect(await (await ready()).json()).toMatchObject({ checks: { database: true, storage: false, keys: true } });
    store.heal();
    await expect.poll(async () => (await ready()).status, { timeout: bound, interval: 500 }).toBe(200);
  });

  it.each<[string, StoreFault]>([
    ['answers 500', failing],
    ['says nothing', silent],
  ])('that %s to a reader is told as away, not as damaged', async (_, fault) => {
    const bytes = reads(1000, `read ${fault.kind}`);
    const id = await keep(`read-${fault.kind}.fastq`, bytes);
    store.fault((asked) => (bodies(asked) ? fault : undefined));
    const reply = await within(bound, () => read(id));
    expect([reply.status, ((await reply.json()) as { code: string }).code]).toEqual([503, 'storage_unavailable']);
    expect(await unsound()).toBe(0);
    store.heal();
    expect(Buffer.from(await (await read(id)).arrayBuffer()).equals(bytes)).toBe(true);
  });

  it.each<[string, StoreFault]>([
    ['breaks off', { kind: 'breaks', after: 300_000 }],
    ['stalls', { kind: 'stalls', after: 300_000 }],
  ])(
    'that %s in the middle of a body ends the delivery short, so that nobody takes half for the whole',
    async (_, fault) => {
      const bytes = reads(30_000, `cut ${fault.kind}`);
      const id = await keep(`cut-${fault.kind}.fastq`, bytes);
      store.fault((asked) => (bodies(asked) ? fault : undefined));
      await within(bound, () =>
        expect(
          (async () => {
            const reply = await read(id);
            if (!reply.ok) throw new Error(String(reply.status));
            await reply.arrayBuffer();
          })(),
        ).rejects.toThrow(/503|terminated|aborted/),
      );
      expect(await unsound()).toBe(0);
      store.heal();
      expect(Buffer.from(await (await read(id)).arrayBuffer()).equals(bytes)).toBe(true);
    },
  );

  it('that gives an earlier object, a cut one or mixed segments is caught before a wrong byte goes out, and by the scrub', async () => {
    const bytes = reads(6000, 'sound');
    const id = await keep('sound.fastq', bytes);
    let earlier = Buffer.alloc(0);
    const segment = 65_536 + 28;
    const stale: ((body: Buffer) => Buffer)[] = [
      (body) => Buffer.concat([earlier, body]).subarray(0, body.length),
      (body) => body.subarray(0, body.length - 1),
      (body) => body.subarray(0, segment),
      (body) => Buffer.concat([body.subarray(0, segment), body.subarray(0, segment), body.subarray(2 * segment)]),
      (body) =>
        Buffer.concat([body.subarray(segment, 2 * segment), body.subarray(0, segment), body.subarray(2 * segment)]),
      (body) => randomBytes(body.length),
    ];
    const other = await keep('earlier.fastq', reads(6000, 'earlier'));
    store.fault((asked) => {
      if (!bodies(asked)) return undefined;
      return { kind: 'other-bytes', of: (body) => ((earlier = Buffer.from(body)), body) };
    });
    await (await read(other)).arrayBuffer();
    const { key } = await site.parts.pool.db
      .selectFrom('blob')
      .select('key')
      .where('sha256', '=', sha256(bytes))
      .executeTakeFirstOrThrow();
    for (const of of stale) {
      store.fault((asked) => (bodies(asked) ? { kind: 'other-bytes', of } : undefined));
      const got: Uint8Array[] = [];
      const whole = await (async () => {
        const reply = await read(id);
        if (!reply.ok) return ((await reply.json()) as { code: string }).code;
        for await (const chunk of reply.body ?? []) got.push(chunk);
        return 'whole';
      })().catch(() => 'broken off');
      expect(['storage_damaged', 'broken off']).toContain(whole);
      expect(await unsound()).toBe(1);
      expect(await site.parts.blobs.verify(key ?? '')).toMatchObject({ verdict: 'damaged' });
      store.heal();
      expect(await site.parts.blobs.verify(key ?? '')).toMatchObject({ verdict: 'sound' });
    }
    expect(Buffer.from(await (await read(id)).arrayBuffer()).equals(bytes)).toBe(true);
  });

  it('keeps what it could not be told to drop only until the sweep', async () => {
    const straight = s3Blobs({
      bucket: 'objects',
      region: gateway.region,
      endpoint: store.endpoint,
      ...gateway.account,
      silenceSeconds,
    });
    async function* large(): AsyncGenerator<Uint8Array> {
      for (let nth = 0; nth < 5; nth += 1) yield randomBytes(4 << 20);
    }
    await straight.discardUnfinished(new Date(Date.now() + 60_000));
    const before = lies().length;
    let parts = 0;
    // The second part fails, and so does giving the upload up.
    store.fault(({ method, path }) =>
      (method === 'PUT' && path.includes('partNumber') && (parts += 1) > 1) || method === 'DELETE'
        ? failing
        : undefined,
    );
    await expect(straight.put('files/aa/left', large())).rejects.toMatchObject({ code: 'storage_unavailable' });
    store.heal();
    expect(await straight.size('files/aa/left')).toBeUndefined();
    expect(await straight.discardUnfinished(new Date(Date.now() + 60_000))).toBe(1);
    expect(lies()).toHaveLength(before);
  });
});

describe.runIf(program)('one of two stores in bad hours', () => {
  let site: Site;
  beforeAll(
    async () => void (site = await openSite({ settings: { storage: { placement: '*=s3+main', ...storage() } } })),
  );
  afterAll(() => site?.close());

  it('does not hinder: the other one serves, readiness names it, and the copy is made when it is back', async () => {
    const who = site.person();
    store.fault(() => failing);
    const bytes = reads(2000, 'alone');
    const { status, body } = await site.upload(who, 'alone.fastq', bytes);
    expect(status).toBe(200);
    const ready = await site.server.inject('/ready');
    expect([ready.statusCode, ready.json()]).toMatchObject([
      200,
      { status: 'ready', alarms: [{ part: 'storage', code: 'storage_unavailable', name: 's3' }] },
    ]);
    const read = async () => {
      const headers = { 'x-person': who.id };
      return (await site.server.inject({ url: `/api/v1/files/${body.id}/content`, headers })).rawPayload;
    };
    expect((await read()).equals(bytes)).toBe(true);
    store.heal();
    const before = lies().length;
    await verifyBlobs(site.job(), site.parts);
    expect(lies()).toHaveLength(before + 1);
    // From here on the first store is read first; a stale one is passed over for the other.
    store.fault((asked) => (bodies(asked) ? { kind: 'other-bytes', of: (all) => randomBytes(all.length) } : undefined));
    expect((await read()).equals(bytes)).toBe(true);
    store.heal();
    await verifyBlobs(site.job(), site.parts);
    await sweep(site.job(), site.parts);
    expect(lies()).toHaveLength(before + 1);
  });
});

it.runIf(program)('a study is sent whole through a store in which anything fails at any time', async () => {
  const data = temporaryData('faulty-store');
  const home = mkdtempSync(join(tmpdir(), 'geneward-home-'));
  const server = await startServer(data, {
    GENEWARD_STORAGE_PLACEMENT: 'files=s3, *=main',
    ...Object.fromEntries(
      Object.entries(storage()).map(([key, value]) => [
        `GENEWARD_STORAGE_${key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`,
        String(value),
      ]),
    ),
  });
  try {
    const people = await firstPeople(server.address, bootstrapLinkIn(server.output()), 'a long enough passphrase');
    const who = await people.invite({ email: 'submitter@example.org', name: '李提交', roles: ['submitter'] });
    const folder = join(data, 'study');
    const { files } = writeLongStudy(folder, 'faulty', 12 << 20);
    let asked = 0;
    const kinds = [failing, silent, { kind: 'lost-answer', status: 500, code: 'InternalError' }] as const;
    // In turn two of three requests fail in one way or the other, until the store has had enough of it.
    store.fault(() => ((asked += 1) < 25 && asked % 3 > 0 ? kinds[asked % kinds.length] : undefined));
    const { code, out, err } = await startCommand(
      ['submit', folder, '--draft', '--json', '--no-check', '--part-size', '4M'],
      { GENEWARD_URL: server.address, GENEWARD_TOKEN: who.token, GENEWARD_HOME: home },
    ).ended;
    expect([code, code === 0 ? '' : out + err]).toEqual([0, '']);
    expect(asked).toBeGreaterThan(25);
    for (const name of files) {
      const { items } = await who.client.call(filesRoutes.listFiles, { query: { name, limit: 10 } });
      const wanted = sha256(readFileSync(join(folder, name)));
      expect(items.map((file) => file.sha256)).toEqual([wanted]);
      const back = await who.client.raw(filesRoutes.downloadFile, { params: { id: items[0]?.id ?? '' } });
      expect(sha256(Buffer.from(await back.arrayBuffer()))).toBe(wanted);
    }
  } finally {
    await server.stop();
    for (const path of [data, home]) if (existsSync(path)) rmSync(path, { recursive: true, force: true });
  }
});
