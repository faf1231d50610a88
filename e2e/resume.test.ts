import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { filesRoutes } from '@geneward/api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bootstrapLinkIn, firstPeople, type Account } from '../scripts/installation.ts';
import { startServer, temporaryData, type RunningServer } from '../scripts/server.ts';

let data: string;
let server: RunningServer;
let settings: Record<string, string>;
let submitter: Account;

beforeAll(async () => {
  data = temporaryData('resume');
  const temporary = join(data, 'temporary');
  mkdirSync(temporary);
  settings = {
    // Where the server and all that it starts keep temporary files: below what is searched.
    TMPDIR: temporary,
    GENEWARD_HTTP_PORT: String(await freePort()),
    GENEWARD_HTTP_UPLOAD_IDLE_SECONDS: '1',
    GENEWARD_WORK_INLINE: 'false',
  };
  server = await startServer(data, settings);
  const people = await firstPeople(server.address, bootstrapLinkIn(server.output()), 'a long enough passphrase');
  submitter = await people.invite({ email: 'submitter@example.org', name: '李提交', roles: ['submitter'] });
});
afterAll(async () => {
  await server.stop();
  rmSync(data, { recursive: true, force: true });
});

const kills = 8;
let killed = 0;
const canary = 'CANARYGATTACACANARY';

/** Reads that hold the canary all over, so that any of them in the clear is found. */
const reads = (count: number) =>
  Buffer.from(
    Array.from({ length: count }, (_, nth) => {
      const bases =
        canary.replaceAll(/[^ACGT]/g, 'A') +
        randomBytes(30)
          .toString('hex')
          .replaceAll(/./g, (c) => 'ACGT'[Number.parseInt(c, 16) % 4] ?? 'A');
      return `@${canary}.${nth}\n${bases}\n+\n${'I'.repeat(bases.length)}\n`;
    }).join(''),
  );

it('resumes however often the server is killed at random places, ends in the same bytes, and leaves none in the clear', async () => {
  const bytes = reads(60_000);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const metadata = `filename ${Buffer.from('killed.fastq').toString('base64')},sha256 ${Buffer.from(sha256).toString('base64')}`;
  const created = await call('POST', '/api/v1/uploads', {
    'upload-length': String(bytes.length),
    'upload-metadata': metadata,
  });
  const path = new URL(created.headers.get('location') ?? '', server.address).pathname;
  // A round brings one and a half steps at most.
  const step = Math.ceil(bytes.length / (1.5 * kills));
  for (let offset = 0; offset < bytes.length;) {
    const sending = patch(path, offset, bytes.subarray(offset, offset + step));
    await new Promise((done) => setTimeout(done, Math.random() * 60));
    await kill();
    await sending;
    // What a killed process has left behind; the database is searched at the end.
    for (const folder of ['blobs', 'temporary']) expect(await holding(join(data, folder), canary)).toEqual([]);
    offset = await standing(path);
    // Without a kill it goes on, or it might never.
    await patch(path, offset, bytes.subarray(offset, offset + Math.floor(step / 2)));
    offset = await standing(path);
    killed += 1;
  }
  expect(killed).toBeGreaterThanOrEqual(kills);
  const ended = await finished(path);
  const back = await submitter.client.raw(filesRoutes.downloadFile, { params: { id: ended.file } });
  expect(
    createHash('sha256')
      .update(Buffer.from(await back.arrayBuffer()))
      .digest('hex'),
  ).toBe(sha256);
  expect(await holding(data, canary)).toEqual([]);
  // The search finds what it looks for.
  const control = join(data, 'blobs', 'control');
  writeFileSync(control, bytes.subarray(0, 1000));
  expect(await holding(data, canary)).toEqual([control]);
  rmSync(control);
});

const patch = (path: string, offset: number, bytes: Uint8Array) =>
  call(
    'PATCH',
    path,
    { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
    bytes,
  ).catch(() => undefined);

const standing = async (path: string) => Number((await call('HEAD', path)).headers.get('upload-offset'));

/** What became of the upload, once it has become something: a kill while the file was made is waited out. */
async function finished(path: string): Promise<{ file: string }> {
  for (let tries = 0; tries < 180; tries += 1) {
    const { state, file } = (await (await call('GET', path)).json()) as { state: string; file: string };
    if (state === 'complete') return { file };
    expect(state).toBe('open');
    await new Promise((done) => setTimeout(done, 1000));
  }
  throw new Error('the upload did not end within three minutes');
}

async function kill(): Promise<void> {
  const gone = new Promise((done) => server.process.once('exit', done));
  server.process.kill('SIGKILL');
  await gone;
  server = await startServer(data, settings);
}

async function call(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: Uint8Array,
): Promise<Response> {
  const reply = await fetch(new URL(path, server.address), {
    method,
    headers: { authorization: `Bearer ${submitter.token}`, 'tus-resumable': '1.0.0', ...headers },
    ...(body && { body: body as BodyInit }),
  });
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
  return reply;
}

/** Files below a folder that hold a text. */
async function holding(folder: string, text: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    if (await holds(file, text)) found.push(file);
  }
  return found;
}

async function holds(file: string, text: string): Promise<boolean> {
  let before = '';
  try {
    for await (const chunk of createReadStream(file, { encoding: 'latin1', highWaterMark: 1 << 20 })) {
      if ((before + String(chunk)).includes(text)) return true;
      before = String(chunk).slice(-text.length);
    }
  } catch (error) {
    // Files of the database come and go.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  return false;
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => done(port));
    });
  });
}
