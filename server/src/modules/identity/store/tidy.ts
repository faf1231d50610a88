import { sql } from 'kysely';
import type { Db } from '../../../platform/db.ts';

/** Removes credentials that ended and counts that were forgotten before a time; what was done with them stays in the audit trail. */
export async function forgetOld(db: Db, before: Date): Promise<void> {
  await sql`delete from session where expires_at < ${before} or revoked_at < ${before}`.execute(db);
  await sql`delete from sign_in_guard where last_at < ${before} and (locked_until is null or locked_until < ${before})`.execute(
    db,
  );
  await sql`delete from one_time_link where expires_at < ${before}`.execute(db);
}
