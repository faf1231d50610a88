import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Crypt4ghProblem } from '@geneward/crypt4gh';
import type { FastifyReply } from 'fastify';
import type { Context } from '../../../platform/context.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem } from '../../../platform/problem.ts';
import { recipientHeader } from '../download-store.ts';
import type { FilesPorts } from '../ports.ts';
import { disposition } from '../rules.ts';
import { answeredRange, deliver, type Asked } from './download.ts';
import { permitted } from './read.ts';

/**
 * Sends a file as Crypt4GH for one recipient: the stored body as it is, under a header that only the recipient opens. The header is
 * made once and kept, so that ranges of several requests fit together and the ETag stays.
 */
export async function downloadEncrypted(
  context: Context,
  request: Asked & { readonly recipient: Uint8Array },
  parts: Parts,
  ports: Pick<FilesPorts, 'holder'>,
): Promise<FastifyReply> {
  const { recipient, reply } = request;
  const { file, policies } = await permitted(context, request.id, ports, true);
  const { sha256, blob_key: key } = file;
  if (!sha256) throw new Problem('file_not_ready', { retryAfter: 10 });
  const stored = key && !file.lost_at ? await parts.blobs.describe(key) : undefined;
  if (!key || !stored) throw new Problem('file_missing');
  if (stored.suite !== 'A') throw new Problem('recipient_refused', { params: { reason: stored.suite } });
  const header = await recipientHeader(context.db, {
    key,
    recipient,
    at: context.now(),
    make: () => madeHeader(parts, key, recipient),
  });
  const size = BigInt(header.length) + stored.sealedSize;
  const etag = `"${createHash('sha256').update(sha256).update(header).digest('hex')}"`;
  const range = answeredRange(request, etag, size);
  void reply.header('content-disposition', disposition(`${file.name}.c4gh`));
  if (request.head) return reply.send(Readable.from([]));
  const open = () => sealedBytes(parts, key, header, range);
  const told = { request, file: { id: file.id, sha256 }, policies, recipient: Buffer.from(recipient).toString('hex') };
  return deliver(context, { ...told, size, ...range, open }, parts, ports);
}

async function madeHeader({ blobs }: Parts, key: string, recipient: Uint8Array): Promise<Uint8Array> {
  try {
    return await blobs.headerFor(key, recipient);
  } catch (error) {
    if (error instanceof Crypt4ghProblem) throw new Problem('recipient_refused', { params: { reason: error.code } });
    throw error;
  }
}

async function sealedBytes(
  { blobs }: Parts,
  key: string,
  header: Uint8Array,
  { start, end }: { start: bigint; end: bigint },
): Promise<AsyncIterable<Uint8Array>> {
  const length = BigInt(header.length);
  const behind = (at: bigint) => (at > length ? at - length : 0n);
  const body = end > length ? await blobs.openSealed(key, { start: behind(start), end: behind(end) }) : undefined;
  return (async function* () {
    if (start < length) yield header.subarray(Number(start), Number(end < length ? end : length));
    if (body) yield* body;
  })();
}
