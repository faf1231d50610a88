import { equal, join } from '../bytes.ts';
import type { Crypto } from '../crypto/port.ts';

export const hashSize = 32;
const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

/** Hash of one plain segment (section 3; RFC 9162 section 2.1.1). */
export const leafHash = (crypto: Crypto, segment: Uint8Array): Uint8Array => crypto.sha256(leafPrefix, segment);

const nodeHash = (crypto: Crypto, left: Uint8Array, right: Uint8Array): Uint8Array =>
  crypto.sha256(nodePrefix, left, right);

/** The largest power of two below `count`: where a tree is divided. */
function split(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

/** Builds the root from leaves as they come, with one hash for each level in memory. */
export class TreeRoot {
  readonly #crypto: Crypto;
  /** Roots of full subtrees, largest first, as the binary digits of `count` say. */
  readonly #full: Uint8Array[] = [];
  count = 0;

  constructor(crypto: Crypto) {
    this.#crypto = crypto;
  }

  add(leaf: Uint8Array): void {
    let hash = leaf;
    for (let digit = this.count; digit % 2 === 1; digit = Math.floor(digit / 2))
      hash = nodeHash(this.#crypto, this.#full.pop() ?? hash, hash);
    this.#full.push(hash);
    this.count += 1;
  }

  /** The root so far; of no leaves it is SHA-256 of nothing. */
  root(): Uint8Array {
    const [last, ...rest] = this.#full.toReversed();
    if (!last) return this.#crypto.sha256();
    return rest.reduce((right, left) => nodeHash(this.#crypto, left, right), last);
  }
}

/** The root of some leaves that stand one after the other in an array. */
export function rootOf(crypto: Crypto, leaves: Uint8Array): Uint8Array {
  const tree = new TreeRoot(crypto);
  for (let at = 0; at < leaves.length; at += hashSize) tree.add(leaves.subarray(at, at + hashSize));
  return tree.root();
}

/** Hashes that lead from the leaves [from, to) to the root: those of the largest subtrees outside, from left to right. */
export function proveRange(
  count: number,
  from: number,
  to: number,
  subtree: (from: number, to: number) => Uint8Array,
): Uint8Array {
  const proof: Uint8Array[] = [];
  const walk = (low: number, high: number): void => {
    if (low >= from && high <= to) return;
    if (high <= from || low >= to) {
      proof.push(subtree(low, high));
      return;
    }
    const middle = low + split(high - low);
    walk(low, middle);
    walk(middle, high);
  };
  if (from < to) walk(0, count);
  return join(proof);
}

/** Subtrees of a leaf list, for `proveRange`. */
export const subtreesOf =
  (crypto: Crypto, leaves: Uint8Array) =>
  (from: number, to: number): Uint8Array =>
    rootOf(crypto, leaves.subarray(from * hashSize, to * hashSize));

/** Whether the leaves are those at [from, from + leaves) of a tree of `count` leaves with this root. */
export function provesRange(
  crypto: Crypto,
  tree: { readonly count: number; readonly root: Uint8Array },
  from: number,
  leaves: Uint8Array,
  proof: Uint8Array,
): boolean {
  const to = from + leaves.length / hashSize;
  if (leaves.length === 0 || leaves.length % hashSize !== 0 || !Number.isSafeInteger(from) || from < 0) return false;
  if (to > tree.count || proof.length % hashSize !== 0) return false;
  let used = 0;
  const walk = (low: number, high: number): Uint8Array => {
    if (low >= from && high <= to)
      return rootOf(crypto, leaves.subarray((low - from) * hashSize, (high - from) * hashSize));
    if (high <= from || low >= to) return proof.subarray(used, (used += hashSize));
    const middle = low + split(high - low);
    const left = walk(low, middle);
    return nodeHash(crypto, left, walk(middle, high));
  };
  const root = walk(0, tree.count);
  return used === proof.length && equal(root, tree.root);
}
