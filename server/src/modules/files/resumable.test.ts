import { createHash, randomBytes } from 'node:crypto';
import { request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { blake3 } from '@noble/hashes/blake3.js';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fastq, openSite, type Person, type Site } from './files-under-test.ts';
import { sweep, tidy } from './service/upkeep.ts';

let site: Site;
let who: Person;
let port: number;
beforeAll(async () => {
  site = await openSite({ settings: { http: { uploadIdleSeconds: 2 } } });
  who = site.person();
  await site.server.listen({ port: 0, host: '127.0.0.1' });
  port = (site.server.server.address() as AddressInfo).port;
});
afterAll(() => site.close());

interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
}
type Fields = Record<string, string | number>;
const tus = { 'tus-resumable': '1.0.0' };
const offsetStream = { 'content-type': 'application/offset+octet-stream' };
const meta = (values: Record<string, string>) =>
  Object.entries(values)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',');

/** One request; `cut` sends so many bytes of those that are declared and then breaks the connection. */
function call(
  method: string,
  path: string,
  headers: Fields = {},
  bytes?: Uint8Array,
  options: { by?: Person; cut?: number } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sending = request({
      port,
      method,
      path,
      headers: {
        'x-person': (options.by ?? who).id,
        ...tus,
        ...headers,
        ...(bytes ? { 'content-length': bytes.length } : {}),
      },
    });
    sending.on('error', reject);
    sending.on('response', (reply) => {
      let text = '';
      reply.setEncoding('utf8');
      reply.on('data', (chunk: string) => (text += chunk));
      reply.on('end', () => {
        const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
        resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body });
      });
    });
    if (options.cut !== undefined && bytes)
      sending.write(bytes.subarray(0, options.cut), () => setTimeout(() => sending.destroy(new Error('cut')), 100));
    else sending.end(bytes);
  });
}

const create = async (length: number, values: Record<string, string>, more: Fields = {}, bytes?: Uint8Array) =>
  call('POST', '/api/v1/uploads', { 'upload-length': length, 'upload-metadata': meta(values), ...more }, bytes);
const begun = async (length: number, values: Record<string, string>) =>
  String((await create(length, values)).headers['location']);
const patch = (path: string, offset: number, bytes: Uint8Array, more: Fields = {}, options: { cut?: number } = {}) =>
  call('PATCH', path, { ...offsetStream, 'upload-offset': offset, ...more }, bytes, options);
const offsetOf = async (path: string) => Number((await call('HEAD', path)).headers['upload-offset']);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
async function fileOf(path: string) {
  const { body } = await call('GET', path);
  return (await call('GET', `/api/v1/files/${String(body['file'])}`)).body;
}

it('tells what it can do', async () => {
  const { status, headers } = await call('OPTIONS', '/api/v1/uploads');
  expect(status).toBe(204);
  expect(headers).toMatchObject({
    'tus-version': '1.0.0',
    'tus-resumable': '1.0.0',
    'tus-extension':
      'creation,creation-defer-length,creation-with-upload,expiration,checksum,termination,concatenation',
    'tus-checksum-algorithm': 'sha1,sha256,md5,blake3',
  });
});

it('takes a file in several requests and checks it when its last byte lands', async () => {
  const bytes = fastq(3000, 'tus');
  const created = await create(bytes.length, { filename: 'several.fastq', sha256: sha256(bytes) });
  expect(created.status).toBe(201);
  expect(created.headers['upload-expires']).toBeDefined();
  const path = String(created.headers['location']);
  for (let at = 0; at < bytes.length; at += 40_000) {
    const { status, headers } = await patch(path, at, bytes.subarray(at, at + 40_000));
    expect(status).toBe(204);
    expect(Number(headers['upload-offset'])).toBe(Math.min(bytes.length, at + 40_000));
  }
  expect(await fileOf(path)).toMatchObject({
    name: 'several.fastq',
    state: 'stored',
    sha256: sha256(bytes),
    kind: 'fastq',
  });
  const { rows } = await sql<{ pieces: number }>`select count(*)::int as pieces from stored_piece`.execute(
    site.parts.pool.db,
  );
  expect(rows[0]?.pieces).toBeGreaterThan(0);
  const content = await site.server.inject({
    url: `/api/v1/files/${String((await call('GET', path)).body['file'])}/content`,
    headers: { 'x-person': who.id },
  });
  expect(content.rawPayload.equals(bytes)).toBe(true);
});

it('takes a file whose length is told later, once and right', async () => {
  const bytes = fastq(300, 'deferred');
  const defer = { 'upload-defer-length': 1, 'upload-metadata': meta({ filename: 'deferred.fastq' }) };
  const created = await call('POST', '/api/v1/uploads', defer);
  expect(created).toMatchObject({ status: 201, headers: { 'upload-defer-length': '1' } });
  const path = String(created.headers['location']);
  expect((await patch(path, 0, bytes.subarray(0, 1000))).headers['upload-length']).toBeUndefined();
  const short = await patch(path, 1000, bytes.subarray(1000), { 'upload-length': 999 });
  expect(short.body).toMatchObject({ code: 'upload_length_differs' });
  expect((await patch(path, 1000, bytes.subarray(1000), { 'upload-length': bytes.length })).status).toBe(204);
  expect(await fileOf(path)).toMatchObject({ name: 'deferred.fastq', sha256: sha256(bytes), state: 'stored' });
  const both = { ...defer, 'upload-length': 5 };
  expect((await call('POST', '/api/v1/uploads', both)).body).toMatchObject({ code: 'upload_header' });
});

it('takes a file with its creation', async () => {
  const bytes = fastq(5, 'with');
  const { status, body } = await create(bytes.length, { filename: 'with.fastq' }, offsetStream, bytes);
  expect(status).toBe(201);
  expect(body).toMatchObject({ state: 'complete', offset: bytes.length });
});

it('keeps what came of requests that broke off, at any place, and goes on from there', async () => {
  const bytes = randomBytes(700_000);
  const path = await begun(bytes.length, { filename: 'broken.bin', sha256: sha256(bytes) });
  for (let tries = 0; tries < 6; tries += 1) {
    const at = await offsetOf(path);
    const cut = Math.floor(((bytes.length - at) * (tries + 1)) / 8);
    await expect(patch(path, at, bytes.subarray(at), {}, { cut })).rejects.toThrow('cut');
    for (let looks = 0; looks < 100 && (await offsetOf(path)) < at + cut; looks += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await offsetOf(path)).toBe(at + cut);
  }
  const at = await offsetOf(path);
  expect((await patch(path, at, bytes.subarray(at))).status).toBe(204);
  expect(await fileOf(path)).toMatchObject({ sha256: sha256(bytes), size: bytes.length });
});

it.each(['sha1', 'sha256', 'md5', 'blake3'] as const)('keeps nothing of a request whose %s is wrong', async (name) => {
  const bytes = randomBytes(1000);
  const path = await begun(bytes.length, { filename: `checksum-${name}.bin` });
  const digest = name === 'blake3' ? blake3(bytes) : createHash(name).update(bytes).digest();
  const wrong = Buffer.from(digest).reverse();
  const refused = await patch(path, 0, bytes, { 'upload-checksum': `${name} ${wrong.toString('base64')}` });
  expect(refused).toMatchObject({ status: 460, body: { code: 'upload_checksum' } });
  expect(await offsetOf(path)).toBe(0);
  const right = `${name} ${Buffer.from(digest).toString('base64')}`;
  await expect(patch(path, 0, bytes, { 'upload-checksum': right }, { cut: 500 })).rejects.toThrow('cut');
  expect(await offsetOf(path)).toBe(0);
  expect((await patch(path, 0, bytes, { 'upload-checksum': right })).status).toBe(204);
});

it('answers a lying client with coded problems and keeps what was right', async () => {
  const path = await begun(100, { filename: 'lies.bin' });
  await patch(path, 0, randomBytes(40));
  expect(await patch(path, 90, randomBytes(10))).toMatchObject({
    status: 409,
    body: { code: 'upload_offset_differs' },
  });
  expect(await patch(path, 0, randomBytes(10))).toMatchObject({ status: 409, body: { code: 'upload_offset_differs' } });
  expect(await patch(path, 40, randomBytes(61))).toMatchObject({ status: 413, body: { code: 'upload_too_long' } });
  expect(await offsetOf(path)).toBe(40);
  const bad = { 'upload-checksum': 'crc32 AAAAAA==' };
  expect(await patch(path, 40, randomBytes(60), bad)).toMatchObject({
    status: 400,
    body: { code: 'upload_checksum_unknown' },
  });
  expect(await call('PATCH', path, { ...offsetStream }, randomBytes(3))).toMatchObject({
    body: { code: 'upload_header' },
  });
  expect(
    await call('PATCH', path, { 'upload-offset': 40, 'content-type': 'text/plain' }, randomBytes(3)),
  ).toMatchObject({ status: 415 });
  expect(await patch(path, 40, randomBytes(60), { 'tus-resumable': '0.9' })).toMatchObject({
    status: 412,
    body: { code: 'tus_version' },
    headers: { 'tus-version': '1.0.0' },
  });
  expect((await create(100, { filename: '../x' })).body).toMatchObject({ code: 'file_name_refused' });
  expect((await create(0, { filename: 'x' })).body).toMatchObject({ code: 'file_empty' });
  expect((await create(2 ** 50, { filename: 'x' })).body).toMatchObject({ code: 'file_too_large' });
  expect((await create(10, {})).body).toMatchObject({ code: 'upload_header' });
});

it('refuses a file whose SHA-256 is another than was declared, and says so for ever after', async () => {
  const bytes = randomBytes(300);
  const path = await begun(bytes.length, { filename: 'other.bin', sha256: sha256(randomBytes(3)) });
  expect(await patch(path, 0, bytes)).toMatchObject({ status: 422, body: { code: 'checksum_mismatch' } });
  expect((await call('GET', path)).body).toMatchObject({ state: 'refused', problem: 'checksum_mismatch' });
  expect(await patch(path, bytes.length, randomBytes(0))).toMatchObject({ status: 410, body: { code: 'upload_over' } });
});

it('lets the later of two requests for one upload write, and tells the earlier', async () => {
  const bytes = randomBytes(200_000);
  const path = await begun(bytes.length, { filename: 'two.bin', sha256: sha256(bytes) });
  let later: Promise<unknown> | undefined;
  const slow = new Promise<Reply>((resolve, reject) => {
    const sending = request(
      {
        port,
        method: 'PATCH',
        path,
        headers: { 'x-person': who.id, ...tus, ...offsetStream, 'upload-offset': 0, 'content-length': bytes.length },
      },
      (reply) => {
        let text = '';
        reply.on('data', (chunk) => (text += chunk));
        reply.on('end', () =>
          resolve({
            status: reply.statusCode ?? 0,
            headers: reply.headers,
            body: JSON.parse(text) as Record<string, unknown>,
          }),
        );
      },
    );
    sending.on('error', reject);
    sending.write(bytes.subarray(0, 1000));
    setTimeout(() => {
      later = patch(path, 0, bytes).finally(() => sending.end(bytes.subarray(1000)));
    }, 200);
  });
  expect((await slow).body['code']).toBe('upload_taken');
  await later;
  expect(await fileOf(path)).toMatchObject({ sha256: sha256(bytes) });
});

it('joins parts that came side by side, in the order that is asked for', async () => {
  const bytes = fastq(4000, 'joined');
  const third = Math.floor(bytes.length / 3);
  const cuts = [bytes.subarray(0, third), bytes.subarray(third, 2 * third), bytes.subarray(2 * third)];
  const paths = await Promise.all(
    cuts.map(async (cut) => {
      const { headers } = await call(
        'POST',
        '/api/v1/uploads',
        { 'upload-length': cut.length, 'upload-concat': 'partial', ...offsetStream },
        cut,
      );
      return String(headers['location']);
    }),
  );
  const open = String(
    (await call('POST', '/api/v1/uploads', { 'upload-length': 5, 'upload-concat': 'partial' })).headers['location'],
  );
  const join = (list: string[], values: Record<string, string>) =>
    call('POST', '/api/v1/uploads', { 'upload-concat': `final;${list.join(' ')}`, 'upload-metadata': meta(values) });
  expect((await join([...paths, open], { filename: 'joined.fastq' })).body).toMatchObject({
    code: 'upload_incomplete',
  });
  const joined = await join(paths, { filename: 'joined.fastq', sha256: sha256(bytes) });
  expect(joined).toMatchObject({ status: 201, body: { state: 'complete', length: bytes.length } });
  const path = String(joined.headers['location']);
  expect(await fileOf(path)).toMatchObject({ name: 'joined.fastq', state: 'stored', sha256: sha256(bytes) });
  expect((await patch(path, 0, randomBytes(3))).body).toMatchObject({ code: 'upload_joined' });
  expect((await call('HEAD', path)).headers['upload-concat']).toBe(`final;${paths.join(' ')}`);
  expect((await call('GET', paths[0] ?? '')).body).toMatchObject({ state: 'used' });
  expect((await join(paths, { filename: 'again.fastq' })).body).toMatchObject({ code: 'upload_incomplete' });
});

it('ends in the file when the answer to the last request was lost', async () => {
  const bytes = fastq(20, 'lost');
  const path = await begun(bytes.length, { filename: 'lost.fastq' });
  await patch(path, 0, bytes.subarray(0, 100));
  const id = path.slice(-36);
  // As a server leaves it that was killed between the last byte and the file.
  await site.parts.pool.db.updateTable('upload').set({ length: '100' }).where('id', '=', id).execute();
  expect((await call('HEAD', path)).headers['upload-offset']).toBe('100');
  expect((await call('GET', path)).body).toMatchObject({ state: 'complete' });
});

it('shows an upload to its owner alone, gives it up when asked, and takes silent ones away with their bytes', async () => {
  const other = site.person();
  const path = await begun(1000, { filename: 'mine.bin' });
  await patch(path, 0, randomBytes(500));
  for (const method of ['GET', 'HEAD', 'DELETE'])
    expect((await call(method, path, {}, undefined, { by: other })).status).toBe(404);
  const list = (await call('GET', '/api/v1/uploads')).body['items'] as { id: string }[];
  expect(list.map(({ id }) => id)).toContain(path.slice(-36));
  const before = site.traces().length;
  expect((await call('DELETE', path)).status).toBe(204);
  expect((await call('HEAD', path)).status).toBe(404);
  expect(site.traces()).toHaveLength(before - 1);
  const silent = await begun(1000, { filename: 'silent.bin' });
  await patch(silent, 0, randomBytes(500));
  await sweep(site.job(), site.parts);
  expect(await offsetOf(silent)).toBe(500);
  site.parts.clock.at = new Date(Date.now() + 8 * 86_400_000);
  await sweep(site.job(), site.parts);
  expect(site.traces()).toHaveLength(before);
  await tidy(site.job(), site.parts);
  site.parts.clock.at = undefined;
  expect((await call('HEAD', silent)).status).toBe(404);
  expect(await site.events('files.upload_given_up')).not.toHaveLength(0);
});

it('tells of every upload that it saw begin what it came to', async () => {
  const told = [...(await site.events('files.upload_ended')), ...(await site.events('files.upload_given_up'))];
  const ends = new Map(told.map(({ object_id: id, content }) => [id, content['state']]));
  expect(new Set(ends.values())).toEqual(new Set(['complete', 'refused', 'joined', undefined]));
  const { db } = site.parts.pool;
  const open = await db.selectFrom('upload').select('id').where('state', '=', 'open').execute();
  const begunOnes = (await site.events('files.upload_begun')).map(({ object_id: id }) => id);
  const left = new Set(open.map(({ id }) => id));
  expect(begunOnes.filter((id) => !ends.has(id) && !left.has(id))).toEqual([]);
});
