import { sql } from 'kysely';
import type { Db } from '../../../platform/db.ts';
import type { LockOut } from '../password-rules.ts';

/**
 * Counts an attempt before it is tried, in one statement, so that parallel guesses in any number of processes are all counted.
 * @returns when the lock ends, if the subject is locked; then nothing was counted
 */
export async function takeAttempt(db: Db, subject: string, now: Date, rules: LockOut): Promise<Date | undefined> {
  const failures = sql`case when g.last_at < ${now}::timestamptz - make_interval(hours => ${rules.forgetHours}) then 1 else g.failures + 1 end`;
  const taken = await sql`
    insert into sign_in_guard as g (subject, failures, last_at) values (${subject}, 1, ${now})
    on conflict (subject) do update set failures = ${failures}, last_at = ${now},
      locked_until = case when ${failures} >= ${rules.failures}::int then ${now}::timestamptz + make_interval(secs =>
        least(${rules.longestSeconds}::float8, ${rules.firstSeconds}::float8 * power(2, least(${failures} - ${rules.failures}::int, 40)))) end
    where g.locked_until is null or g.locked_until <= ${now}
    returning subject`.execute(db);
  if (taken.rows.length > 0) return undefined;
  const row = await db
    .selectFrom('sign_in_guard')
    .select('locked_until')
    .where('subject', '=', subject)
    .executeTakeFirst();
  return row?.locked_until ?? now;
}

/** Gives back the attempt of somebody who proved to be right. */
export async function returnAttempt(db: Db, subject: string): Promise<void> {
  await sql`update sign_in_guard set failures = greatest(failures - 1, 0), locked_until = null where subject = ${subject}`.execute(
    db,
  );
}

export async function clearGuard(db: Db, subject: string): Promise<boolean> {
  const result = await db.deleteFrom('sign_in_guard').where('subject', '=', subject).executeTakeFirst();
  return result.numDeletedRows === 1n;
}

/** Locks a subject by decision of an administrator. */
export async function lockGuard(db: Db, subject: string, now: Date, until: Date, rules: LockOut): Promise<void> {
  await sql`
    insert into sign_in_guard (subject, failures, last_at, locked_until) values (${subject}, ${rules.failures}, ${now}, ${until})
    on conflict (subject) do update set locked_until = greatest(sign_in_guard.locked_until, excluded.locked_until)`.execute(
    db,
  );
}
