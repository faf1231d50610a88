import { Crypt4ghProblem, type Crypt4ghCode } from './problem.ts';

/** A source of bytes: a file, an upload, a test. Chunks may have any size, also none. */
export type Bytes = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

const text = new TextEncoder();
export const utf8 = (value: string): Uint8Array => text.encode(value);
export const ascii = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/**
 * Gives memory back at once, of bytes that nobody looks at any more. The collector comes by for every 64 MiB of such memory and then
 * goes through the whole heap, which costs more than ciphers and hashes do. A part of a larger buffer, and memory that threads
 * share, stays as it is.
 */
export function spent({ buffer, byteLength }: Uint8Array): void {
  if (byteLength > 0 && byteLength === buffer.byteLength && buffer instanceof ArrayBuffer) buffer.transfer(0);
}

/** One array from several. */
export const concat = (...parts: readonly Uint8Array[]): Uint8Array => join(parts);

/** The same for any number of parts. */
export function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export const equal = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export const u32le = (bytes: Uint8Array, at: number): number => view(bytes).getUint32(at, true);
export const u64le = (bytes: Uint8Array, at: number): bigint => view(bytes).getBigUint64(at, true);
export const u16be = (bytes: Uint8Array, at: number): number => view(bytes).getUint16(at);
export const u32be = (bytes: Uint8Array, at: number): number => view(bytes).getUint32(at);

export function toU32le(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  values.forEach((value, index) => view(bytes).setUint32(index * 4, value, true));
  return bytes;
}

export function toU64le(values: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 8);
  values.forEach((value, index) => view(bytes).setBigUint64(index * 8, value, true));
  return bytes;
}

export const toU16be = (value: number): Uint8Array => Uint8Array.of(value >> 8, value & 255);

export function toU32be(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  view(bytes).setUint32(0, value);
  return bytes;
}

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Base64 with padding (RFC 4648 section 4) into bytes; undefined when it is none. */
export function fromBase64(value: string): Uint8Array | undefined {
  if (value.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) return undefined;
  return Uint8Array.from(atob(value), (character) => character.charCodeAt(0));
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/** Reads fields one after the other and refuses, with the code given, to read past the end. */
export class Fields {
  readonly #bytes: Uint8Array;
  readonly #refusal: () => Crypt4ghProblem;
  at = 0;

  constructor(bytes: Uint8Array, code: Crypt4ghCode, params: Readonly<Record<string, string>> = {}) {
    this.#bytes = bytes;
    this.#refusal = () => new Crypt4ghProblem(code, params);
  }

  take(length: number): Uint8Array {
    if (length > this.left) throw this.#refusal();
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }

  u16be = (): number => u16be(this.take(2), 0);
  u32be = (): number => u32be(this.take(4), 0);

  get left(): number {
    return this.#bytes.length - this.at;
  }
}
