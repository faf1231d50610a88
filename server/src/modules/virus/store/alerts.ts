import { sql, type Selectable } from 'kysely';
import type { Db, Tx } from '../../../platform/db.ts';
import type { VirusAlertTable } from '../tables.ts';
import { answers, standing, type Asked } from './genomes.ts';

export type AlertRow = Selectable<VirusAlertTable>;

/** Genomes of a batch that answer a saved question, within what its owner may see. */
export async function countAnswers(db: Db, { scope, question }: Asked, batch: string): Promise<number> {
  const { rows } = await sql<{ genomes: number }>`select count(*)::int as genomes
    from virus_genome g join virus_batch b on b.id = g.batch_id
    where ${scope} and ${answers(question)} and ${standing} and b.id = ${batch}::uuid`.execute(db);
  return rows[0]?.genomes ?? 0;
}

export function allAlerts(db: Db): Promise<AlertRow[]> {
  return db.selectFrom('virus_alert').selectAll().orderBy('id').execute();
}

export function alertsOf(db: Db, person: string): Promise<AlertRow[]> {
  return db.selectFrom('virus_alert').selectAll().where('person_id', '=', person).orderBy('id').execute();
}

export function insertAlert(
  tx: Tx,
  row: { person_id: string; title: string; query: string; rising: boolean; created_at: Date },
): Promise<AlertRow> {
  return tx.insertInto('virus_alert').values(row).returningAll().executeTakeFirstOrThrow();
}

/** @returns whether there was one */
export async function deleteAlert(tx: Tx, person: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('virus_alert')
    .where('id', '=', id)
    .where('person_id', '=', person)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
