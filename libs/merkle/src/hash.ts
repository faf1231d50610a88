import { sha256 } from '@noble/hashes/sha2.js';
import { utf8 } from './bytes.ts';

/** SHA-256 of some bytes: 32 bytes. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** Runs everywhere. */
export const portableSha256: Sha256 = (bytes) => sha256(bytes);

/** The part of `node:crypto` that is used. */
export interface NodeHash {
  hash(algorithm: string, data: Uint8Array, encoding: 'buffer'): Uint8Array;
}

/** Several times faster, in Node: `nodeSha256(crypto)`. */
export const nodeSha256 =
  (crypto: NodeHash): Sha256 =>
  (bytes) =>
    crypto.hash('sha256', bytes, 'buffer');

/** Bytes of a hash. */
export const hashLength = 32;

/** The three hashes of RFC 9162 section 2.1.1: leaf and node are kept apart by their first byte. */
export interface TreeHasher {
  readonly empty: Uint8Array;
  leaf(entry: Uint8Array): Uint8Array;
  node(left: Uint8Array, right: Uint8Array): Uint8Array;
}

export function treeHasher(hash: Sha256 = portableSha256): TreeHasher {
  const pair = new Uint8Array(1 + 2 * hashLength);
  pair[0] = 1;
  return {
    empty: hash(utf8('')),
    leaf(entry) {
      const bytes = new Uint8Array(1 + entry.length);
      bytes.set(entry, 1);
      return hash(bytes);
    },
    node(left, right) {
      pair.set(left, 1);
      pair.set(right, 1 + hashLength);
      return hash(pair);
    },
  };
}
