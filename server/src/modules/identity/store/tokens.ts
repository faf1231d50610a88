import type { Scope } from '@geneward/api';
import type { Db } from '../../../platform/db.ts';

const shown = ['id', 'name', 'scopes', 'created_at', 'expires_at', 'last_used_at', 'first_issued_at'] as const;

export async function insertToken(
  db: Db,
  token: {
    person: string;
    hash: Buffer;
    name: string;
    scopes: readonly Scope[];
    now: Date;
    expiresAt: Date;
    /** When the first of a line of renewed tokens was issued. */
    firstIssuedAt?: Date;
  },
) {
  return db
    .insertInto('api_token')
    .values({
      person_id: token.person,
      secret_sha256: token.hash,
      name: token.name,
      scopes: [...token.scopes],
      created_at: token.now,
      expires_at: token.expiresAt,
      first_issued_at: token.firstIssuedAt ?? null,
    })
    .returning(shown)
    .executeTakeFirstOrThrow();
}

export async function liveTokens(db: Db, person: string, now: Date) {
  return db
    .selectFrom('api_token')
    .select(shown)
    .where('person_id', '=', person)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('id', 'desc')
    .execute();
}

/** Lets a token end no later than a time. */
export async function shortenToken(db: Db, id: string, until: Date): Promise<void> {
  await db
    .updateTable('api_token')
    .set({ expires_at: until })
    .where('id', '=', id)
    .where('expires_at', '>', until)
    .execute();
}

/** Revokes one token of a person, or all. Gives the ids of those that were live. */
export async function revokeTokens(db: Db, person: string, now: Date, only?: string): Promise<string[]> {
  let query = db
    .updateTable('api_token')
    .set({ revoked_at: now })
    .where('person_id', '=', person)
    .where('revoked_at', 'is', null);
  if (only) query = query.where('id', '=', only);
  const rows = await query.returning('id').execute();
  return rows.map((row) => row.id);
}
