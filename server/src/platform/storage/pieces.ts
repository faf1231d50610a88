import { sql } from 'kysely';
import type { Db } from '../db.ts';
import type { SuiteId } from '../keys/suite.ts';
import { addObject, completeObject, noteFault } from './registry.ts';
import { bodyOf, storeOf, type StorageParts } from './stores.ts';

/** A piece of a sealed body: `size` bytes that begin at `start` of the body and, in the piece itself, at `skip`. */
export interface PieceRow {
  readonly piece: string;
  readonly start: bigint;
  readonly size: bigint;
  readonly skip: bigint;
  readonly stores: readonly string[];
}

/** An object as far as it has come: its header, and its pieces in order. */
export async function growingObject(
  db: Db,
  key: string,
): Promise<{ header: Uint8Array; pieces: PieceRow[] } | undefined> {
  const { rows } = await sql<{ header: Buffer }>`select header from stored_object where key = ${key}
    and plain_size is null`.execute(db);
  const [row] = rows;
  return row && { header: row.header, pieces: await piecesOf(db, key) };
}

async function piecesOf(db: Db, key: string): Promise<PieceRow[]> {
  const { rows } = await sql<{ piece: string; start: string; size: string; skip: string; stores: string[] }>`
    select piece, start, size, skip, stores from stored_piece where key = ${key} order by start`.execute(db);
  return rows.map(({ piece, start, size, skip, stores }) => ({
    piece,
    start: BigInt(start),
    size: BigInt(size),
    skip: BigInt(skip),
    stores,
  }));
}

/**
 * Adds a piece. What the pieces before had sealed of its first segment no longer counts.
 * @returns pieces of which nothing counts any more
 */
export async function add(tx: Db, key: string, piece: Omit<PieceRow, 'skip'> & { skip?: bigint }): Promise<string[]> {
  const { piece: name, start, size, skip = 0n, stores } = piece;
  const { rows } = await sql<{ piece: string }>`
    delete from stored_piece where key = ${key} and start >= ${String(start)}::bigint returning piece`.execute(tx);
  await sql`update stored_piece set size = ${String(start)}::bigint - start
    where key = ${key} and start + size > ${String(start)}::bigint`.execute(tx);
  await sql`insert into stored_piece (piece, key, start, size, skip, stores)
    values (${name}, ${key}, ${String(start)}, ${String(size)}, ${String(skip)}, ${[...stores]})`.execute(tx);
  return rows.map((row) => row.piece);
}

/** Whether bytes under this name are a piece of an object. */
export async function isPiece(db: Db, name: string): Promise<boolean> {
  const { rows } = await sql`select from stored_piece where piece = ${name}`.execute(db);
  return rows.length > 0;
}

/** Notes an object whose one body was written at once. */
export async function addWhole(
  parts: StorageParts,
  tx: Db,
  object: {
    key: string;
    suite: SuiteId;
    version: number;
    header: Uint8Array;
    plainSize: bigint;
    sealedSize: bigint;
    tree: Uint8Array;
    stores: readonly string[];
  },
): Promise<void> {
  const at = parts.now();
  const { key, stores } = object;
  await addObject(tx, { ...object, at });
  for (const store of parts.placement.storesOf(key))
    if (!stores.includes(store)) await noteFault(tx, { key, store, at });
}

/** Makes an object whole: from here on it is read like one that was written at once. */
export async function complete(
  parts: StorageParts,
  tx: Db,
  object: {
    key: string;
    plainSize: bigint;
    sealedSize: bigint;
    tree: Uint8Array;
    stores?: readonly string[] | undefined;
  },
): Promise<void> {
  const at = parts.now();
  const { key } = object;
  const pieces = object.stores ? [] : await piecesOf(tx, key);
  const wanted = parts.placement.storesOf(key);
  const stores = object.stores ?? wanted.filter((store) => pieces.every((piece) => piece.stores.includes(store)));
  await completeObject(tx, { ...object, stores, at });
  for (const store of wanted) if (!stores.includes(store)) await noteFault(tx, { key, store, at });
}

/** Copies pieces to stores that missed some, so that at least as many stores as are needed hold the whole. */
export async function spread(parts: StorageParts, key: string): Promise<void> {
  if (parts.placement.storesOf(key).length < 2) return;
  for (const { piece, skip, size, stores } of await piecesOf(parts.db, key)) {
    const [from] = stores;
    for (const to of parts.placement.storesOf(key)) {
      if (from === undefined || stores.includes(to)) continue;
      try {
        const bytes = await storeOf(parts, from).open(bodyOf(piece), { start: 0n, end: skip + size });
        await storeOf(parts, to).put(bodyOf(piece), bytes);
        await sql`update stored_piece set stores = stores || ${to} where piece = ${piece}`.execute(parts.db);
      } catch (error) {
        parts.log.error({ err: error, key, store: to }, 'a piece could not be copied; the scrub makes the copy');
      }
    }
  }
}
