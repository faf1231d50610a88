/** SHA-256 of some bytes: 32 bytes. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** The randomness and hashing that the protocols stand on, given by the host. */
export interface Crypto {
  sha256: Sha256;
  /** Bytes that nobody can guess. */
  random(length: number): Uint8Array;
  /**
   * The key stream of AES-128 in counter mode.
   * @param key 16 bytes
   * @param counter 16 bytes: the first block's number, big-endian
   */
  aesCtr(key: Uint8Array, counter: Uint8Array, length: number): Uint8Array;
}

/** The part of `node:crypto` that is used. */
export interface NodeCrypto {
  hash(algorithm: string, data: Uint8Array, encoding: 'buffer'): Uint8Array;
  randomBytes(length: number): Uint8Array;
  createCipheriv(algorithm: string, key: Uint8Array, iv: Uint8Array): { update(data: Uint8Array): Uint8Array };
}

/** A Buffer as plain bytes, whose `slice` copies. */
const plain = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);

/** What a key stream is taken from by encrypting it; grown to the longest that was asked for, up to a bound. */
let zeros = new Uint8Array(0);
const mostZeros = 1 << 24;

function zerosOf(length: number): Uint8Array {
  if (length > mostZeros) return new Uint8Array(length);
  if (zeros.length < length) zeros = new Uint8Array(length);
  return zeros.subarray(0, length);
}

/** For Node: `nodeCrypto(crypto)`. */
export const nodeCrypto = (crypto: NodeCrypto): Crypto => ({
  sha256: (bytes) => plain(crypto.hash('sha256', bytes, 'buffer')),
  random: (length) => plain(crypto.randomBytes(length)),
  aesCtr: (key, counter, length) => plain(crypto.createCipheriv('aes-128-ctr', key, counter).update(zerosOf(length))),
});
