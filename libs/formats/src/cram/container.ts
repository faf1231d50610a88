import type { ByteReader } from '../bytes/reader.ts';
import { crc32 } from '../layers/crc32.ts';

/** The header of a container (CRAM specification section 7). */
export interface Container {
  /** Bytes of the blocks that follow. */
  readonly length: number;
  readonly reference: number;
  readonly start: number;
  readonly records: number;
  readonly counter: number;
  readonly blocks: number;
  /** Where the slices start, counted from the first block. */
  readonly landmarks: readonly number[];
  /** Whether the header has the CRC-32 that it tells; always true before version 3. */
  readonly intact: boolean;
}

/** The header of a block (section 8), with its data read past and summed up. */
export interface Block {
  readonly method: number;
  readonly contentType: number;
  readonly size: number;
  readonly rawSize: number;
  /** Bytes of the whole block, header and CRC included. */
  readonly length: number;
  readonly intact: boolean;
  /** The data, when they were asked for. */
  readonly data: Uint8Array | undefined;
}

export type Part = 'truncated' | 'malformed';

/** Most landmarks of a container, and most bytes of a block. */
const landmarkLimit = 1_000_000;
const blockLimit = 2 ** 31;

/** Reads numbers off a stream and remembers the CRC-32 of all that it read. */
function meter(content: ByteReader) {
  let crc = 0;
  let ended = false;
  const take = async (count: number): Promise<Uint8Array> => {
    const bytes = content.takeNow(count) ?? (await content.take(count));
    if (bytes.length < count) ended = true;
    crc = crc32(bytes, crc);
    return bytes;
  };
  const byte = async () => (await take(1))[0] ?? 0;
  return {
    get crc() {
      return crc;
    },
    get ended() {
      return ended;
    },
    take,
    byte,
    int32: async () => {
      const bytes = await take(4);
      return bytes.length < 4 ? 0 : new DataView(bytes.buffer, bytes.byteOffset, 4).getInt32(0, true);
    },
    /** ITF8 (section 2.3): the leading ones of the first byte tell how many bytes follow. */
    itf8: async () => {
      const first = await byte();
      if (first < 0x80) return first;
      const more = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
      let value = more === 4 ? first & 15 : first & (0x7f >> more);
      for (let at = 1; at <= more; at += 1) {
        const next = await byte();
        value = more === 4 && at === 4 ? (value << 4) | (next & 15) : (value << 8) | next;
      }
      return value | 0;
    },
    /** LTF8: the same up to 64 bits; exact below 2^53. */
    ltf8: async () => {
      const first = await byte();
      let more = 0;
      while (more < 8 && first & (0x80 >> more)) more += 1;
      let value = more >= 7 ? 0 : first & (0x7f >> more);
      for (let at = 0; at < more; at += 1) value = value * 256 + (await byte());
      return value;
    },
  };
}

/** Reads a container header. */
export async function readContainer(content: ByteReader, major: number): Promise<Container | Part> {
  const from = meter(content);
  const length = await from.int32();
  const reference = await from.itf8();
  const start = await from.itf8();
  await from.itf8();
  const records = await from.itf8();
  const counter = major >= 3 ? await from.ltf8() : await from.itf8();
  await from.ltf8();
  const blocks = await from.itf8();
  const count = await from.itf8();
  if (!from.ended && (count < 0 || count > landmarkLimit)) return 'malformed';
  const landmarks: number[] = [];
  for (let index = 0; index < count && !from.ended; index += 1) landmarks.push(await from.itf8());
  const intact = await isIntact(from, content, major);
  if (from.ended || intact === undefined) return 'truncated';
  if (length < 0 || records < 0 || blocks < 0) return 'malformed';
  return { length, reference, start, records, counter, blocks, landmarks, intact };
}

/** Reads a block; its data are kept in memory only when `keep` says so. */
export async function readBlock(content: ByteReader, major: number, keep: boolean): Promise<Block | Part> {
  const start = content.offset;
  const from = meter(content);
  const method = await from.byte();
  const contentType = await from.byte();
  await from.itf8();
  const size = await from.itf8();
  const rawSize = await from.itf8();
  if (from.ended) return 'truncated';
  if (size < 0 || rawSize < 0 || size > blockLimit) return 'malformed';
  const data = keep ? (await from.take(size)).slice() : undefined;
  if (data === undefined) await pass(size, from.take);
  const intact = await isIntact(from, content, major);
  if (from.ended || intact === undefined) return 'truncated';
  return { method, contentType, size, rawSize, length: content.offset - start, intact, data };
}

const passAtOnce = 65_536;

async function pass(size: number, take: (count: number) => Promise<Uint8Array>): Promise<void> {
  for (let left = size; left > 0;) {
    const bytes = await take(Math.min(left, passAtOnce));
    if (bytes.length === 0) return;
    left -= bytes.length;
  }
}

/** From version 3 on a CRC-32 follows, over all that came before it. */
async function isIntact(
  from: { readonly crc: number },
  content: ByteReader,
  major: number,
): Promise<boolean | undefined> {
  if (major < 3) return true;
  const { crc } = from;
  const bytes = await content.take(4);
  return bytes.length < 4 ? undefined : new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true) === crc;
}
