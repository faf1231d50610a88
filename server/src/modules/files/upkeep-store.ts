import { sql } from 'kysely';
import type { Db, Tx } from '../../platform/db.ts';

/** An upload that is about to expire. */
export interface Due {
  readonly name: string;
  readonly expires: Date;
}

/** Unclaimed uploads that expire before a time and whose owners were not told yet, marked as told, by person. */
export async function takeWarnings(tx: Tx, until: Date, now: Date, limit: number): Promise<Map<string, Due[]>> {
  const { rows } = await sql<{ person_id: string; name: string; expires_at: Date }>`
    update file set warned_at = ${now} where id in (
      select id from file where claim_kind is null and state in ('stored', 'faulty') and warned_at is null
        and expires_at > ${now} and expires_at <= ${until}
      order by expires_at limit ${limit} for update skip locked)
    returning person_id, name, expires_at`.execute(tx);
  const byPerson = new Map<string, Due[]>();
  for (const { person_id, name, expires_at } of rows) {
    const files = byPerson.get(person_id) ?? [];
    files.push({ name, expires: expires_at });
    byPerson.set(person_id, files);
  }
  return byPerson;
}

/** Turns unclaimed uploads whose time is over into memories. */
export async function takeExpired(tx: Tx, now: Date, limit: number): Promise<{ id: string; sha256: string }[]> {
  const { rows } = await sql<{ id: string; sha256: string }>`
    update file set state = 'expired', names = null where id in (
      select id from file where claim_kind is null and state in ('stored', 'faulty') and expires_at <= ${now}
      order by expires_at limit ${limit} for update skip locked)
    returning id, sha256`.execute(tx);
  return rows;
}

/** Blobs whose bytes are kept although no file needs them, the first 100,000. */
export async function unusedBlobs(db: Db): Promise<string[]> {
  const { rows } = await sql<{ sha256: string }>`
    select sha256 from blob b where key is not null
      and not exists (select from file f where f.sha256 = b.sha256 and f.state <> 'expired')
    limit 100000`.execute(db);
  return rows.map((row) => row.sha256);
}

/**
 * Takes the key from a blob that no file needs. The row is locked before it is asked whether a file needs it: an upload that has
 * just met the same bytes holds the same lock until its file is there.
 */
export async function freeBlob(tx: Tx, sha256: string): Promise<string | undefined> {
  const { rows } = await sql<{ key: string | null }>`select key from blob where sha256 = ${sha256} for update`.execute(
    tx,
  );
  const key = rows[0]?.key;
  if (!key) return undefined;
  const used = await sql`select from file where sha256 = ${sha256} and state <> 'expired' limit 1`.execute(tx);
  if (used.rows.length > 0) return undefined;
  await sql`update blob set key = null, lost_at = null where sha256 = ${sha256}`.execute(tx);
  await sql`delete from recipient_header where blob_key = ${key}`.execute(tx);
  return key;
}

/** Whether a blob, an upload under way or a part of one names a key. */
export async function isNamed(db: Db, key: string): Promise<boolean> {
  const { rows } = await sql<{ named: boolean }>`
    select exists (select from blob where key = ${key}) or exists (select from file where key = ${key})
      or exists (select from upload where key = ${key} or direct_piece = ${key}) as named`.execute(db);
  return rows[0]?.named ?? false;
}

/** Blobs that were last read before a time, those first that wait longest. */
export async function oldestVerified(
  db: Db,
  before: Date,
  limit: number,
): Promise<{ sha256: string; key: string; size: string }[]> {
  const { rows } = await sql<{ sha256: string; key: string; size: string }>`
    select sha256, key, size from blob where key is not null and lost_at is null and verified_at < ${before}
    order by verified_at limit ${limit}`.execute(db);
  return rows;
}

/** Notes the result of a verification of the bytes under a key. The blob, unless it has moved to another key meanwhile. */
export async function setVerified(
  tx: Tx,
  result: { key: string; at: Date; lost: boolean },
): Promise<{ sha256: string; lostBefore: boolean } | undefined> {
  const { key, at, lost } = result;
  const { rows } = await sql<{ sha256: string; lost_before: boolean }>`
    with before as (select sha256, lost_at is not null as lost_before from blob where key = ${key} for update)
    update blob set verified_at = ${at}, lost_at = ${lost ? at : null}
    from before where blob.sha256 = before.sha256 returning blob.sha256, lost_before`.execute(tx);
  const [row] = rows;
  return row && { sha256: row.sha256, lostBefore: row.lost_before };
}
