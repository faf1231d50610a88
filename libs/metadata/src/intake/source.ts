import type { Place } from '../rules/rule.ts';
import type { IntakeLimits } from './limits.ts';
import { Refusal } from './report.ts';

/** Bytes as a caller has them: whole, or as a stream that is pulled only as far as it is needed. */
export type Source = Uint8Array | AsyncIterable<Uint8Array>;

/** A file as a submitter sends it. The name is only shown and never trusted: readers go by content. */
export interface IntakeFile {
  readonly name: string;
  readonly bytes: Source;
}

const pieceLength = 64 * 1024;

/** Gives a source in pieces of at most 64 KiB and refuses it past `limits.bytes`. */
export async function* pieces(source: Source, place: Place, limits: IntakeLimits): AsyncGenerator<Uint8Array> {
  let total = 0;
  for await (const chunk of source instanceof Uint8Array ? [source] : source) {
    for (let start = 0; start < chunk.length; start += pieceLength) {
      const piece = chunk.subarray(start, start + pieceLength);
      total += piece.length;
      if (total > limits.bytes) throw new Refusal('GW3001', place, { params: { limit: limits.bytes } });
      yield piece;
    }
  }
}

/** Splits a stream into its first bytes (at least `length` when there are as many) and a stream of all its bytes. */
export async function peek(
  stream: AsyncGenerator<Uint8Array>,
  length: number,
): Promise<{ head: Uint8Array; whole: AsyncGenerator<Uint8Array> }> {
  const first: Uint8Array[] = [];
  let size = 0;
  while (size < length) {
    const next = await stream.next();
    if (next.done === true) break;
    first.push(next.value);
    size += next.value.length;
  }
  const head = join(first, size);
  return { head, whole: rejoin(head, stream) };
}

async function* rejoin(head: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  yield* rest;
}

/** Holds a stream whole, up to `limits.heldBytes`. */
export async function hold(stream: AsyncIterable<Uint8Array>, place: Place, limits: IntakeLimits): Promise<Uint8Array> {
  const held: Uint8Array[] = [];
  let size = 0;
  for await (const piece of stream) {
    size += piece.length;
    if (size > limits.heldBytes) throw new Refusal('GW3001', place, { params: { limit: limits.heldBytes } });
    held.push(piece);
  }
  return join(held, size);
}

function join(parts: readonly Uint8Array[], size: number): Uint8Array {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
