import type { Invitation, Role } from '@geneward/api';
import { sql, type Insertable, type Selectable } from 'kysely';
import type { Db } from '../../../platform/db.ts';
import type { OneTimeLinkTable } from '../tables.ts';

export type LinkRow = Selectable<OneTimeLinkTable>;

export async function insertLink(db: Db, link: Insertable<OneTimeLinkTable>): Promise<LinkRow> {
  return db.insertInto('one_time_link').values(link).returningAll().executeTakeFirstOrThrow();
}

/** Finds a link by the hash of its secret and keeps it for this transaction: two that use it at once come one after the other. */
export async function linkByHash(db: Db, hash: Buffer): Promise<LinkRow | undefined> {
  return db.selectFrom('one_time_link').selectAll().where('secret_sha256', '=', hash).forUpdate().executeTakeFirst();
}

export async function markLinkUsed(db: Db, id: string, now: Date): Promise<void> {
  await db.updateTable('one_time_link').set({ used_at: now }).where('id', '=', id).execute();
}

/** Takes back open links; gives how many there were. */
export async function revokeLinks(
  db: Db,
  now: Date,
  which: { id: string; purpose: LinkRow['purpose'] } | { purpose: LinkRow['purpose']; person?: string; id?: never },
): Promise<number> {
  let query = db
    .updateTable('one_time_link')
    .set({ revoked_at: now })
    .where('purpose', '=', which.purpose)
    .where('used_at', 'is', null)
    .where('revoked_at', 'is', null);
  if (which.id !== undefined) query = query.where('id', '=', which.id);
  else if (which.person) query = query.where('person_id', '=', which.person);
  return Number((await query.executeTakeFirst()).numUpdatedRows);
}

export async function openInvitations(
  db: Db,
  filter: { now: Date; email?: string; role?: Role; after?: string | undefined; limit: number },
): Promise<LinkRow[]> {
  let query = db
    .selectFrom('one_time_link')
    .selectAll()
    .where('purpose', '=', 'invitation')
    .where('used_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', filter.now)
    .orderBy('id', 'desc')
    .limit(filter.limit);
  if (filter.email) query = query.where('email', '=', filter.email);
  if (filter.role) query = query.where(sql<boolean>`${filter.role} = any(roles)`);
  if (filter.after) query = query.where('id', '<', filter.after);
  return query.execute();
}

/** An invitation as the contract shows one. */
export function invitationView(row: LinkRow): Invitation {
  return {
    id: row.id,
    email: row.email ?? '',
    organisation: row.organisation_id ?? '',
    roles: row.roles,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
  };
}
