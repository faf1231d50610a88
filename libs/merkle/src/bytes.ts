import { LogError } from './error.ts';

const encoder = new TextEncoder();

export const utf8 = (text: string): Uint8Array => encoder.encode(text);

/** One array from several. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const values = new Int16Array(128).fill(-1);
for (let at = 0; at < 64; at += 1) values[alphabet.charCodeAt(at)] = at;

/** Standard base64 with padding (RFC 4648 section 4). */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
}

/**
 * Reads standard base64, in the one form that writing gives: no blanks, no missing padding, no bits beyond the last byte.
 * Two texts never mean the same bytes, so nobody can alter a text without altering what it says.
 * @throws LogError `base64`
 */
export function fromBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0) throw new LogError('base64', 'not canonical base64');
  const bytes = new Uint8Array((text.length / 4) * 3);
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  let wrong = 0;
  for (let at = 0; at < text.length; at += 4) {
    let word = 0;
    for (let i = at; i < at + 4; i += 1) {
      const pad = i >= text.length - padding;
      const value = pad ? 0 : (values[text.charCodeAt(i)] ?? -1);
      wrong |= value;
      word = (word << 6) | value;
    }
    bytes.set([(word >> 16) & 255, (word >> 8) & 255, word & 255], (at / 4) * 3);
  }
  const result = bytes.subarray(0, bytes.length - padding);
  if (wrong < 0 || toBase64(result) !== text) throw new LogError('base64', 'not canonical base64');
  return result;
}

/** A number as logs write it: ASCII decimal without leading zeros or sign. @throws LogError `number` */
export function parseDecimal(text: string): bigint {
  if (!/^(?:0|[1-9][0-9]{0,19})$/.test(text)) throw new LogError('number', 'not a decimal number');
  const value = BigInt(text);
  if (value >= 1n << 63n) throw new LogError('number', 'a number of 2^63 or more');
  return value;
}

/** Big-endian, eight bytes. */
export function uint64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}
