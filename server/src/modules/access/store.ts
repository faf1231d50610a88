import type { Downgrade, Label } from '@geneward/api';
import type { Selectable } from 'kysely';
import type { Db } from '../../platform/db.ts';
import type { LabelDowngradeTable } from './tables.ts';

export type DowngradeRow = Selectable<LabelDowngradeTable>;

export async function insertDowngrade(
  db: Db,
  given: { object: { kind: string; id: string }; from: Label; to: Label; reason: string; by: string; at: Date },
): Promise<DowngradeRow> {
  const { object, from, to, reason, by, at } = given;
  return db
    .insertInto('label_downgrade')
    .values({
      object_kind: object.kind,
      object_id: object.id,
      from_grade: from.grade,
      from_categories: [...from.categories],
      from_jurisdictions: [...from.jurisdictions],
      to_grade: to.grade,
      to_categories: [...to.categories],
      to_jurisdictions: [...to.jurisdictions],
      reason,
      proposed_by: by,
      proposed_at: at,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Reads a proposal and keeps it for this transaction. */
export async function lockDowngrade(db: Db, id: string): Promise<DowngradeRow | undefined> {
  return db.selectFrom('label_downgrade').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

export async function decideDowngrade(
  db: Db,
  id: string,
  decision: { state: 'signed' | 'refused'; by: string; at: Date; signature?: string; publicKey?: string },
): Promise<DowngradeRow> {
  return db
    .updateTable('label_downgrade')
    .set({
      state: decision.state,
      signed_by: decision.by,
      signed_at: decision.at,
      signature: decision.signature ?? null,
      public_key: decision.publicKey ?? null,
    })
    .where('id', '=', id)
    .where('state', '=', 'proposed')
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function findDowngrades(
  db: Db,
  filter: { objectId?: string | undefined; after?: string | undefined; limit: number },
): Promise<DowngradeRow[]> {
  let query = db.selectFrom('label_downgrade').selectAll().orderBy('id', 'desc').limit(filter.limit);
  if (filter.objectId !== undefined) query = query.where('object_id', '=', filter.objectId);
  if (filter.after !== undefined) query = query.where('id', '<', filter.after);
  return query.execute();
}

const fromOf = (row: DowngradeRow): Label => ({
  grade: row.from_grade,
  categories: row.from_categories,
  jurisdictions: row.from_jurisdictions,
});
const toOf = (row: DowngradeRow): Label => ({
  grade: row.to_grade,
  categories: row.to_categories,
  jurisdictions: row.to_jurisdictions,
});

/** A downgrade as the contract shows one. */
export function downgradeView(row: DowngradeRow): Downgrade {
  return {
    id: row.id,
    object: { kind: row.object_kind, id: row.object_id },
    from: fromOf(row),
    to: toOf(row),
    reason: row.reason,
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at.toISOString(),
    state: row.state,
    ...(row.signed_by && { signedBy: row.signed_by }),
    ...(row.signed_at && { signedAt: row.signed_at.toISOString() }),
    ...(row.signature && { signature: row.signature }),
    ...(row.public_key && { key: row.public_key }),
  };
}
