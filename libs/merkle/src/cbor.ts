import { concat, utf8 } from './bytes.ts';
import { LogError } from './error.ts';

/** A tagged value. */
export interface CborTag {
  readonly tag: number;
  readonly value: Cbor;
}
/** What we write and read of CBOR: no floating point, no indefinite lengths, no simple values but null. */
export type Cbor =
  | number
  | bigint
  | string
  | null
  | Uint8Array
  | CborTag
  | readonly Cbor[]
  | ReadonlyMap<number | string, Cbor>;

const malformed = (why: string) => new LogError('cose_malformed', why);
const depthLimit = 16;
const majors = { uint: 0, nint: 1, bytes: 2, text: 3, array: 4, map: 5, tag: 6, simple: 7 } as const;
const nullByte = 0xf6;

/** Head of an item, its argument in the fewest bytes (RFC 8949 section 4.2.1). */
function head(major: number, argument: bigint): Uint8Array {
  if (argument < 24n) return Uint8Array.of((major << 5) | Number(argument));
  const width = argument < 1n << 8n ? 0 : argument < 1n << 16n ? 1 : argument < 1n << 32n ? 2 : 3;
  const bytes = new Uint8Array(1 + (1 << width));
  bytes[0] = (major << 5) | (24 + width);
  for (let at = bytes.length - 1, left = argument; at > 0; at -= 1, left >>= 8n) bytes[at] = Number(left & 255n);
  return bytes;
}

/** Core deterministic encoding: shortest heads, keys of maps in the order of their bytes. @throws RangeError beyond 64 bits */
export function encodeCbor(value: Cbor): Uint8Array {
  if (value === null) return Uint8Array.of(nullByte);
  if (typeof value === 'number' || typeof value === 'bigint') {
    const whole = BigInt(value);
    const argument = whole < 0n ? -1n - whole : whole;
    if (argument >= 1n << 64n) throw new RangeError('a whole number of more than 64 bits');
    return head(whole < 0n ? majors.nint : majors.uint, argument);
  }
  if (typeof value === 'string') return lead(majors.text, utf8(value));
  if (value instanceof Uint8Array) return lead(majors.bytes, value);
  if (value instanceof Map) {
    const pairs = [...(value as ReadonlyMap<number | string, Cbor>)].map(
      ([key, of]) => [encodeCbor(key), encodeCbor(of)] as const,
    );
    pairs.sort(([a], [b]) => order(a, b));
    return concat(head(majors.map, BigInt(pairs.length)), ...pairs.flat());
  }
  if ('tag' in value) return concat(head(majors.tag, BigInt(value.tag)), encodeCbor(value.value));
  const items = value as readonly Cbor[];
  return concat(head(majors.array, BigInt(items.length)), ...items.map(encodeCbor));
}

const lead = (major: number, bytes: Uint8Array) => concat(head(major, BigInt(bytes.length)), bytes);

/** Bytewise lexicographic. */
function order(a: Uint8Array, b: Uint8Array): number {
  for (let at = 0; at < a.length && at < b.length; at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/**
 * Reads one value, in the one form that writing gives: two byte strings never mean the same.
 * @throws LogError `cose_malformed`
 */
export function decodeCbor(bytes: Uint8Array): Cbor {
  const from = { bytes, at: 0 };
  const value = item(from, 0);
  if (from.at !== bytes.length) throw malformed('something follows the value');
  return value;
}

interface Source {
  readonly bytes: Uint8Array;
  at: number;
}

function take(from: Source, length: number): Uint8Array {
  if (from.at + length > from.bytes.length) throw malformed('the value is cut');
  return from.bytes.slice(from.at, (from.at += length));
}

function item(from: Source, depth: number): Cbor {
  if (depth > depthLimit) throw malformed('nested too deeply');
  const [first = 0] = take(from, 1);
  const major = first >> 5;
  if (major === majors.simple) {
    if (first === nullByte) return null;
    throw malformed('a kind of value that is not read here');
  }
  const argument = argumentOf(from, first & 31);
  if (major === majors.uint) return narrow(argument);
  if (major === majors.nint) return narrow(-1n - argument);
  if (major === majors.tag) return { tag: count(argument), value: item(from, depth + 1) };
  if (major === majors.bytes) return take(from, count(argument));
  if (major === majors.text) return textOf(take(from, count(argument)));
  const length = count(argument);
  if (length > from.bytes.length) throw malformed('the value is cut');
  if (major === majors.array) return Array.from({ length }, () => item(from, depth + 1));
  return mapOf(from, length, depth);
}

function mapOf(from: Source, length: number, depth: number): ReadonlyMap<number | string, Cbor> {
  const map = new Map<number | string, Cbor>();
  let before: Uint8Array | undefined;
  for (let n = 0; n < length; n += 1) {
    const start = from.at;
    const key = item(from, depth + 1);
    const encoded = from.bytes.slice(start, from.at);
    if (typeof key !== 'number' && typeof key !== 'string') throw malformed('a key is a small number or a text');
    if (before && order(before, encoded) >= 0) throw malformed('keys are in order, each once');
    before = encoded;
    map.set(key, item(from, depth + 1));
  }
  return map;
}

function argumentOf(from: Source, short: number): bigint {
  if (short < 24) return BigInt(short);
  if (short > 27) throw malformed('no indefinite lengths');
  const width = 1 << (short - 24);
  const value = take(from, width).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  if (value < (width === 1 ? 24n : 1n << BigInt(4 * width))) throw malformed('a head is longer than it must be');
  return value;
}

const narrow = (value: bigint): number | bigint =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;

function count(argument: bigint): number {
  if (argument > 1n << 31n) throw malformed('the value is cut');
  return Number(argument);
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw malformed('a text is UTF-8');
  }
}
