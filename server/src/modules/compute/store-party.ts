import { sql, type Insertable, type Selectable } from 'kysely';
import type { Db, Tx } from '../../platform/db.ts';
import type { FreezeTable, OfferTable, PartyTable } from './tables.ts';

export type PartyRow = Selectable<PartyTable>;
export type OfferRow = Selectable<OfferTable>;
export type FreezeRow = Selectable<FreezeTable>;

/** Parties that are not retired, by name. */
export function listParties(db: Db, filter: { after: string | undefined; limit: number }): Promise<PartyRow[]> {
  let query = db
    .selectFrom('compute_party')
    .selectAll()
    .where('retired_at', 'is', null)
    .orderBy('name')
    .limit(filter.limit);
  if (filter.after !== undefined) query = query.where('name', '>', filter.after);
  return query.execute();
}

export function findParty(db: Db, id: string): Promise<PartyRow | undefined> {
  return db
    .selectFrom('compute_party')
    .selectAll()
    .where('id', '=', id)
    .where('retired_at', 'is', null)
    .executeTakeFirst();
}

/** The certificate that a party was registered with, also when it has retired since. */
export async function certificateOf(db: Db, id: string): Promise<string> {
  const query = db.selectFrom('compute_party').select('certificate').where('id', '=', id);
  return (await query.executeTakeFirstOrThrow()).certificate;
}

/** Parties that are not retired, of these names; held until the transaction ends, so that none retires meanwhile. */
export function activeParties(tx: Tx, names: readonly string[]): Promise<PartyRow[]> {
  return tx
    .selectFrom('compute_party')
    .selectAll()
    .where('retired_at', 'is', null)
    .where('name', 'in', names)
    .orderBy('id')
    .forShare()
    .execute();
}

/** Adds a party; nothing when its name or certificate is taken. */
export function insertParty(tx: Tx, row: Omit<Insertable<PartyTable>, 'retired_at'>): Promise<PartyRow | undefined> {
  return tx
    .insertInto('compute_party')
    .values({ ...row, retired_at: null })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
}

export async function retireParty(tx: Tx, id: string, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('compute_party')
    .set({ retired_at: at })
    .where('id', '=', id)
    .where('retired_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export function offersOf(db: Db, parties: readonly string[]): Promise<OfferRow[]> {
  if (parties.length === 0) return Promise.resolve([]);
  return db.selectFrom('compute_offer').selectAll().where('party_id', 'in', parties).orderBy('name').execute();
}

export function putOffer(tx: Tx, row: Insertable<OfferTable>): Promise<OfferRow> {
  const { party_id: _party, name: _name, ...set } = row;
  return tx
    .insertInto('compute_offer')
    .values(row)
    .onConflict((conflict) => conflict.columns(['party_id', 'name']).doUpdateSet(set))
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function removeOffer(tx: Tx, party: string, name: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('compute_offer')
    .where('party_id', '=', party)
    .where('name', '=', name)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Freezes a consent; a repeated freeze gives the first. */
export async function insertFreeze(
  tx: Tx,
  row: Omit<Insertable<FreezeTable>, 'id'>,
): Promise<{ freeze: FreezeRow; fresh: boolean }> {
  const made = await tx
    .insertInto('compute_freeze')
    .values(row)
    .onConflict((conflict) => conflict.columns(['organisation_id', 'reference']).doNothing())
    .returningAll()
    .executeTakeFirst();
  if (made) return { freeze: made, fresh: true };
  const before = await tx
    .selectFrom('compute_freeze')
    .selectAll()
    .where('organisation_id', '=', row.organisation_id)
    .where('reference', '=', row.reference)
    .executeTakeFirstOrThrow();
  return { freeze: before, fresh: false };
}

export function listFreezes(
  db: Db,
  filter: { organisation: string; after: string | undefined; limit: number },
): Promise<FreezeRow[]> {
  let query = db
    .selectFrom('compute_freeze')
    .selectAll()
    .where('organisation_id', '=', filter.organisation)
    .orderBy('id', 'desc')
    .limit(filter.limit);
  if (filter.after !== undefined) query = query.where('id', '<', filter.after);
  return query.execute();
}

/** Of these references, those that one of the organisations has frozen. */
export async function frozenOf(
  tx: Tx,
  organisations: readonly string[],
  references: readonly string[],
): Promise<string[]> {
  if (references.length === 0) return [];
  const rows = await tx
    .selectFrom('compute_freeze')
    .select('reference')
    .distinct()
    .where('organisation_id', 'in', organisations)
    .where('reference', 'in', references)
    .execute();
  return rows.map(({ reference }) => reference);
}

/** A start and a freeze of the same organisation wait for each other until the transaction ends. */
export async function holdConsents(tx: Tx, organisations: readonly string[]): Promise<void> {
  for (const one of organisations.toSorted())
    await sql`select pg_advisory_xact_lock(hashtextextended(${`compute.consents:${one}`}, 0))`.execute(tx);
}
