import { sql } from 'kysely';
import type { Db } from '../../../platform/db.ts';

export async function earlierHashes(db: Db, person: string, count: number): Promise<string[]> {
  if (count === 0) return [];
  const rows = await db
    .selectFrom('password_history')
    .select('password_hash')
    .where('person_id', '=', person)
    .orderBy('id', 'desc')
    .limit(count)
    .execute();
  return rows.map((row) => row.password_hash);
}

/** Keeps a replaced hash and forgets those beyond `keep`. */
export async function keepHash(db: Db, person: string, hash: string, now: Date, keep: number): Promise<void> {
  if (keep > 0)
    await db
      .insertInto('password_history')
      .values({ person_id: person, password_hash: hash, replaced_at: now })
      .execute();
  await sql`delete from password_history where person_id = ${person} and id not in (
    select id from password_history where person_id = ${person} order by id desc limit ${keep})`.execute(db);
}
