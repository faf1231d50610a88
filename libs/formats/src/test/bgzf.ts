import * as zlib from 'node:zlib';
import { concat } from '../bytes/reader.ts';
import { crc32 } from '../layers/crc32.ts';
import { latin } from './bytes.ts';

/** A BGZF block as the SAM specification 4.1 lays it out. */
export function bgzfBlock(content: Uint8Array): Uint8Array {
  const head = latin('\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0BC\x02\0\0\0');
  const tail = new Uint8Array(8);
  new DataView(tail.buffer).setUint32(0, crc32(content), true);
  new DataView(tail.buffer).setUint32(4, content.length, true);
  const block = concat(head, zlib.deflateRawSync(content), tail);
  new DataView(block.buffer).setUint16(16, block.length - 1, true);
  return block;
}

/** The empty block that ends every BGZF file (4.1.2). */
export const bgzfEnd = latin('\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0BC\x02\0\x1b\0\x03\0\0\0\0\0\0\0\0\0');

/** Content in blocks of `size` bytes, ended as it should be. */
export function bgzip(content: Uint8Array, size = 60_000): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(content.length / size) }, (_, at) =>
    bgzfBlock(content.subarray(at * size, (at + 1) * size)),
  );
  return concat(...blocks, bgzfEnd);
}
