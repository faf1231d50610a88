import { equal } from './bytes.ts';
import { foldRight } from './compact-range.ts';
import { LogError } from './error.ts';
import { hashLength, type TreeHasher } from './hash.ts';

/** A node of the tree that never changes: root of the perfect subtree over leaves [index·2^level, (index+1)·2^level). */
export interface NodeId {
  readonly level: number;
  readonly index: bigint;
}

/** Gives the hashes of nodes in the order asked. */
export type NodeReader = (nodes: readonly NodeId[]) => Promise<readonly Uint8Array[]>;

/** Leaves [start, end). */
type Span = readonly [start: bigint, end: bigint];

/** The largest power of two below `size`, which is at least 2 (`k` in RFC 9162 section 2.1). */
function split(size: bigint): bigint {
  let k = 1n;
  while (k << 1n < size) k <<= 1n;
  return k;
}

/** Subtrees whose hashes make up an inclusion proof, from the leaf's sibling upward (RFC 9162 section 2.1.3.1). */
function inclusionSpans(index: bigint, [start, end]: Span): Span[] {
  if (end - start === 1n) return [];
  const middle = start + split(end - start);
  return index < middle
    ? [...inclusionSpans(index, [start, middle]), [middle, end]]
    : [...inclusionSpans(index, [middle, end]), [start, middle]];
}

/** Subtrees of a consistency proof: SUBPROOF of RFC 9162 section 2.1.4.1. */
function consistencySpans(first: bigint, [start, end]: Span, complete: boolean): Span[] {
  if (first === end) return complete ? [] : [[start, end]];
  const middle = start + split(end - start);
  return first <= middle
    ? [...consistencySpans(first, [start, middle], complete), [middle, end]]
    : [...consistencySpans(first, [middle, end], false), [start, middle]];
}

/** Perfect subtrees that make up some leaves, from left to right. `start` is a multiple of each of them. */
function nodesOf([start, end]: Span): NodeId[] {
  const nodes: NodeId[] = [];
  for (let at = start; at < end;) {
    let level = 0;
    while (at + (2n << BigInt(level)) <= end && (at & ((2n << BigInt(level)) - 1n)) === 0n) level += 1;
    nodes.push({ level, index: at >> BigInt(level) });
    at += 1n << BigInt(level);
  }
  return nodes;
}

async function hashesOf(hasher: TreeHasher, spans: readonly Span[], read: NodeReader): Promise<Uint8Array[]> {
  const groups = spans.map(nodesOf);
  const hashes = await read(groups.flat());
  let at = 0;
  return groups.map((group) => {
    const found = hashes.slice(at, (at += group.length));
    if (found.length < group.length) throw new LogError('node_missing', 'the tree lacks a node of the proof');
    return foldRight(hasher, found);
  });
}

/**
 * Proof that the entry at `index` is in the tree of `size` entries.
 * @throws RangeError when there is no such entry
 */
export function proveInclusion(
  hasher: TreeHasher,
  index: bigint,
  size: bigint,
  read: NodeReader,
): Promise<Uint8Array[]> {
  if (index < 0n || index >= size) throw new RangeError('no entry of that index in a tree of that size');
  return hashesOf(hasher, inclusionSpans(index, [0n, size]), read);
}

/** Proof that the tree of `second` entries begins with that of `first`. Empty when either says nothing. */
export function proveConsistency(
  hasher: TreeHasher,
  first: bigint,
  second: bigint,
  read: NodeReader,
): Promise<Uint8Array[]> {
  if (first < 0n || first > second) throw new RangeError('the first tree is larger than the second');
  if (first === 0n || first === second) return Promise.resolve([]);
  return hashesOf(hasher, consistencySpans(first, [0n, second], true), read);
}

/** Root of the first `size` entries. */
export async function rootAt(hasher: TreeHasher, size: bigint, read: NodeReader): Promise<Uint8Array> {
  if (size === 0n) return hasher.empty;
  const [root] = await hashesOf(hasher, [[0n, size]], read);
  return root ?? hasher.empty;
}

const wellFormed = (hashes: readonly Uint8Array[]): boolean => hashes.every((hash) => hash.length === hashLength);

/**
 * The root that a leaf and its proof lead to (RFC 9162 section 2.1.3.2). Any number of hashes but the right one is wrong.
 * @returns undefined when the proof is none for that place
 */
export function inclusionRoot(
  hasher: TreeHasher,
  given: { readonly leaf: Uint8Array; readonly index: bigint; readonly size: bigint },
  proof: readonly Uint8Array[],
): Uint8Array | undefined {
  const { leaf, index, size } = given;
  if (index < 0n || index >= size || !wellFormed([leaf, ...proof])) return undefined;
  let fn = index;
  let sn = size - 1n;
  let hash = leaf;
  for (const sibling of proof) {
    if (sn === 0n) return undefined;
    if ((fn & 1n) === 1n || fn === sn) {
      hash = hasher.node(sibling, hash);
      while ((fn & 1n) === 0n && fn !== 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else hash = hasher.node(hash, sibling);
    fn >>= 1n;
    sn >>= 1n;
  }
  return sn === 0n ? hash : undefined;
}

/** Whether an entry is where a proof says, under a root. */
export function verifyInclusion(
  hasher: TreeHasher,
  given: { readonly leaf: Uint8Array; readonly index: bigint; readonly size: bigint; readonly root: Uint8Array },
  proof: readonly Uint8Array[],
): boolean {
  const root = inclusionRoot(hasher, given, proof);
  return root !== undefined && equal(root, given.root);
}

/** A tree by its size and root. */
export interface TreeHead {
  readonly size: bigint;
  readonly root: Uint8Array;
}

/** RFC 9162 section 2.1.4.2; from the empty tree everything follows, with an empty proof. */
export function verifyConsistency(
  hasher: TreeHasher,
  first: TreeHead,
  second: TreeHead,
  proof: readonly Uint8Array[],
): boolean {
  if (first.size < 0n || first.size > second.size || !wellFormed([first.root, second.root, ...proof])) return false;
  if (first.size === second.size) return proof.length === 0 && equal(first.root, second.root);
  if (first.size === 0n) return proof.length === 0 && equal(first.root, hasher.empty);
  const power = (first.size & (first.size - 1n)) === 0n;
  const [seed, ...rest] = power ? [first.root, ...proof] : proof;
  if (seed === undefined || (!power && proof.length === 0)) return false;
  let fn = first.size - 1n;
  let sn = second.size - 1n;
  while ((fn & 1n) === 1n) {
    fn >>= 1n;
    sn >>= 1n;
  }
  let fr = seed;
  let sr = seed;
  for (const hash of rest) {
    if (sn === 0n) return false;
    if ((fn & 1n) === 1n || fn === sn) {
      fr = hasher.node(hash, fr);
      sr = hasher.node(hash, sr);
      while ((fn & 1n) === 0n && fn !== 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else sr = hasher.node(sr, hash);
    fn >>= 1n;
    sn >>= 1n;
  }
  return sn === 0n && equal(fr, first.root) && equal(sr, second.root);
}
