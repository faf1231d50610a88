import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { record } from '../../../platform/audit.ts';
import type { Context, Principal } from '../../../platform/context.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem } from '../../../platform/problem.ts';
import { sendBytes } from '../../../platform/send-bytes.ts';
import type { FilesPorts } from '../ports.ts';
import { digestField, disposition, rangeOf, type Range } from '../rules.ts';
import { permitted, readable, tokenOf } from './read.ts';
import { release } from './release.ts';

/** What a download asks for. */
export interface Asked {
  readonly id: string;
  readonly range?: string | undefined;
  readonly ifRange?: string | undefined;
  readonly head: boolean;
  readonly reply: FastifyReply;
  /** Who is calling, asked anew. */
  readonly authenticate: () => Promise<Principal>;
}

/**
 * Sends a file, whole or one range of it. The event of a range is safe before its first byte leaves; a range that did not reach its end
 * has another that tells how much was sent.
 */
export async function downloadFile(
  context: Context,
  request: Asked,
  parts: Parts,
  ports: Pick<FilesPorts, 'holder'>,
): Promise<FastifyReply> {
  const { file, policies } = await permitted(context, request.id, ports, true);
  if (file.state === 'receiving' || !file.sha256 || !file.size) throw new Problem('file_not_ready', { retryAfter: 10 });
  const { sha256, blob_key: key } = file;
  if (!key || file.lost_at) throw new Problem('file_missing');
  const size = BigInt(file.size);
  const etag = `"${sha256}"`;
  const range = answeredRange(request, etag, size);
  void request.reply.headers({
    'content-disposition': disposition(file.name),
    'repr-digest': digestField(sha256),
    'last-modified': file.uploaded_at.toUTCString(),
  });
  if (request.head) return request.reply.send(Readable.from([]));
  const open = () => parts.blobs.open(key, range);
  return deliver(context, { request, file: { id: file.id, sha256 }, policies, size, ...range, open }, parts, ports);
}

/** Judges what a request asks for and sets the headers that tell it. Throws Problem `range_not_satisfiable`. */
export function answeredRange({ range: asked, ifRange, reply }: Asked, etag: string, size: bigint): Range {
  // RFC 9110 section 13.1.5: a range of other bytes than those that the reader has begun with would not fit to them.
  const range = rangeOf(ifRange === undefined || ifRange === etag ? asked : undefined, size);
  if (range === 'unsatisfiable') {
    void reply.header('content-range', `bytes */${size}`);
    throw new Problem('range_not_satisfiable', { params: { size: String(size) } });
  }
  const { start, end } = range === 'whole' ? { start: 0n, end: size } : range;
  void reply.code(range === 'whole' ? 200 : 206).headers({
    etag,
    'accept-ranges': 'bytes',
    'content-type': 'application/octet-stream',
    'content-length': String(end - start),
    ...(range !== 'whole' && { 'content-range': `bytes ${start}-${end - 1n}/${size}` }),
  });
  return { start, end };
}

/** A range on its way out. */
interface Delivery extends Range {
  readonly request: Asked;
  readonly file: { readonly id: string; readonly sha256: string };
  /** By which the reader may read it. */
  readonly policies: readonly string[];
  readonly size: bigint;
  readonly recipient?: string;
  readonly open: () => Promise<AsyncIterable<Uint8Array>>;
}

/** Writes the event while the bytes are opened, and sends them when both are there. */
export async function deliver(
  context: Context,
  delivery: Delivery,
  parts: Parts,
  ports: Pick<FilesPorts, 'holder'>,
): Promise<FastifyReply> {
  const { request, file, policies, size, start, end, recipient } = delivery;
  const opening = delivery.open();
  // It may fail while the release is still being noted, and is asked for its error after that.
  opening.catch(() => undefined);
  const token = tokenOf(context);
  const about = { object: { kind: 'file', id: file.id } } as const;
  const what = { sha256: file.sha256, first: String(start), last: String(end - 1n) };
  const event = {
    type: 'files.downloaded',
    ...about,
    content: {
      ...what,
      size: String(size),
      right: { policies: [...policies], ...(token !== undefined && { token }) },
      ...(recipient !== undefined && { recipient }),
    },
  };
  const cut = (type: string, sent: bigint) => {
    const outcome = type === 'files.download_stopped' ? 'refused' : 'failed';
    return record(context.db, context, { type, outcome, ...about, content: { ...what, sent: String(sent) } });
  };
  const use = { grant: grantOf(context), file: file.id, bytes: end - start, size, at: context.now() };
  try {
    await release(parts, { ...use, context, event });
  } catch (error) {
    await opening.then((bytes) => bytes[Symbol.asyncIterator]().return?.()).catch(() => undefined);
    throw error;
  }
  const bytes = await opening.catch(async (error: unknown) => {
    await cut('files.download_cut', 0n);
    throw error;
  });
  const sent = watched(context, bytes, { request, length: end - start, cut }, parts, ports);
  return sendBytes(request.reply, sent, context.log);
}

/** The right that limits count by. */
function grantOf(context: Context): string {
  const { principal, address = '' } = context;
  const token = tokenOf(context);
  if (token !== undefined) return `download:${token}`;
  return principal.kind === 'person' ? `person:${principal.id}` : `address:${address}`;
}

/** How often it is asked whether the reader may still read. */
const pulseMilliseconds = 500;

/**
 * The bytes of a download, as long as the reader may read them: who calls and what they may do is asked again on the way, and a right
 * that ended cuts the connection, which no client can take for the end of the file.
 */
async function* watched(
  context: Context,
  bytes: AsyncIterable<Uint8Array>,
  way: { request: Asked; length: bigint; cut: (type: string, sent: bigint) => Promise<void> },
  { metrics }: Parts,
  ports: Pick<FilesPorts, 'holder'>,
): AsyncGenerator<Uint8Array> {
  const { request, length, cut } = way;
  let last = performance.now();
  let sent = 0n;
  let told = false;
  try {
    for await (const chunk of bytes) {
      if (performance.now() - last > pulseMilliseconds) {
        await stillReadable(context, request, ports).catch(async (error: unknown) => {
          told = true;
          await cut('files.download_stopped', sent);
          throw error;
        });
        last = performance.now();
      }
      sent += BigInt(chunk.length);
      metrics.bytesOut.inc(chunk.length);
      yield chunk;
    }
  } finally {
    if (sent < length && !told)
      await cut('files.download_cut', sent).catch((error: unknown) =>
        context.log.error({ err: error, file: request.id, sent: String(sent) }, 'a cut download is told as whole'),
      );
  }
}

async function stillReadable(context: Context, request: Asked, ports: Pick<FilesPorts, 'holder'>): Promise<void> {
  const principal = await request.authenticate();
  await readable({ ...context, principal }, request.id, ports, true);
}
