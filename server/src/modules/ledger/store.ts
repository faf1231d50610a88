import type { LedgerAlarm } from '@geneward/api';
import { saltLength } from '@geneward/merkle';
import { sql, type Selectable } from 'kysely';
import type { Db, Tx } from '../../platform/db.ts';
import type { LoggedEvent } from './rules.ts';
import type { LedgerCheckpointTable, LedgerEntryTable, LedgerStateTable } from './tables.ts';

export type StateRow = Selectable<LedgerStateTable>;
export type EntryRow = Selectable<LedgerEntryTable>;
export type CheckpointRow = Selectable<LedgerCheckpointTable>;

/** An entry to be written. */
export interface NewEntry {
  readonly index: bigint;
  readonly eventSeq: string | null;
  readonly type: string;
  readonly at: Date;
  readonly entry: Uint8Array;
  readonly salt: Uint8Array | null;
  readonly statement: Uint8Array | null;
  readonly objectKind: string | null;
  readonly objectId: string | null;
}

export const readState = (db: Db): Promise<StateRow> =>
  db.selectFrom('ledger_state').selectAll().executeTakeFirstOrThrow();

/** Reads the state and holds it for this transaction: nobody else appends meanwhile. */
export const lockState = (tx: Tx): Promise<StateRow> =>
  tx.selectFrom('ledger_state').selectAll().forUpdate().executeTakeFirstOrThrow();

/** Takes the lead when nobody holds it; gives the fencing token, or nothing. Time is the database's. */
export async function takeLead(db: Db, seconds: number): Promise<bigint | undefined> {
  const { rows } = await sql<{ epoch: string }>`
    update ledger_state set epoch = epoch + 1, led_until = clock_timestamp() + make_interval(secs => ${seconds})
    where led_until < clock_timestamp() returning epoch`.execute(db);
  return rows[0] && BigInt(rows[0].epoch);
}

/** Keeps the lead; false when somebody else has it. */
export async function keepLead(db: Db, epoch: bigint, seconds: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update ledger_state set led_until = clock_timestamp() + make_interval(secs => ${seconds})
    where epoch = ${String(epoch)}::bigint`.execute(db);
  return numAffectedRows === 1n;
}

export async function giveLead(db: Db, epoch: bigint): Promise<void> {
  await sql`update ledger_state set led_until = '-infinity' where epoch = ${String(epoch)}::bigint`.execute(db);
}

export async function setOrigin(db: Db, origin: string): Promise<void> {
  await db.updateTable('ledger_state').set({ origin }).where('origin', 'is', null).execute();
}

export async function setAlarm(db: Db, alarm: LedgerAlarm | undefined): Promise<void> {
  await sql`update ledger_state set alarm = ${alarm ? JSON.stringify(alarm) : null}::jsonb`.execute(db);
}

/** Events that have no place yet, in the order in which they were written: those behind a number, without those under way. */
export async function pendingEvents(
  db: Db,
  limit: number,
  { after = '0', underWay = [] }: { after?: string; underWay?: readonly string[] } = {},
): Promise<LoggedEvent[]> {
  const { rows } = await sql<LoggedEvent>`
    select e.* from (select event_seq from ledger_pending
        where event_seq > ${after}::bigint and event_seq <> all(${numbers(underWay)}::bigint[])
        order by event_seq limit ${limit}) p
    -- Each by its number: a plan that was made when the tables had another size would read all of them.
    cross join lateral (select seq, at, type, outcome, actor_kind, actor_id, organisation_id, object_kind, object_id,
        object_accession, content, request_id from audit_event where seq = p.event_seq limit 1) e
    order by p.event_seq`.execute(db);
  return rows;
}

/** Numbers as PostgreSQL reads an array of them: many times cheaper than one parameter for each. */
const numbers = (list: readonly (string | number | bigint | null)[]): string =>
  `{${list.map((one) => one ?? 'null').join()}}`;

export async function countPending(db: Db, limit: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (select from ledger_pending limit ${limit}) p`.execute(db);
  return rows[0]?.n ?? 0;
}

/** Takes events that have their places off the queue, and destroys what opens those that were erased while they waited. */
export async function dropPending(tx: Tx, seqs: readonly string[]): Promise<void> {
  const { rows } = await sql<{ event_seq: string }>`
    with placed as (delete from ledger_pending where event_seq = any(${numbers(seqs)}::bigint[]) returning event_seq, erased)
    select event_seq from placed where erased`.execute(tx);
  if (rows.length === 0) return;
  const erased = numbers(rows.map(({ event_seq }) => event_seq));
  await sql`update ledger_entry set salt = null, statement = null where event_seq = any(${erased}::bigint[])`.execute(
    tx,
  );
}

export async function actCounts(db: Db): Promise<Map<string, bigint>> {
  const rows = await db.selectFrom('ledger_module').selectAll().execute();
  return new Map(rows.map(({ module, acts }) => [module, BigInt(acts)]));
}

export async function saveActCounts(tx: Tx, counts: ReadonlyMap<string, bigint>): Promise<void> {
  await sql`insert into ledger_module (module, acts)
    select * from unnest(${[...counts.keys()]}::text[], ${[...counts.values()].map(String)}::bigint[])
    on conflict (module) do update set acts = excluded.acts`.execute(tx);
}

/** One statement, however many, whose places follow one another. All bytes go as one value, which spares writing them as text. */
export async function insertEntries(tx: Tx, entries: readonly NewEntry[]): Promise<void> {
  const [first] = entries;
  if (!first) return;
  const pieces: Uint8Array[] = [];
  const [from, entryLength, statementLength]: [number[], number[], (number | null)[]] = [[], [], []];
  let at = 1;
  for (const { entry, salt, statement } of entries) {
    pieces.push(entry);
    from.push(at);
    entryLength.push(entry.length);
    statementLength.push(statement && statement.length);
    at += entry.length;
    if (!salt || !statement) continue;
    pieces.push(salt, statement);
    at += salt.length + statement.length;
  }
  await sql`insert into ledger_entry (index, event_seq, type, at, entry, salt, statement, object_kind, object_id)
    select ${String(first.index)}::bigint + n - 1, seq, type, at, substring(bytes from start for length),
      case when said is not null then substring(bytes from start + length for ${saltLength}) end,
      substring(bytes from start + length + ${saltLength} for said), kind, id
    from (select ${Buffer.concat(pieces)}::bytea as bytes) given,
      unnest(${numbers(entries.map((e) => e.eventSeq))}::bigint[], ${entries.map((e) => e.type)}::text[],
        ${`{${entries.map((e) => e.at.toISOString()).join()}}`}::timestamptz[], ${numbers(from)}::int[],
        ${numbers(entryLength)}::int[], ${numbers(statementLength)}::int[], ${entries.map((e) => e.objectKind)}::text[],
        ${entries.map((e) => e.objectId)}::text[])
      with ordinality as e(seq, type, at, start, length, said, kind, id, n)`.execute(tx);
}

/**
 * Moves the log on from where it stood, if the token is the newest and nobody else has moved it.
 * @returns whether it did; the row is held until the end of the transaction
 */
export async function moveOn(
  tx: Tx,
  epoch: bigint,
  before: { size: bigint; hashes: readonly Uint8Array[] },
  after: { size: bigint; hashes: readonly Uint8Array[] },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update ledger_state set size = ${String(after.size)}::bigint, range = ${Buffer.concat(after.hashes)}::bytea
    where epoch = ${String(epoch)}::bigint and size = ${String(before.size)}::bigint
      and range = ${Buffer.concat(before.hashes)}::bytea`.execute(tx);
  return numAffectedRows === 1n;
}

/** The bytes of entries [from, to), in order. */
export async function entryBytes(db: Db, from: bigint, to: bigint): Promise<Uint8Array[]> {
  const rows = await db
    .selectFrom('ledger_entry')
    .select('entry')
    .where('index', '>=', String(from))
    .where('index', '<', String(to))
    .orderBy('index')
    .execute();
  return rows.map(({ entry }) => entry);
}

/** The entry in a place; no log is so long that there is one from 2^63 on. */
export async function findEntry(db: Db, index: bigint): Promise<EntryRow | undefined> {
  if (index >= 1n << 63n) return undefined;
  return db.selectFrom('ledger_entry').selectAll().where('index', '=', String(index)).executeTakeFirst();
}

/** Acts on any of some things, oldest first. */
export async function entriesAbout(
  db: Db,
  subjects: readonly { kind: string; id: string }[],
  limit: number,
): Promise<Omit<EntryRow, 'entry' | 'salt'>[]> {
  const { rows } = await sql<Omit<EntryRow, 'entry' | 'salt'>>`
    select e.index, e.event_seq, e.type, e.at, e.statement, e.object_kind, e.object_id
    from unnest(${subjects.map(({ kind }) => kind)}::text[], ${subjects.map(({ id }) => id)}::text[]) s(kind, id)
    join ledger_entry e on e.object_kind = s.kind and e.object_id = s.id order by e.index limit ${limit}`.execute(db);
  return rows;
}

/** The oldest checkpoint of the highest worth that covers an entry: final, else witnessed, else the newest. */
export async function checkpointOver(db: Db, index: bigint): Promise<CheckpointRow | undefined> {
  const covering = db.selectFrom('ledger_checkpoint').selectAll().where('size', '>', String(index)).limit(1);
  return (
    (await covering.where('final', '=', true).orderBy('size').executeTakeFirst()) ??
    (await covering.where('witnessed', '=', true).orderBy('size').executeTakeFirst()) ??
    (await covering.orderBy('size', 'desc').executeTakeFirst())
  );
}

export const newestCheckpoint = (db: Db): Promise<CheckpointRow | undefined> =>
  db.selectFrom('ledger_checkpoint').selectAll().orderBy('size', 'desc').limit(1).executeTakeFirst();

export const newestWitnessed = (db: Db): Promise<CheckpointRow | undefined> =>
  db
    .selectFrom('ledger_checkpoint')
    .selectAll()
    .where('witnessed', '=', true)
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();

/** Keeps a checkpoint, if its maker still leads. */
export async function insertCheckpoint(
  db: Db,
  epoch: bigint,
  given: { size: bigint; root: Uint8Array; at: Date; note: string },
): Promise<boolean> {
  const { size, root, at, note } = given;
  const { numAffectedRows } = await sql`insert into ledger_checkpoint (size, root, at, note)
    select ${String(size)}::bigint, ${Buffer.from(root)}::bytea, ${at}::timestamptz, ${note}::text
    from ledger_state where epoch = ${String(epoch)}::bigint on conflict do nothing`.execute(db);
  return numAffectedRows === 1n;
}

/** Removes checkpoints that no receipt and no witness needs any more; how many. */
export async function thinCheckpoints(tx: Tx): Promise<number> {
  const { rows } = await sql<{ n: string }>`select thin_ledger_checkpoints() as n`.execute(tx);
  return Number(rows[0]?.n ?? 0);
}

export async function witnessSizes(db: Db): Promise<Map<string, { size: string; at: Date }>> {
  const rows = await db.selectFrom('ledger_witness').selectAll().execute();
  return new Map(rows.map(({ key, size, at }) => [key, { size, at }]));
}

export async function saveWitness(db: Db, key: string, size: bigint, at: Date): Promise<void> {
  await db
    .insertInto('ledger_witness')
    .values({ key, size: String(size), at })
    .onConflict((on) => on.column('key').doUpdateSet({ size: String(size), at }))
    .execute();
}

/**
 * Destroys what opens the entries about a thing. Their places in the log stay. Acts that wait for their places are marked first: a
 * batch under way takes them off the queue with its commit, which this awaits, and then their entries are there.
 * @returns how many acts there were
 */
export async function eraseAbout(tx: Tx, object: { kind: string; id: string }): Promise<number> {
  const waiting = await sql`
    update ledger_pending p set erased = true from audit_event e
    where e.seq = p.event_seq and e.object_kind = ${object.kind} and e.object_id = ${object.id} and not p.erased`.execute(
    tx,
  );
  const { numUpdatedRows } = await tx
    .updateTable('ledger_entry')
    .set({ salt: null, statement: null })
    .where('object_kind', '=', object.kind)
    .where('object_id', '=', object.id)
    .where('statement', 'is not', null)
    .executeTakeFirst();
  return Number(numUpdatedRows) + Number(waiting.numAffectedRows ?? 0n);
}
