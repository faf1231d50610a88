import type { ByteReader } from '../bytes/reader.ts';
import { DamagedStream } from './inflate.ts';

const blockMagic = 0x314159265359;
const endMagic = 0x177245385090;
/** A block holds at most 900,000 bytes before its run-length step and never grows by more than a fifth. */
const longestBlock = 1_100_000;
const groupSize = 50;
const longestCode = 20;

/** CRC-32 with the most significant bit first, as bzip2 has it. */
const crcTable = new Int32Array(256).map((_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) value = value < 0 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value;
});

/** Reads bits from bytes, the most significant first. */
interface Bits {
  /** The next `count` bits, at most 24, without going on. Past the end they are 0. */
  peek(count: number): number;
  skip(count: number): void;
  /** The next `count` bits, at most 24. */
  read(count: number): number;
  /** Position in bits from the start of the bytes. */
  readonly position: number;
}

function bitsOf(bytes: Uint8Array, start: number): Bits {
  const length = bytes.length * 8;
  let position = start;
  const peek = (count: number): number => {
    const at = position >>> 3;
    const word =
      ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    return (word << (position & 7)) >>> (32 - count);
  };
  const skip = (count: number): void => {
    position += count;
    if (position > length) throw new DamagedStream('truncated', 'the block ends too soon');
  };
  return {
    get position() {
      return position;
    },
    peek,
    skip,
    read(count) {
      const value = peek(count);
      skip(count);
      return value;
    },
  };
}

/** Takes bzip2 off: streams one after the other, each block and each stream with its CRC verified. Throws DamagedStream. */
export async function* bunzip2(source: ByteReader): AsyncGenerator<Uint8Array> {
  let bit = 0;
  for (let first = true; ; first = false) {
    const head = await source.take(4);
    if (head.length === 0 && !first) return;
    const level = (head[3] ?? 0) - 48;
    if (head.length < 4) throw new DamagedStream('truncated', 'the header ends too soon');
    if (head[0] !== 66 || head[1] !== 90 || head[2] !== 104 || level < 1 || level > 9)
      throw new DamagedStream('corrupt', 'no bzip2 header');
    let combined = 0;
    for (;;) {
      const bytes = await source.peek(longestBlock);
      const bits = bitsOf(bytes, bit);
      const magic = bits.read(24) * 2 ** 24 + bits.read(24);
      const declared = (bits.read(16) << 16) | bits.read(16);
      if (magic === endMagic) {
        if (declared >>> 0 !== combined >>> 0) throw new DamagedStream('corrupt', 'the CRC of the stream differs');
        await source.take((bits.position + 7) >>> 3);
        bit = 0;
        break;
      }
      if (magic !== blockMagic) throw new DamagedStream('corrupt', 'no block where one should start');
      const content = expand(inverseTransform(bits, level * 100_000));
      const crc = blockCrc(content);
      if (crc >>> 0 !== declared >>> 0) throw new DamagedStream('corrupt', 'the CRC of a block differs');
      combined = ((combined << 1) | (combined >>> 31)) ^ crc;
      bit = bits.position & 7;
      await source.take(bits.position >>> 3);
      yield content;
    }
  }
}

/** Decodes the Huffman and move-to-front steps and undoes the Burrows-Wheeler transform of one block. */
function inverseTransform(bits: Bits, limit: number): Uint8Array {
  if (bits.read(1) === 1) throw new DamagedStream('corrupt', 'randomised blocks went out of use before 1999');
  const origin = bits.read(24);
  const symbols = readSymbols(bits);
  const end = symbols.length + 1;
  const next = symbolReader(bits, symbols.length + 2);
  const order = Uint8Array.from(symbols);
  const last = new Uint8Array(limit);
  const counts = new Int32Array(256);
  let length = 0;
  let run = 0;
  let weight = 1;
  const put = (byte: number, times: number) => {
    if (length + times > limit) throw new DamagedStream('corrupt', 'a block is longer than its level allows');
    if (times === 1) last[length] = byte;
    else last.fill(byte, length, length + times);
    counts[byte] = (counts[byte] as number) + times;
    length += times;
  };
  for (;;) {
    const symbol = next();
    // Symbols 0 and 1 are the digits of a run length in bijective base 2.
    if (symbol < 2) {
      run += weight << symbol;
      weight <<= 1;
      if (run > limit) throw new DamagedStream('corrupt', 'a run is too long');
      continue;
    }
    if (run > 0) put(order[0] ?? 0, run);
    run = 0;
    weight = 1;
    if (symbol === end) break;
    const byte = order[symbol - 1] as number;
    order.copyWithin(1, 0, symbol - 1);
    order[0] = byte;
    put(byte, 1);
  }
  if (origin >= length) throw new DamagedStream('corrupt', 'the origin lies outside of the block');
  return untransform(last.subarray(0, length), counts, origin);
}

function untransform(last: Uint8Array, counts: Int32Array, origin: number): Uint8Array {
  const starts = new Int32Array(256);
  for (let byte = 1; byte < 256; byte += 1) starts[byte] = (starts[byte - 1] as number) + (counts[byte - 1] as number);
  // One word holds both the byte of a row and the row that follows it, so that a step misses the cache once.
  const rows = new Uint32Array(last.length);
  for (let at = 0; at < last.length; at += 1) rows[at] = last[at] as number;
  for (let at = 0; at < last.length; at += 1) {
    const byte = last[at] as number;
    const row = starts[byte] as number;
    rows[row] = (rows[row] as number) | (at << 8);
    starts[byte] = row + 1;
  }
  const output = new Uint8Array(last.length);
  let row = (rows[origin] as number) >>> 8;
  for (let at = 0; at < output.length; at += 1) {
    const word = rows[row] as number;
    output[at] = word & 255;
    row = word >>> 8;
  }
  return output;
}

/** The bytes that occur in the block, told as a map of sixteen maps. */
function readSymbols(bits: Bits): number[] {
  const rows = bits.read(16);
  const symbols: number[] = [];
  for (let row = 0; row < 16; row += 1) {
    if ((rows & (0x8000 >> row)) === 0) continue;
    const columns = bits.read(16);
    for (let column = 0; column < 16; column += 1) if (columns & (0x8000 >> column)) symbols.push(row * 16 + column);
  }
  if (symbols.length === 0) throw new DamagedStream('corrupt', 'a block without symbols');
  return symbols;
}

/** A canonical Huffman code: per length the greatest code, and what to add to a code to find its symbol. */
interface Code {
  readonly limits: Int32Array;
  readonly offsets: Int32Array;
  readonly symbols: readonly number[];
  /** By the next ten bits: symbol × 32 + length for codes that short, else 0. */
  readonly short: Int32Array;
}

const shortBits = 10;

function symbolReader(bits: Bits, alphabet: number): () => number {
  const groups = bits.read(3);
  const count = bits.read(15);
  if (groups < 2 || groups > 6 || count < 1) throw new DamagedStream('corrupt', 'a block without codes');
  const recent = [0, 1, 2, 3, 4, 5];
  const selectors: number[] = [];
  for (let index = 0; index < count; index += 1) {
    let place = 0;
    while (bits.read(1) === 1) if ((place += 1) >= groups) throw new DamagedStream('corrupt', 'a wrong selector');
    const [group = 0] = recent.splice(place, 1);
    recent.unshift(group);
    selectors.push(group);
  }
  const codes = Array.from({ length: groups }, () => readCode(bits, alphabet));
  let used = 0;
  let code = codes[selectors[0] ?? 0];
  return () => {
    if (used % groupSize === 0) code = codes[selectors[used / groupSize] ?? -1];
    used += 1;
    if (code === undefined) throw new DamagedStream('corrupt', 'more symbols than selectors');
    const entry = code.short[bits.peek(shortBits)] as number;
    if (entry > 0) {
      bits.skip(entry & 31);
      return entry >>> 5;
    }
    for (let length = shortBits + 1; length <= longestCode; length += 1) {
      const value = bits.peek(length);
      const symbol =
        value <= (code.limits[length] as number) ? code.symbols[value + (code.offsets[length] as number)] : undefined;
      if (symbol === undefined) continue;
      bits.skip(length);
      return symbol;
    }
    // Bits past the end read as 0: then the block is not corrupt but cut, which skip tells.
    bits.skip(longestCode);
    throw new DamagedStream('corrupt', 'an unknown code');
  };
}

function readCode(bits: Bits, alphabet: number): Code {
  const lengths: number[] = [];
  let length = bits.read(5);
  for (let symbol = 0; symbol < alphabet; symbol += 1) {
    for (;;) {
      if (length < 1 || length > longestCode) throw new DamagedStream('corrupt', 'a wrong code length');
      if (bits.read(1) === 0) break;
      length += bits.read(1) === 0 ? 1 : -1;
    }
    lengths.push(length);
  }
  const symbols = lengths.map((_, symbol) => symbol).sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0) || a - b);
  const limits = new Int32Array(longestCode + 1).fill(-1);
  const offsets = new Int32Array(longestCode + 1);
  const short = new Int32Array(1 << shortBits);
  let value = 0;
  let place = 0;
  for (let size = 1; size <= longestCode; size += 1) {
    const many = lengths.filter((own) => own === size).length;
    offsets[size] = place - value;
    if (many > 0) limits[size] = value + many - 1;
    if (size <= shortBits) fillShort(short, symbols.slice(place, place + many), value, size);
    value = (value + many) << 1;
    place += many;
  }
  return { limits, offsets, symbols, short };
}

function fillShort(short: Int32Array, symbols: readonly number[], first: number, size: number): void {
  const span = 1 << (shortBits - size);
  for (const [index, symbol] of symbols.entries())
    short.fill(symbol * 32 + size, (first + index) * span, (first + index + 1) * span);
}

/** Undoes the first run-length step: four equal bytes are followed by how many more there are. */
function expand(bytes: Uint8Array): Uint8Array {
  let size = 0;
  const walk = (take: (byte: number, times: number) => void) => {
    let equal = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at] as number;
      equal = at > 0 && equal > 0 && byte === bytes[at - 1] ? equal + 1 : 1;
      take(byte, 1);
      if (equal < 4) continue;
      at += 1;
      take(byte, bytes[at] ?? 0);
      equal = 0;
    }
  };
  walk((_, times) => (size += times));
  const output = new Uint8Array(size);
  let end = 0;
  walk((byte, times) => {
    output.fill(byte, end, end + times);
    end += times;
  });
  return output;
}

function blockCrc(bytes: Uint8Array): number {
  let crc = -1;
  for (let at = 0; at < bytes.length; at += 1)
    crc = (crc << 8) ^ (crcTable[((crc >>> 24) ^ (bytes[at] as number)) & 255] as number);
  return ~crc;
}
