import { sql } from 'kysely';
import type { Scope } from '@geneward/api';
import type { Db, Tx } from '../../platform/db.ts';

const shown = ['id', 'files', 'created_at', 'expires_at'] as const;

export async function insertToken(
  tx: Tx,
  token: { hash: Buffer; person: string; scopes: readonly Scope[]; files: readonly string[]; at: Date; expires: Date },
) {
  const { hash, person, scopes, files, at, expires } = token;
  const row = await tx
    .insertInto('download_token')
    .values({
      secret_sha256: hash,
      person_id: person,
      scopes: [...scopes],
      files: files.length,
      created_at: at,
      expires_at: expires,
    })
    .returning(shown)
    .executeTakeFirstOrThrow();
  await sql`insert into download_token_file (token_id, file_id)
    select ${row.id}::uuid, unnest(${[...files]}::uuid[])`.execute(tx);
  return row;
}

export function liveTokens(db: Db, person: string, now: Date) {
  return db
    .selectFrom('download_token')
    .select(shown)
    .where('person_id', '=', person)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('id', 'desc')
    .execute();
}

/** Whether a person was given this token, live or not. */
export async function isOwnToken(db: Db, person: string, id: string): Promise<boolean> {
  const found = await db
    .selectFrom('download_token')
    .select('id')
    .where('id', '=', id)
    .where('person_id', '=', person)
    .executeTakeFirst();
  return found !== undefined;
}

export function tokenByHash(db: Db, hash: Buffer) {
  return db
    .selectFrom('download_token')
    .select(['id', 'person_id', 'expires_at', 'revoked_at'])
    .where('secret_sha256', '=', hash)
    .executeTakeFirst();
}

/** With which scopes a token is good for a file; undefined when it is not for it, or no longer. */
export async function scopesFor(db: Db, token: string, file: string): Promise<Scope[] | undefined> {
  const found = await db
    .selectFrom('download_token_file')
    .innerJoin('download_token', 'download_token.id', 'download_token_file.token_id')
    .select('download_token.scopes')
    .where('token_id', '=', token)
    .where('file_id', '=', file)
    .executeTakeFirst();
  return found?.scopes;
}

/** From now on a token is not for a file any more. False when it was not before. */
export async function dropFile(tx: Tx, token: string, file: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('download_token_file')
    .where('token_id', '=', token)
    .where('file_id', '=', file)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Revokes a person's own token. False when there is no such one that is live. */
export async function revokeToken(tx: Tx, person: string, id: string, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('download_token')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('person_id', '=', person)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Forgets tokens that ended before a time. */
export async function forgetTokens(tx: Tx, before: Date): Promise<void> {
  await tx.deleteFrom('download_token').where('expires_at', '<', before).execute();
}
