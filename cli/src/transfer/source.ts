import type { IncomingMessage } from 'node:http';
import { filesRoutes } from '@geneward/api';
import {
  Crypt4ghProblem,
  openHeader,
  Opener,
  parseHeader,
  sealedSegmentSize,
  segmentSize,
  spent,
  type Manifest,
  type OpenedHeader,
  type SecretKey,
} from '@geneward/crypt4gh';
import { crypto, type Ask } from './manifest.ts';
import { persist } from './persist.ts';
import { bytesOf } from './wire.ts';

/** Segments that stand one after the other, as they came; what did not open is empty. */
export interface Came {
  readonly first: number;
  readonly segments: readonly Uint8Array[];
}

/** Where segments of a file come from. What is yielded holds until the next is asked for. */
export type Source = (from: number, to: number, signal: AbortSignal) => AsyncGenerator<Came>;

/** Segments that are taken in hand together: 1 MiB. */
const batch = 16;

/** The plain bytes, over a connection that protects them. */
export const plainSource = ({ line, id, headers }: Ask, { sha256, plainSize }: Manifest): Source =>
  async function* read(from, to, signal) {
    const end = Math.min(to * segmentSize, plainSize);
    const reply = await line.wire.send(filesRoutes.downloadFile, {
      params: { id },
      headers: { ...(await headers()), ...rangeOf(from * segmentSize, end), 'if-range': `"${sha256}"` },
      signal,
    });
    expectRange(reply);
    let first = from;
    for await (const bytes of units(bytesOf(reply), segmentSize)) {
      await line.throttle(bytes.length);
      const segments: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += segmentSize) segments.push(bytes.subarray(at, at + segmentSize));
      yield { first, segments };
      first += segments.length;
    }
  };

/** The bytes as they lie in the archive, sealed for a key, and opened here. Throws Crypt4ghProblem `no_key_fits`. */
export async function sealedSource(ask: Ask, manifest: Manifest, key: SecretKey): Promise<Source> {
  const { line, id, headers } = ask;
  const query = { recipient: Buffer.from(key.publicKey).toString('base64url') };
  const send = async (given: Record<string, string>, signal?: AbortSignal) =>
    line.wire.send(filesRoutes.downloadEncrypted, {
      params: { id },
      query,
      headers: { ...(await headers()), ...given },
      ...(signal && { signal }),
    });
  const { header, length, etag } = await persist(() => headerOf(send, manifest, key), { mend: ask.mend });
  return async function* read(from, to, signal) {
    const begin = length + from * sealedSegmentSize;
    const end = Math.min(length + to * sealedSegmentSize, length + manifest.cipherSize);
    const reply = await send({ ...rangeOf(begin, end), 'if-range': etag }, signal);
    expectRange(reply);
    let first = from;
    const out = new Uint8Array(batch * segmentSize);
    for await (const bytes of units(bytesOf(reply), sealedSegmentSize)) {
      await line.throttle(bytes.length);
      const segments: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += sealedSegmentSize)
        segments.push(
          opened(header, first + segments.length, bytes.subarray(at, at + sealedSegmentSize), out, segments.length),
        );
      yield { first, segments };
      first += segments.length;
    }
    spent(out);
  };
}

function opened(header: OpenedHeader, index: number, sealed: Uint8Array, out: Uint8Array, nth: number): Uint8Array {
  const place = out.subarray(nth * segmentSize, (nth + 1) * segmentSize);
  const opener = new Opener(crypto, header.dataKeys);
  opener.index = index;
  try {
    return place.subarray(0, opener.open(sealed, place));
  } catch (error) {
    if (error instanceof Crypt4ghProblem) return place.subarray(0, 0);
    throw error;
  }
}

/** The header stands before the data section, whose size the manifest states. */
async function headerOf(
  send: (headers: Record<string, string>) => Promise<IncomingMessage>,
  manifest: Manifest,
  key: SecretKey,
): Promise<{ header: OpenedHeader; length: number; etag: string }> {
  const reply = await send({ range: 'bytes=0-65535' });
  const total = Number(/\/(\d+)$/.exec(reply.headers['content-range'] ?? '')?.[1] ?? reply.headers['content-length']);
  const length = total - manifest.cipherSize;
  const parts: Uint8Array[] = [];
  for await (const chunk of bytesOf(reply)) parts.push(Uint8Array.from(chunk));
  const header = parseHeader(Buffer.concat(parts));
  if (header.length !== length) throw new Crypt4ghProblem('manifest_cut', { got: total, size: manifest.cipherSize });
  return { header: openHeader(crypto, header, { keys: [key] }), length, etag: reply.headers.etag ?? '' };
}

const rangeOf = (from: number, end: number) => ({ range: `bytes=${from}-${end - 1}` });

/** A whole file where a range was asked for is another one than the one that was begun. */
function expectRange(reply: IncomingMessage): void {
  if (reply.statusCode === 206) return;
  reply.destroy();
  throw new Error('the archive gave another file than the one that was begun');
}

/** Gathers whole units, some at a time; what came before a line broke is given before that is told. */
async function* units(bytes: AsyncIterable<Uint8Array>, unit: number): AsyncGenerator<Uint8Array> {
  const held = new Uint8Array(batch * unit);
  let count = 0;
  let failure: { error: unknown } | undefined;
  try {
    for await (const chunk of bytes) {
      for (let at = 0; at < chunk.length;) {
        const part = chunk.subarray(at, at + held.length - count);
        held.set(part, count);
        count += part.length;
        at += part.length;
        if (count < held.length) continue;
        yield held;
        count = 0;
      }
      spent(chunk);
    }
  } catch (error) {
    failure = { error };
    count -= count % unit;
  }
  if (count > 0) yield held.subarray(0, count);
  spent(held);
  if (failure) throw failure.error;
}
