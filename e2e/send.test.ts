import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesRoutes, identityRoutes } from '@geneward/api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bootstrapLinkIn, firstPeople, type Account } from '../scripts/installation.ts';
import { startServer, temporaryData, type RunningServer } from '../scripts/server.ts';
import { startCommand } from './transfer/command.ts';
import { freePort } from './transfer/port.ts';
import { writeLongStudy } from './transfer/reads.ts';

const size = 24 * 2 ** 20;
let data: string;
let server: RunningServer;
let settings: Record<string, string>;
let submitter: Account;
let home: string;

beforeAll(async () => {
  data = temporaryData('send');
  home = mkdtempSync(join(tmpdir(), 'geneward-home-'));
  settings = { GENEWARD_HTTP_PORT: String(await freePort()) };
  server = await startServer(data, settings);
  const people = await firstPeople(server.address, bootstrapLinkIn(server.output()), 'a long enough passphrase');
  submitter = await people.invite({ email: 'submitter@example.org', name: '李提交', roles: ['submitter'] });
});
afterAll(async () => {
  await server.stop();
  for (const folder of [data, home]) rmSync(folder, { recursive: true, force: true });
});

const environment = () => ({ GENEWARD_URL: server.address, GENEWARD_TOKEN: submitter.token, GENEWARD_HOME: home });
const submit = (folder: string, ...args: string[]) =>
  startCommand(['submit', folder, '--draft', '--json', ...args], environment());

async function expectWhole(folder: string, files: readonly string[]): Promise<void> {
  for (const name of files) {
    const sha256 = createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
    const { items } = await submitter.client.call(filesRoutes.listFiles, { query: { name, limit: 10 } });
    expect(items.map((file) => [file.sha256, file.errors])).toEqual([[sha256, 0]]);
  }
  expect((await submitter.client.call(filesRoutes.listUploads, {})).items).toEqual([]);
  expect(readdirSync(join(home, 'uploads'))).toEqual([]);
}

it('goes on where it was when the command line is killed, and when the server is', async () => {
  const folder = join(data, 'killed');
  const { files } = writeLongStudy(folder, 'killed', size);
  const dry = await submit(folder, '--dry-run').ended;
  expect(dry.code).toBe(0);
  expect(JSON.parse(dry.out)).toMatchObject({ dryRun: true, files: files.map((name) => ({ name })) });
  expect((await submitter.client.call(filesRoutes.listUploads, {})).items).toEqual([]);

  const first = submit(folder, '--limit-rate', '12M');
  await first.said(/"phase":"send","moved":\d{7,}/);
  first.process.kill('SIGKILL');
  expect((await first.ended).code).toBeNull();
  const begun = (await submitter.client.call(filesRoutes.listUploads, {})).items;
  expect(begun).toHaveLength(2);

  const second = submit(folder, '--limit-rate', '12M');
  await second.said(/"phase":"send","moved":\d{7,}/);
  const gone = new Promise((done) => server.process.once('exit', done));
  server.process.kill('SIGKILL');
  await gone;
  server = await startServer(data, settings);
  const { code, err } = await second.ended;
  expect([code, err.includes('"error"')]).toEqual([0, false]);
  await expectWhole(folder, files);
  // The very uploads that the killed process had begun became the files.
  for (const { id } of begun)
    expect((await submitter.client.call(filesRoutes.getUpload, { params: { id } })).state).toBe('complete');

  const third = await submit(folder, '--dry-run').ended;
  expect(JSON.parse(third.out)).toMatchObject({ toSend: 0 });
});

it('sends a large file in parts over several connections, which become one file', async () => {
  const folder = join(data, 'parts');
  const { files } = writeLongStudy(folder, 'parts', size);
  const { code, err } = await submit(folder, '--parallel', '8', '--part-size', '4M').ended;
  expect([code, err.includes('"error"')]).toEqual([0, false]);
  await expectWhole(folder, files);
});

it('renews a token of its own that is about to end, and keeps the successor', async () => {
  const issued = await submitter.client.call(identityRoutes.tokenForPassword, {
    body: {
      email: submitter.email,
      password: submitter.password,
      name: 'laptop',
      scopes: ['read', 'submit'],
      expiresInDays: 1,
    },
  });
  const session = { server: server.address, token: issued.token, tokenId: issued.id, expiresAt: issued.expiresAt };
  writeFileSync(join(home, 'session.json'), JSON.stringify(session));
  const folder = join(data, 'renewed');
  writeLongStudy(folder, 'renewed', 1 << 20);
  const { code } = await startCommand(['submit', folder, '--draft', '--json'], { GENEWARD_HOME: home }).ended;
  expect(code).toBe(0);
  const kept = JSON.parse(readFileSync(join(home, 'session.json'), 'utf8')) as typeof session;
  expect(kept.token).not.toBe(issued.token);
  const { items } = await submitter.client.call(identityRoutes.myTokens, {});
  expect(items.map(({ id }) => id)).toContain(kept.tokenId);
});
