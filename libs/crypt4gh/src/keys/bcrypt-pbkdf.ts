import { concat, toU32be, u32be, utf8 } from '../bytes.ts';

/** State of Blowfish (Schneier 1993): 18 subkeys, then four boxes of 256 words. */
type Blowfish = Uint32Array;
const boxes = 18;

let initial: Blowfish | undefined;

/** The start of Blowfish is the fraction of pi, by Machin: pi = 16 arctan(1/5) - 4 arctan(1/239), in fixed point. */
function initialState(): Blowfish {
  if (initial) return initial;
  const words = boxes + 1024;
  const guard = 64n;
  const one = 1n << (BigInt(words * 32) + guard);
  const arctan = (x: bigint): bigint => {
    let power = one / x;
    let sum = power;
    for (let n = 3n, sign = -1n; power > 0n; n += 2n, sign = -sign) {
      power /= x * x;
      sum += (sign * power) / n;
    }
    return sum;
  };
  const digits = ((16n * arctan(5n) - 4n * arctan(239n) - 3n * one) >> guard).toString(16).padStart(words * 8, '0');
  initial = Uint32Array.from({ length: words }, (_, i) => Number.parseInt(digits.slice(i * 8, i * 8 + 8), 16));
  return initial;
}

/** Encrypts the 64-bit block at `at`, in place. */
function encipher(state: Blowfish, block: Uint32Array, at: number): void {
  let left = block[at] ?? 0;
  let right = block[at + 1] ?? 0;
  left ^= state[0] ?? 0;
  for (let i = 1; i <= 16; i += 2) {
    right ^= round(state, left) ^ (state[i] ?? 0);
    left ^= round(state, right) ^ (state[i + 1] ?? 0);
  }
  block[at] = right ^ (state[17] ?? 0);
  block[at + 1] = left;
}

function round(state: Blowfish, x: number): number {
  const a = state[boxes + (x >>> 24)] ?? 0;
  const b = state[boxes + 256 + ((x >>> 16) & 255)] ?? 0;
  const c = state[boxes + 512 + ((x >>> 8) & 255)] ?? 0;
  const d = state[boxes + 768 + (x & 255)] ?? 0;
  return (((a + b) ^ c) + d) | 0;
}

/** Mixes a key of 64 bytes into the state, and a salt of 64 bytes when there is one (Provos and Mazières 1999). */
function expand(state: Blowfish, key: Uint32Array, salt: Uint32Array | undefined): void {
  for (let i = 0; i < boxes; i += 1) state[i] = (state[i] ?? 0) ^ (key[i % 16] ?? 0);
  const block = new Uint32Array(2);
  for (let i = 0; i < state.length; i += 2) {
    if (salt) {
      block[0] = (block[0] ?? 0) ^ (salt[i % 16] ?? 0);
      block[1] = (block[1] ?? 0) ^ (salt[(i + 1) % 16] ?? 0);
    }
    encipher(state, block, 0);
    state.set(block, i);
  }
}

const wordsOf = (bytes: Uint8Array): Uint32Array =>
  Uint32Array.from({ length: bytes.length / 4 }, (_, i) => u32be(bytes, i * 4));
const magic = wordsOf(utf8('OxychromaticBlowfishSwatDynamite'));

/** `bcrypt_hash` of OpenBSD: 32 bytes from two SHA-512 digests. */
function bcryptHash(passphrase: Uint32Array, salt: Uint32Array): Uint8Array {
  const state = initialState().slice();
  expand(state, passphrase, salt);
  for (let i = 0; i < 64; i += 1) {
    expand(state, salt, undefined);
    expand(state, passphrase, undefined);
  }
  const words = magic.slice();
  for (let i = 0; i < 64; i += 1) for (let at = 0; at < 8; at += 2) encipher(state, words, at);
  const out = new DataView(new ArrayBuffer(32));
  words.forEach((word, i) => out.setUint32(i * 4, word, true));
  return new Uint8Array(out.buffer);
}

/**
 * `bcrypt_pbkdf` of OpenBSD, with which OpenSSH and Crypt4GH lock secret keys. Hashes the passphrase `rounds` times for
 * every 32 bytes and deals the bytes out over the whole key.
 */
export function bcryptPbkdf(
  sha512: (bytes: Uint8Array) => Uint8Array,
  passphrase: Uint8Array,
  salt: Uint8Array,
  rounds: number,
  length: number,
): Uint8Array {
  const key = new Uint8Array(length);
  const stride = Math.ceil(length / 32);
  const hashed = wordsOf(sha512(passphrase));
  for (let count = 0; count < stride; count += 1) {
    let block = bcryptHash(hashed, wordsOf(sha512(concat(salt, toU32be(count + 1)))));
    const sum = block.slice();
    for (let i = 1; i < rounds; i += 1) {
      block = bcryptHash(hashed, wordsOf(sha512(block)));
      for (let at = 0; at < 32; at += 1) sum[at] = (sum[at] ?? 0) ^ (block[at] ?? 0);
    }
    for (let at = 0; at < 32 && at * stride + count < length; at += 1) key[at * stride + count] = sum[at] ?? 0;
  }
  return key;
}
