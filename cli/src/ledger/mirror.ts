import { hash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  bundlePath,
  compactRange,
  decodeBundle,
  equal,
  formatNote,
  judgeCheckpoint,
  newTiles,
  nodeSha256,
  parseNote,
  parseTilePath,
  signatureLine,
  tileAt,
  tileNodes,
  tilePath,
  tileWidth,
  treeHasher,
  type CompactRange,
  type Policy,
  type Signer,
  type TreeHead,
} from '@geneward/merkle';
import type { Fetch, Finding } from './follow.ts';
import { folderName, writeDurably } from './heads.ts';

const hasher = treeHasher(nodeSha256({ hash }));

/** How far a log was copied. */
export interface Mirrored {
  readonly origin: string;
  readonly size: bigint;
  readonly findings: readonly Finding[];
}

/** Folder of one log in a mirror. */
const folderOf = (folder: string, origin: string): string => join(folder, folderName(origin));

/**
 * Copies what a log has that the mirror has not, and takes nothing over that it has not computed itself: entries must lead to the
 * signed root, which must continue what the mirror has. Tiles and bundles are on disk before the checkpoint is, with the mirror's
 * own cosignature, which says that the whole log is here (C2SP tlog-mirror).
 */
export async function mirror(
  folder: string,
  policy: Policy,
  fetch: Fetch,
  signer: Signer,
  now: () => bigint,
): Promise<Mirrored> {
  const note = new TextDecoder().decode(await fetch('checkpoint'));
  const { checkpoint } = judgeCheckpoint(note, policy);
  const { origin, size, root } = checkpoint;
  const own = folderOf(folder, origin);
  mkdirSync(own, { recursive: true });
  const held = readHeld(own);
  const told = (code: Finding['code'], detail: string): Mirrored => ({
    origin,
    size: held?.size ?? 0n,
    findings: [{ code, detail, evidence: held ? [held.note, note] : [note] }],
  });
  if (held && size < held.size) return told('shrunk', `the log shows ${size} entries and had ${held.size}`);
  if (held && size === held.size)
    return equal(root, held.root) ? { origin, size, findings: [] } : told('forked', `two roots of ${size} entries`);
  const range = await rangeOf(own, held?.size ?? 0n);
  const kept = await copyEntries(own, fetch, range, size);
  if (!equal(range.root(), root)) {
    for (const path of kept) rmSync(join(own, path), { force: true });
    return told(held ? 'forked' : 'root_wrong', `the entries do not lead to the signed root of ${size} entries`);
  }
  await makeTiles(own, held?.size ?? 0n, size);
  const text = parseNote(note).text;
  const lines = parseNote(note).signatures.map(({ line }) => line);
  write(own, 'checkpoint', Buffer.from(formatNote(text, [...lines, signatureLine(text, signer, now())])));
  dropParts(own, held?.size ?? 0n, size);
  return { origin, size, findings: [] };
}

/** What a mirror holds of a log. */
function readHeld(own: string): (TreeHead & { note: string }) | undefined {
  const path = join(own, 'checkpoint');
  if (!existsSync(path)) return undefined;
  const note = readFileSync(path, 'utf8');
  const [, size = '0', root = ''] = note.split('\n');
  return { size: BigInt(size), root: Uint8Array.from(Buffer.from(root, 'base64')), note };
}

/** The tree of the first `size` entries, from the tiles that are here. */
async function rangeOf(own: string, size: bigint): Promise<CompactRange> {
  const hashes: Uint8Array[] = [];
  const nodes = tileNodes(hasher, size, async (tile) => readFileSync(join(own, tilePath(tile))));
  for (let level = size.toString(2).length - 1, start = 0n; level >= 0; level -= 1) {
    const width = 1n << BigInt(level);
    if ((size & width) === 0n) continue;
    hashes.push(...(await nodes([{ level, index: start / width }])));
    start += width;
  }
  return compactRange(hasher, size, hashes);
}

/** Entries [range.size, size) as bundles; gives the paths that were written. */
async function copyEntries(own: string, fetch: Fetch, range: CompactRange, size: bigint): Promise<string[]> {
  const written: string[] = [];
  while (range.size < size) {
    const { index, width } = tileAt(0, range.size, size);
    const bytes = await fetch(bundlePath(index, width));
    const entries = decodeBundle(bytes, width);
    for (const entry of entries.slice(Number(range.size - index * BigInt(tileWidth)))) range.append(hasher.leaf(entry));
    const path = bundlePath(index, width);
    write(own, path, bytes);
    written.push(path);
  }
  return written;
}

/** Tiles of hashes, computed here from the bundles and the tiles below. */
async function makeTiles(own: string, before: bigint, size: bigint): Promise<void> {
  for (const tile of newTiles(before, size)) {
    const first = tile.index * BigInt(tileWidth);
    const hashes =
      tile.level === 0
        ? decodeBundle(readFileSync(join(own, bundlePath(tile.index, tile.width))), tile.width).map((entry) =>
            hasher.leaf(entry),
          )
        : await Promise.all(
            Array.from({ length: tile.width }, (_, at) => rootOfTile(own, tile.level - 1, first + BigInt(at))),
          );
    write(own, tilePath(tile), Buffer.concat(hashes));
  }
}

/** Root over the 256 hashes of a full tile. */
async function rootOfTile(own: string, level: number, index: bigint): Promise<Uint8Array> {
  const bytes = readFileSync(join(own, tilePath({ level, index, width: tileWidth })));
  return rootOver(bytes);
}

function rootOver(bytes: Uint8Array): Uint8Array {
  let row: Uint8Array[] = Array.from({ length: bytes.length / 32 }, (_, at) =>
    Uint8Array.from(bytes.subarray(32 * at, 32 * at + 32)),
  );
  while (row.length > 1)
    row = Array.from({ length: row.length / 2 }, (_, at) =>
      hasher.node(row[2 * at] ?? hasher.empty, row[2 * at + 1] ?? hasher.empty),
    );
  return row[0] ?? hasher.empty;
}

/** Narrower tiles and bundles serve no more once wider ones are there and the checkpoint says so. */
function dropParts(own: string, before: bigint, size: bigint): void {
  for (const tile of newTiles(before, size)) {
    const had = Number((before >> BigInt(8 * tile.level)) - tile.index * BigInt(tileWidth));
    if (had <= 0 || had >= tile.width) continue;
    rmSync(join(own, tilePath({ ...tile, width: had })), { force: true });
    if (tile.level === 0) rmSync(join(own, bundlePath(tile.index, had)), { force: true });
  }
}

function write(own: string, path: string, bytes: Uint8Array): void {
  const target = join(own, path);
  const folder = dirname(target);
  mkdirSync(folder, { recursive: true });
  writeDurably(folder, target, bytes);
}

/** A mirror on HTTP, read only: `/HASH/checkpoint` and the tiles and bundles below `/HASH/`, at the addresses of C2SP tlog-tiles. */
export function mirrorServer(folder: string): Server {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://mirror');
    const [, log = '', path = ''] = /^\/([0-9a-f]{64})\/(.+)$/.exec(pathname) ?? [];
    const bytes = request.method === 'GET' && isServed(path) ? readIfThere(join(folder, log, path)) : undefined;
    if (!bytes) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('no such file\n');
      return;
    }
    const changes = path === 'checkpoint';
    response
      .writeHead(200, {
        'content-type': changes ? 'text/plain; charset=utf-8' : 'application/octet-stream',
        'cache-control': changes ? 'no-cache' : 'public, max-age=31536000, immutable',
        'x-content-type-options': 'nosniff',
      })
      .end(bytes);
  });
  server.requestTimeout = 10_000;
  return server;
}

function isServed(path: string): boolean {
  try {
    if (path !== 'checkpoint') parseTilePath(path);
    return true;
  } catch {
    return false;
  }
}

function readIfThere(path: string): Buffer | undefined {
  return existsSync(path) ? readFileSync(path) : undefined;
}
