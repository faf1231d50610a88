import type { Label, Organisation } from '@geneward/api';
import { sql, type Insertable, type Selectable } from 'kysely';
import type { Db } from '../../../platform/db.ts';
import type { OrganisationTable } from '../tables.ts';
import { columnsOf, containing, labelOf } from './people.ts';

type Row = Selectable<OrganisationTable>;

export async function organisationById(db: Db, id: string): Promise<Row | undefined> {
  return db.selectFrom('organisation').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function organisationsById(db: Db, ids: readonly string[]): Promise<Map<string, Organisation>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('organisation').selectAll().where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, organisationView(row)]));
}

/** Ids of organisations by their codes; unknown codes are left out. */
export async function organisationsByCode(db: Db, codes: readonly string[]): Promise<Map<string, string>> {
  if (codes.length === 0) return new Map();
  const rows = await db.selectFrom('organisation').select(['id', 'code']).where('code', 'in', codes).execute();
  return new Map(rows.map(({ id, code }) => [code, id]));
}

/** Organisations by code. */
export async function findOrganisations(
  db: Db,
  filter: { q?: string | undefined; after?: string | undefined; limit: number },
): Promise<Row[]> {
  let query = db.selectFrom('organisation').selectAll().orderBy('code').limit(filter.limit);
  if (filter.q)
    query = query.where(sql<boolean>`(code || ' ' || name_en || ' ' || name_zh) ilike ${containing(filter.q)}`);
  if (filter.after) query = query.where('code', '>', filter.after);
  return query.execute();
}

/** Adds an organisation; gives nothing when its code is taken. */
export async function insertOrganisation(
  db: Db,
  organisation: Omit<Insertable<OrganisationTable>, 'grade' | 'categories' | 'jurisdictions'> & { label: Label },
): Promise<Row | undefined> {
  const { label, ...columns } = organisation;
  return db
    .insertInto('organisation')
    .values({ ...columns, ...columnsOf(label) })
    .onConflict((conflict) => conflict.column('code').doNothing())
    .returningAll()
    .executeTakeFirst();
}

/** Changes an organisation when its version is still the expected one. */
export async function updateOrganisation(
  db: Db,
  id: string,
  expected: number,
  change: Partial<Pick<Row, 'name_en' | 'name_zh' | 'country' | 'status'>> & { label?: Label },
): Promise<Row | undefined> {
  const { label, ...columns } = change;
  return db
    .updateTable('organisation')
    .set({ ...columns, ...(label && columnsOf(label)) })
    .set((set) => ({ version: set('version', '+', 1) }))
    .where('id', '=', id)
    .where('version', '=', expected)
    .returningAll()
    .executeTakeFirst();
}

/** An organisation as the contract shows one. */
export function organisationView(row: Row): Organisation {
  return {
    id: row.id,
    code: row.code,
    name: { en: row.name_en, zh: row.name_zh },
    status: row.status,
    label: labelOf(row),
    version: row.version,
    createdAt: row.created_at.toISOString(),
    ...(row.country && { country: row.country }),
  };
}
