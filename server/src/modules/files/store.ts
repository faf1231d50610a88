import { sql, type RawBuilder, type Selectable, type SqlBool } from 'kysely';
import type { FileState } from '@geneward/api';
import type { Db, Tx } from '../../platform/db.ts';
import type { FileTable, KeptState } from './tables.ts';

/** Whose inbox. */
export interface Owner {
  readonly organisation: string;
  readonly person: string;
}

/** What holds a file: an object or a submission of a module above. */
export interface Claim {
  readonly kind: string;
  readonly id: string;
}

type Stored = Omit<Selectable<FileTable>, 'names'>;
/** A file with what is known of its bytes. */
export interface FileRow extends Stored {
  readonly size: string | null;
  readonly md5: string | null;
  readonly blob_key: string | null;
  readonly lost_at: Date | null;
}

/** What is read of files; names of reads stay where they are, they are large. */
export const fileColumns = [
  'file.id',
  'file.name',
  'file.organisation_id',
  'file.person_id',
  'file.state',
  'file.key',
  'file.received',
  'file.sha256',
  'file.kind',
  'file.report',
  'file.grade',
  'file.categories',
  'file.jurisdictions',
  'file.claim_kind',
  'file.claim_id',
  'file.standing',
  'file.uploaded_at',
  'file.heard_at',
  'file.expires_at',
  'file.warned_at',
] as const;

/** Base of every reading of files. */
function selectFiles(db: Db) {
  return db
    .selectFrom('file')
    .leftJoin('blob', 'blob.sha256', 'file.sha256')
    .select([...fileColumns, 'blob.size', 'blob.md5', 'blob.key as blob_key', 'blob.lost_at']);
}

const inInbox = ['checking', 'stored', 'faulty'] as const;

/** Files of an inbox with this name or these bytes, locked: what an upload that ends meets. */
export function lockInbox(tx: Tx, owner: Owner, name: string, sha256: string): Promise<FileRow[]> {
  return selectFiles(tx)
    .where('file.organisation_id', '=', owner.organisation)
    .where('file.person_id', '=', owner.person)
    .where('file.state', 'in', inInbox)
    .where((eb) => eb.or([eb('file.name', '=', name), eb('file.sha256', '=', sha256)]))
    .orderBy('file.id', 'desc')
    .forUpdate('file')
    .execute();
}

export function fileById(db: Db, id: string): Promise<FileRow | undefined> {
  return selectFiles(db).where('file.id', '=', id).executeTakeFirst();
}

export function lockFile(tx: Tx, id: string): Promise<FileRow | undefined> {
  return selectFiles(tx).where('file.id', '=', id).forUpdate('file').executeTakeFirst();
}

/** A page of the files that a scope selects, newest first. */
export function listFiles(
  db: Db,
  filter: {
    scope: RawBuilder<SqlBool>;
    limit: number;
    after?: string;
    person?: string;
    state?: FileState;
    name?: string;
    sha256?: string;
  },
): Promise<FileRow[]> {
  const { scope, limit, after, person, state, name, sha256 } = filter;
  let query = selectFiles(db).where(scope);
  if (after !== undefined) query = query.where('file.id', '<', after);
  if (person !== undefined) query = query.where('file.person_id', '=', person);
  if (name !== undefined) query = query.where('file.name', '=', name);
  if (sha256 !== undefined) query = query.where('file.sha256', '=', sha256);
  if (state === 'missing') query = query.where('blob.lost_at', 'is not', null);
  else if (state !== undefined) query = query.where('file.standing', '=', state);
  return query.orderBy('file.id', 'desc').limit(limit).execute();
}

/** A file that something declares, and where it may be. */
export interface Wanted {
  readonly name: string;
  readonly md5: string | null;
  readonly sha256: string | null;
  /** Whose inboxes it may have come to; the first counts before the others. */
  readonly people: readonly string[];
  /** What declares it. */
  readonly claim: Claim;
  /** The file that it was found to be before. */
  readonly linked: string | null;
}

/**
 * The file for each of those wanted, by position: one that its claimant holds already, else the newest that nothing holds. Other
 * bytes than declared come after bytes as declared, and what another claimant holds comes last.
 */
export async function filesWanted(
  db: Db,
  organisation: string,
  wanted: readonly Wanted[],
): Promise<(FileRow | undefined)[]> {
  if (wanted.length === 0) return [];
  const asked = wanted.map(({ claim, ...one }, nth) => ({ ...one, nth, claim_kind: claim.kind, claim_id: claim.id }));
  const { rows } = await sql<{ nth: number; id: string }>`
    select w.nth, f.id
    from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as w(nth int, name text, md5 text, sha256 text,
      people uuid[], claim_kind text, claim_id text, linked uuid)
    cross join lateral (
      select c.id from (
        select * from file h where h.claim_kind = w.claim_kind and h.claim_id = w.claim_id and h.name = w.name
        union
        select * from file i where i.organisation_id = ${organisation} and i.person_id = any(w.people) and i.name = w.name) c
      left join blob b on b.sha256 = c.sha256
      where c.state <> 'expired'
      order by c.claim_id is not null and (c.claim_kind, c.claim_id) is distinct from (w.claim_kind, w.claim_id),
        coalesce(b.md5 <> w.md5, false) or coalesce(b.sha256 <> w.sha256, false),
        c.id is not distinct from w.linked desc, c.claim_id is not null desc, c.person_id = w.people[1] desc, c.id desc
      limit 1) f`.execute(db);
  const files = await filesById(db, [...new Set(rows.map(({ id }) => id))]);
  const byId = new Map(files.map((file) => [file.id, file]));
  const found = new Map(rows.map(({ nth, id }) => [nth, byId.get(id)]));
  return wanted.map((_, nth) => found.get(nth));
}

/** Names of other files of the same inbox with the same bytes, by file. */
export async function twinsOf(db: Db, files: readonly FileRow[]): Promise<Map<string, string[]>> {
  const twins = new Map<string, string[]>(files.map((file) => [file.id, []]));
  if (files.length === 0) return twins;
  const rows = await db
    .selectFrom('file')
    .innerJoin('file as twin', (on) =>
      on
        .onRef('twin.sha256', '=', 'file.sha256')
        .onRef('twin.person_id', '=', 'file.person_id')
        .onRef('twin.organisation_id', '=', 'file.organisation_id')
        .onRef('twin.name', '!=', 'file.name'),
    )
    .select(['file.id', 'twin.name'])
    .distinct()
    .where('file.id', 'in', [...twins.keys()])
    .where('twin.state', 'in', inInbox)
    .orderBy('twin.name')
    .execute();
  for (const { id, name } of rows) twins.get(id)?.push(name);
  return twins;
}

export async function setName(tx: Tx, id: string, name: string): Promise<void> {
  await tx.updateTable('file').set({ name }).where('id', '=', id).execute();
}

export async function removeFile(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('file').where('id', '=', id).execute();
}

/** The result of a check that was made after the upload. */
export async function setChecked(
  tx: Tx,
  id: string,
  result: { state: KeptState; kind: string; report: string; names: Buffer | null },
): Promise<void> {
  await tx.updateTable('file').set(result).where('id', '=', id).where('state', '!=', 'expired').execute();
}

export async function namesOf(db: Db, ids: readonly string[]): Promise<Map<string, Buffer | null>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('file')
    .select(['id', 'names'])
    .where('id', 'in', [...ids])
    .execute();
  return new Map(rows.map((row) => [row.id, row.names]));
}

/** Gives files to a claimant; only those that are checked, faultless and free. */
export async function setClaim(
  tx: Tx,
  ids: readonly string[],
  claim: Claim,
  label: { grade: number; categories: readonly string[]; jurisdictions: readonly string[] },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update file set claim_kind = ${claim.kind}, claim_id = ${claim.id}, expires_at = null, names = null,
      grade = greatest(grade, ${label.grade}),
      categories = (select coalesce(array_agg(distinct c order by c), '{}') from unnest(categories || ${[...label.categories]}::text[]) c),
      jurisdictions = (select coalesce(array_agg(distinct j order by j), '{}') from unnest(jurisdictions || ${[...label.jurisdictions]}::text[]) j)
    where id = any(${[...ids]}::uuid[])
      and ((claim_kind is null and state = 'stored') or (claim_kind = ${claim.kind} and claim_id = ${claim.id}))
    returning id`.execute(tx);
  return rows.map((row) => row.id);
}

/** Gives files back to their inbox, from where they expire like any other. */
export async function dropClaim(
  tx: Tx,
  claim: Claim,
  ids: readonly string[] | 'all',
  expires: Date,
): Promise<string[]> {
  let query = tx
    .updateTable('file')
    .set({ claim_kind: null, claim_id: null, expires_at: expires, warned_at: null })
    .where('claim_kind', '=', claim.kind)
    .where('claim_id', '=', claim.id);
  if (ids !== 'all') query = query.where('id', '=', sql<string>`any(${[...ids]}::uuid[])`);
  return (await query.returning('id').execute()).map((row) => row.id);
}

export function filesById(db: Db, ids: readonly string[]): Promise<FileRow[]> {
  return selectFiles(db)
    .where('file.id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .orderBy('file.name')
    .execute();
}

/** Bytes of files, by id, for those that have come. */
export async function fileSizes(db: Db, ids: readonly string[]): Promise<Map<string, bigint>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('file')
    .innerJoin('blob', 'blob.sha256', 'file.sha256')
    .select(['file.id', 'blob.size'])
    .where('file.id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .execute();
  return new Map(rows.map(({ id, size }) => [id, BigInt(size)]));
}

/** Files of an inbox that nothing holds, by name. */
export function unclaimedFiles(db: Db, owner: Owner, limit: number): Promise<FileRow[]> {
  return selectFiles(db)
    .where('file.organisation_id', '=', owner.organisation)
    .where('file.person_id', '=', owner.person)
    .where('file.standing', 'in', inInbox)
    .orderBy('file.name')
    .limit(limit)
    .execute();
}
