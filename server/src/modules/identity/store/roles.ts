import type { Role } from '@geneward/api';
import type { Db } from '../../../platform/db.ts';

/** Gives a role; false when the person has it already. The database refuses a second office (23505 one_office_per_person). */
export async function insertRole(
  db: Db,
  assignment: { person: string; role: Role; by: string; at: Date },
): Promise<boolean> {
  const result = await db
    .insertInto('role_assignment')
    .values({
      person_id: assignment.person,
      role: assignment.role,
      assigned_by: assignment.by,
      assigned_at: assignment.at,
    })
    .onConflict((conflict) => conflict.columns(['person_id', 'role']).doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

export async function deleteRole(db: Db, person: string, role: Role): Promise<boolean> {
  const result = await db
    .deleteFrom('role_assignment')
    .where('person_id', '=', person)
    .where('role', '=', role)
    .executeTakeFirst();
  return result.numDeletedRows === 1n;
}

/** Active people with a role, in a fixed order and locked when `lock` asks, so that two cannot take the last one away at once. */
export async function activeHolders(db: Db, role: Role, options: { lock: boolean }): Promise<string[]> {
  const query = db
    .selectFrom('role_assignment')
    .innerJoin('person', 'person.id', 'role_assignment.person_id')
    .select('person.id')
    .where('role_assignment.role', '=', role)
    .where('person.status', '=', 'active')
    .orderBy('person.id');
  const rows = await (options.lock ? query.forUpdate() : query).execute();
  return rows.map((row) => row.id);
}

/** Active people of these organisations with a role. */
export async function holdersIn(db: Db, role: Role, organisations: readonly string[]): Promise<string[]> {
  if (organisations.length === 0) return [];
  const rows = await db
    .selectFrom('role_assignment')
    .innerJoin('person', 'person.id', 'role_assignment.person_id')
    .select('person.id')
    .where('role_assignment.role', '=', role)
    .where('person.status', '=', 'active')
    .where('person.organisation_id', 'in', organisations)
    .orderBy('person.id')
    .execute();
  return rows.map((row) => row.id);
}
