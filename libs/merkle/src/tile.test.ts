import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  bundlePath,
  compactRange,
  decodeBundle,
  encodeBundle,
  newTiles,
  parseTilePath,
  proveConsistency,
  proveInclusion,
  rootAt,
  tileAt,
  tileNodes,
  tilePath,
  treeHasher,
  verifyConsistency,
  verifyInclusion,
} from './index.ts';
import { hex, numbered } from './test/tree.ts';

const hasher = treeHasher();

/** A log of so many entries: its tiles as they would be served, and its root at each size that was asked for. */
function logOf(count: number, growth: number) {
  const tiles = new Map<string, Uint8Array>();
  const rows = new Map<string, Uint8Array>();
  const range = compactRange(hasher);
  const roots = new Map<bigint, Uint8Array>();
  let before = 0n;
  for (const entry of numbered(count)) {
    range.append(hasher.leaf(entry), (level, index, hash) => {
      if (level % 8 === 0) rows.set(`${level / 8} ${index}`, hash);
    });
    if (range.size % BigInt(growth) !== 0n && range.size !== BigInt(count)) continue;
    for (const tile of newTiles(before, range.size)) {
      const bytes = new Uint8Array(tile.width * 32);
      for (let at = 0; at < tile.width; at += 1)
        bytes.set(rows.get(`${tile.level} ${tile.index * 256n + BigInt(at)}`) ?? [], at * 32);
      tiles.set(tilePath(tile), bytes);
    }
    before = range.size;
    roots.set(range.size, range.root());
  }
  return { tiles, roots };
}

it('proves everything from its tiles', async () => {
  const { tiles, roots } = logOf(66_000, 733);
  const read = (size: bigint) =>
    tileNodes(hasher, size, async (tile) => {
      const bytes = tiles.get(tilePath(tile));
      if (!bytes) throw new Error(`${tilePath(tile)} was never written`);
      return bytes;
    });
  expect(tiles.has('tile/0/002.p/221')).toBe(true);
  expect(tiles.has('tile/2/000.p/1')).toBe(true);
  const sizes = [...roots.keys()];
  for (const size of sizes.slice(-12)) {
    const root = roots.get(size) ?? hasher.empty;
    expect(hex(await rootAt(hasher, size, read(size)))).toBe(hex(root));
    for (const index of [0n, 255n, 256n, size / 2n, size - 1n]) {
      const leaf = hasher.leaf(numbered(Number(index) + 1).at(-1) ?? Uint8Array.of());
      const proof = await proveInclusion(hasher, index, size, read(size));
      expect(verifyInclusion(hasher, { leaf, index, size, root }, proof)).toBe(true);
    }
    const first = sizes[3] ?? 1n;
    const proof = await proveConsistency(hasher, first, size, read(size));
    const heads = [
      { size: first, root: roots.get(first) ?? hasher.empty },
      { size, root },
    ] as const;
    expect(verifyConsistency(hasher, ...heads, proof)).toBe(true);
  }
});

it('has one address for each tile', () => {
  expect(tilePath({ level: 0, index: 0n, width: 256 })).toBe('tile/0/000');
  expect(tilePath({ level: 1, index: 1_234_067n, width: 8 })).toBe('tile/1/x001/x234/067.p/8');
  expect(bundlePath(1000n, 256)).toBe('tile/entries/x001/000');
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), fc.integer({ min: 1, max: 256 }), (index, width) => {
      const path = tilePath({ level: 3, index, width });
      expect(parseTilePath(path)).toEqual({ level: 3, index, width });
      expect(parseTilePath(bundlePath(index, width))).toEqual({ entries: true, index, width });
    }),
  );
});

it.each([
  'tile/0/0',
  'tile/0/x000/001',
  'tile/00/001',
  'tile/8/000',
  'tile/0/000.p/256',
  'tile/0/000.p/0',
  'tile/0/000.p/08',
  'tile/0/000/',
  'tile/0/x001',
  '/tile/0/000',
  'tile/entries/../../key',
])('takes no other address: %s', (path) => {
  expect(() => parseTilePath(path)).toThrow('not the address of a tile');
});

it('refuses a tile of the wrong width and one that the tree has not', async () => {
  const read = tileNodes(hasher, 300n, async () => new Uint8Array(32 * 10));
  await expect(read([{ level: 0, index: 299n }])).rejects.toThrow('too short');
  await expect(read([{ level: 0, index: 300n }])).rejects.toThrow('no such node');
  await expect(read([{ level: 9, index: 0n }])).rejects.toThrow('no such node');
  expect(tileAt(0, 299n, 300n)).toEqual({ level: 0, index: 1n, width: 44 });
});

it('reads bundles back, and refuses cut ones, long ones and others', () => {
  const entries = [Uint8Array.of(), Uint8Array.of(1, 2, 3), new Uint8Array(65_535).fill(7)];
  const bundle = encodeBundle(entries);
  expect(decodeBundle(bundle, 3)).toEqual(entries);
  expect(() => decodeBundle(bundle.subarray(0, -1), 3)).toThrow('cut');
  expect(() => decodeBundle(bundle, 2)).toThrow('3 entries');
  expect(() => decodeBundle(Uint8Array.of(0), 1)).toThrow('cut');
  expect(() => encodeBundle([new Uint8Array(65_536)])).toThrow('at most 65535 bytes');
});
