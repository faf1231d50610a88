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

/** Notes how far an upload has come. False when another request writes meanwhile. */
export async function advance(
  tx: Tx,
  to: { id: string; writer: string; received: number; head: Uint8Array | undefined },
): Promise<boolean> {
  const { id, writer, received, head } = to;
  const { numUpdatedRows } = await tx
    .updateTable('upload')
    .set({ received: String(received), head: head ? Buffer.from(head) : null })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .where('writer', '=', writer)
    .where('received', '<=', String(received))
    .executeTakeFirst();
  return numUpdatedRows > 0n;
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

/** Uses partial uploads up for the whole that they are joined into. */
export async function usePartials(tx: Tx, whole: string, partials: readonly UploadRow[]): Promise<void> {
  const ids = partials.map(({ id }) => id);
  await tx.updateTable('upload').set({ state: 'used', writer: null }).where('id', 'in', ids).execute();
  const received = partials.reduce((sum, { length }) => sum + BigInt(length ?? 0), 0n);
  await tx
    .updateTable('upload')
    .set({ received: String(received) })
    .where('id', '=', whole)
    .execute();
}

/** The parts that an upload was joined from, in their order. */
export async function partialsOf(db: Db, owner: Owner, ids: readonly string[]): Promise<UploadRow[]> {
  const rows = await db
    .selectFrom('upload')
    .selectAll()
    .where('id', 'in', [...ids])
    .where('organisation_id', '=', owner.organisation)
    .where('person_id', '=', owner.person)
    .execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** Takes the keys from uploads whose bytes are no longer needed. */
export async function dropKeys(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const rows = await tx
    .selectFrom('upload')
    .select('key')
    .where('id', 'in', [...ids])
    .execute();
  await tx
    .updateTable('upload')
    .set({ key: null })
    .where('id', 'in', [...ids])
    .execute();
  return rows.flatMap(({ key }) => key ?? []);
}

/** Gives an upload the key of its object, once. */
export async function giveKey(db: Db, id: string, fresh: string): Promise<string> {
  const { rows } = await sql<{ key: string }>`
    update upload set key = coalesce(key, ${fresh}) where id = ${id} returning key`.execute(db);
  return rows[0]?.key ?? fresh;
}

/** Makes an upload one whose bytes go straight to a store. */
export async function makeDirect(
  db: Db,
  id: string,
  direct: { piece: string; id: string; partSize: number },
): Promise<void> {
  await db
    .updateTable('upload')
    .set({ direct_piece: direct.piece, direct_id: direct.id, part_size: String(direct.partSize) })
    .where('id', '=', id)
    .execute();
}

/** Notes that all bytes are in the store. False when the upload is over. */
export async function markArrived(tx: Tx, id: string, head: Uint8Array): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('upload')
    .set({ received: sql`length`, head: Buffer.from(head) })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** What an upload came to. */
export type UploadEnd =
  | { readonly state: 'complete'; readonly file: string }
  | { readonly state: 'refused'; readonly problem: string };

/** Ends an upload. Its bytes belong to the file now, or to nobody. False when it was over already. */
export async function endUpload(tx: Tx, id: string, end: UploadEnd): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('upload')
    .set({
      state: end.state,
      writer: null,
      key: null,
      ...(end.state === 'complete' ? { file_id: end.file } : { problem: end.problem }),
    })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Takes an upload away; undefined when it was not there. */
export function removeUpload(tx: Tx, id: string): Promise<UploadRow | undefined> {
  return tx.deleteFrom('upload').where('id', '=', id).returningAll().executeTakeFirst();
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

/** Gives an open upload another name. */
export async function setUploadName(tx: Tx, owner: Owner, id: string, name: string): Promise<void> {
  await tx
    .updateTable('upload')
    .set({ name })
    .where('id', '=', id)
    .where('organisation_id', '=', owner.organisation)
    .where('person_id', '=', owner.person)
    .where('state', '=', 'open')
    .execute();
}
