import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { ApiProblem, filesRoutes, type UploadView } from '@geneward/api';
import { eachOf, type Bar } from '../progress.ts';
import { forgetUpload, keepUpload, keptUpload, type Fingerprint } from './kept-uploads.ts';
import type { Line } from './line.ts';
import { persist } from './persist.ts';
import { settled } from './upload.ts';

/** A file that is encrypted for the archive already. */
export interface Encrypted extends Fingerprint {
  readonly path: string;
}

/** The content of a file by which it is known again, read once. */
export async function fingerprintOf(path: string, name: string, bar: Bar): Promise<Encrypted> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
    bar.advance(chunk.length);
  }
  return { path, name, size, sha256: hash.digest('hex') };
}

/**
 * Brings an encrypted file straight to the store of the archive, part by part, and goes on with what an earlier call has begun.
 * @returns the upload when the archive has opened and checked the file; throws the refusal that ended it
 */
export async function sendDirect(line: Line, file: Encrypted, bar: Bar, parallel: number): Promise<UploadView> {
  const { api, server, mend } = line;
  const ask = <T>(work: () => Promise<T>) => persist(work, { mend });
  const id = await begun(line, file);
  keepUpload(server, file, { parts: [{ id, from: 0, to: file.size }] });
  try {
    await sendParts(line, file, id, bar, parallel);
    const done = await ask(() => api.call(filesRoutes.completeDirect, { params: { id } }));
    const end = done.state === 'complete' ? done : await settled(line, id);
    forgetUpload(server, file);
    return end;
  } catch (error) {
    // What the archive could not open it has deleted: the next call begins anew.
    if (error instanceof ApiProblem && error.body.status < 500 && error.code !== 'unauthenticated')
      forgetUpload(server, file);
    throw error;
  }
}

async function begun({ api, server, mend }: Line, file: Encrypted): Promise<string> {
  const id = keptUpload(server, file)?.parts[0]?.id;
  const before = id === undefined ? undefined : await persist(() => find(api, id), { mend });
  if (id !== undefined && (before?.state === 'open' || before?.state === 'complete')) return id;
  const { name, size: length } = file;
  const body = { name, length, duplicate: 'accept' } as const;
  return (await persist(() => api.call(filesRoutes.beginDirect, { body }), { mend })).upload.id;
}

async function find(api: Line['api'], id: string): Promise<UploadView | undefined> {
  try {
    return await api.call(filesRoutes.getUpload, { params: { id } });
  } catch (error) {
    if (error instanceof ApiProblem && error.body.status === 404) return undefined;
    throw error;
  }
}

/** Sends the parts that are not there. Addresses are asked for one by one, so that none has ended when its turn comes. */
async function sendParts(line: Line, file: Encrypted, id: string, bar: Bar, parallel: number): Promise<void> {
  const partsOf = (from: number, to: number) =>
    persist(() => line.api.call(filesRoutes.getDirectParts, { params: { id }, query: { from, to } }), line);
  const now = await persist(() => line.api.call(filesRoutes.getUpload, { params: { id } }), line);
  // All of it has come, and the archive was told.
  if (now.state !== 'open' || now.offset === now.length) return bar.set(file.size);
  const { parts, partSize, arrived } = await partsOf(1, 1);
  const there = new Set(arrived);
  const wanted = Array.from({ length: parts }, (_, nth) => nth + 1).filter((number) => !there.has(number));
  const sizeOf = (number: number) => Math.min(file.size, number * partSize) - (number - 1) * partSize;
  bar.set(arrived.reduce((sum, number) => sum + sizeOf(number), 0));
  const source = await open(file.path, 'r');
  try {
    await eachOf(wanted, parallel, async (number) => {
      const bytes = await read(source, (number - 1) * partSize, sizeOf(number));
      await line.throttle(bytes.length);
      await persist(async () => {
        const [item] = (await partsOf(number, number)).items;
        if (item) await put(item.address, bytes);
      });
      bar.advance(bytes.length);
    });
  } finally {
    await source.close();
  }
}

async function read(source: FileHandle, from: number, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size);
  const { bytesRead } = await source.read(bytes, 0, size, from);
  if (bytesRead !== size) throw new Error('the file has become shorter while it was sent');
  return bytes;
}

/** A line or a store on which nothing comes back for this long is tried again. */
const silence = 300_000;

async function put(address: string, body: Uint8Array<ArrayBuffer>): Promise<void> {
  const reply = await fetch(address, { method: 'PUT', body, signal: AbortSignal.timeout(silence) });
  await reply.arrayBuffer();
  if (reply.ok) return;
  const { status, statusText } = reply;
  // The store speaks no problem documents; an address that has ended (403) is asked for anew.
  const passing = status >= 500 || status === 403 || status === 429;
  throw new ApiProblem({
    type: 'about:blank',
    title: `${status} ${statusText}`,
    status: passing ? 503 : status,
    code: passing ? 'storage_unavailable' : 'direct_incomplete',
  });
}
