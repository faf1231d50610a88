import type { Bytes } from '../inputs/lines.ts';

/** A source in chunks of a few bytes: what a slow line gives. */
export async function* chunked(bytes: Uint8Array | string, size = 1 << 16): Bytes & AsyncGenerator<Uint8Array> {
  const all = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
  for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
}
