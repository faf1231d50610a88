import type { Bytes } from '../bytes/reader.ts';
import { concat } from '../bytes/reader.ts';

const encoder = new TextEncoder();

/** Bytes of a text in which `\xNN` escapes of the source stand for themselves. */
export const latin = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** A source that yields `data` cut at the given places. */
export async function* chunked(
  data: string | Uint8Array,
  cuts: readonly number[] = [],
): Bytes & AsyncGenerator<Uint8Array> {
  const bytes = typeof data === 'string' ? encoder.encode(data) : data;
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let from = 0;
  for (const to of [...places, bytes.length]) {
    yield bytes.subarray(from, to);
    from = to;
  }
}

/** Reads a source to its end. */
export async function drain(source: Bytes): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return concat(...parts);
}

/** A copy with one byte changed. */
export function flipped(bytes: Uint8Array, at: number, mask = 0xff): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ mask;
  return copy;
}
