import type { Label, Person, Role } from '@geneward/api';
import { sql } from 'kysely';
import type { Db } from '../../../platform/db.ts';
import type { PersonTable } from '../tables.ts';
import type { Insertable } from 'kysely';

/** A person with what sign-in and administration need to know. */
export type PersonRow = NonNullable<Awaited<ReturnType<typeof personById>>>;

const people = (db: Db) =>
  db
    .selectFrom('person')
    .leftJoin('sign_in_guard', (join) => join.onRef('sign_in_guard.subject', '=', accountSubject))
    .select([
      'person.id',
      'person.email',
      'person.name',
      'person.organisation_id',
      'person.language',
      'person.mail_notices',
      'person.status',
      'person.status_reason',
      'person.password_hash',
      'person.password_changed_at',
      'person.grade',
      'person.categories',
      'person.jurisdictions',
      'person.version',
      'person.created_at',
      'sign_in_guard.locked_until',
    ])
    .select(rolesOf.as('roles'));

/** Subject of the guard of an account, from its address. */
const accountSubject = sql<string>`'account:' || encode(sha256(convert_to(person.email, 'UTF8')), 'hex')`;

export const rolesOf = sql<Role[]>`array(
  select role_assignment.role from role_assignment where role_assignment.person_id = person.id order by role_assignment.role)`;

export async function personById(db: Db, id: string) {
  return people(db).where('person.id', '=', id).executeTakeFirst();
}

export async function personByEmail(db: Db, email: string) {
  return people(db).where('person.email', '=', email).executeTakeFirst();
}

/** Takes the row for the rest of the transaction, so that what depends on it is decided once. */
export async function lockPerson(db: Db, id: string): Promise<void> {
  await db.selectFrom('person').select('id').where('id', '=', id).forUpdate().execute();
}

export interface PeopleFilter {
  readonly q?: string | undefined;
  readonly organisation?: string | undefined;
  readonly role?: Role | undefined;
  readonly status?: 'active' | 'disabled' | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** People by id, newest first. */
export async function findPeople(db: Db, filter: PeopleFilter) {
  let query = people(db).orderBy('person.id', 'desc').limit(filter.limit);
  if (filter.q) query = query.where(sql<boolean>`(person.name || ' ' || person.email) ilike ${containing(filter.q)}`);
  if (filter.organisation) query = query.where('person.organisation_id', '=', filter.organisation);
  if (filter.status) query = query.where('person.status', '=', filter.status);
  if (filter.after) query = query.where('person.id', '<', filter.after);
  const { role } = filter;
  if (role) {
    query = query.where((where) =>
      where.exists(
        where
          .selectFrom('role_assignment')
          .select('role')
          .whereRef('role_assignment.person_id', '=', 'person.id')
          .where('role_assignment.role', '=', role),
      ),
    );
  }
  return query.execute();
}

/** Pattern of `ilike` for a text as it stands. */
export const containing = (text: string) => `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;

export async function insertPerson(db: Db, person: Insertable<PersonTable>): Promise<string | undefined> {
  const row = await db
    .insertInto('person')
    .values(person)
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning('id')
    .executeTakeFirst();
  return row?.id;
}

/** Changes a person's row and its version; with `expected`, only when nobody else did before. */
export async function updatePerson(
  db: Db,
  id: string,
  change: Partial<Pick<PersonTable, 'name' | 'status_reason' | 'password_hash' | 'password_changed_at'>> & {
    language?: 'en' | 'zh';
    mail_notices?: boolean;
    status?: 'active' | 'disabled';
    label?: Label;
  },
  expected?: number,
): Promise<boolean> {
  const { label, ...columns } = change;
  let query = db
    .updateTable('person')
    .set({ ...columns, ...(label && columnsOf(label)) })
    .set((set) => ({ version: set('version', '+', 1) }))
    .where('id', '=', id);
  if (expected !== undefined) query = query.where('version', '=', expected);
  return (await query.executeTakeFirst()).numUpdatedRows === 1n;
}

/** Replaces a stored hash by one with present parameters, unless the password was changed meanwhile. */
export async function replaceHash(db: Db, id: string, before: string, after: string): Promise<void> {
  await db
    .updateTable('person')
    .set({ password_hash: after })
    .where('id', '=', id)
    .where('password_hash', '=', before)
    .execute();
}

export async function anyPerson(db: Db): Promise<boolean> {
  return (await db.selectFrom('person').select('id').limit(1).execute()).length > 0;
}

export function labelOf(row: Label): Label {
  return { grade: row.grade, categories: row.categories, jurisdictions: row.jurisdictions };
}

export const columnsOf = (label: Label) => ({
  grade: label.grade,
  categories: [...label.categories],
  jurisdictions: [...label.jurisdictions],
});

/** A person as the contract shows one. */
export function personView(row: PersonRow): Person {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    organisation: row.organisation_id,
    language: row.language,
    mailNotices: row.mail_notices,
    roles: row.roles,
    clearance: labelOf(row),
    status: row.status,
    version: row.version,
    createdAt: row.created_at.toISOString(),
  };
}

/** The same with what concerns administrators alone. */
export function administeredView(row: PersonRow): Person {
  return {
    ...personView(row),
    ...(row.locked_until && { lockedUntil: row.locked_until.toISOString() }),
    ...(row.status_reason && { statusReason: row.status_reason }),
  };
}
