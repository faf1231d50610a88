import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStorage } from '../../platform/storage/open-storage.ts';
import { fullAfter } from '../../../test/faults.ts';
import { fastq, openSite, type Person, type Site } from './files-under-test.ts';

let site: Site;
let port: number;
beforeAll(async () => {
  site = await openSite({ settings: { http: { uploadIdleSeconds: 1 } } });
  await site.server.listen({ port: 0, host: '127.0.0.1' });
  port = (site.server.server.address() as AddressInfo).port;
});
afterAll(() => site.close());

/** Begins an upload over a real connection; the caller decides what becomes of it. */
function begin(
  who: Person,
  name: string,
  length?: number,
): { sending: ClientRequest; answer: Promise<{ code: string }> } {
  const sending = request({
    port,
    method: 'PUT',
    path: `/api/v1/files/${name}`,
    headers: { 'x-person': who.id, ...(length !== undefined && { 'content-length': length }) },
  });
  const answer = new Promise<{ code: string }>((resolve, reject) => {
    sending.on('error', reject);
    sending.on('response', (reply: IncomingMessage) => {
      reply.setEncoding('utf8');
      let text = '';
      reply.on('data', (chunk: string) => (text += chunk));
      reply.on('end', () => resolve(JSON.parse(text) as { code: string }));
    });
  });
  return { sending, answer };
}

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}

const underWay = async () =>
  (await site.parts.pool.db.selectFrom('file').select('id').where('state', '=', 'receiving').execute()).length;

it('gives up a body that never ends, tells so and keeps nothing', async () => {
  const { sending, answer } = begin(site.person(), 'silent.fastq');
  sending.write(fastq(10));
  expect(await answer).toMatchObject({ code: 'upload_stalled', status: 408 });
  sending.destroy();
  expect(await underWay()).toBe(0);
  expect(site.traces()).toEqual([]);
});

it('leaves nothing of an upload whose sender goes away in the middle', async () => {
  const { sending, answer } = begin(site.person(), 'gone.fastq', 10_000_000);
  // Enough that some of it is on its way to the disk.
  sending.write(fastq(100_000));
  await until(async () => (await underWay()) === 1 && site.traces().length === 1);
  const refused = (await site.events('files.upload_refused')).length;
  sending.destroy();
  await expect(answer).rejects.toThrow('socket hang up');
  await until(async () => (await site.events('files.upload_refused')).length > refused);
  expect((await site.events('files.upload_refused')).at(-1)?.content).toEqual({ reason: 'upload_broken' });
  expect(await underWay()).toBe(0);
  expect(site.traces()).toEqual([]);
});

it('lets one of two uploads of the same name at once through and refuses the other', async () => {
  const who = site.person();
  const first = begin(who, 'race.fastq');
  first.sending.write(fastq(1, 'a'));
  await until(async () => (await underWay()) === 1);
  const second = begin(who, 'race.fastq');
  second.sending.end(fastq(1, 'b'));
  expect(await second.answer).toMatchObject({ code: 'upload_in_progress', status: 409 });
  first.sending.end(fastq(1, 'c'));
  expect(await first.answer).toMatchObject({ name: 'race.fastq', state: 'stored' });
});

it('ends an upload whose token expired on the way, although it began in time', async () => {
  const who = site.person();
  const before = site.traces();
  const { sending, answer } = begin(who, 'late.fastq');
  sending.write(fastq(3, 'late'));
  await until(async () => (await underWay()) === 1);
  site.expire(who);
  sending.end(fastq(3, 'later'));
  expect(await answer).toMatchObject({ code: 'unauthenticated', status: 401 });
  expect(await underWay()).toBe(0);
  expect(site.traces()).toEqual(before);
});

it('ends a long upload as soon as the token has expired, without waiting for its last byte', async () => {
  const who = site.person();
  const { sending, answer } = begin(who, 'long.fastq');
  sending.write(fastq(3, 'long'));
  await until(async () => (await underWay()) === 1);
  site.expire(who);
  site.parts.clock.at = new Date(Date.now() + 20_000);
  sending.write(fastq(3, 'longer'));
  expect(await answer).toMatchObject({ code: 'unauthenticated' });
  site.parts.clock.at = undefined;
  sending.destroy();
});

it('answers a refusal to a sender that is still sending much', async () => {
  const chunk = Buffer.alloc(1 << 20, 65);
  const { sending, answer } = begin(site.person(), '.hidden', 64 << 20);
  for (let sent = 0; sent < 64 && sending.writable; sent += 1) sending.write(chunk);
  expect(await answer).toMatchObject({ code: 'file_name_refused' });
  sending.destroy();
});

it('says that the storage is full, cleans up, and takes the file once there is room', async () => {
  const full = await openSite({ parts: (parts) => ({ ...parts, blobs: fullAfter(parts.blobs, 500) }) });
  try {
    const who = full.person();
    const refused = await full.upload(who, 'big.fastq', fastq(100));
    expect(refused).toMatchObject({ status: 507, body: { code: 'storage_full' } });
    expect(full.traces()).toEqual([]);
    expect(await full.events('files.upload_refused')).toHaveLength(1);
    expect((await full.upload(who, 'small.fastq', fastq(2))).body.state).toBe('stored');
  } finally {
    await full.close();
  }
});

it('says so too when a real file system is full', async () => {
  const mount = mkdtempSync(join(tmpdir(), 'geneward-full-'));
  const mounted = tinyFileSystem(mount);
  const full = await openSite({
    parts: (parts) =>
      mounted
        ? {
            ...parts,
            ...openStorage(
              { ...parts.config, storage: { ...parts.config.storage, placement: '*=mirror', mirror: mount } },
              { ...parts, db: parts.pool.db },
            ),
          }
        : { ...parts, blobs: fullAfter(parts.blobs, 1 << 20) },
  });
  try {
    const { status, body } = await full.upload(full.person(), 'big.fastq', fastq(60_000));
    expect([status, body.code]).toEqual([507, 'storage_full']);
    expect((await full.upload(full.person(), 'small.fastq', fastq(100))).status).toBe(200);
  } finally {
    await full.close();
    if (mounted) execFileSync('umount', [mount]);
    rmSync(mount, { recursive: true, force: true });
  }
});

/** A file system of one MiB where the rights allow it; elsewhere the fault is injected. */
function tinyFileSystem(path: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
