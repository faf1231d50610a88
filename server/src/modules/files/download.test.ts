import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLabel } from '@geneward/api';
import { fastq, openSite, type Person, type Site } from './files-under-test.ts';
import { claimFiles } from './index.ts';

let site: Site;
let owner: Person;
let id: string;
let released = false;
const bytes = fastq(100);
const sha256 = createHash('sha256').update(bytes).digest('hex');

beforeAll(async () => {
  site = await openSite({
    ports: {
      holder: async (_db, claim) => ({
        kind: 'object',
        id: claim.id,
        status: released ? 'released' : 'held',
        manner: 'public',
        label: openLabel,
        organisation: owner.organisation,
      }),
    },
  });
  owner = site.person();
  id = (await site.upload(owner, 'reads_1.fastq', bytes)).body.id;
});
afterAll(() => site.close());

const get = (headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET', who: Person = owner) =>
  site.server.inject({
    method,
    url: `/api/v1/files/${id}/content`,
    headers: { 'x-person': who.id, ...headers },
  });

it('sends the whole file with its name, checksum and length', async () => {
  const reply = await get();
  expect(reply.statusCode).toBe(200);
  expect(reply.rawPayload.equals(bytes)).toBe(true);
  expect(reply.headers).toMatchObject({
    etag: `"${sha256}"`,
    'accept-ranges': 'bytes',
    'content-length': String(bytes.length),
    'repr-digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
    'content-disposition': `attachment; filename="reads_1.fastq"; filename*=UTF-8''reads_1.fastq`,
  });
});

it.each([
  ['bytes=0-9', 0, 10],
  ['bytes=10-', 10, bytes.length],
  ['bytes=-5', bytes.length - 5, bytes.length],
  ['bytes=5-999999', 5, bytes.length],
])('sends the range %s', async (range, start, end) => {
  const reply = await get({ range });
  expect(reply.statusCode).toBe(206);
  expect(reply.headers['content-range']).toBe(`bytes ${start}-${end - 1}/${bytes.length}`);
  expect(reply.rawPayload.equals(bytes.subarray(start, end))).toBe(true);
});

it('refuses a range behind the end', async () => {
  const reply = await get({ range: 'bytes=999999-' });
  expect(reply.statusCode).toBe(416);
  expect(reply.headers['content-range']).toBe(`bytes */${bytes.length}`);
  expect(reply.json()).toMatchObject({ code: 'range_not_satisfiable' });
});

it('sends the whole file when the range belongs to other bytes', async () => {
  expect((await get({ range: 'bytes=0-9', 'if-range': `"${'0'.repeat(64)}"` })).statusCode).toBe(200);
  expect((await get({ range: 'bytes=0-9', 'if-range': `"${sha256}"` })).statusCode).toBe(206);
});

it('answers HEAD with the headers alone', async () => {
  const reply = await get({}, 'HEAD');
  expect(reply.statusCode).toBe(200);
  expect(reply.headers['content-length']).toBe(String(bytes.length));
  expect(reply.rawPayload).toHaveLength(0);
});

it('leaves an event for every range that is sent, with the right by which it was, and none for what is not', async () => {
  const before = (await site.events('files.downloaded')).length;
  const colleague = site.person(owner.organisation);
  await Promise.all(['bytes=0-9', 'bytes=10-19', 'bytes=-7'].map((range) => get({ range }, 'GET', colleague)));
  await get({ range: 'bytes=0-9' }, 'HEAD', colleague);
  await get({ range: 'bytes=999999-' }, 'GET', colleague);
  const told = (await site.events('files.downloaded')).slice(before).map(({ content }) => content);
  const right = { policies: ['own-files'] };
  const size = String(bytes.length);
  const range = (first: number, last: number) => ({ sha256, size, right, first: String(first), last: String(last) });
  expect(told).toHaveLength(3);
  expect(told).toEqual(expect.arrayContaining([range(0, 9), range(10, 19), range(bytes.length - 7, bytes.length - 1)]));
  expect(await site.events('files.download_cut')).toEqual([]);
});

it('gives a claimed file by the rules of what holds it', async () => {
  await site.parts.pool.db
    .transaction()
    .execute((tx) => claimFiles(tx, site.job(), { kind: 'object', id: 'run' }, [id], openLabel));
  const anybody = () => site.server.inject({ url: `/api/v1/files/${id}/content` });
  expect((await get()).statusCode).toBe(200);
  expect((await anybody()).statusCode).toBe(404);
  released = true;
  expect((await anybody()).statusCode).toBe(200);
});
