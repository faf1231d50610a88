import { sql } from 'kysely';
import type { Db, Tx } from '../../platform/db.ts';

/** The requests of one reader for one file within a window. */
export interface Window {
  readonly file_id: string;
  readonly reader: string;
  readonly sha256: string;
  readonly since: Date;
  readonly requests: number;
  readonly bytes: string;
}

/** Counts a request. True when it opens a window, which then asks for an event. */
export async function countDownload(
  tx: Tx,
  request: { fileId: string; reader: string; sha256: string; bytes: bigint; at: Date },
): Promise<boolean> {
  const { fileId, reader, sha256, bytes, at } = request;
  const { rows } = await sql<{ requests: number }>`
    insert into download (file_id, reader, sha256, since, requests, bytes)
    values (${fileId}, ${reader}, ${sha256}, ${at}, 1, ${String(bytes)})
    on conflict (file_id, reader) do update set requests = download.requests + 1, bytes = download.bytes + excluded.bytes
    returning requests`.execute(tx);
  return rows[0]?.requests === 1;
}

/** Takes windows out that opened before a time. */
export async function closeWindows(db: Db, before: Date, limit: number): Promise<Window[]> {
  const { rows } = await sql<Window>`
    delete from download where (file_id, reader) in (
      select file_id, reader from download where since < ${before} order by since limit ${limit} for update skip locked)
    returning file_id, reader, sha256, since, requests, bytes::text`.execute(db);
  return rows;
}

/** The header of a blob for a recipient: the one that was made first, whoever asks. */
export async function recipientHeader(
  db: Db,
  wanted: { key: string; recipient: Uint8Array; at: Date; make: () => Promise<Uint8Array> },
): Promise<Uint8Array> {
  const { key, at, make } = wanted;
  const recipient = Buffer.from(wanted.recipient);
  const find = () =>
    db
      .selectFrom('recipient_header')
      .select('header')
      .where('blob_key', '=', key)
      .where('recipient', '=', recipient)
      .executeTakeFirst();
  const known = await find();
  if (known) return known.header;
  await db
    .insertInto('recipient_header')
    .values({ blob_key: key, recipient, header: Buffer.from(await make()), made_at: at })
    .onConflict((oc) => oc.doNothing())
    .execute();
  const made = await find();
  if (!made) throw new Error('a header is gone that was just made');
  return made.header;
}
