import type { LedgerLevel } from '@geneward/api';
import { sql } from 'kysely';
import type { Db } from '../../platform/db.ts';
import { levelsOf } from './levels.ts';

/** Where an act on an object stands in the log. */
export interface Place {
  readonly index: string;
  readonly type: string;
  readonly at: Date;
  readonly object: string;
  readonly level: LedgerLevel;
}

/** Acts of some types on some objects, oldest first, so that what they made can name its receipt. */
export async function placesOf(db: Db, objects: readonly string[], types: readonly string[]): Promise<Place[]> {
  const { rows } = await sql<Omit<Place, 'level'>>`
    select index, type, at, object_id as object from ledger_entry
    where object_kind = 'object' and object_id = any(${objects}::text[]) and type = any(${types}::text[])
    order by index`.execute(db);
  const levelOf = await levelsOf(db);
  return rows.map((row) => ({ ...row, level: levelOf(BigInt(row.index)) }));
}
