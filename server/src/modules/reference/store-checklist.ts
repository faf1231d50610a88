import type { Checklist } from '@geneward/metadata';
import { sql } from 'kysely';
import type { Db, Tx } from '../../platform/db.ts';

/** Imported checklists. */
export async function importedChecklists(db: Db): Promise<Checklist[]> {
  return (await db.selectFrom('checklist').select('content').orderBy('id').execute()).map((row) => row.content);
}

/** A mark that changes whenever an imported checklist does. */
export async function checklistMark(db: Db): Promise<string> {
  const { mark } = await db
    .selectFrom('checklist')
    .select(sql<string>`coalesce(md5(string_agg(sha256, '' order by id)), '')`.as('mark'))
    .executeTakeFirstOrThrow();
  return mark;
}

/** Hashes of checklists by id, locked until the import ends. */
export async function lockChecklists(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  await sql`select pg_advisory_xact_lock(hashtext('checklist'))`.execute(tx);
  const rows = await tx
    .selectFrom('checklist')
    .select(['id', 'sha256'])
    .where('id', '=', sql<string>`any(${[...ids]}::text[])`)
    .execute();
  return new Map(rows.map(({ id, sha256 }) => [id, sha256]));
}

export async function saveChecklist(
  tx: Tx,
  checklist: Checklist,
  of: { sha256: string; by: string; at: Date },
): Promise<void> {
  const { id, version, object } = checklist;
  const content = {
    version,
    object,
    content: JSON.stringify(checklist),
    sha256: of.sha256,
    imported_at: of.at,
    imported_by: of.by,
  };
  await tx
    .insertInto('checklist')
    .values({ id, ...content })
    .onConflict((oc) => oc.column('id').doUpdateSet(content))
    .execute();
}
