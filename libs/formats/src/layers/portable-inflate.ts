import {
  Z_BUF_ERROR,
  Z_FINISH,
  Z_NO_FLUSH,
  Z_OK,
  Z_STREAM_END,
  ZStream,
  zlibInflate as inflateStep,
  zlibInflateInit2,
} from 'pako';
import type { ByteReader } from '../bytes/reader.ts';
import { crc32 } from './crc32.ts';
import { DamagedStream, type Inflate } from './inflate.ts';

/** Negative window bits ask zlib for raw DEFLATE without a wrapper. */
const rawWindow = -15;
const outputSize = 256 * 1024;

/** The inflater for browsers and anywhere else: zlib in JavaScript. */
export const portableInflate: Inflate = { stream, block, crc32 };

async function* stream(source: ByteReader): AsyncGenerator<Uint8Array> {
  const zlib = new ZStream();
  zlibInflateInit2(zlib, rawWindow);
  for (;;) {
    const input = await source.read();
    if (input === undefined) throw new DamagedStream('truncated', 'the DEFLATE stream ends too soon');
    zlib.input = input;
    zlib.next_in = 0;
    zlib.avail_in = input.length;
    do {
      zlib.output = new Uint8Array(outputSize);
      zlib.next_out = 0;
      zlib.avail_out = outputSize;
      const status = inflateStep(zlib, Z_NO_FLUSH);
      if (zlib.next_out > 0) yield zlib.output.subarray(0, zlib.next_out);
      if (status === Z_STREAM_END) {
        source.unread(input.subarray(zlib.next_in));
        return;
      }
      if (status !== Z_OK && status !== Z_BUF_ERROR) throw new DamagedStream('corrupt', zlib.msg);
    } while (zlib.avail_in > 0 || zlib.avail_out === 0);
  }
}

function block(deflated: Uint8Array, size: number): Uint8Array {
  const zlib = new ZStream();
  zlibInflateInit2(zlib, rawWindow);
  zlib.input = deflated;
  zlib.avail_in = deflated.length;
  zlib.output = new Uint8Array(size + 1);
  zlib.avail_out = size + 1;
  if (inflateStep(zlib, Z_FINISH) !== Z_STREAM_END || zlib.avail_in > 0)
    throw new DamagedStream('corrupt', zlib.msg || 'the DEFLATE stream does not end where it should');
  return zlib.output.subarray(0, zlib.next_out);
}
