import * as crypto from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compactRange,
  nodeSha256,
  proveConsistency,
  proveInclusion,
  rootAt,
  treeHasher,
  verifyConsistency,
  verifyInclusion,
} from './index.ts';
import { hex, nodesInMemory, numbered, plainRoot, rfcEntries, rfcRoots } from './test/tree.ts';

const hasher = treeHasher();
const entries = numbered(70);
const read = nodesInMemory(hasher, entries);
const rootOf = (size: bigint) => plainRoot(entries.slice(0, Number(size)));
const sizes = fc.bigInt({ min: 1n, max: 70n });

describe('a tree', () => {
  it('has the roots of the published vectors', () => {
    const range = compactRange(hasher);
    expect(hex(range.root())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    for (const [at, entry] of rfcEntries.entries()) {
      range.append(hasher.leaf(entry));
      expect(hex(range.root())).toBe(rfcRoots[at]);
    }
  });

  it('has the same hashes by both routines', () => {
    const fast = treeHasher(nodeSha256(crypto));
    for (const entry of rfcEntries) expect(hex(fast.leaf(entry))).toBe(hex(hasher.leaf(entry)));
    const [a, b] = [hasher.leaf(Uint8Array.of(1)), hasher.leaf(Uint8Array.of(2))];
    expect(hex(fast.node(a, b))).toBe(hex(hasher.node(a, b)));
    expect(hex(fast.empty)).toBe(hex(hasher.empty));
  });

  it('grows to the root of the definition, also from an edge that was stored', () => {
    let range = compactRange(hasher);
    for (const [at, entry] of entries.entries()) {
      range = compactRange(hasher, range.size, range.hashes);
      range.append(hasher.leaf(entry));
      expect(hex(range.root())).toBe(hex(plainRoot(entries.slice(0, at + 1))));
    }
    expect(() => compactRange(hasher, 3n, [hasher.empty])).toThrow('not the subtrees');
  });

  it('tells every node that is complete, once', () => {
    const told = new Map<string, string>();
    const range = compactRange(hasher);
    for (const entry of entries)
      range.append(hasher.leaf(entry), (level, index, hash) => {
        expect(told.has(`${level} ${index}`)).toBe(false);
        told.set(`${level} ${index}`, hex(hash));
      });
    expect(told.size).toBe(70 + 35 + 17 + 8 + 4 + 2 + 1);
    expect(told.get('6 0')).toBe(hex(rootOf(64n)));
  });
});

describe('a proof of inclusion', () => {
  it('proves each entry of each tree', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.bigInt({ min: 0n, max: 69n }), async (size, n) => {
        const index = n % size;
        const proof = await proveInclusion(hasher, index, size, read);
        const leaf = hasher.leaf(entries[Number(index)] ?? Uint8Array.of());
        const given = { leaf, index, size, root: rootOf(size) };
        expect(verifyInclusion(hasher, given, proof)).toBe(true);
        expect(verifyInclusion(hasher, { ...given, leaf: hasher.leaf(Uint8Array.of(9)) }, proof)).toBe(false);
        expect(verifyInclusion(hasher, { ...given, root: hasher.empty }, proof)).toBe(false);
        expect(verifyInclusion(hasher, given, [...proof, hasher.empty])).toBe(false);
        expect(verifyInclusion(hasher, { ...given, index: index + 1n }, proof)).toBe(false);
        expect(verifyInclusion(hasher, given, proof.slice(1))).toBe(proof.length === 0);
      }),
      { numRuns: 300 },
    );
  });

  it('bears sizes beyond 2^53', () => {
    const size = (1n << 62n) + 3n;
    const given = { leaf: hasher.empty, index: size - 1n, size, root: hasher.empty };
    expect(verifyInclusion(hasher, given, [])).toBe(false);
    expect(verifyInclusion(hasher, { ...given, index: size }, [])).toBe(false);
    expect(verifyInclusion(hasher, { ...given, index: -1n }, [])).toBe(false);
    const range = compactRange(hasher, 1n << 60n, [hasher.empty]);
    range.append(hasher.empty);
    expect(range.size).toBe((1n << 60n) + 1n);
    const last = { leaf: hasher.empty, index: 1n << 60n, size: range.size, root: range.root() };
    expect(verifyInclusion(hasher, last, [hasher.empty])).toBe(true);
  });

  it('is refused for an entry that is not there, and for hashes of another length', async () => {
    await expect(async () => proveInclusion(hasher, 5n, 5n, read)).rejects.toThrow(RangeError);
    const proof = await proveInclusion(hasher, 1n, 3n, read);
    const given = { leaf: hasher.leaf(entries[1] ?? Uint8Array.of()), index: 1n, size: 3n, root: rootOf(3n) };
    expect(verifyInclusion(hasher, given, [...proof.slice(0, 1), Uint8Array.of(1)])).toBe(false);
  });
});

describe('a proof of consistency', () => {
  it('proves that each tree begins with each smaller one, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, async (a, b) => {
        const [first, second] = a < b ? [a, b] : [b, a];
        const proof = await proveConsistency(hasher, first, second, read);
        const heads = [
          { size: first, root: rootOf(first) },
          { size: second, root: rootOf(second) },
        ] as const;
        expect(verifyConsistency(hasher, ...heads, proof)).toBe(true);
        const rewritten = { size: second, root: plainRoot([Uint8Array.of(66), ...entries.slice(1, Number(second))]) };
        expect(verifyConsistency(hasher, heads[0], rewritten, proof)).toBe(false);
        expect(verifyConsistency(hasher, { size: first, root: hasher.empty }, heads[1], proof)).toBe(false);
        expect(verifyConsistency(hasher, ...heads, [...proof, hasher.empty])).toBe(false);
        expect(verifyConsistency(hasher, heads[1], heads[0], proof)).toBe(first === second);
        expect(verifyConsistency(hasher, ...heads, proof.slice(0, -1))).toBe(first === second);
      }),
      { numRuns: 300 },
    );
  });

  it('holds from the empty tree with an empty proof, and between equals only when they are equal', () => {
    const none = { size: 0n, root: hasher.empty };
    const some = { size: 5n, root: rootOf(5n) };
    expect(verifyConsistency(hasher, none, some, [])).toBe(true);
    expect(verifyConsistency(hasher, { size: 0n, root: rootOf(1n) }, some, [])).toBe(false);
    expect(verifyConsistency(hasher, none, some, [hasher.empty])).toBe(false);
    expect(verifyConsistency(hasher, some, some, [])).toBe(true);
    expect(verifyConsistency(hasher, some, { size: 5n, root: rootOf(6n) }, [])).toBe(false);
  });

  it('tells the root at any size', async () => {
    expect(hex(await rootAt(hasher, 0n, read))).toBe(hex(hasher.empty));
    expect(hex(await rootAt(hasher, 43n, read))).toBe(hex(rootOf(43n)));
  });
});
