import { createHash, randomBytes } from 'node:crypto';
import * as node from 'node:crypto';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { filesRoutes, type DirectView } from '@geneward/api';
import { encrypt, nodeCrypto } from '@geneward/crypt4gh';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootstrapLinkIn, firstPeople, type Account } from '../scripts/installation.ts';
import { startServer, temporaryData, type RunningServer } from '../scripts/server.ts';
import { findGateway, freePort, startGateway, type Gateway } from './versitygw.ts';

const program = findGateway();
const crypto = nodeCrypto(node);
let gateway: Gateway;
let data: string;
let server: RunningServer;
let settings: Record<string, string>;
let submitter: Account;

beforeAll(async () => {
  if (!program) return;
  gateway = await startGateway(program);
  data = temporaryData('direct');
  settings = {
    GENEWARD_HTTP_PORT: String(await freePort()),
    GENEWARD_STORAGE_PLACEMENT: 'files=s3, *=main',
    GENEWARD_STORAGE_S3_BUCKET: 'objects',
    GENEWARD_STORAGE_S3_ENDPOINT: gateway.endpoint,
    GENEWARD_STORAGE_S3_SENDERS: gateway.endpoint,
    GENEWARD_STORAGE_S3_ACCESS_KEY: gateway.account.accessKey,
    GENEWARD_STORAGE_S3_SECRET_KEY: gateway.account.secretKey,
  };
  server = await startServer(data, settings);
  const people = await firstPeople(server.address, bootstrapLinkIn(server.output()), 'a long enough passphrase');
  submitter = await people.invite({ email: 'submitter@example.org', name: '李提交', roles: ['submitter'] });
});
afterAll(async () => {
  await server?.stop();
  gateway?.close();
  if (data) rmSync(data, { recursive: true, force: true });
});

const canary = 'CANARYGATTACACANARY';
const reads = (count: number, name: string) =>
  Buffer.from(
    Array.from({ length: count }, (_, nth) => `@${canary}.${name}.${nth}\nACGTACGTAC\n+\nIIIIIIIIII\n`).join(''),
  );
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function sealed(bytes: Uint8Array): Promise<Buffer> {
  const { publicKey } = await submitter.client.call(filesRoutes.getDepositKey, {});
  const all: Uint8Array[] = [];
  for await (const chunk of encrypt(crypto, [bytes], { readers: [Buffer.from(publicKey, 'base64')] }))
    all.push(Uint8Array.from(chunk));
  return Buffer.concat(all);
}
const begin = (name: string, file: Uint8Array, plain?: Uint8Array) =>
  submitter.client.call(filesRoutes.beginDirect, {
    body: { name, length: file.length, ...(plain && { sha256: sha256(plain) }) },
  });
async function bring({ items }: DirectView, file: Uint8Array, numbers?: readonly number[]): Promise<void> {
  for (const { number, start, end, address } of items) {
    if (numbers && !numbers.includes(number)) continue;
    const reply = await fetch(address, { method: 'PUT', body: file.slice(start, end) });
    if (!reply.ok) throw new Error(await reply.text());
  }
}
const complete = (id: string) => submitter.client.call(filesRoutes.completeDirect, { params: { id } });
/** Everything that lies in the bucket. */
const lies = () =>
  readdirSync(join(gateway.folder, 'objects'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
async function kill(): Promise<void> {
  const gone = new Promise((done) => server.process.once('exit', done));
  server.process.kill('SIGKILL');
  await gone;
  server = await startServer(data, settings);
}

describe.runIf(program)('files that their senders bring straight to an S3 store', () => {
  it('come in parts in any order, survive a kill of the server, and are judged, kept and given out like any other', async () => {
    const plain = reads(500_000, 'direct');
    const file = await sealed(plain);
    const begun = await begin('direct.fastq.c4gh', file, plain);
    const { id } = begun.upload;
    expect(begun.parts).toBe(Math.ceil(file.length / begun.partSize));
    expect(begun.parts).toBeGreaterThan(1);
    await bring(begun, file, [2]);
    await expect(complete(id)).rejects.toMatchObject({ code: 'direct_incomplete' });
    await kill();
    const again = await submitter.client.call(filesRoutes.getDirectParts, { params: { id }, query: {} });
    expect(again.arrived).toEqual([2]);
    const { items } = await submitter.client.call(filesRoutes.listUploads, {});
    expect(items).toContainEqual(expect.objectContaining({ id, state: 'open', name: 'direct.fastq.c4gh' }));
    await bring(
      again,
      file,
      again.items.map(({ number }) => number).filter((number) => number !== 2),
    );
    const done = await complete(id);
    expect(done.state).toBe('complete');
    expect(await complete(id)).toEqual(done);
    const params = { id: done.file ?? '' };
    expect(await submitter.client.call(filesRoutes.getFile, { params })).toMatchObject({
      name: 'direct.fastq',
      state: 'stored',
      kind: 'fastq',
      size: plain.length,
      sha256: sha256(plain),
    });
    const back = await submitter.client.raw(filesRoutes.downloadFile, { params });
    expect(Buffer.from(await back.arrayBuffer()).equals(plain)).toBe(true);
    // The body lies there as it came: nothing was written anew.
    expect(lies().filter((bytes) => bytes.equals(file))).toHaveLength(1);
  });

  it('are deleted at once when they are in plain, for somebody else, or not as long as was said', async () => {
    const before = lies().length;
    const plain = reads(1000, 'plain');
    for (const [bytes, code] of [
      [plain, 'encrypted_refused'],
      [Buffer.concat([(await sealed(plain)).subarray(0, 16), randomBytes(50_000)]), 'encrypted_refused'],
    ] as const) {
      const { upload, ...parts } = await begin('refused.c4gh', bytes);
      await bring({ upload, ...parts }, bytes);
      await expect(complete(upload.id)).rejects.toMatchObject({ code });
      expect(await submitter.client.call(filesRoutes.getUpload, { params: { id: upload.id } })).toMatchObject({
        state: 'refused',
        problem: code,
      });
    }
    expect(lies()).toHaveLength(before);
    expect(lies().filter((bytes) => bytes.includes(canary))).toEqual([]);
  });

  it('are given up with all that has come of them', async () => {
    const file = await sealed(reads(500, 'given up'));
    const begun = await begin('given-up.c4gh', file);
    await bring(begun, file);
    const reply = await fetch(`${server.address}/api/v1/uploads/${begun.upload.id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${submitter.token}`, 'tus-resumable': '1.0.0' },
    });
    expect(reply.status).toBe(204);
    const late = await fetch(begun.items[0]?.address ?? '', { method: 'PUT', body: file.slice() });
    expect(late.status).toBe(404);
  });

  it('stand beside resumable ones, which a kill of the server does not cost what was acknowledged', async () => {
    const bytes = reads(400_000, 'tus');
    const call = (method: string, path: string, headers: Record<string, string> = {}, body?: Uint8Array) =>
      fetch(new URL(path, server.address), {
        method,
        headers: { authorization: `Bearer ${submitter.token}`, 'tus-resumable': '1.0.0', ...headers },
        ...(body && { body: body as BodyInit }),
      });
    const name = Buffer.from('tus.fastq').toString('base64');
    const created = await call('POST', '/api/v1/uploads', {
      'upload-length': String(bytes.length),
      'upload-metadata': `filename ${name}`,
    });
    const path = created.headers.get('location') ?? '';
    const half = 11_000_001;
    const stream = { 'content-type': 'application/offset+octet-stream' };
    expect((await call('PATCH', path, { ...stream, 'upload-offset': '0' }, bytes.subarray(0, half))).status).toBe(204);
    await kill();
    expect((await call('HEAD', path)).headers.get('upload-offset')).toBe(String(half));
    const rest = await call('PATCH', path, { ...stream, 'upload-offset': String(half) }, bytes.subarray(half));
    expect(rest.status).toBe(204);
    const { file } = (await (await call('GET', path)).json()) as { file: string };
    const back = await submitter.client.raw(filesRoutes.downloadFile, { params: { id: file } });
    expect(sha256(Buffer.from(await back.arrayBuffer()))).toBe(sha256(bytes));
    expect(lies().filter((stored) => stored.includes(canary))).toEqual([]);
  });
});
