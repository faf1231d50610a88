import { createHash, randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { blake3 } from '@noble/hashes/blake3.js';
import type { Context, Principal } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem } from '../../../platform/problem.ts';
import { arriving } from '../arriving.ts';
import * as store from '../resumable-store.ts';
import type { TusAlgorithm } from '../tus.ts';
import { found, resumeUntil } from './resumable.ts';
import { sameSender } from './sender.ts';
import { dropBytes, newKey } from './upload.ts';

/** Bytes of one request of a resumable upload. */
export interface Stretch {
  readonly offset: number;
  readonly bytes: Readable;
  readonly checksum?: { readonly algorithm: TusAlgorithm; readonly digest: Uint8Array } | undefined;
  readonly authenticate: () => Promise<Principal>;
}

/** What may be lost when the server is killed in the middle of a request: so much is stored safely at a time. */
const partBytes = 32 * 1024 * 1024;
/** On a slow line a part is closed after this long. */
const partMilliseconds = 5000;
const pulseMilliseconds = 5000;

/**
 * Goes on with an upload. What came of a request that breaks off is kept, unless the request carries a checksum: then all of it
 * counts or nothing. Of two requests for one upload the later one writes; the earlier is told so.
 * @returns the upload as it stands then
 */
export async function appendBytes(
  context: Context,
  id: string,
  stretch: Stretch,
  parts: Parts,
): Promise<store.UploadRow> {
  const row = await found(context.db, context, id);
  if (row.joined) throw new Problem('upload_joined');
  if (row.state !== 'open') throw new Problem('upload_over');
  const writer = randomUUID();
  if (!(await store.takeUpload(context.db, id, stretch.offset, writer))) {
    const { received } = await found(context.db, context, id);
    throw new Problem('upload_offset_differs', { params: { offset: received, given: stretch.offset } });
  }
  const source = readBytes(context, { row, writer, stretch }, parts);
  const held: store.Part[] = [];
  try {
    for (let start = stretch.offset; ;) {
      const part = await storePart(source, start, parts);
      if (!part) break;
      held.push(part);
      start += part.size;
      if (!stretch.checksum) await commit(context, { id, writer }, held.splice(0));
    }
    source.checkDigest();
    if (source.broken && stretch.checksum) throw source.broken;
    await commit(context, { id, writer }, held.splice(0));
    if (source.broken) throw source.broken;
  } catch (error) {
    for (const { key } of held) await dropBytes(context, key, parts);
    throw error;
  } finally {
    await source.close();
  }
  return found(context.db, context, id);

  async function commit(by: Context, at: { id: string; writer: string }, ready: store.Part[]): Promise<void> {
    const added = await transaction(by.db, (tx) => store.addParts(tx, at.id, at.writer, ready)).catch(
      async (error: unknown) => {
        held.push(...ready);
        throw error;
      },
    );
    if (added) return;
    held.push(...ready);
    throw new Problem('upload_taken');
  }
}

type Source = ReturnType<typeof readBytes>;

/** Stores the next bytes as a sealed part; undefined when none came any more. */
async function storePart(source: Source, start: number, { blobs }: Parts): Promise<store.Part | undefined> {
  const first = await source.next();
  if (!first) return undefined;
  const key = newKey();
  async function* part(): AsyncGenerator<Uint8Array> {
    let size = 0;
    const began = Date.now();
    const more = () => size < partBytes && Date.now() - began < partMilliseconds;
    for (let chunk = first; chunk; chunk = more() ? await source.next() : undefined) {
      size += chunk.length;
      yield chunk;
    }
  }
  const { size } = await blobs.put(key, part());
  return { key, start, size: Number(size) };
}

/** The bytes of a request one chunk at a time. What ends them early is kept as `broken`, so that what came before can be kept. */
function readBytes(
  context: Context,
  { row, writer, stretch }: { row: store.UploadRow; writer: string; stretch: Stretch },
  parts: Parts,
) {
  const hash = stretch.checksum && hashOf(stretch.checksum.algorithm);
  const most = row.length ?? parts.config.limits.fileBytes;
  const left = BigInt(most) - BigInt(stretch.offset);
  let last = context.now().getTime();
  const chunks = arriving(stretch.bytes, {
    idleSeconds: parts.config.http.uploadIdleSeconds,
    limit: BigInt(Number.MAX_SAFE_INTEGER),
    async onBytes(received) {
      if (received > left) throw new Problem('upload_too_long', { params: { length: String(most) } });
      const now = context.now();
      if (now.getTime() - last < pulseMilliseconds) return;
      last = now.getTime();
      sameSender(await stretch.authenticate(), context);
      if (!(await store.stillWrites(context.db, row.id, writer, resumeUntil(now)))) throw new Problem('upload_taken');
    },
  });
  const source = {
    broken: undefined as unknown,
    async next(): Promise<Uint8Array | undefined> {
      if (source.broken) return undefined;
      try {
        const { value, done } = await chunks.next();
        if (done) return undefined;
        hash?.update(value);
        parts.metrics.bytesIn.inc(value.length);
        return value;
      } catch (error) {
        source.broken = error;
        return undefined;
      }
    },
    checkDigest() {
      if (!hash || !stretch.checksum || source.broken) return;
      const { algorithm, digest } = stretch.checksum;
      if (!Buffer.from(digest).equals(hash.digest())) throw new Problem('upload_checksum', { params: { algorithm } });
    },
    close: () => chunks.return(undefined),
  };
  return source;
}

function hashOf(algorithm: TusAlgorithm): { update(bytes: Uint8Array): unknown; digest(): Uint8Array } {
  return algorithm === 'blake3' ? blake3.create() : createHash(algorithm);
}
