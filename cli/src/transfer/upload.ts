import { createReadStream } from 'node:fs';
import { ApiProblem, filesRoutes, replyOf, type Client, type UploadView } from '@geneward/api';
import type { Bar } from '../progress.ts';
import { forgetUpload, keepUpload, keptUpload, type Fingerprint, type KeptUpload } from './kept-uploads.ts';
import type { Line } from './line.ts';
import { persist } from './persist.ts';
import { textOf } from './wire.ts';

/** A file as the local check has read it. */
export interface Sendable extends Fingerprint {
  readonly path: string;
  readonly md5: string;
}

/** A file up to this size is one request; a longer one can be gone on with. */
export const smallBytes = 8 * 2 ** 20;

/** How far an upload of this file has come that an earlier call began; undefined when there is none to go on with. */
export async function begunUpload(line: Line, file: Sendable): Promise<number | undefined> {
  const kept = await goOn(line.api, line.server, file);
  if (!kept) return undefined;
  const parts = await Promise.all(kept.parts.map(({ id }) => find(line.api, id)));
  return parts.reduce((sum, part) => sum + (part?.offset ?? 0), 0);
}

const tus = { 'tus-resumable': '1.0.0' };

/** How a large file may be divided: into so many parts at most, none shorter than this. */
export interface Division {
  readonly lanes: number;
  readonly partBytes: number;
}

const partsFor = (size: number, { lanes, partBytes }: Division): number =>
  Math.max(1, Math.min(lanes, Math.floor(size / partBytes)));

/** Sends a file into the inbox; the server compares every byte with the digests computed here. */
export async function sendFile(line: Line, file: Sendable, bar: Bar, division: Division): Promise<void> {
  if (file.size <= smallBytes) return sendSmall(line, file, bar);
  return sendResumable(line, file, bar, partsFor(file.size, division));
}

async function sendSmall(line: Line, file: Sendable, bar: Bar): Promise<void> {
  await persist(
    async () => {
      bar.set(0);
      const { sha256, md5, size, name } = file;
      const reply = await line.wire.send(filesRoutes.uploadFile, {
        params: { name },
        query: { sha256, md5, size, duplicate: 'accept' },
        headers: { 'content-type': 'application/octet-stream', 'content-length': String(size) },
        body: bytesOf(line, file.path, 0, size, (by) => bar.advance(by)),
      });
      await textOf(reply);
    },
    { mend: line.mend },
  );
}

/** Goes on with what was begun, or begins; forgets it once the file is there or was refused for good. */
async function sendResumable(line: Line, file: Sendable, bar: Bar, count: number): Promise<void> {
  const { api, server, mend } = line;
  const ask = <T>(work: () => Promise<T>) => persist(work, { mend });
  let upload = await ask(async () => (await goOn(api, server, file)) ?? begin(api, file, count));
  keepUpload(server, file, upload);
  try {
    if (!upload.whole) await sendParts(line, file, upload, bar);
    const [only] = upload.parts;
    if (upload.parts.length > 1 && !upload.whole) {
      upload = { ...upload, whole: await ask(() => join(api, file, upload)) };
      keepUpload(server, file, upload);
    }
    await settled(line, upload.whole ?? only?.id ?? '');
  } catch (error) {
    if (error instanceof ApiProblem && final.has(error.code)) forgetUpload(server, file);
    throw error;
  }
  forgetUpload(server, file);
}

/** Refusals that a second try of the same bytes does not change. */
const final = new Set(['checksum_mismatch', 'size_mismatch', 'file_empty', 'file_too_large', 'upload_over']);

async function begin(api: Client, file: Sendable, count: number): Promise<KeptUpload> {
  const step = Math.ceil(file.size / count);
  const parts: { id: string; from: number; to: number }[] = [];
  for (let from = 0; from < file.size; from += step) {
    const to = Math.min(file.size, from + step);
    const { id } = await create(api, {
      'upload-length': String(to - from),
      ...(count === 1 ? { 'upload-metadata': metadataOf(file) } : { 'upload-concat': 'partial' }),
    });
    parts.push({ id, from, to });
  }
  return { parts };
}

/** What is left of an earlier try; undefined when the server has given any of it up. */
async function goOn(api: Client, server: string, file: Sendable): Promise<KeptUpload | undefined> {
  const kept = keptUpload(server, file);
  if (!kept) return undefined;
  const ids = kept.whole ? [kept.whole] : kept.parts.map(({ id }) => id);
  const found = await Promise.all(ids.map((id) => find(api, id)));
  if (found.every((it) => it && (it.state === 'open' || it.state === 'complete'))) return kept;
  const used = found.every((it) => it?.state === 'used') && (await joinedOf(api, file));
  return used ? { ...kept, whole: used } : undefined;
}

/** The whole that parts went into, when the answer that named it was lost. */
async function joinedOf(api: Client, file: Sendable): Promise<string | undefined> {
  const { items } = await api.call(filesRoutes.listUploads, {});
  return items.find((it) => it.name === file.name && it.length === file.size && it.offset === it.length)?.id;
}

async function find(api: Client, id: string): Promise<UploadView | undefined> {
  try {
    return await api.call(filesRoutes.getUpload, { params: { id } });
  } catch (error) {
    if (error instanceof ApiProblem && [404, 410].includes(error.body.status)) return undefined;
    throw error;
  }
}

/** Parts go side by side; the first that fails for good stops the others. */
async function sendParts(line: Line, file: Sendable, upload: KeptUpload, bar: Bar): Promise<void> {
  const stop = new AbortController();
  const moved = upload.parts.map(() => 0);
  const show = (nth: number, bytes: number) => {
    moved[nth] = bytes;
    bar.set(moved.reduce((sum, one) => sum + one, 0));
  };
  const sending = upload.parts.map(async (part, nth) => {
    try {
      await sendPart(line, file, part, { signal: stop.signal, show: (bytes) => show(nth, bytes) });
    } catch (error) {
      stop.abort();
      throw error;
    }
  });
  const ends = await Promise.allSettled(sending);
  const failed = ends.filter((end) => end.status === 'rejected').map(({ reason }) => reason as unknown);
  const cause = failed.find((error) => error instanceof ApiProblem) ?? failed[0];
  if (failed.length > 0) throw cause;
}

async function sendPart(
  line: Line,
  file: Sendable,
  { id, from, to }: KeptUpload['parts'][number],
  { signal, show }: { signal: AbortSignal; show: (bytes: number) => void },
): Promise<void> {
  let safe = 0;
  const work = async () => {
    const now = await line.api.call(filesRoutes.getUpload, { params: { id }, signal });
    if (now.state !== 'open') return;
    safe = now.offset;
    show(safe);
    if (safe === to - from) return;
    let sent = safe;
    const reply = await line.wire.send(filesRoutes.sendUpload, {
      params: { id },
      headers: {
        ...tus,
        'upload-offset': String(safe),
        'content-type': 'application/offset+octet-stream',
        'content-length': String(to - from - safe),
      },
      body: bytesOf(line, file.path, from + safe, to, (by) => show((sent += by))),
      signal,
    });
    await textOf(reply);
    safe = to - from;
  };
  const mend = async (error: unknown) => !signal.aborted && line.mend(error);
  await persist(work, { moved: () => safe, mend });
}

/** Waits until the upload whose last byte was sent has become a file. Throws the refusal that ended it. */
export async function settled(line: Line, id: string): Promise<UploadView> {
  for (;;) {
    const now = await persist(() => line.api.call(filesRoutes.getUpload, { params: { id } }), { mend: line.mend });
    if (now.state === 'complete') return now;
    if (now.state !== 'open') throw refusalOf(now);
    await new Promise((done) => setTimeout(done, 500));
  }
}

const refusalOf = ({ problem }: UploadView) =>
  new ApiProblem({ type: 'about:blank', title: problem ?? 'refused', status: 422, code: problem ?? 'upload_over' });

async function create(api: Client, headers: Record<string, string>): Promise<UploadView> {
  const route = filesRoutes.createUpload;
  return replyOf(route, await api.raw(route, { headers: { ...tus, ...headers } }));
}

async function join(api: Client, file: Sendable, { parts }: KeptUpload): Promise<string> {
  const list = parts.map(({ id }) => `/api/v1/uploads/${id}`).join(' ');
  try {
    return (await create(api, { 'upload-concat': `final;${list}`, 'upload-metadata': metadataOf(file) })).id;
  } catch (error) {
    // Parts are used up by the first try, whose answer may have been lost.
    const before = error instanceof ApiProblem && error.code === 'upload_incomplete' && (await joinedOf(api, file));
    if (before) return before;
    throw error;
  }
}

const metadataOf = ({ name, sha256, md5 }: Sendable): string =>
  Object.entries({ filename: name, sha256, md5, duplicate: 'accept' })
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',');

async function* bytesOf(
  line: Line,
  path: string,
  from: number,
  to: number,
  passed: (by: number) => void,
): AsyncGenerator<Uint8Array> {
  if (to <= from) return;
  const source = createReadStream(path, { start: from, end: to - 1, highWaterMark: 1 << 20 });
  for await (const chunk of source as AsyncIterable<Buffer>) {
    const { length } = chunk;
    await line.throttle(length);
    yield chunk;
    passed(length);
  }
}
