import { asWords, type Field, type Vector } from '../field/field.ts';
import type { Crypto } from './crypto.ts';

/** Bytes of a seed. */
export const seedLength = 16;

/** A stream of field elements that whoever has the seed makes alike: AES-128-CTR under the seed. */
export interface Prg {
  /** The next elements. */
  elements(count: number): Vector;
  /** The next bytes. */
  bytes(count: number): Uint8Array;
  /** The next 64-bit words, uniform. */
  words(count: number): Vector;
}

/** @param seed 16 bytes */
export function prg(crypto: Crypto, field: Field, seed: Uint8Array): Prg {
  if (seed.length !== seedLength) throw new RangeError('a seed has 16 bytes');
  let blocks = 0n;
  const bytes = (count: number): Uint8Array => {
    const counter = new Uint8Array(16);
    new DataView(counter.buffer).setBigUint64(8, blocks);
    // What is left of the last block is passed over, so that a stream depends on the lengths asked for and nothing else.
    blocks += BigInt(Math.ceil(count / 16));
    return crypto.aesCtr(seed, counter, count);
  };
  const words = (count: number): Vector => asWords(bytes(count * 8));
  return { bytes, words, elements: (count) => field.uniform(words(count)) };
}

/** A seed for a purpose, from one for all: the first 16 bytes of SHA-256(seed ‖ purpose). */
export function derive(crypto: Crypto, seed: Uint8Array, purpose: string): Uint8Array {
  const label = new TextEncoder().encode(purpose);
  const bytes = new Uint8Array(seed.length + label.length);
  bytes.set(seed);
  bytes.set(label, seed.length);
  return crypto.sha256(bytes).slice(0, seedLength);
}
