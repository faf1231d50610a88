import { createHash, randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { blake3 } from '@noble/hashes/blake3.js';
import type { Context, Principal } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem } from '../../../platform/problem.ts';
import { arriving, spentOf } from '../arriving.ts';
import { takePass, type Taken } from '../passes.ts';
import * as store from '../resumable-store.ts';
import type { TusAlgorithm } from '../tus.ts';
import { found, keyOf, refuseWrong, resumeUntil } from './resumable.ts';
import { sameSender } from './sender.ts';
import { dropBytes } from './upload.ts';

/** Bytes of one request of a resumable upload. */
export interface Stretch {
  readonly offset: number;
  readonly bytes: Readable;
  readonly checksum?: { readonly algorithm: TusAlgorithm; readonly digest: Uint8Array } | undefined;
  readonly authenticate: () => Promise<Principal>;
}

/** What may have to be sent again when the server is killed in the middle of a request: so much is made durable at a time. */
const pieceBytes = 256 * 1024 * 1024;
/** On a slow line after this long, and when the line has fallen silent. */
const pieceMilliseconds = 10_000;
const silenceMilliseconds = 1000;
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
  if (row.direct_id) throw new Problem('upload_direct');
  if (row.state !== 'open') throw new Problem('upload_over');
  const writer = randomUUID();
  if (!(await store.takeUpload(context.db, id, stretch.offset, writer))) {
    const { received } = await found(context.db, context, id);
    throw new Problem('upload_offset_differs', { params: { offset: received, given: stretch.offset } });
  }
  const key = await keyOf(context.db, id);
  const taken = await takePass({ ...row, received: String(stretch.offset) }, key, parts);
  const source = readBytes(context, { row, writer, stretch, taken }, parts);
  const all = stretch.checksum !== undefined;
  try {
    let since = context.now().getTime();
    let uncounted = 0;
    const keep = async () => {
      if (uncounted > 0) await keepPiece(context, { id, writer, taken }, parts);
      uncounted = 0;
      since = context.now().getTime();
    };
    for (;;) {
      const chunk = await source.next();
      if (chunk === undefined) break;
      if (chunk !== 'silence') {
        await taken.pass.push(chunk);
        uncounted += chunk.length;
        spentOf(stretch.bytes, chunk);
      }
      const due = chunk === 'silence' || uncounted >= pieceBytes || context.now().getTime() - since > pieceMilliseconds;
      if (due && !all) await keep();
    }
    source.checkDigest();
    if (source.broken && all) throw source.broken;
    await keep();
    if (source.broken) throw source.broken;
  } catch (error) {
    await refuseWrong(context, id, key, error, parts);
    throw error;
  } finally {
    await source.close();
    await taken.release();
  }
  return found(context.db, context, id);
}

/** Makes durable what went into the pass, and counts it; refused when another request writes meanwhile. */
async function keepPiece(
  context: Context,
  { id, writer, taken }: { id: string; writer: string; taken: Taken },
  parts: Parts,
): Promise<void> {
  const { offset, head } = taken.pass;
  const piece = await taken.pass.cut();
  const unneeded = await transaction(context.db, async (tx) => {
    if (!(await store.advance(tx, { id, writer, received: offset, head }))) throw new Problem('upload_taken');
    return piece?.keep(tx) ?? [];
  }).catch(async (error: unknown) => {
    // Only this refusal says for sure that nothing was committed.
    if (piece?.name && error instanceof Problem && error.code === 'upload_taken')
      await dropBytes(context, piece.name, parts);
    throw error;
  });
  taken.kept();
  for (const key of unneeded) await dropBytes(context, key, parts);
}

/**
 * The bytes of a request one chunk at a time, and `silence` when none come for a moment. What ends them early is kept as `broken`,
 * so that what came before can be kept.
 */
function readBytes(
  context: Context,
  { row, writer, stretch, taken }: { row: store.UploadRow; writer: string; stretch: Stretch; taken: Taken },
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
  let asked: Promise<IteratorResult<Uint8Array, void>> | undefined;
  const source = {
    broken: undefined as unknown,
    async next(): Promise<Uint8Array | 'silence' | undefined> {
      if (source.broken) return undefined;
      try {
        asked ??= chunks.next();
        const got = await silentAfter(Promise.race([asked, taken.stopped]));
        if (got === 'silence') return got;
        asked = undefined;
        if (got.done) return undefined;
        hash?.update(got.value);
        parts.metrics.bytesIn.inc(got.value.length);
        return got.value;
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
    async close() {
      // A request that was stopped still waits for bytes; it ends when its connection does.
      asked?.catch(() => undefined);
      const closed = chunks.return(undefined);
      if (!asked) await closed;
      else closed.catch(() => undefined);
    },
  };
  return source;
}

async function silentAfter<T>(next: Promise<T>): Promise<T | 'silence'> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<'silence'>((resolve) => {
    timer = setTimeout(() => resolve('silence'), silenceMilliseconds);
  });
  try {
    return await Promise.race([next, silence]);
  } finally {
    clearTimeout(timer);
  }
}

function hashOf(algorithm: TusAlgorithm): { update(bytes: Uint8Array): unknown; digest(): Uint8Array } {
  return algorithm === 'blake3' ? blake3.create() : createHash(algorithm);
}
