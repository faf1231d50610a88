import type { Selectable } from 'kysely';
import type { Db, Tx } from '../../../platform/db.ts';
import type { VirusDatasetTable } from '../tables.ts';

export function datasetRows(db: Db): Promise<Selectable<VirusDatasetTable>[]> {
  return db.selectFrom('virus_dataset').selectAll().orderBy('installed_at').orderBy('hash').execute();
}

/** @returns false when the same content is installed already */
export async function insertDataset(
  tx: Tx,
  row: { hash: string; content: string; blob_key: string; installed_at: Date; installed_by: string },
): Promise<boolean> {
  const made = await tx
    .insertInto('virus_dataset')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returning('hash')
    .executeTakeFirst();
  return made !== undefined;
}
