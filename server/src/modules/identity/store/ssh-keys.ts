import { sql } from 'kysely';
import type { Db } from '../../../platform/db.ts';
import { rolesOf } from './people.ts';
import type { Credential } from './sessions.ts';

const shown = ['id', 'name', 'type', 'fingerprint', 'created_at', 'last_used_at'] as const;

/** Adds a key; undefined when somebody has it already. */
export async function insertSshKey(
  db: Db,
  key: { person: string; name: string; type: string; publicKey: Buffer; fingerprint: string; now: Date },
) {
  return db
    .insertInto('ssh_key')
    .values({
      person_id: key.person,
      name: key.name,
      type: key.type,
      public_key: key.publicKey,
      fingerprint: key.fingerprint,
      created_at: key.now,
    })
    .onConflict((oc) => oc.column('fingerprint').doNothing())
    .returning(shown)
    .executeTakeFirst();
}

export async function sshKeysOf(db: Db, person: string) {
  return db.selectFrom('ssh_key').select(shown).where('person_id', '=', person).orderBy('id', 'desc').execute();
}

/** Takes keys of a person away: one, or all. Gives those that were there. */
export async function removeSshKeys(db: Db, person: string, only?: string) {
  let query = db.deleteFrom('ssh_key').where('person_id', '=', person);
  if (only) query = query.where('id', '=', only);
  return query.returning(shown).execute();
}

/** Finds a key by its fingerprint, with the person behind it, and notes its use once a minute when it is one. */
export async function useSshKey(
  db: Db,
  fingerprint: string,
  used: Date | undefined,
): Promise<(Credential & { public_key: Buffer; email: string }) | undefined> {
  const found = await sql<Credential & { public_key: Buffer; email: string }>`
    with found as (
      select ssh_key.id, ssh_key.last_used_at, ssh_key.public_key, person.id as person_id, person.email,
             person.organisation_id, person.status = 'active' and organisation.status = 'active' as active,
             ${rolesOf} as roles, person.grade, person.categories, person.jurisdictions, person.password_changed_at
      from ssh_key join person on person.id = ssh_key.person_id join organisation on organisation.id = person.organisation_id
      where ssh_key.fingerprint = ${fingerprint}
    ), touched as (
      update ssh_key set last_used_at = ${used ?? null}::timestamptz from found
      where ssh_key.id = found.id and found.active and ${used ?? null}::timestamptz is not null
        and (found.last_used_at is null or found.last_used_at < ${used ?? null}::timestamptz - interval '1 minute')
    )
    select * from found`.execute(db);
  return found.rows[0];
}
