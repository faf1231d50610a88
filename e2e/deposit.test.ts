import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesRoutes } from '@geneward/api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bootstrapLinkIn, firstPeople, type Account } from '../scripts/installation.ts';
import { startServer, temporaryData, type RunningServer } from '../scripts/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'geneward-deposit-'));
const cli = [fileURLToPath(new URL('../cli/src/main.ts', import.meta.url)), 'crypt4gh'];
let data: string;
let server: RunningServer;
let submitter: Account;

beforeAll(async () => {
  data = temporaryData('deposit');
  server = await startServer(data);
  const people = await firstPeople(server.address, bootstrapLinkIn(server.output()), 'a long enough passphrase');
  submitter = await people.invite({ email: 'submitter@example.org', name: '李提交', roles: ['submitter'] });
});
afterAll(async () => {
  await server.stop();
  for (const path of [data, folder]) rmSync(path, { recursive: true, force: true });
});

const canary = 'CANARYGATTACACANARY';
const reads = Array.from({ length: 20_000 }, (_, nth) => `@${canary}.${nth}\nACGTACGTAC\n+\nIIIIIIIIII\n`).join('');

it('takes a file that the command line encrypted for the archive, from the key to the download', async () => {
  const env = { PATH: process.env['PATH'] ?? '', GENEWARD_URL: server.address, GENEWARD_HOME: folder };
  const publicKey = join(folder, 'archive.pub');
  writeFileSync(publicKey, execFileSync(process.execPath, [...cli, 'archive-key'], { env }));
  const encrypted = spawnSync(process.execPath, [...cli, 'encrypt', '--recipient_pk', publicKey], {
    env,
    input: reads,
    maxBuffer: 1 << 28,
  });
  expect(encrypted.status).toBe(0);
  expect(encrypted.stdout.subarray(0, 8).toString()).toBe('crypt4gh');
  const file = await submitter.client.raw(filesRoutes.uploadFile, {
    params: { name: 'reads.fastq.c4gh' },
    body: encrypted.stdout as Uint8Array<ArrayBuffer>,
  });
  const told = (await file.json()) as { id: string };
  expect(told).toMatchObject({
    name: 'reads.fastq',
    state: 'stored',
    kind: 'fastq',
    size: reads.length,
    sha256: createHash('sha256').update(reads).digest('hex'),
    md5: createHash('md5').update(reads).digest('hex'),
    summary: { reads: 20_000 },
  });
  const back = await submitter.client.raw(filesRoutes.downloadFile, { params: { id: told.id } });
  expect(await back.text()).toBe(reads);
  const lies = readdirSync(join(data, 'blobs'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
  expect(lies.length).toBeGreaterThan(0);
  expect(lies.filter((bytes) => bytes.includes(canary))).toEqual([]);
});
