import { sql, type SqlBool } from 'kysely';
import type { Db, Tx } from '../../platform/db.ts';
import { fileColumns, type FileRow, type Owner } from './store.ts';
import type { KeptState } from './tables.ts';

/** Opens the place of an upload; undefined when one of the same name is under way. */
export async function beginUpload(
  db: Db,
  row: { owner: Owner; name: string; key: string; at: Date },
): Promise<string | undefined> {
  const { owner, name, key, at } = row;
  const inserted = await db
    .insertInto('file')
    .values({
      name,
      key,
      organisation_id: owner.organisation,
      person_id: owner.person,
      state: 'receiving',
      uploaded_at: at,
      heard_at: at,
    })
    .onConflict((oc) =>
      oc
        .columns(['organisation_id', 'person_id', 'name'])
        .where(sql<SqlBool>`state = 'receiving'`)
        .doNothing(),
    )
    .returning('id')
    .executeTakeFirst();
  return inserted?.id;
}

export async function uploadsUnderWay(db: Db, person: string): Promise<number> {
  const { count } = await db
    .selectFrom('file')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('person_id', '=', person)
    .where('state', '=', 'receiving')
    .executeTakeFirstOrThrow();
  return count;
}

/** Notes that an upload lives. False when it was given up in the meantime. */
export async function heard(db: Db, id: string, received: bigint, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('file')
    .set({ received: String(received), heard_at: at })
    .where('id', '=', id)
    .where('state', '=', 'receiving')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Takes an upload away that did not come to its end. False when there was none. */
export async function dropUpload(db: Db, id: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('file')
    .where('id', '=', id)
    .where('state', '=', 'receiving')
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Takes away uploads whose process died: nothing was heard of them since `before`. */
export async function dropSilentUploads(db: Db, before: Date, of?: { owner: Owner; name: string }): Promise<void> {
  let query = db.deleteFrom('file').where('state', '=', 'receiving').where('heard_at', '<', before);
  if (of) {
    const { owner, name } = of;
    query = query
      .where('organisation_id', '=', owner.organisation)
      .where('person_id', '=', owner.person)
      .where('name', '=', name);
  }
  await query.execute();
}

/**
 * Makes a blob of freshly written bytes, or finds the one that holds the same bytes already.
 * @returns the key that counts; another one than `key` means that the fresh bytes are not needed
 */
export async function keepBlob(
  tx: Tx,
  blob: { sha256: string; md5: string; size: bigint; key: string; at: Date },
): Promise<string> {
  const { sha256, md5, size, key, at } = blob;
  const { rows } = await sql<{ key: string }>`
    insert into blob (sha256, md5, size, key, stored_at, verified_at)
    values (${sha256}, ${md5}, ${String(size)}, ${key}, ${at}, ${at})
    on conflict (sha256) do update set
      key = case when blob.key is null or blob.lost_at is not null then excluded.key else blob.key end,
      verified_at = case when blob.key is null or blob.lost_at is not null then excluded.verified_at else blob.verified_at end,
      lost_at = null
    returning key`.execute(tx);
  return rows[0]?.key ?? key;
}

/** Turns an upload into a file, whose bytes lie under `kept`. Undefined when the upload was given up in the meantime. */
export async function completeUpload(
  tx: Tx,
  id: string,
  file: {
    name: string;
    sha256: string;
    md5: string;
    size: bigint;
    kept: string;
    state: KeptState;
    kind: string;
    report: string;
    names: Buffer | null;
    at: Date;
    expires: Date;
  },
): Promise<FileRow | undefined> {
  const { name, sha256, md5, size, kept, state, kind, report, names, at, expires } = file;
  const row = await tx
    .updateTable('file')
    .set({
      name,
      sha256,
      state,
      kind,
      report,
      names,
      key: null,
      received: String(size),
      uploaded_at: at,
      heard_at: at,
      expires_at: expires,
    })
    .where('id', '=', id)
    .where('state', '=', 'receiving')
    .returning(fileColumns)
    .executeTakeFirst();
  return row && { ...row, size: String(size), md5, blob_key: kept, lost_at: null };
}
