import { concat, equal, portableSha256, type Sha256 } from '@geneward/merkle';

/**
 * An authenticated map. Keys are ordered by their SHA-256; a subtree with one key is that key's leaf, however deep it lies, so
 * the shape and the root depend on the content only, never on the order of writing. Nodes never change: an old root stays
 * good, and a copy costs nothing (sparse Merkle tree with collapsed leaves, as in Diem's Jellyfish Merkle tree).
 */
export type MapNode = Leaf | Inner;

interface Leaf {
  readonly path: Uint8Array;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly hash: Uint8Array;
}

interface Inner {
  readonly left: MapNode | undefined;
  readonly right: MapNode | undefined;
  readonly hash: Uint8Array;
}

/** Root of the empty map, and of an empty side. */
const emptyHash = new Uint8Array(32);
const pathBits = 256;

const isLeaf = (node: MapNode): node is Leaf => 'path' in node;
const bit = (path: Uint8Array, depth: number): number => ((path[depth >> 3] ?? 0) >> (7 - (depth & 7))) & 1;
export const rootOf = (node: MapNode | undefined): Uint8Array => node?.hash ?? emptyHash;

const leafHash = (hash: Sha256, path: Uint8Array, value: Uint8Array): Uint8Array =>
  hash(concat(Uint8Array.of(0), path, hash(value)));
const innerHash = (hash: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array =>
  hash(concat(Uint8Array.of(1), left, right));

function inner(hash: Sha256, left: MapNode | undefined, right: MapNode | undefined): MapNode | undefined {
  if (!left && !right) return undefined;
  if (!left && right && isLeaf(right)) return right;
  if (!right && left && isLeaf(left)) return left;
  return { left, right, hash: innerHash(hash, rootOf(left), rootOf(right)) };
}

/** The value under a key. */
export function mapGet(node: MapNode | undefined, key: Uint8Array, hash: Sha256 = portableSha256) {
  const path = hash(key);
  let at = node;
  for (let depth = 0; at && !isLeaf(at); depth += 1) at = bit(path, depth) === 0 ? at.left : at.right;
  return at && isLeaf(at) && equal(at.path, path) ? at.value : undefined;
}

/** The map with a value set, or with the key removed when it is undefined. */
export function mapSet(
  node: MapNode | undefined,
  key: Uint8Array,
  value: Uint8Array | undefined,
  hash: Sha256 = portableSha256,
): MapNode | undefined {
  const path = hash(key);
  const leaf = value && { path, key, value, hash: leafHash(hash, path, value) };
  const put = (at: MapNode | undefined, depth: number): MapNode | undefined => {
    if (!at) return leaf;
    if (isLeaf(at)) {
      if (equal(at.path, path)) return leaf;
      return leaf ? fork(hash, at, leaf, depth) : at;
    }
    return bit(path, depth) === 0
      ? inner(hash, put(at.left, depth + 1), at.right)
      : inner(hash, at.left, put(at.right, depth + 1));
  };
  return put(node, 0);
}

function fork(hash: Sha256, a: Leaf, b: Leaf, depth: number): MapNode | undefined {
  const side = bit(a.path, depth);
  if (side !== bit(b.path, depth)) return side === 0 ? inner(hash, a, b) : inner(hash, b, a);
  const below = fork(hash, a, b, depth + 1);
  const [left, right] = side === 0 ? [below, undefined] : [undefined, below];
  return { left, right, hash: innerHash(hash, rootOf(left), rootOf(right)) };
}

/** Every key and value, in the order of the keys' hashes. */
export function* mapEntries(node: MapNode | undefined): Generator<readonly [key: Uint8Array, value: Uint8Array]> {
  if (!node) return;
  if (isLeaf(node)) yield [node.key, node.value];
  else {
    yield* mapEntries(node.left);
    yield* mapEntries(node.right);
  }
}

/** Keys whose value differs, with the value in the second map. Costs what differs, not what is there. */
export function mapChanges(
  before: MapNode | undefined,
  after: MapNode | undefined,
): (readonly [key: Uint8Array, value: Uint8Array | undefined])[] {
  if (before === after) return [];
  if (before && after && !isLeaf(before) && !isLeaf(after))
    return [...mapChanges(before.left, after.left), ...mapChanges(before.right, after.right)];
  const now = [...mapEntries(after)];
  const then = [...mapEntries(before)];
  const gone = then.filter(([key]) => !now.some(([other]) => equal(key, other)));
  const written = now.filter(([key, value]) => {
    const old = then.find(([other]) => equal(key, other));
    return !old || !equal(old[1], value);
  });
  return [...gone.map(([key]) => [key, undefined] as const), ...written];
}

/** Proof of what the map holds under a key: hashes beside the way down, and the leaf where the way ends. */
export interface MapProof {
  readonly siblings: readonly Uint8Array[];
  /** Another key's leaf in the place where the key would be; undefined when the place is empty or the key is there. */
  readonly other?: { readonly path: Uint8Array; readonly valueHash: Uint8Array };
}

export function mapProve(node: MapNode | undefined, key: Uint8Array, hash: Sha256 = portableSha256): MapProof {
  const path = hash(key);
  const siblings: Uint8Array[] = [];
  let at = node;
  for (let depth = 0; at && !isLeaf(at); depth += 1) {
    const left = bit(path, depth) === 0;
    siblings.push(rootOf(left ? at.right : at.left));
    at = left ? at.left : at.right;
  }
  if (at && isLeaf(at) && !equal(at.path, path))
    return { siblings, other: { path: at.path, valueHash: hash(at.value) } };
  return { siblings };
}

/**
 * Root of the maps that hold `value` under the key by this proof; an undefined value means that they hold nothing there.
 * Undefined when the proof cannot be one.
 */
export function mapRootFrom(
  key: Uint8Array,
  value: Uint8Array | undefined,
  proof: MapProof,
  hash: Sha256 = portableSha256,
): Uint8Array | undefined {
  const { siblings, other } = proof;
  if (siblings.length > pathBits || siblings.some(({ length }) => length !== 32)) return undefined;
  const path = hash(key);
  let node: Uint8Array;
  if (value) {
    if (other) return undefined;
    node = leafHash(hash, path, value);
  } else if (other) {
    if (other.path.length !== 32 || other.valueHash.length !== 32 || equal(other.path, path)) return undefined;
    for (let depth = 0; depth < siblings.length; depth += 1)
      if (bit(other.path, depth) !== bit(path, depth)) return undefined;
    node = hash(concat(Uint8Array.of(0), other.path, other.valueHash));
  } else node = emptyHash;
  for (let depth = siblings.length - 1; depth >= 0; depth -= 1) {
    const sibling = siblings[depth] ?? emptyHash;
    node = bit(path, depth) === 0 ? innerHash(hash, node, sibling) : innerHash(hash, sibling, node);
  }
  return node;
}
