import type { Category, Role, Scope } from '@geneward/api';
import { sql } from 'kysely';
import type { Db } from '../../../platform/db.ts';
import { rolesOf } from './people.ts';

/** A credential that was found, with the person behind it. */
export interface Credential {
  readonly id: string;
  readonly person_id: string;
  readonly organisation_id: string;
  readonly active: boolean;
  readonly roles: Role[];
  readonly grade: number;
  readonly categories: Category[];
  readonly jurisdictions: string[];
  readonly password_changed_at: Date | null;
}

/**
 * Finds a live session by the hash of its secret and moves its last use on, in one statement; the row is written at most once in
 * `every` seconds.
 */
export async function useSession(
  db: Db,
  hash: Buffer,
  limits: { now: Date; idleSeconds: number; every: number },
): Promise<Credential | undefined> {
  const { now, idleSeconds, every } = limits;
  const found = await sql<Credential>`
    with found as (
      select session.id, session.last_seen_at, person.id as person_id, person.organisation_id,
             person.status = 'active' and organisation.status = 'active' as active, ${rolesOf} as roles,
             person.grade, person.categories, person.jurisdictions, person.password_changed_at
      from session join person on person.id = session.person_id join organisation on organisation.id = person.organisation_id
      where session.secret_sha256 = ${hash} and session.revoked_at is null and session.expires_at > ${now}
        and session.last_seen_at > ${now}::timestamptz - make_interval(secs => ${idleSeconds})
    ), touched as (
      update session set last_seen_at = ${now} from found
      where session.id = found.id and found.last_seen_at < ${now}::timestamptz - make_interval(secs => ${every})
    )
    select * from found`.execute(db);
  return found.rows[0];
}

/** Finds a token by the hash of it, live or not, and notes its use once a minute. */
export async function useToken(
  db: Db,
  hash: Buffer,
  now: Date,
): Promise<(Credential & { scopes: Scope[]; expired: boolean; revoked: boolean }) | undefined> {
  const found = await sql<Credential & { scopes: Scope[]; expired: boolean; revoked: boolean }>`
    with found as (
      select api_token.id, api_token.last_used_at, api_token.scopes, api_token.expires_at <= ${now} as expired,
             api_token.revoked_at is not null as revoked, person.id as person_id, person.organisation_id,
             person.status = 'active' and organisation.status = 'active' as active, ${rolesOf} as roles,
             person.grade, person.categories, person.jurisdictions, person.password_changed_at
      from api_token join person on person.id = api_token.person_id join organisation on organisation.id = person.organisation_id
      where api_token.secret_sha256 = ${hash}
    ), touched as (
      update api_token set last_used_at = ${now} from found
      where api_token.id = found.id and not found.expired and not found.revoked and found.active
        and (found.last_used_at is null or found.last_used_at < ${now}::timestamptz - interval '1 minute')
    )
    select * from found`.execute(db);
  return found.rows[0];
}

/** What a person is, for a credential that is kept elsewhere. */
export async function personCredential(db: Db, person: string): Promise<Omit<Credential, 'id'> | undefined> {
  const found = await sql<Omit<Credential, 'id'>>`
    select person.id as person_id, person.organisation_id, person.status = 'active' and organisation.status = 'active' as active,
           ${rolesOf} as roles, person.grade, person.categories, person.jurisdictions, person.password_changed_at
    from person join organisation on organisation.id = person.organisation_id where person.id = ${person}`.execute(db);
  return found.rows[0];
}

export async function insertSession(
  db: Db,
  session: { person: string; hash: Buffer; now: Date; expiresAt: Date; address?: string; userAgent?: string },
): Promise<string> {
  const row = await db
    .insertInto('session')
    .values({
      person_id: session.person,
      secret_sha256: session.hash,
      created_at: session.now,
      last_seen_at: session.now,
      expires_at: session.expiresAt,
      address: session.address ?? null,
      user_agent: session.userAgent ?? null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

export async function liveSessions(db: Db, person: string, limits: { now: Date; idleSeconds: number }) {
  return db
    .selectFrom('session')
    .select(['id', 'created_at', 'last_seen_at', 'expires_at', 'address', 'user_agent'])
    .where('person_id', '=', person)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', limits.now)
    .where('last_seen_at', '>', new Date(limits.now.getTime() - limits.idleSeconds * 1000))
    .orderBy('id', 'desc')
    .limit(200)
    .execute();
}

/** Ends sessions of a person: one, all, or all but one. Gives the ids of those that were live. */
export async function revokeSessions(
  db: Db,
  person: string,
  now: Date,
  which: { only?: string; except?: string } = {},
): Promise<string[]> {
  let query = db
    .updateTable('session')
    .set({ revoked_at: now })
    .where('person_id', '=', person)
    .where('revoked_at', 'is', null);
  if (which.only) query = query.where('id', '=', which.only);
  if (which.except) query = query.where('id', '<>', which.except);
  const rows = await query.returning('id').execute();
  return rows.map((row) => row.id);
}

/** Ends the session of a cookie, whoever it belonged to. */
export async function revokeSessionByHash(db: Db, hash: Buffer, now: Date): Promise<void> {
  await db
    .updateTable('session')
    .set({ revoked_at: now })
    .where('secret_sha256', '=', hash)
    .where('revoked_at', 'is', null)
    .execute();
}
