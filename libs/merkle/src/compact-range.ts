import { LogError } from './error.ts';
import type { TreeHasher } from './hash.ts';

/** Told of every node that is complete: level 0 are leaves; `index` counts from the left within the level. */
export type NodeVisitor = (level: number, index: bigint, hash: Uint8Array) => void;

/**
 * The right edge of a tree: hashes of the perfect subtrees that its size decomposes into, largest first. All that is needed to
 * append and to tell the root, some 60 hashes at most, however large the tree.
 */
export interface CompactRange {
  readonly size: bigint;
  readonly hashes: readonly Uint8Array[];
  append(leaf: Uint8Array, visit?: NodeVisitor): void;
  /** RFC 9162 section 2.1.1. */
  root(): Uint8Array;
}

/**
 * @param hashes as `hashes` told of a range of that size
 * @throws LogError `proof_malformed` when their number does not fit the size
 */
export function compactRange(hasher: TreeHasher, size: bigint = 0n, hashes: readonly Uint8Array[] = []): CompactRange {
  if (hashes.length !== ones(size)) throw new LogError('proof_malformed', 'these are not the subtrees of that size');
  const stack = [...hashes];
  let count = size;
  return {
    get size() {
      return count;
    },
    get hashes() {
      return [...stack];
    },
    append(leaf, visit) {
      let hash = leaf;
      let index = count;
      visit?.(0, index, hash);
      for (let level = 1; (index & 1n) === 1n; level += 1) {
        hash = hasher.node(stack.pop() ?? hasher.empty, hash);
        index >>= 1n;
        visit?.(level, index, hash);
      }
      stack.push(hash);
      count += 1n;
    },
    root: () => foldRight(hasher, stack),
  };
}

/** Root over subtrees from left to right, each larger than the next. */
export function foldRight(hasher: TreeHasher, subtrees: readonly Uint8Array[]): Uint8Array {
  let root = subtrees.at(-1) ?? hasher.empty;
  for (let at = subtrees.length - 2; at >= 0; at -= 1) root = hasher.node(subtrees[at] ?? hasher.empty, root);
  return root;
}

/** Perfect subtrees in a tree of that size. */
function ones(size: bigint): number {
  let count = 0;
  for (let rest = size; rest > 0n; rest >>= 1n) count += Number(rest & 1n);
  return count;
}
