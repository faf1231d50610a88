import { sql } from 'kysely';
import type { Db } from '../../../platform/db.ts';

/** Whether a row names these bytes. */
export async function isNamed(db: Db, key: string): Promise<boolean> {
  const { rows } = await sql<{ named: boolean }>`select exists (select from virus_dataset where blob_key = ${key})
    or exists (select from virus_batch where blob_key = ${key})
    or exists (select from virus_tree_state where checkpoint = ${key})
    or exists (select from virus_source where position -> 'parts' ? ${key}) as named`.execute(db);
  return rows[0]?.named ?? false;
}
