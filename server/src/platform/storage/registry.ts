import { sql } from 'kysely';
import type { Db } from '../db.ts';
import type { SuiteId } from '../keys/suite.ts';
import type { PieceRow } from './pieces.ts';
import './tables.ts';

/** A stored object that is whole, with the stores that hold a copy: sound ones first. */
export interface StoredObject {
  readonly key: string;
  readonly header: Uint8Array;
  readonly plainSize: bigint;
  readonly sealedSize: bigint;
  readonly tree: Uint8Array;
  /** None for a body that was written at once. */
  readonly pieces: readonly Omit<PieceRow, 'stores'>[];
  readonly copies: readonly { readonly store: string; readonly faulty: boolean }[];
}

/** Notes an object before its first byte is written. */
export async function beginObject(
  db: Db,
  object: { key: string; suite: SuiteId; version: number; header: Uint8Array; at: Date },
): Promise<void> {
  const { key, suite, version, header, at } = object;
  await sql`
    insert into stored_object (key, suite, key_version, header, begun_at)
    values (${key}, ${suite}, ${version}, ${Buffer.from(header)}, ${at}) on conflict (key) do nothing`.execute(db);
}

/** An object that is whole from the beginning, and its copies. */
export async function addObject(
  db: Db,
  object: Parameters<typeof beginObject>[1] & Parameters<typeof completeObject>[1],
): Promise<void> {
  const { key, suite, version, header, plainSize, sealedSize, tree, stores, at } = object;
  await sql`
    with whole as (
      insert into stored_object (key, suite, key_version, header, begun_at, plain_size, sealed_size, tree)
      values (${key}, ${suite}, ${version}, ${Buffer.from(header)}, ${at}, ${String(plainSize)}, ${String(sealedSize)},
        ${Buffer.from(tree)}) returning key)
    insert into stored_copy (key, store, stored_at, verified_at)
    select key, store, ${at}, ${at} from whole, unnest(${[...stores]}::text[]) as store`.execute(db);
}

/** Makes an object whole and names its copies. */
export async function completeObject(
  db: Db,
  object: { key: string; plainSize: bigint; sealedSize: bigint; tree: Uint8Array; stores: readonly string[]; at: Date },
): Promise<void> {
  const { key, plainSize, sealedSize, tree, stores, at } = object;
  await sql`
    with whole as (
      update stored_object set plain_size = ${String(plainSize)}, sealed_size = ${String(sealedSize)}, tree = ${Buffer.from(tree)}
      where key = ${key} and plain_size is null returning key)
    insert into stored_copy (key, store, stored_at, verified_at)
    select key, store, ${at}, ${at} from whole, unnest(${[...stores]}::text[]) as store`.execute(db);
}

export async function findObject(db: Db, key: string): Promise<StoredObject | undefined> {
  const { rows } = await sql<{
    header: Buffer;
    plain_size: string;
    sealed_size: string;
    tree: Buffer;
    copies: { store: string; faulty: boolean }[];
    pieces: { piece: string; start: string; size: string; skip: string }[];
  }>`
    select o.header, o.plain_size, o.sealed_size, o.tree,
      coalesce((select json_agg(json_build_object('store', c.store, 'faulty', c.faulty_at is not null) order by c.faulty_at is not null, c.store)
        from stored_copy c where c.key = o.key), '[]') as copies,
      coalesce((select json_agg(json_build_object('piece', p.piece, 'start', p.start::text, 'size', p.size::text, 'skip', p.skip::text) order by p.start)
        from stored_piece p where p.key = o.key), '[]') as pieces
    from stored_object o where o.key = ${key} and o.plain_size is not null`.execute(db);
  const [row] = rows;
  if (!row) return undefined;
  const { header, plain_size: plain, sealed_size: sealed, tree, copies } = row;
  const pieces = row.pieces.map(({ piece, start, size, skip }) => ({
    piece,
    start: BigInt(start),
    size: BigInt(size),
    skip: BigInt(skip),
  }));
  return { key, header, plainSize: BigInt(plain), sealedSize: BigInt(sealed), tree, copies, pieces };
}

/** Forgets an object and where it lay. Returns the names of its pieces. */
export async function forgetObject(db: Db, key: string): Promise<string[]> {
  const { rows } = await sql<{ piece: string }>`
    with object as (delete from stored_object where key = ${key})
    select piece from stored_piece where key = ${key}`.execute(db);
  return rows.map(({ piece }) => piece);
}

/** Notes what a verification found of a copy; a copy that was made anew is noted in the same way. */
export async function noteVerified(
  db: Db,
  copy: { key: string; store: string; at: Date; faulty: boolean },
): Promise<void> {
  const { key, store, at, faulty } = copy;
  await sql`
    insert into stored_copy (key, store, stored_at, verified_at, faulty_at)
    select key, ${store}, ${at}, ${at}, ${faulty ? at : null}::timestamptz from stored_object where key = ${key}
    on conflict (key, store) do update set
      verified_at = excluded.verified_at,
      faulty_at = case when excluded.faulty_at is null then null else coalesce(stored_copy.faulty_at, excluded.faulty_at) end`.execute(
    db,
  );
}

/** Notes that a copy could not be read or written: the scrub looks at it next. */
export async function noteFault(db: Db, copy: { key: string; store: string; at: Date }): Promise<void> {
  const { key, store, at } = copy;
  await sql`
    insert into stored_copy (key, store, stored_at, verified_at, faulty_at)
    select key, ${store}, ${at}, 'epoch', ${at}::timestamptz from stored_object where key = ${key}
    on conflict (key, store) do update set
      verified_at = 'epoch', faulty_at = coalesce(stored_copy.faulty_at, excluded.faulty_at)`.execute(db);
}

/** Headers of a suite that another key than the newest has wrapped: an older version, or another holder. */
export async function oldHeaders(
  db: Db,
  suite: SuiteId,
  version: number,
  limit: number,
): Promise<{ key: string; header: Buffer }[]> {
  const { rows } = await sql<{ key: string; header: Buffer }>`
    (select key, header from stored_object where suite = ${suite} and key_version < ${version}
      order by key_version, key limit ${limit})
    union all
    (select key, header from stored_object where suite = ${suite} and key_version > ${version}
      order by key_version, key limit ${limit})
    limit ${limit}`.execute(db);
  return rows;
}

/** Puts new headers in the place of those that were read: one that has changed meanwhile stays. */
export async function replaceHeaders(
  db: Db,
  headers: readonly { key: string; before: Uint8Array; after: Uint8Array; version: number }[],
): Promise<void> {
  await sql`
    update stored_object o set header = h.after, key_version = h.version
    from unnest(${headers.map(({ key }) => key)}::text[], ${headers.map(({ before }) => Buffer.from(before))}::bytea[],
      ${headers.map(({ after }) => Buffer.from(after))}::bytea[],
      ${headers.map(({ version }) => version)}::bigint[]) as h(key, before, after, version)
    where o.key = h.key and o.header = h.before`.execute(db);
}

/** Rows of writes that were cut off: begun before a time and never made whole. */
export async function forgetUnfinished(db: Db, before: Date): Promise<void> {
  await sql`delete from stored_object where plain_size is null and begun_at < ${before}
    and not exists (select from stored_piece p where p.key = stored_object.key)`.execute(db);
}

/** Objects with a copy that was last read before a time, or is known to be faulty and was last looked at before another. */
export async function dueCopies(
  db: Db,
  before: Date,
  faultyBefore: Date,
  limit: number,
): Promise<{ key: string; size: bigint }[]> {
  const { rows } = await sql<{ key: string; size: string }>`
    select o.key, o.sealed_size as size from stored_object o
    join (select key, min(verified_at) as waits from stored_copy
          where verified_at < ${before} or (faulty_at is not null and verified_at < ${faultyBefore}) group by key) c on c.key = o.key
    where o.plain_size is not null order by c.waits, o.key limit ${limit}`.execute(db);
  return rows.map(({ key, size }) => ({ key, size: BigInt(size) }));
}
