import { sql, type Selectable } from 'kysely';
import type { Db, Tx } from '../../platform/db.ts';
import type { Owner } from './store.ts';
import type { UploadTable } from './tables.ts';

export type UploadRow = Selectable<UploadTable>;

export interface NewUpload {
  readonly owner: Owner;
  readonly name: string | null;
  /** Unknown until the sender tells it. */
  readonly length: number | undefined;
  readonly declared: { readonly sha256?: string | undefined; readonly md5?: string | undefined };
  readonly acceptDuplicate: boolean;
  readonly at: Date;
  readonly expires: Date;
}

export async function createUpload(tx: Tx, upload: NewUpload, joined?: readonly string[]): Promise<string> {
  const { owner, name, length, declared, acceptDuplicate, at, expires } = upload;
  const { id } = await tx
    .insertInto('upload')
    .values({
      name,
      organisation_id: owner.organisation,
      person_id: owner.person,
      state: 'open',
      length: length === undefined ? null : String(length),
      sha256: declared.sha256 ?? null,
      md5: declared.md5 ?? null,
      accept_duplicate: acceptDuplicate,
      joined: joined ? [...joined] : null,
      begun_at: at,
      expires_at: expires,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export function uploadById(db: Db, owner: Owner, id: string): Promise<UploadRow | undefined> {
  return db
    .selectFrom('upload')
    .selectAll()
    .where('id', '=', id)
    .where('organisation_id', '=', owner.organisation)
    .where('person_id', '=', owner.person)
    .executeTakeFirst();
}

export function openUploads(db: Db, owner: Owner, limit: number): Promise<UploadRow[]> {
  return db
    .selectFrom('upload')
    .selectAll()
    .where('organisation_id', '=', owner.organisation)
    .where('person_id', '=', owner.person)
    .where('state', '=', 'open')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** Makes a request the one that writes, where the upload stands at its offset. */
export async function takeUpload(db: Db, id: string, offset: number, writer: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('upload')
    .set({ writer })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .where('received', '=', String(offset))
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Notes the length of an upload that was begun without one. False when it has another already, or more bytes than that. */
export async function setLength(db: Db, id: string, length: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('upload')
    .set({ length: String(length) })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .where('received', '<=', String(length))
    .where((eb) => eb.or([eb('length', 'is', null), eb('length', '=', String(length))]))
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Whether a request is still the one that writes; the upload lives on for its sake. */
export async function stillWrites(db: Db, id: string, writer: string, expires: Date): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('upload')
    .set({ expires_at: expires })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .where('writer', '=', writer)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** A stretch of an upload that is safely stored. */
export interface Part {
  readonly start: number;
  readonly size: number;
  readonly key: string;
}

/** Adds parts at the end of an upload. False when another request writes meanwhile, or the upload has moved on. */
export async function addParts(tx: Tx, id: string, writer: string, parts: readonly Part[]): Promise<boolean> {
  const [first] = parts;
  if (!first) return true;
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const { numUpdatedRows } = await tx
    .updateTable('upload')
    .set({ received: String(first.start + size) })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .where('writer', '=', writer)
    .where('received', '=', String(first.start))
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  await tx
    .insertInto('upload_part')
    .values(parts.map((part) => ({ upload_id: id, key: part.key, start: String(part.start), size: String(part.size) })))
    .execute();
  return true;
}

export async function partsOf(db: Db, id: string): Promise<Part[]> {
  const rows = await db.selectFrom('upload_part').selectAll().where('upload_id', '=', id).orderBy('start').execute();
  return rows.map(({ start, size, key }) => ({ start: Number(start), size: Number(size), key }));
}

/** Complete partial uploads of an owner in the order asked for, locked; fewer when one is not as it must be. */
export async function lockPartials(tx: Tx, owner: Owner, ids: readonly string[]): Promise<UploadRow[]> {
  const rows = await tx
    .selectFrom('upload')
    .selectAll()
    .where('id', 'in', [...ids])
    .where('organisation_id', '=', owner.organisation)
    .where('person_id', '=', owner.person)
    .where('state', '=', 'open')
    .where('name', 'is', null)
    .whereRef('received', '=', 'length')
    .orderBy('id')
    .forUpdate()
    .execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** Moves the parts of partial uploads into the whole, one after the other; the partial ones are used up. */
export async function joinPartials(tx: Tx, whole: string, partials: readonly UploadRow[]): Promise<void> {
  let start = 0n;
  for (const { id, length } of partials) {
    await sql`update upload_part set upload_id = ${whole}, start = start + ${String(start)}::bigint where upload_id = ${id}`.execute(
      tx,
    );
    await tx.updateTable('upload').set({ state: 'used', writer: null }).where('id', '=', id).execute();
    start += BigInt(length ?? 0);
  }
  await tx
    .updateTable('upload')
    .set({ received: String(start) })
    .where('id', '=', whole)
    .execute();
}

/** Ends an upload and takes its parts out: their keys are the caller's to delete. */
export async function endUpload(
  tx: Tx,
  id: string,
  end: { state: 'complete'; file: string } | { state: 'refused'; problem: string },
): Promise<string[]> {
  await tx
    .updateTable('upload')
    .set({
      state: end.state,
      writer: null,
      ...(end.state === 'complete' ? { file_id: end.file } : { problem: end.problem }),
    })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .execute();
  const rows = await tx.deleteFrom('upload_part').where('upload_id', '=', id).returning('key').execute();
  return rows.map(({ key }) => key);
}

/** Takes an upload away with its parts; undefined when it was not there. */
export async function removeUpload(tx: Tx, id: string): Promise<{ keys: string[]; row: UploadRow } | undefined> {
  const parts = await tx.deleteFrom('upload_part').where('upload_id', '=', id).returning('key').execute();
  const row = await tx.deleteFrom('upload').where('id', '=', id).returningAll().executeTakeFirst();
  return row && { keys: parts.map(({ key }) => key), row };
}

/** Uploads whose time is over. */
export async function expiredUploads(db: Db, now: Date, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('upload')
    .select('id')
    .where('expires_at', '<', now)
    .orderBy('expires_at')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}
