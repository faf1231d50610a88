import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem } from '../../../platform/problem.ts';
import { countDownload } from '../download-store.ts';
import type { FilesPorts } from '../ports.ts';
import { digestField, disposition, rangeOf } from '../rules.ts';
import { readable } from './read.ts';

/**
 * Sends a file, whole or one range of it. The first request of a reader within an hour is told by an event before its first byte
 * leaves; further ranges are counted, and their sum is told by another event when the hour is over.
 */
export async function downloadFile(
  context: Context,
  request: { id: string; range?: string | undefined; ifRange?: string | undefined; head: boolean; reply: FastifyReply },
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
  return request.reply.send(Readable.from(counted(bytes, parts), { objectMode: false, highWaterMark: 1024 * 1024 }));
}

async function tell(
  context: Context,
  sent: { id: string; sha256: string; size: bigint; start: bigint; end: bigint },
): Promise<void> {
  const { id, sha256, size, start, end } = sent;
  const { principal } = context;
  const reader = principal.kind === 'person' ? `person:${principal.id}` : `address:${context.address ?? ''}`;
  await transaction(context.db, async (tx) => {
    const opens = await countDownload(tx, { fileId: id, reader, sha256, bytes: end - start, at: context.now() });
    if (!opens) return;
    await record(tx, context, {
      type: 'files.downloaded',
      object: { kind: 'file', id },
      content: { sha256, size: String(size), first: String(start), last: String(end - 1n) },
    });
  });
}

async function* counted(bytes: AsyncIterable<Uint8Array>, { metrics }: Parts): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    metrics.bytesOut.inc(chunk.length);
    yield chunk;
  }
}
