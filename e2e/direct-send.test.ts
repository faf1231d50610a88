import { createHash, randomBytes } from 'node:crypto';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesRoutes } from '@geneward/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootstrapLinkIn, firstPeople, type Account } from '../scripts/installation.ts';
import { startServer, temporaryData, type RunningServer } from '../scripts/server.ts';
import { startCommand } from './transfer/command.ts';
import { findGateway, startGateway, type Gateway } from './versitygw.ts';

const program = findGateway();
const cli = fileURLToPath(new URL('../cli/src/main.ts', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'geneward-direct-'));
let gateway: Gateway;
let data: string;
let server: RunningServer;
let submitter: Account;

beforeAll(async () => {
  if (!program) return;
  gateway = await startGateway(program);
  data = temporaryData('direct-send');
  server = await startServer(data, {
    GENEWARD_STORAGE_PLACEMENT: 'files=s3+main, *=main',
    GENEWARD_STORAGE_COPIES_NEEDED: '2',
    GENEWARD_STORAGE_S3_BUCKET: 'objects',
    GENEWARD_STORAGE_S3_ENDPOINT: gateway.endpoint,
    GENEWARD_STORAGE_S3_SENDERS: gateway.endpoint,
    GENEWARD_STORAGE_S3_ACCESS_KEY: gateway.account.accessKey,
    GENEWARD_STORAGE_S3_SECRET_KEY: gateway.account.secretKey,
  });
  const people = await firstPeople(server.address, bootstrapLinkIn(server.output()), 'a long enough passphrase');
  submitter = await people.invite({ email: 'submitter@example.org', name: '李提交', roles: ['submitter'] });
});
afterAll(async () => {
  await server?.stop();
  gateway?.close();
  for (const folder of [data, home]) if (folder) rmSync(folder, { recursive: true, force: true });
});

const env = () => ({
  PATH: process.env['PATH'] ?? '',
  GENEWARD_URL: server.address,
  GENEWARD_TOKEN: submitter.token,
  GENEWARD_HOME: home,
  GENEWARD_LANG: 'en',
});
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const filesBelow = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
const canary = 'CANARYGATTACACANARY';
const reads = (count: number) =>
  Buffer.from(Array.from({ length: count }, (_, nth) => `@${canary}.${nth}\nACGTACGTAC\n+\nIIIIIIIIII\n`).join(''));

describe.runIf(program)('geneward files send', () => {
  it('refuses what is not encrypted before a byte of it goes', () => {
    const plain = join(home, 'plain.fastq');
    writeFileSync(plain, reads(10));
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'files', 'send', plain, '--json'], {
      env: env(),
    });
    expect([status, stdout.toString() + stderr.toString()]).toEqual([3, expect.stringContaining('encrypted_refused')]);
  });

  it('goes on after kill -9 with the parts that are not there, and the file is in both stores, sealed', async () => {
    const plain = reads(600_000);
    const publicKey = join(home, 'archive.pub');
    writeFileSync(publicKey, execFileSync(process.execPath, [cli, 'crypt4gh', 'archive-key'], { env: env() }));
    const path = join(home, 'reads.fastq.c4gh');
    const encrypted = spawnSync(process.execPath, [cli, 'crypt4gh', 'encrypt', '--recipient_pk', publicKey], {
      env: env(),
      input: plain,
      maxBuffer: 1 << 28,
    });
    writeFileSync(path, encrypted.stdout);
    const first = startCommand(['files', 'send', path, '--json', '--parallel', '1', '--limit-rate', '6M'], env());
    const uploads = () => submitter.client.call(filesRoutes.listUploads, {});
    await expect
      .poll(
        async () => {
          const [one] = (await uploads()).items;
          if (!one) return 0;
          const now = await submitter.client.call(filesRoutes.getDirectParts, { params: { id: one.id }, query: {} });
          return now.arrived.length;
        },
        { timeout: 60_000, interval: 100 },
      )
      .toBeGreaterThan(0);
    first.process.kill('SIGKILL');
    await first.ended;
    const begun = (await uploads()).items.map(({ id }) => id);
    expect(begun).toHaveLength(1);
    const { code, out, err } = await startCommand(['files', 'send', path, '--json'], env()).ended;
    expect([code, code === 0 ? '' : out + err]).toEqual([0, '']);
    const [sent] = JSON.parse(out) as { upload: string; file: string }[];
    expect([sent?.upload]).toEqual(begun);
    const params = { id: sent?.file ?? '' };
    expect(await submitter.client.call(filesRoutes.getFile, { params })).toMatchObject({
      name: 'reads.fastq',
      state: 'stored',
      sha256: sha256(plain),
    });
    const back = async () =>
      Buffer.from(await (await submitter.client.raw(filesRoutes.downloadFile, { params })).arrayBuffer());
    expect((await back()).equals(plain)).toBe(true);
    // The second copy is there, and serves when the first is damaged.
    const inBucket = filesBelow(join(gateway.folder, 'objects')).filter((file) =>
      readFileSync(file).equals(encrypted.stdout),
    );
    expect(inBucket).toHaveLength(1);
    const inMain = filesBelow(join(data, 'blobs', 'blobs')).filter((file) =>
      readFileSync(file).equals(encrypted.stdout),
    );
    expect(inMain).toHaveLength(1);
    writeFileSync(inBucket[0] ?? '', randomBytes(encrypted.stdout.length));
    expect((await back()).equals(plain)).toBe(true);
    for (const folder of [join(gateway.folder, 'objects'), join(data, 'blobs')])
      expect(filesBelow(folder).filter((file) => readFileSync(file).includes(canary))).toEqual([]);
  });
});
