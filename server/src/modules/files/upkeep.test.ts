import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openLabel } from '@geneward/api';
import { person } from '../../../test/builders.ts';
import { transaction } from '../../platform/db.ts';
import { fastq, openSite, type Person, type Site } from './files-under-test.ts';
import { checkPairingOf, claimFiles, filesWanted, openFile, releaseClaim, standing } from './index.ts';
import { checkAgain, discardBlob, expireUnclaimed, sweep, tidy, verifyBlobs } from './service/upkeep.ts';

let site: Site;
let who: Person;
beforeEach(async () => {
  site = await openSite();
  who = site.person();
});
afterEach(() => site.close());

const day = 86_400_000;
const after = (days: number) => {
  site.parts.clock.at = new Date(Date.now() + days * day);
};
const run = { kind: 'object', id: 'run-1' };
const inTransaction = <T>(work: Parameters<typeof transaction<T>>[1]) => transaction(site.parts.pool.db, work);
const stateOf = async (id: string) =>
  (await site.server.inject({ url: `/api/v1/files/${id}`, headers: { 'x-person': who.id } })).json<{ state: string }>()
    .state;
/** The store writes with the clock of the machine: as if everything in it were two days old. */
const sweepLater = async () => {
  after(2);
  await tidy(site.job(), site.parts);
  await sweep(site.job(), site.parts);
};

it('warns once before an unclaimed upload expires, then takes its bytes away', async () => {
  who = (await person(site.parts)).principal;
  site.admit(who);
  const { body } = await site.upload(who, 'forgotten.fastq', fastq(3));
  for (const days of [1, 54, 55]) {
    after(days);
    await expireUnclaimed(site.job(), site.parts);
  }
  const notices = await site.parts.pool.db.selectFrom('notice').selectAll().execute();
  expect(notices).toMatchObject([{ person_id: who.id, type: 'files.expiring' }]);
  expect(notices[0]?.body_en).toContain('forgotten.fastq');
  expect(notices[0]?.body_zh).toContain('forgotten.fastq');
  expect(await stateOf(body.id)).toBe('stored');
  after(61);
  await expireUnclaimed(site.job(), site.parts);
  expect(await stateOf(body.id)).toBe('expired');
  expect((await site.events('files.expired')).map((event) => event.object_id)).toEqual([body.id]);
  await sweep(site.job(), site.parts);
  expect(site.traces()).toEqual([]);
  expect((await site.upload(who, 'forgotten.fastq', fastq(3))).body.state).toBe('stored');
});

it('never takes away what an object holds, and starts anew when it is given back', async () => {
  const { body } = await site.upload(who, 'kept.fastq', fastq(3));
  const human = { grade: 3, categories: ['human_genetic_resource' as const], jurisdictions: ['CN'] };
  await inTransaction((tx) => claimFiles(tx, site.job(), run, [body.id], human));
  after(400);
  await expireUnclaimed(site.job(), site.parts);
  await sweep(site.job(), site.parts);
  expect(await stateOf(body.id)).toBe('claimed');
  const shown = await site.server.inject({ url: `/api/v1/files/${body.id}`, headers: { 'x-person': who.id } });
  expect(shown.json()).toMatchObject({ label: human, claim: run });
  const refused = await site.server.inject({
    method: 'DELETE',
    url: `/api/v1/files/${body.id}`,
    headers: { 'x-person': who.id },
  });
  expect(refused.json()).toMatchObject({ code: 'file_claimed' });
  await inTransaction((tx) => releaseClaim(tx, site.job(), run, 'all', 60));
  expect(await stateOf(body.id)).toBe('stored');
  after(470);
  await expireUnclaimed(site.job(), site.parts);
  expect(await stateOf(body.id)).toBe('expired');
});

it('gives a file to one claimant only, all that are asked for or none', async () => {
  const a = (await site.upload(who, 'a.fastq', fastq(1, 'a'))).body.id;
  const b = (await site.upload(who, 'b.fastq', fastq(1, 'b'))).body.id;
  const faulty = (await site.upload(who, 'f.fastq', Buffer.from('@r\nA\n+\n'))).body.id;
  await inTransaction((tx) => claimFiles(tx, site.job(), run, [a], openLabel));
  await inTransaction((tx) => claimFiles(tx, site.job(), run, [a], openLabel));
  const other = { kind: 'object', id: 'run-2' };
  for (const ids of [
    [b, a],
    [b, faulty],
  ])
    await expect(inTransaction((tx) => claimFiles(tx, site.job(), other, ids, openLabel))).rejects.toThrow('conflict');
  expect(await stateOf(b)).toBe('stored');
});

it('finds the file that a row declares: what it holds, then what is free, and bytes as declared before others', async () => {
  const one = (await site.upload(who, 'row_1.fastq', fastq(2, 'row'))).body;
  const wanted = (more: object = {}) => ({
    name: 'row_1.fastq',
    md5: null,
    sha256: null,
    people: [who.id],
    claim: run,
    linked: null,
    ...more,
  });
  const find = async (...all: ReturnType<typeof wanted>[]) => filesWanted(site.parts.pool.db, who.organisation, all);
  const [file, none] = await find(wanted(), wanted({ name: 'row_2.fastq' }));
  expect([file?.id, none]).toEqual([one.id, undefined]);
  expect(standing({ md5: one.md5 }, file)).toBe('stored');
  expect(standing({ md5: '0'.repeat(32) }, file)).toBe('mismatch');
  expect(standing({}, none)).toBe('missing');
  await inTransaction((tx) => claimFiles(tx, site.job(), run, [one.id], openLabel));
  const two = (await site.upload(who, 'row_1.fastq', fastq(3, 'row'))).body;
  const other = { kind: 'object', id: 'run-2' };
  const ids = await find(
    wanted(),
    wanted({ linked: one.id }),
    wanted({ md5: two.md5 }),
    wanted({ claim: other }),
    wanted({ claim: other, md5: one.md5 }),
  );
  expect(ids.map((found) => found?.id)).toEqual([one.id, one.id, two.id, two.id, two.id]);
});

it('checks pairing from the names kept at the upload, and from the bytes once these are dropped', async () => {
  const ids: string[] = [];
  for (const mate of [1, 2]) {
    const reads = fastq(20, 'pair')
      .toString()
      .replaceAll(/^(@pair\d+)$/gm, `$1/${mate}`);
    ids.push((await site.upload(who, `p_${mate}.fastq`, Buffer.from(reads))).body.id);
  }
  const stray = (await site.upload(who, 'stray.fastq', fastq(20, 'stray'))).body.id;
  const { pool, blobs } = site.parts;
  const pairing = async (files: string[]) =>
    (
      await checkPairingOf(
        pool.db,
        blobs,
        files.map((id) => ({ id, readTypes: [] })),
      )
    ).filter((finding) => finding.level === 'error');
  for (let round = 0; round < 2; round += 1) {
    expect(await pairing(ids)).toEqual([]);
    expect(await pairing([ids[0] ?? '', stray])).toHaveLength(1);
    await inTransaction((tx) => claimFiles(tx, site.job(), run, [...ids, stray], openLabel));
  }
});

it('looks twice when read names may be doubled', async () => {
  const { body } = await site.upload(who, 'double.fastq', Buffer.concat([fastq(1), fastq(1)]));
  expect(body.state).toBe('checking');
  await checkAgain(site.job(), body.id, site.parts);
  expect(await stateOf(body.id)).toBe('faulty');
  expect(await site.events('files.checked')).toHaveLength(1);
});

it('checks a file by its content when the name does not tell, in the one pass', async () => {
  expect((await site.upload(who, 'reads.txt', fastq(5))).body).toMatchObject({ state: 'stored', kind: 'fastq' });
  const wrong = Buffer.from(
    '##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n1\tten\t.\tA\tC\t.\t.\t.\n',
  );
  const { body } = await site.upload(who, 'calls', wrong);
  expect(body).toMatchObject({ state: 'faulty', kind: 'vcf' });
  const report = await site.server.inject({ url: `/api/v1/files/${body.id}/report`, headers: { 'x-person': who.id } });
  expect(report.json()).toMatchObject({ findings: [{ place: { line: 3, column: 3 }, value: 'ten' }] });
  const table = await site.upload(who, 'notes.tsv', Buffer.from('name\tvalue\n样本\t1\n'));
  expect(table.body).toMatchObject({ state: 'stored', kind: 'text' });
});

it('removes the bytes of a deleted file, unless another file has the same', async () => {
  const bytes = fastq(4);
  const mine = (await site.upload(who, 'x.fastq', bytes)).body;
  const other = site.person();
  const theirs = (await site.upload(other, 'x.fastq', bytes)).body;
  const remove = (person: Person, id: string) =>
    site.server.inject({ method: 'DELETE', url: `/api/v1/files/${id}`, headers: { 'x-person': person.id } });
  await remove(who, mine.id);
  await discardBlob(site.job(), mine.sha256 ?? '', site.parts);
  expect(site.traces()).toHaveLength(1);
  await remove(other, theirs.id);
  await discardBlob(site.job(), mine.sha256 ?? '', site.parts);
  expect(site.traces()).toEqual([]);
});

it('never takes bytes from a file that arrives while they are being discarded', async () => {
  const { pool, blobs } = site.parts;
  for (let round = 0; round < 20; round += 1) {
    const bytes = fastq(3, `race${round}-`);
    const first = (await site.upload(who, 'race.fastq', bytes)).body;
    await site.server.inject({ method: 'DELETE', url: `/api/v1/files/${first.id}`, headers: { 'x-person': who.id } });
    const other = site.person();
    const [second] = await Promise.all([
      site.upload(other, 'race.fastq', bytes),
      discardBlob(site.job(), first.sha256 ?? '', site.parts),
      sweep(site.job(), site.parts),
    ]);
    const parts: Uint8Array[] = [];
    for await (const chunk of await openFile(pool.db, blobs, second.body.id)) parts.push(chunk);
    expect(Buffer.concat(parts).equals(bytes)).toBe(true);
  }
});

it('finds bytes that a crash left without a row, and leaves those alone that a row or an upload names', async () => {
  const { blobs, pool } = site.parts;
  async function* some() {
    yield Buffer.from('left behind');
  }
  await site.upload(who, 'named.fastq', fastq(2));
  await blobs.put('files/aa/orphan', some());
  await blobs.put('files/aa/under-way', some());
  await blobs.put('sheets/of-another-module', some());
  await pool.db
    .insertInto('file')
    .values({
      name: 'under-way',
      key: 'files/aa/under-way',
      organisation_id: who.organisation,
      person_id: who.id,
      state: 'receiving',
      uploaded_at: new Date(),
      heard_at: new Date(Date.now() + 2 * day),
    })
    .execute();
  const before = site.traces().length;
  await sweep(site.job(), site.parts);
  expect(site.traces()).toHaveLength(before);
  await sweepLater();
  expect(site.traces()).toHaveLength(before - 1);
  expect(await blobs.size('files/aa/orphan')).toBeUndefined();
  expect(await blobs.size('sheets/of-another-module')).toBe(11n);
});

it('clears what a killed process left of an upload', async () => {
  await site.parts.pool.db
    .insertInto('file')
    .values({
      name: 'killed.fastq',
      key: 'files/aa/killed',
      organisation_id: who.organisation,
      person_id: who.id,
      state: 'receiving',
      uploaded_at: new Date(),
      heard_at: new Date(Date.now() - day),
    })
    .execute();
  writeFileSync(join(site.parts.config.data, 'blobs/incoming/half'), 'half of it');
  expect((await site.upload(who, 'killed.fastq', fastq(1))).body.state).toBe('stored');
  await sweepLater();
  expect(site.traces()).toHaveLength(1);
});

it('notices stored bytes that changed or vanished, and heals them by a new upload', async () => {
  const damaged = (await site.upload(who, 'damaged.fastq', fastq(3, 'd'))).body;
  const path = join(site.parts.config.data, 'blobs', site.traces()[0] ?? '');
  writeFileSync(path, 'rot');
  const gone = (await site.upload(who, 'gone.fastq', fastq(3, 'g'))).body;
  const { blob_key: key } = await site.parts.pool.db
    .selectFrom('blob')
    .select('key as blob_key')
    .where('sha256', '=', gone.sha256 ?? '')
    .executeTakeFirstOrThrow();
  await site.parts.blobs.delete(key ?? '');
  after(100);
  await verifyBlobs(site.job(), site.parts);
  const lost = (await site.events('files.lost')).map((event) => event.content['reason']);
  expect(new Set(lost)).toEqual(new Set(['damaged', 'missing']));
  expect(await stateOf(damaged.id)).toBe('missing');
  const refused = await site.server.inject({
    url: `/api/v1/files/${gone.id}/content`,
    headers: { 'x-person': who.id },
  });
  expect(refused.json()).toMatchObject({ code: 'file_missing', status: 410 });
  expect((await site.upload(who, 'gone.fastq', fastq(3, 'g'))).body).toMatchObject({ id: gone.id, state: 'stored' });
  await verifyBlobs(site.job(), site.parts);
  expect(await stateOf(gone.id)).toBe('stored');
});
