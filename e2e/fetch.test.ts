import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessRoutes } from '@geneward/api';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { bootstrapLinkIn, firstPeople, type Account } from '../scripts/installation.ts';
import { startServer, temporaryData, type RunningServer } from '../scripts/server.ts';
import { wayOf } from '../scripts/submit.ts';
import { startCommand } from './transfer/command.ts';
import { startProxy } from './transfer/proxy.ts';
import { writeLongStudy } from './transfer/reads.ts';

const segment = 65_536;
const size = 10 * 2 ** 20;
let data: string;
let home: string;
let to: string;
let server: RunningServer;
let proxy: Awaited<ReturnType<typeof startProxy>>;
let auditor: Account;
let submitter: Account;
let study: string;
let files: readonly string[];

beforeAll(async () => {
  data = temporaryData('fetch');
  home = mkdtempSync(join(tmpdir(), 'geneward-home-'));
  server = await startServer(data);
  proxy = await startProxy(() => server.address);
  const people = await firstPeople(server.address, bootstrapLinkIn(server.output()), 'a long enough passphrase');
  submitter = await people.invite({ email: 'submitter@example.org', name: '李提交', roles: ['submitter'] });
  const curator = await people.invite({ email: 'curator@example.org', name: '王审核', roles: ['curator'] });
  auditor = await people.invite({ email: 'auditor@example.org', name: '审计员', roles: ['auditor'] });
  study = join(data, 'study');
  files = writeLongStudy(study, 'fetched', size).files;
  const way = wayOf(
    { folder: study, samples: 1, files },
    'Fetched by segments',
    () => submitter.client,
    () => curator.client,
  );
  const id = await way.open();
  await way.sheets(id);
  await way.uploads();
  await way.submit(id);
  await way.accept(id);
}, 240_000);
afterAll(async () => {
  await proxy.close();
  await server.stop();
  for (const folder of [data, home]) rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  to = mkdtempSync(join(data, 'to-'));
  proxy.meddle({});
  proxy.taken();
});

const run = 'GWR0000001';
const get = (...args: string[]) =>
  startCommand(['get', run, '--to', to, '--json', ...args], {
    GENEWARD_URL: proxy.address,
    GENEWARD_TOKEN: submitter.token,
    GENEWARD_HOME: home,
  });
const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
const expectFetched = () => {
  for (const name of files) expect(digest(join(to, name))).toBe(digest(join(study, name)));
};
const sum = (ranges: readonly { from: number; to: number }[]) => ranges.reduce((all, it) => all + it.to - it.from, 0);

it('goes on after kill -9 without fetching a right segment again, and every range has its event', async () => {
  const first = get('--limit-rate', '4M');
  await first.said(/"phase":"fetch","moved":\d{7,}/);
  first.process.kill('SIGKILL');
  await first.ended;
  const kept = readdirSync(to).filter((name) => name.endsWith('.part'));
  expect(kept.length).toBeGreaterThan(0);
  const there = kept.reduce((all, name) => all + rightSegments(join(to, name)), 0);
  expect(there).toBeGreaterThan(10);
  proxy.taken();
  const { code } = await get().ended;
  expect(code).toBe(0);
  expectFetched();
  const whole = files.reduce((all, name) => all + readFileSync(join(study, name)).length, 0);
  const fetched = sum(proxy.taken());
  expect(fetched).toBeLessThanOrEqual(whole - (there - kept.length) * segment);
  const { items } = await auditor.client.call(accessRoutes.audit, {
    query: { type: 'files.downloaded', limit: 200 },
  });
  const told = items.map(({ content }) => Number(content['last']) + 1 - Number(content['first']));
  expect(told.reduce((all, one) => all + one, 0)).toBeGreaterThanOrEqual(whole);
  expect(items.every(({ actor, content }) => actor.via === `download:${tokenIn(content)}`)).toBe(true);
});

const tokenIn = (content: Record<string, unknown>) => (content['right'] as { token?: string }).token ?? '';

/** Segments of a growing file that are as they will be. */
function rightSegments(path: string): number {
  const name = files.find((one) => path.includes(one)) ?? '';
  const [is, should] = [readFileSync(path), readFileSync(join(study, name))];
  let count = 0;
  for (let at = 0; at < should.length; at += segment)
    if (is.subarray(at, at + segment).equals(should.subarray(at, at + segment))) count += 1;
  return count;
}

/** Meddles with the first delivery of each file only. */
function once(change: (bytes: Buffer) => Buffer) {
  const seen = new Set<string>();
  return (bytes: Buffer, _from: number, path: string) => {
    if (seen.has(path) || bytes.length < 4 * segment) return bytes;
    seen.add(path);
    return change(bytes);
  };
}
const cutOut = (bytes: Buffer, from: number, length: number) =>
  Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + length)]);

it.each([
  ['truncated', (bytes: Buffer) => bytes.subarray(0, bytes.length - segment - 7)],
  [
    'swapped',
    (bytes: Buffer) =>
      Buffer.concat([bytes.subarray(segment, 2 * segment), bytes.subarray(0, segment), bytes.subarray(2 * segment)]),
  ],
  [
    'repeated',
    (bytes: Buffer) =>
      Buffer.concat([bytes.subarray(0, segment), bytes.subarray(0, segment), bytes.subarray(2 * segment)]),
  ],
  ['left out', (bytes: Buffer) => cutOut(bytes, segment, segment)],
  ['altered', (bytes: Buffer) => Buffer.from(bytes).fill(0, 3 * segment + 5, 3 * segment + 6)],
])('mends a download in which segments were %s on the way', async (_, change) => {
  proxy.meddle({ body: once(change) });
  const { code, err } = await get().ended;
  expect([code, err.includes('"error"')]).toEqual([0, false]);
  expectFetched();
});

it('gives up a segment that is never right, names it, and keeps nothing under the final name', async () => {
  proxy.meddle({
    body(bytes, from) {
      const at = 2 * segment + 9 - from;
      if (at >= 0 && at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ 1;
      return bytes;
    },
  });
  const { code, err } = await get().ended;
  expect(code).toBe(3);
  expect(err).toContain('segment_damaged');
  expect(err).toContain('segment 2 ');
  expect(files.some((name) => existsSync(join(to, name)))).toBe(false);
  proxy.meddle({});
  expect((await get().ended).code).toBe(0);
  expectFetched();
});

it('has it sealed for a key on the way and opens it; tells a header for somebody else and a key that does not open', async () => {
  const key = join(data, 'reader');
  const keygen = startCommand(['crypt4gh', 'keygen', '--sk', key, '--pk', `${key}.pub`, '--nocrypt'], {});
  expect((await keygen.ended).code).toBe(0);
  const { code } = await get('--key', key).ended;
  expect(code).toBe(0);
  expectFetched();
  expect(proxy.taken().every(({ path }) => path.includes('/encrypted?'))).toBe(true);

  to = mkdtempSync(join(data, 'to-'));
  const other = randomBytes(32).toString('base64url');
  proxy.meddle({ path: (path) => path.replace(/recipient=[\w-]+/, `recipient=${other}`) });
  const refused = await get('--key', key).ended;
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('no_key_fits')]);

  proxy.meddle({ body: once((bytes) => cutOut(bytes, 2 * (segment + 28), segment + 28)) });
  expect((await get('--key', key).ended).code).toBe(0);
  expectFetched();
  expect((await get('--key', join(study, 'run.tsv')).ended).code).toBe(2);
});
