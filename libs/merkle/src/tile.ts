import { LogError } from './error.ts';
import { hashLength, type TreeHasher } from './hash.ts';
import type { NodeId, NodeReader } from './proof.ts';

/** Up to 256 hashes in a row, of the nodes at tree level 8·level: C2SP tlog-tiles. */
export interface Tile {
  readonly level: number;
  readonly index: bigint;
  /** Hashes in it, 1 to 256; fewer than 256 only at the right edge. */
  readonly width: number;
}

/** Hashes, or entries, in a full tile. */
export const tileWidth = 256;
const tileHeight = 8;
const levels = 8;

/** `1234067` as `x001/x234/067`. */
function pathOfIndex(index: bigint): string {
  const digits = index.toString();
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.{3}/g) ?? [];
  return groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
}

const partOf = (width: number): string => (width < tileWidth ? `.p/${width}` : '');

/** Address of a tile below the log's prefix. */
export const tilePath = ({ level, index, width }: Tile): string =>
  `tile/${level}/${pathOfIndex(index)}${partOf(width)}`;

/** Address of the bundle of the entries that a tile of level 0 covers. */
export const bundlePath = (index: bigint, width: number): string =>
  `tile/entries/${pathOfIndex(index)}${partOf(width)}`;

const pathForm = /^tile\/(entries|0|[1-9]\d?)\/((?:x\d{3}\/){0,6}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/**
 * Reads an address, in its one form.
 * @throws LogError `tile_malformed`
 */
export function parseTilePath(
  path: string,
): Tile | { readonly entries: true; readonly index: bigint; readonly width: number } {
  const [, kind = '', groups = '', part] = pathForm.exec(path) ?? [];
  const index = BigInt(groups.replaceAll(/[x/]/g, '') || '0');
  const width = part === undefined ? tileWidth : Number(part);
  const level = kind === 'entries' ? 0 : Number(kind);
  if (groups === '' || pathOfIndex(index) !== groups || (part !== undefined && width >= tileWidth) || level >= levels)
    throw new LogError('tile_malformed', 'not the address of a tile');
  return kind === 'entries' ? { entries: true, index, width } : { level, index, width };
}

/** The tile of a level that holds the node at `position` of that level, as it stands in a tree of `size` entries. */
export function tileAt(level: number, position: bigint, size: bigint): Tile {
  const index = position / BigInt(tileWidth);
  const there = (size >> BigInt(tileHeight * level)) - index * BigInt(tileWidth);
  if (there <= 0n) throw new LogError('node_missing', 'the tree has no such node');
  return { level, index, width: there < BigInt(tileWidth) ? Number(there) : tileWidth };
}

/** Tiles that a tree of `size` entries has and one of `before` had not, or had narrower. */
export function newTiles(before: bigint, size: bigint): Tile[] {
  const tiles: Tile[] = [];
  for (let level = 0; level < levels; level += 1) {
    const shift = BigInt(tileHeight * level);
    const [old, now] = [before >> shift, size >> shift];
    if (old === now) break;
    for (let at = old - (old % BigInt(tileWidth)); at < size >> shift; at += BigInt(tileWidth))
      tiles.push(tileAt(level, at, size));
  }
  return tiles;
}

/** Fetches the bytes of a tile: its hashes one after the other. A wider one of the same index will do. */
export type TileFetch = (tile: Tile) => Promise<Uint8Array>;

/**
 * Reads nodes of a tree of `size` entries from its tiles; each is fetched once for a question.
 * @throws LogError `tile_malformed` when a tile is shorter than it must be
 */
export function tileNodes(hasher: TreeHasher, size: bigint, fetch: TileFetch): NodeReader {
  return async (nodes) => {
    const fetched = new Map<string, Promise<Uint8Array>>();
    const get = (tile: Tile) => {
      const path = tilePath(tile);
      const bytes = fetched.get(path) ?? fetch(tile);
      fetched.set(path, bytes);
      return bytes;
    };
    return Promise.all(
      nodes.map(async (node) => {
        const { level, first, count } = rowOf(node);
        const tile = tileAt(level, first, size);
        const at = Number(first % BigInt(tileWidth));
        if (at + count > tile.width) throw new LogError('node_missing', 'the tree has no such node');
        const bytes = await get(tile);
        if (bytes.length < tile.width * hashLength || bytes.length % hashLength !== 0)
          throw new LogError('tile_malformed', `${tilePath(tile)} is too short`);
        return perfect(hasher, bytes.subarray(at * hashLength, (at + count) * hashLength));
      }),
    );
  };
}

/** The hashes of a tile level whose subtree is a node. */
function rowOf({ level, index }: NodeId): { level: number; first: bigint; count: number } {
  const above = level % tileHeight;
  return { level: (level - above) / tileHeight, first: index << BigInt(above), count: 1 << above };
}

function perfect(hasher: TreeHasher, row: Uint8Array): Uint8Array {
  let hashes: Uint8Array[] = Array.from({ length: row.length / hashLength }, (_, at) =>
    row.slice(at * hashLength, (at + 1) * hashLength),
  );
  while (hashes.length > 1)
    hashes = Array.from({ length: hashes.length / 2 }, (_, at) =>
      hasher.node(hashes[2 * at] ?? hasher.empty, hashes[2 * at + 1] ?? hasher.empty),
    );
  return hashes[0] ?? hasher.empty;
}

/** Bytes of an entry at most: its length stands in two bytes. */
export const entryLimit = 65_535;

/** Entries one after the other, each with its length before it as two bytes, big-endian. @throws LogError `entry_too_large` */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(entries.reduce((sum, entry) => sum + 2 + entry.length, 0));
  let at = 0;
  for (const entry of entries) {
    if (entry.length > entryLimit) throw new LogError('entry_too_large', `an entry has at most ${entryLimit} bytes`);
    bytes.set([entry.length >> 8, entry.length & 255], at);
    bytes.set(entry, at + 2);
    at += 2 + entry.length;
  }
  return bytes;
}

/** @throws LogError `bundle_malformed` when it is cut, goes on behind its last entry, or has another number of entries */
export function decodeBundle(bytes: Uint8Array, count: number): Uint8Array[] {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    const end = at + 2 + length;
    if (at + 2 > bytes.length || end > bytes.length) throw new LogError('bundle_malformed', 'the bundle is cut');
    entries.push(bytes.slice(at + 2, end));
    at = end;
  }
  if (entries.length !== count) throw new LogError('bundle_malformed', `the bundle has ${entries.length} entries`);
  return entries;
}
