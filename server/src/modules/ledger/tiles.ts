import {
  bundlePath,
  decodeBundle,
  encodeBundle,
  foldRight,
  hashLength,
  newTiles,
  tileAt,
  tileNodes,
  tilePath,
  tileWidth,
  type NodeReader,
  type Tile,
} from '@geneward/merkle';
import { join } from 'node:path';
import type { BlobStore } from '../../platform/blobs.ts';
import type { Config } from '../../platform/config.ts';
import { directoryBlobs } from '../../platform/directory-blobs.ts';
import { hasher } from './append.ts';
import type { LogFiles } from './mirror-files.ts';

/**
 * The log's files: a store of their own beside the database, unsealed. They are public, and must be readable when the database is
 * an old one, which is when they matter most.
 */
export const openFiles = ({ data, ledger }: Config): BlobStore =>
  directoryBlobs(ledger.files ?? join(data, 'ledger', 'files'));

/** Tiles that are made at once. */
const groupSize = 16;

export async function readBlob(blobs: LogFiles, path: string): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of await blobs.open(path)) parts.push(part);
  return Buffer.concat(parts);
}

/** Nodes of the tree of `size` entries, from its tiles. */
export const nodesOf = (blobs: BlobStore, size: bigint): NodeReader =>
  tileNodes(hasher, size, (tile) => readWidest(blobs, tilePath(tile), tilePath({ ...tile, width: tileWidth })));

/** A partial tile, or the full one that took its place. */
async function readWidest(blobs: BlobStore, path: string, full: string): Promise<Uint8Array> {
  return readBlob(blobs, (await blobs.size(path)) === undefined ? full : path);
}

/** The bytes of entries [from, size) as the log's files have them. */
export async function* publishedEntries(blobs: LogFiles, from: bigint, size: bigint): AsyncIterable<Uint8Array> {
  for (let at = from - (from % BigInt(tileWidth)); at < size; at += BigInt(tileWidth)) {
    const { index, width } = tileAt(0, at, size);
    const full = (await blobs.size(bundlePath(index, width))) === undefined;
    const have = full ? tileWidth : width;
    const entries = decodeBundle(await readBlob(blobs, bundlePath(index, have)), have).slice(0, width);
    yield* at < from ? entries.slice(Number(from - at)) : entries;
  }
}

/**
 * Writes the tiles and bundles that a tree of `size` entries has and one of `before` had not. Each is durable when this returns;
 * written again, it has the same bytes.
 * @param read entries [from, to) in order
 */
export async function publish(
  blobs: BlobStore,
  read: (from: bigint, to: bigint) => Promise<readonly Uint8Array[]>,
  before: bigint,
  size: bigint,
): Promise<void> {
  const roots = new Map<string, Uint8Array>();
  const tiles = newTiles(before, size);
  const write = async (path: string, bytes: Uint8Array) => void (await blobs.put(path, once(bytes)));
  const finish = async (tile: Tile, hashes: readonly Uint8Array[]) => {
    if (hashes.length !== tile.width) throw new Error(`the tile ${tilePath(tile)} lacks hashes`);
    await write(tilePath(tile), Buffer.concat(hashes));
    if (tile.width < tileWidth) return;
    roots.set(`${tile.level + 1}/${tile.index}`, rootOf(hashes));
    await dropParts(blobs, tilePath(tile));
  };
  const leaves = tiles.filter(({ level }) => level === 0);
  for (let at = 0; at < leaves.length; at += groupSize) {
    const group = leaves.slice(at, at + groupSize);
    const [first, last] = [group[0], group.at(-1)];
    if (!first || !last) break;
    const start = first.index * BigInt(tileWidth);
    const entries = await read(start, last.index * BigInt(tileWidth) + BigInt(last.width));
    await Promise.all(
      group.map(async (tile) => {
        const from = Number(tile.index * BigInt(tileWidth) - start);
        const own = entries.slice(from, from + tile.width);
        const path = bundlePath(tile.index, tile.width);
        await write(path, encodeBundle(own));
        if (tile.width === tileWidth) await dropParts(blobs, path);
        await finish(
          tile,
          own.map((entry) => hasher.leaf(entry)),
        );
      }),
    );
  }
  for (const tile of tiles.filter(({ level }) => level > 0)) {
    const first = tile.index * BigInt(tileWidth);
    const known = await knownHashes(blobs, tile, before);
    const hashes = Array.from(
      { length: tile.width },
      (_, at) =>
        roots.get(`${tile.level}/${first + BigInt(at)}`) ?? known.subarray(at * hashLength, (at + 1) * hashLength),
    );
    await finish(tile, hashes);
  }
}

/** Parts of a tile serve no more once the whole is there. */
async function dropParts(blobs: BlobStore, path: string): Promise<void> {
  for await (const { key } of blobs.list(`${path}.p`)) await blobs.delete(key);
}

/** Hashes of a tile as a tree of `before` entries had them. */
async function knownHashes(blobs: BlobStore, { level, index }: Tile, before: bigint): Promise<Uint8Array> {
  const there = (before >> BigInt(8 * level)) - index * BigInt(tileWidth);
  return there <= 0n ? new Uint8Array() : readBlob(blobs, tilePath(tileAt(level, index * BigInt(tileWidth), before)));
}

/** Root over 256 hashes. */
function rootOf(hashes: readonly Uint8Array[]): Uint8Array {
  let row = hashes;
  while (row.length > 1)
    row = Array.from({ length: row.length / 2 }, (_, at) => foldRight(hasher, row.slice(2 * at, 2 * at + 2)));
  return row[0] ?? hasher.empty;
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
