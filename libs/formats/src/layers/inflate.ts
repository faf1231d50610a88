import type { ByteReader } from '../bytes/reader.ts';
import type { ZstdFrame } from './zstd.ts';

/** Why a compressed stream cannot be read on: it ends too soon, or its bytes make no sense. */
export class DamagedStream extends Error {
  readonly reason: 'truncated' | 'corrupt';

  constructor(reason: 'truncated' | 'corrupt', message: string) {
    super(message);
    this.name = 'DamagedStream';
    this.reason = reason;
  }
}

/**
 * What this library needs from an inflater. The caller chooses one: `portableInflate` runs anywhere,
 * `zlibInflate(zlib)` is several times faster and works off the main thread in Node.
 *
 * `DecompressionStream` is no candidate: it neither says where a DEFLATE stream ends nor lets bytes follow it, and
 * gzip files of many members (BGZF, `cat a.gz b.gz`) are the rule in this field.
 */
export interface Inflate {
  /** Inflates one raw DEFLATE stream (RFC 1951) and gives back to `source` what follows it. Throws DamagedStream. */
  stream(source: ByteReader): AsyncIterable<Uint8Array>;
  /** Inflates one whole DEFLATE stream that yields at most `size` bytes. Throws DamagedStream. */
  block(deflated: Uint8Array, size: number): Uint8Array;
  /**
   * Inflates whole gzip members (RFC 1952) that yield at most `size` bytes, each with its CRC-32 and length verified, beside the
   * thread that asks. Without it blocks are inflated one after the other. Throws DamagedStream.
   */
  readonly members?: (gzipped: Uint8Array, size: number) => Promise<Uint8Array>;
  /** Takes one Zstandard frame off; without it such files are recognised and not looked into. */
  readonly zstd?: ZstdFrame;
  /** CRC-32 of `bytes`, going on from `seed`. */
  crc32(bytes: Uint8Array, seed: number): number;
}
