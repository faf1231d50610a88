import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dataFile, fastq, haveData, openSite, type Site } from './files-under-test.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

const hash = (algorithm: string, bytes: Uint8Array) => createHash(algorithm).update(bytes).digest('hex');

it('computes both checksums, checks the reads and keeps the file', async () => {
  const who = site.person();
  const bytes = gzipSync(fastq(50));
  const { status, body } = await site.upload(who, 'a_1.fastq.gz', bytes);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    name: 'a_1.fastq.gz',
    state: 'stored',
    size: bytes.length,
    sha256: hash('sha256', bytes),
    md5: hash('md5', bytes),
    kind: 'fastq',
    errors: 0,
    owner: { organisation: who.organisation, person: who.id },
    summary: { reads: 50, bases: 500, compression: 'gzip' },
  });
  expect(site.arrived.at(-1)).toMatchObject({ id: body.id, name: 'a_1.fastq.gz' });
  expect(await site.events('files.uploaded')).toContainEqual(
    expect.objectContaining({ object_id: body.id, outcome: 'done' }),
  );
});

it.runIf(haveData()).each([
  ['ena-example/example_data/ENA_TEST2.R1.fastq.gz', 'stored', '69c903251902c1e0b75331f70e531012'],
  ['reads/T966_R1.fastq.gz', 'stored', '352738e8ce040b6e8ece7dd7579b1e7f'],
  ['reads/mp3_schw3.fq', 'stored', 'dba006de7712eef549dfcd2d00f17fca'],
  ['reads/webin_invalid.fastq.gz', 'faulty', '00e2be5c393518f33b9a38b15596764c'],
  ['reads/8855_124.bam', 'stored', 'a9731d51e8677ae2d500156f55f4ff3e'],
])('takes the real file %s as %s', async (path, state, md5) => {
  const { body } = await site.upload(site.person(), path.split('/').at(-1) ?? '', dataFile(path));
  expect(body).toMatchObject({ state, md5 });
});

it.runIf(haveData())('keeps a faulty file with the report of what is wrong, in the reader’s language', async () => {
  const who = site.person();
  const { body } = await site.upload(who, 'x.fastq.gz', dataFile('reads/webin_invalid.fastq.gz'));
  const reports = await Promise.all(
    ['en', 'zh'].map((language) =>
      site.server.inject({
        url: `/api/v1/files/${body.id}/report`,
        headers: { 'x-person': who.id, 'accept-language': language },
      }),
    ),
  );
  const [en, zh] = reports.map((reply) =>
    reply.json<{ findings: { code: string; message: string; mend: string }[] }>(),
  );
  expect(en?.findings.length).toBeGreaterThan(0);
  expect(en?.findings[0]?.code).toBe(zh?.findings[0]?.code);
  expect(en?.findings[0]?.message).not.toMatch(/[\u4e00-\u9fff]/);
  expect(zh?.findings[0]?.message).toMatch(/[\u4e00-\u9fff]/);
});

it.each([
  ['unequal lengths', 'lengths.fastq', Buffer.from('@r1\nACGT\n+\nIII\n')],
  ['a truncated gzip', 'cut.fastq.gz', gzipSync(fastq(2000)).subarray(0, 200)],
  ['no FASTQ at all', 'html.fastq', Buffer.from('<html><body>404</body></html>')],
])('finds %s and calls the file faulty', async (_, name, bytes) => {
  const { status, body } = await site.upload(site.person(), name, bytes);
  expect(status).toBe(200);
  expect(body.state).toBe('faulty');
  expect(body.errors).toBeGreaterThan(0);
});

it('answers the same upload again with the same file', async () => {
  const who = site.person();
  const bytes = fastq(5, 'same');
  const first = await site.upload(who, 'same.fastq', bytes);
  const before = site.traces().length;
  const again = await site.upload(who, 'same.fastq', bytes);
  expect(again).toEqual(first);
  expect(site.traces()).toHaveLength(before);
});

it('puts other bytes in the place of an unclaimed file of the same name', async () => {
  const who = site.person();
  const first = await site.upload(who, 'mended.fastq', Buffer.from('@r1\nACGT\n+\nIII\n'));
  const second = await site.upload(who, 'mended.fastq', fastq(1, 'mended'));
  expect(second.body.state).toBe('stored');
  expect(second.body.id).not.toBe(first.body.id);
  const list = await site.server.inject({ url: '/api/v1/files', headers: { 'x-person': who.id } });
  expect(list.json<{ items: { id: string }[] }>().items.map((file) => file.id)).toEqual([second.body.id]);
});

it('ends in one file when several short ones of the same name come at once', async () => {
  const who = site.person();
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, nth) => site.upload(who, 'crowd.fastq', fastq(2, `crowd${nth}`))),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  const list = await site.server.inject({ url: '/api/v1/files', headers: { 'x-person': who.id } });
  const { items } = list.json<{ items: { id: string; name: string; state: string }[] }>();
  expect(items).toEqual([expect.objectContaining({ name: 'crowd.fastq', state: 'stored' })]);
  expect(answers.map(({ body }) => body.id)).toContain(items[0]?.id);
});

it('refuses a short file under a name that a long one is coming under', async () => {
  const who = site.person();
  await site.parts.pool.db
    .insertInto('file')
    .values({
      name: 'coming.fastq',
      key: 'files/co/coming',
      organisation_id: who.organisation,
      person_id: who.id,
      state: 'receiving',
      uploaded_at: new Date(),
      heard_at: new Date(),
    })
    .execute();
  const before = site.traces();
  const { status, body } = await site.upload(who, 'coming.fastq', fastq(2, 'coming'));
  expect([status, body.code]).toEqual([409, 'upload_in_progress']);
  expect(site.traces()).toEqual(before);
});

it('refuses the same bytes under another name, unless the sender insists', async () => {
  const who = site.person();
  const bytes = fastq(3, 'twin');
  await site.upload(who, 'one.fastq', bytes);
  const refused = await site.upload(who, 'two.fastq', bytes);
  expect(refused).toMatchObject({ status: 409, body: { code: 'duplicate_content', place: { file: 'one.fastq' } } });
  expect(await site.events('files.upload_refused')).toContainEqual(
    expect.objectContaining({ outcome: 'refused', content: { reason: 'duplicate_content' } }),
  );
  const before = site.traces().length;
  const accepted = await site.upload(who, 'two.fastq', bytes, '?duplicate=accept');
  expect(accepted).toMatchObject({ status: 200, body: { state: 'stored', sameAs: ['one.fastq'] } });
  expect(site.traces()).toHaveLength(before);
});

it('keeps the bytes that two people send once, and tells neither of the other', async () => {
  const bytes = fastq(4, 'shared');
  const before = site.traces().length;
  for (const who of [site.person(), site.person()])
    expect((await site.upload(who, 'shared.fastq', bytes)).body).toMatchObject({ state: 'stored', sameAs: [] });
  expect(site.traces()).toHaveLength(before + 1);
});

it.each([
  ['MD5', `?md5=${'0'.repeat(32)}`, 'checksum_mismatch'],
  ['SHA-256', `?sha256=${'0'.repeat(64)}`, 'checksum_mismatch'],
  ['size', '?size=7', 'size_mismatch'],
])('keeps nothing of an upload whose %s is not what was declared', async (_, query, code) => {
  const before = site.traces();
  const { status, body } = await site.upload(site.person(), 'declared.fastq', fastq(6, 'declared'), query);
  expect([status, body.code]).toEqual([422, code]);
  expect(site.traces()).toEqual(before);
});

it.each([
  ['../../etc/passwd', '路径'],
  ['a/b.fastq', '路径'],
  ['a\\b.fastq', '路径'],
  ['.hidden', '开头'],
  ['a\u0000.fastq', '不可见'],
  ['CON.fastq', '设备'],
  ['样'.repeat(86), '255'],
])('refuses the file name %j and says why', async (name, reason) => {
  const before = site.traces();
  const reply = await site.server.inject({
    method: 'PUT',
    url: `/api/v1/files/${encodeURIComponent(name)}`,
    headers: { 'x-person': site.person().id, 'accept-language': 'zh' },
    payload: fastq(1),
  });
  expect(reply.json()).toMatchObject({ status: 422, code: 'file_name_refused' });
  expect(reply.json<{ title: string }>().title).toContain(reason);
  expect(site.traces()).toEqual(before);
});

it('takes Chinese names, and gives them back as they are', async () => {
  const who = site.person();
  const name = `${'土壤样本'.repeat(20)}.fastq`;
  const { status, body } = await site.upload(who, name, fastq(2, 'soil'));
  expect([status, body.name]).toEqual([200, name]);
  const reply = await site.server.inject({ url: `/api/v1/files/${body.id}/content`, headers: { 'x-person': who.id } });
  expect(reply.headers['content-disposition']).toContain(`filename*=UTF-8''${encodeURIComponent(name)}`);
});

it('refuses an empty file and one over the limit', async () => {
  expect((await site.upload(site.person(), 'empty.fastq', Buffer.alloc(0))).body.code).toBe('file_empty');
  const small = await openSite({ settings: { limits: { fileBytes: 1024 } } });
  try {
    const answer = await small.upload(small.person(), 'big.fastq', fastq(100));
    expect(answer).toMatchObject({ status: 413, body: { code: 'file_too_large' } });
    expect(small.traces()).toEqual([]);
  } finally {
    await small.close();
  }
});

it('takes uploads of submitters only', async () => {
  const reader = site.person(undefined, ['reader']);
  expect((await site.upload(reader, 'r.fastq', fastq(1))).status).toBe(403);
  const nobody = await site.server.inject({ method: 'PUT', url: '/api/v1/files/n.fastq', payload: 'x' });
  expect(nobody.statusCode).toBe(401);
});

it('shows and gives a file to its organisation and nobody else', async () => {
  const owner = site.person();
  const colleague = site.person(owner.organisation);
  const stranger = site.person();
  const { body } = await site.upload(owner, 'mine.fastq', fastq(2, 'mine'));
  const status = async (who: { id: string }, method: 'GET' | 'DELETE' = 'GET', path = '') =>
    (await site.server.inject({ method, url: `/api/v1/files/${body.id}${path}`, headers: { 'x-person': who.id } }))
      .statusCode;
  expect(await status(colleague)).toBe(200);
  expect(await status(stranger)).toBe(404);
  expect(await status(stranger, 'GET', '/content')).toBe(404);
  expect(await status(stranger, 'DELETE')).toBe(404);
  expect(await status(owner, 'DELETE')).toBe(204);
  expect(await status(owner)).toBe(404);
});

it('gives a file another name, unless the inbox has it already or it cannot be one', async () => {
  const who = site.person();
  const first = await site.upload(who, 'a.fastq.part', fastq(2, 'renamed'));
  await site.upload(who, 'there.fastq', fastq(3, 'there'));
  const rename = (name: string, by = who) =>
    site.server.inject({
      method: 'PATCH',
      url: `/api/v1/files/${first.body.id}`,
      headers: { 'x-person': by.id },
      payload: { name },
    });
  expect((await rename('there.fastq')).json()).toMatchObject({ status: 409, code: 'file_name_taken' });
  expect((await rename('../a.fastq')).json()).toMatchObject({ status: 422, code: 'file_name_refused' });
  expect((await rename('a.fastq', site.person())).statusCode).toBe(404);
  expect((await rename('a.fastq')).json()).toMatchObject({ name: 'a.fastq', state: 'stored' });
  expect(site.arrived.at(-1)).toMatchObject({ id: first.body.id, name: 'a.fastq' });
  expect(await site.events('files.renamed')).toContainEqual(
    expect.objectContaining({ object_id: first.body.id, content: { from: 'a.fastq.part', to: 'a.fastq' } }),
  );
});
