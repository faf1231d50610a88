import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { encrypt, sealHeader, startEncryption } from '@geneward/crypt4gh';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Context } from '../../platform/context.ts';
import { crypto } from '../../platform/keys/suite-a.ts';
import { fastq, openSite, type Person, type Site } from './files-under-test.ts';
import { openInbox } from './index.ts';
import { dropPass } from './passes.ts';

let site: Site;
let who: Person;
let key: Buffer;
beforeAll(async () => {
  site = await openSite();
  who = site.person();
  const reply = await site.server.inject({ url: '/api/v1/files/encryption-key' });
  const told = reply.json<{ publicKey: string; file: string }>();
  key = Buffer.from(told.publicKey, 'base64');
});
afterAll(() => site.close());

const chunked = async (source: AsyncIterable<Uint8Array>) => {
  const all: Uint8Array[] = [];
  for await (const chunk of source) all.push(Uint8Array.from(chunk));
  return Buffer.concat(all);
};
const sealed = (bytes: Uint8Array, readers: Uint8Array[] = [key], ordered = false) =>
  chunked(encrypt(crypto, [bytes], { readers, ordered }));
const sums = (bytes: Uint8Array) => ({
  sha256: createHash('sha256').update(bytes).digest('hex'),
  md5: createHash('md5').update(bytes).digest('hex'),
});
const content = async (id: string) =>
  (await site.server.inject({ url: `/api/v1/files/${id}/content`, headers: { 'x-person': who.id } })).rawPayload;
const headerLength = 124;

it.each([
  ['short', 10],
  ['long', 60_000],
])('takes a %s encrypted file, judges what is inside, and keeps the body as it came', async (_, reads) => {
  const plain = fastq(reads, `deposit${reads}-`);
  const file = await sealed(plain);
  const { status, body } = await site.upload(who, `reads${reads}.fastq.c4gh`, file, `?sha256=${sums(plain).sha256}`);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    name: `reads${reads}.fastq`,
    state: 'stored',
    kind: 'fastq',
    size: plain.length,
    ...sums(plain),
  });
  expect((await content(body.id)).equals(plain)).toBe(true);
  const row = await site.parts.pool.db
    .selectFrom('blob')
    .select('key')
    .where('sha256', '=', sums(plain).sha256)
    .execute();
  const size = BigInt(file.length - headerLength);
  const kept = await chunked(await site.parts.blobs.openSealed(row[0]?.key ?? '', { start: 0n, end: size }));
  expect(kept.equals(file.subarray(headerLength))).toBe(true);
  expect(await site.events('files.uploaded')).toContainEqual(
    expect.objectContaining({ object_id: body.id, content: expect.objectContaining({ encrypted: true }) as object }),
  );
});

it('goes on with an encrypted file after every break, also within its header, in this process or another', async () => {
  const plain = fastq(30_000, 'broken-');
  const file = await sealed(plain);
  const inbox = openInbox(site.parts, { fileArrived: async () => undefined });
  const context: Context = { ...site.job(), principal: who };
  const { id } = await inbox.begin(context, { name: 'broken.fastq.c4gh', length: file.length });
  const cuts = [3, 20, 124, 130, 70_000, 70_001, 1_100_000, file.length];
  let at = 0;
  for (const [turn, to] of cuts.entries()) {
    const stretch = { offset: at, bytes: Readable.from([file.subarray(at, to)]), authenticate: async () => who };
    expect((await inbox.append(context, id, stretch)).offset).toBe(to);
    if (turn % 2 === 0) await dropPass(id);
    at = to;
  }
  const done = await inbox.finish(context, id, async () => who);
  expect(done.state).toBe('complete');
  expect((await content(done.file ?? '')).equals(plain)).toBe(true);
});

it('refuses what is encrypted for somebody else, was damaged, or cannot be kept as it is', async () => {
  const plain = fastq(8000, 'refused-');
  const before = site.traces();
  const other = crypto.secretKey(randomBytes(32)).publicKey;
  const damaged = await sealed(plain);
  damaged[70_000] = (damaged[70_000] ?? 0) ^ 1;
  const { dataKey } = startEncryption(crypto, { readers: [key] });
  const edited = sealHeader(
    crypto,
    { dataKeys: [dataKey], editList: [5n, 10n] },
    { writer: crypto.secretKey(randomBytes(32)), readers: [key] },
  );
  for (const [bytes, code] of [
    [await sealed(plain, [other]), 'encrypted_wrong_key'],
    [damaged, 'encrypted_damaged'],
    [(await sealed(plain)).subarray(0, -10), 'encrypted_damaged'],
    [await sealed(plain, [key], true), 'encrypted_refused'],
    [Buffer.concat([edited, randomBytes(1000)]), 'encrypted_refused'],
    [Buffer.from('crypt4gh\u0002\u0000\u0000\u0000\u0001\u0000\u0000\u0000'), 'encrypted_refused'],
  ] as const) {
    const { status, body } = await site.upload(who, 'refused.fastq.c4gh', bytes);
    expect([status, body.code]).toEqual([422, code]);
  }
  expect(site.traces()).toEqual(before);
  const inbox = openInbox(site.parts, { fileArrived: async () => undefined });
  const context: Context = { ...site.job(), principal: who };
  const { id } = await inbox.begin(context, { name: 'wrong.c4gh', length: 500_000 });
  const wrong = { offset: 0, bytes: Readable.from([await sealed(plain, [other])]), authenticate: async () => who };
  await expect(inbox.append(context, id, wrong)).rejects.toMatchObject({ code: 'encrypted_wrong_key' });
  expect(await inbox.get(context, id)).toMatchObject({ state: 'refused', problem: 'encrypted_wrong_key' });
});

it('takes a file that only begins like an encrypted one for what it is', async () => {
  const { status, body } = await site.upload(who, 'note.txt', Buffer.from('crypt'));
  expect([status, body.size]).toEqual([200, 5]);
});

it('opens what was encrypted for its key after the storage key was changed', async () => {
  await site.parts.keys.rotate('A');
  expect(await site.parts.blobs.rewrap()).toBeGreaterThan(0);
  const plain = fastq(11, 'rotated-');
  const { status, body } = await site.upload(who, 'rotated.fastq.c4gh', await sealed(plain));
  expect([status, body.sha256]).toEqual([200, sums(plain).sha256]);
});
