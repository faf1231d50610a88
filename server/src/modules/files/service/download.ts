import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { record } from '../../../platform/audit.ts';
import type { Context, Principal } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem } from '../../../platform/problem.ts';
import { countDownload } from '../download-store.ts';
import type { FilesPorts } from '../ports.ts';
import { digestField, disposition, rangeOf } from '../rules.ts';
import { readable } from './read.ts';

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
 * Sends a file, whole or one range of it. The first request of a reader within an hour is told by an event before its first byte
 * leaves; further ranges are counted, and their sum is told by another event when the hour is over.
 */
export async function downloadFile(
  context: Context,
  request: Asked,
  parts: Parts,
  ports: Pick<FilesPorts, 'holder'>,
): Promise<FastifyReply> {
  const file = await readable(context, request.id, ports, true);
  if (file.state === 'receiving' || !file.sha256 || !file.size) throw new Problem('file_not_ready', { retryAfter: 10 });
  const { sha256, blob_key: key } = file;
  if (!key || file.lost_at) throw new Problem('file_missing');
  const size = BigInt(file.size);
  const etag = `"${sha256}"`;
  // RFC 9110 section 13.1.5: a range of other bytes than those that the reader has begun with would not fit to them.
  const wanted = request.ifRange === undefined || request.ifRange === etag ? request.range : undefined;
  const range = rangeOf(wanted, size);
  if (range === 'unsatisfiable') {
    void request.reply.header('content-range', `bytes */${size}`);
    throw new Problem('range_not_satisfiable', { params: { size: String(size) } });
  }
  const { start, end } = range === 'whole' ? { start: 0n, end: size } : range;
  void request.reply.code(range === 'whole' ? 200 : 206).headers({
    etag,
    'accept-ranges': 'bytes',
    'content-type': 'application/octet-stream',
    'content-length': String(end - start),
    'content-disposition': disposition(file.name),
    'repr-digest': digestField(sha256),
    'last-modified': file.uploaded_at.toUTCString(),
    ...(range !== 'whole' && { 'content-range': `bytes ${start}-${end - 1n}/${size}` }),
  });
  if (request.head) return request.reply.send(Readable.from([]));
  const bytes = await parts.blobs.open(key, { start, end });
  await tell(context, { id: file.id, sha256, size, start, end });
  const sent = watched(context, bytes, { request, sha256 }, parts, ports);
  return request.reply.send(Readable.from(sent, { objectMode: false, highWaterMark: 1024 * 1024 }));
}

/** Counts a request before its first byte leaves; one that opens a window is told by an event. */
export async function tell(
  context: Context,
  sent: { id: string; sha256: string; size: bigint; start: bigint; end: bigint; recipient?: Uint8Array },
): Promise<void> {
  const { id, sha256, size, start, end, recipient } = sent;
  const { principal } = context;
  const who = principal.kind === 'person' ? `person:${principal.id}` : `address:${context.address ?? ''}`;
  // For every recipient an event of its own: it tells who can read what was sent.
  const reader = recipient ? `${who} for ${Buffer.from(recipient).toString('hex')}` : who;
  await transaction(context.db, async (tx) => {
    const opens = await countDownload(tx, { fileId: id, reader, sha256, bytes: end - start, at: context.now() });
    if (!opens) return;
    await record(tx, context, {
      type: 'files.downloaded',
      object: { kind: 'file', id },
      content: {
        sha256,
        size: String(size),
        first: String(start),
        last: String(end - 1n),
        ...(recipient && { recipient: Buffer.from(recipient).toString('hex') }),
      },
    });
  });
}

/** How often it is asked whether the reader may still read. */
const pulseMilliseconds = 500;

/**
 * The bytes of a download, as long as the reader may read them: who calls and what they may do is asked again on the way, and a right
 * that ended cuts the connection, which no client can take for the end of the file.
 */
export async function* watched(
  context: Context,
  bytes: AsyncIterable<Uint8Array>,
  { request, sha256 }: { request: Asked; sha256: string },
  { metrics }: Parts,
  ports: Pick<FilesPorts, 'holder'>,
): AsyncGenerator<Uint8Array> {
  let last = performance.now();
  let sent = 0n;
  for await (const chunk of bytes) {
    if (performance.now() - last > pulseMilliseconds) {
      await stillReadable(context, request, ports).catch(async (error: unknown) => {
        await transaction(context.db, (tx) =>
          record(tx, context, {
            type: 'files.download_stopped',
            outcome: 'refused',
            object: { kind: 'file', id: request.id },
            content: { sha256, sent: String(sent) },
          }),
        );
        throw error;
      });
      last = performance.now();
    }
    sent += BigInt(chunk.length);
    metrics.bytesOut.inc(chunk.length);
    yield chunk;
  }
}

async function stillReadable(context: Context, request: Asked, ports: Pick<FilesPorts, 'holder'>): Promise<void> {
  const principal = await request.authenticate();
  await readable({ ...context, principal }, request.id, ports, true);
}
