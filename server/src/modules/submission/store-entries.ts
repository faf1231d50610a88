import type { Label, ObjectStatus } from '@geneward/api';
import type { ArchiveRecord, ObjectType } from '@geneward/metadata';
import { sql, type RawBuilder } from 'kysely';
import type { Db, Tx } from '../../platform/db.ts';
import type { Content } from './content.ts';
import type { Known } from './placement.ts';
import { batches } from './store-object.ts';
import type { SubmissionRow } from './store.ts';

/** One object as a submission would have it, ready to be written. */
export interface Entry extends Content {
  readonly label: Label;
}

/** Key of what a submitter calls an object. */
export const nameKey = (type: ObjectType, alias: string): string => `${type}\u0000${alias}`;

/**
 * Finds the objects that records mean: by the submitter's alias, or by an accession that the record carries.
 * @returns by name key; a record whose alias is free but whose accession is known is found under its own name
 */
export async function knownObjects(
  db: Db,
  submitter: string,
  organisation: string,
  records: readonly Pick<ArchiveRecord, 'type' | 'alias' | 'accession'>[],
): Promise<Map<string, Known>> {
  const asked = records.map(({ type, alias, accession }) => ({ type, alias, accession: accession ?? null }));
  const { rows } = await sql<{
    asked_type: ObjectType;
    asked_alias: string;
    asked_accession: string | null;
    id: string;
    alias: string;
    accession: string | null;
    status: ObjectStatus;
    current_version: number | null;
    current_sha256: string | null;
    proposed_version: number | null;
    proposed_sha256: string | null;
    proposed_submission: string | null;
    proposed_sheet: string | null;
  }>`
    select a.type as asked_type, a.alias as asked_alias, a.accession as asked_accession, o.id, o.alias, o.accession,
           o.status, o.current_version, c.content_sha256 as current_sha256, p.version as proposed_version,
           p.content_sha256 as proposed_sha256, p.submission_id as proposed_submission, p.sheet as proposed_sheet
    from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as a(type text, alias text, accession text)
    join lateral (
      (select * from object b
       where b.submitter_id = ${submitter}::uuid and b.type = a.type and b.alias = a.alias
         and not (b.status = 'withdrawn' and b.accession is null) limit 1)
      union all
      (select * from object b
       where b.id = (select x.id from object x where x.accession = a.accession)
         and b.type = a.type and b.organisation_id = ${organisation}::uuid
         and (b.submitter_id, b.alias) is distinct from (${submitter}::uuid, a.alias) limit 1)
    ) o on true
    left join lateral (
      select * from object_version v where v.object_id = o.id and v.version = o.current_version limit 1) c on true
    left join lateral (
      select * from object_version v where v.object_id = o.id and v.version = coalesce(o.current_version, 0) + 1
      limit 1) p on true`.execute(db);
  const known = new Map<string, Known>();
  for (const row of rows) {
    const key = nameKey(row.asked_type, row.asked_alias);
    // When alias and accession mean two objects, the one with both names counts, then the one of the alias.
    const rank = (one: { alias: string; accession: string | null }) =>
      (one.alias === row.asked_alias ? 1 : 0) +
      (one.accession !== null && one.accession === row.asked_accession ? 1 : 0);
    const before = known.get(key);
    if (before && (rank(before) > rank(row) || (rank(before) === rank(row) && before.alias === row.asked_alias)))
      continue;
    known.set(key, {
      object: row.id,
      alias: row.alias,
      accession: row.accession,
      status: row.status,
      current:
        row.current_version === null || row.current_sha256 === null
          ? undefined
          : { version: row.current_version, sha256: row.current_sha256 },
      proposed:
        row.proposed_version === null || row.proposed_sha256 === null || row.proposed_submission === null
          ? undefined
          : {
              version: row.proposed_version,
              sha256: row.proposed_sha256,
              submission: row.proposed_submission,
              sheet: row.proposed_sheet,
            },
    });
  }
  return known;
}

/** Makes the objects of new entries. @returns their ids in the order given */
export async function insertObjects(tx: Tx, of: SubmissionRow, entries: readonly Entry[]): Promise<string[]> {
  if (entries.length === 0) return [];
  const rows = entries.map(({ record, label }) => ({ type: record.type, alias: record.alias, ...label }));
  const { rows: made } = await sql<{ id: string; type: ObjectType; alias: string }>`
    insert into object (type, alias, organisation_id, submitter_id, submission_id, status, manner, use_terms, release_on,
                        grade, categories, jurisdictions, created_at, updated_at)
    select e.type, e.alias, ${of.organisation_id}, ${of.submitter_id}, ${of.id}, ${of.status}, ${of.manner},
           ${of.use_terms}, ${of.release_on}, e.grade, e.categories, e.jurisdictions, ${of.updated_at}, ${of.updated_at}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as e(type text, alias text, grade smallint, categories text[], jurisdictions text[])
    returning id, type, alias`.execute(tx);
  const ids = new Map(made.map(({ id, type, alias }) => [nameKey(type, alias), id]));
  return entries.map(({ record }) => {
    const id = ids.get(nameKey(record.type, record.alias));
    if (id === undefined) throw new Error(`no object was made for ${record.type} ${record.alias}`);
    return id;
  });
}

/** A version to write: of which object, and what it says. */
export interface VersionEntry extends Entry {
  readonly object: string;
  readonly version: number;
}

/** Writes versions, in the place of those that the submission had, with their files. */
export async function writeVersions(
  tx: Tx,
  of: { submission: string; submitter: string; sheet: string | null; by: string; at: Date; reason: string },
  entries: readonly VersionEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  const { submission, submitter, sheet, by, at, reason } = of;
  const versions = entries.map(({ object, version, record, sha256, traits, label }) => ({
    object,
    version,
    place: record.place,
    title: record.title ?? null,
    checklist: record.checklist ?? null,
    attributes: record.attributes,
    units: record.units ?? {},
    refs: record.references,
    content: sha256,
    traits,
    ...label,
  }));
  await sql`
    insert into object_version (object_id, version, submission_id, sheet, place, title, checklist, attributes, units, refs,
                                content_sha256, traits_sha256, grade, categories, jurisdictions, created_at, created_by, reason)
    select e.object, e.version, ${submission}, ${sheet}::text, e.place, e.title, e.checklist, e.attributes, e.units, e.refs,
           e.content, e.traits, e.grade, e.categories, e.jurisdictions, ${at}, ${by}, ${reason}
    from jsonb_to_recordset(${JSON.stringify(versions)}::jsonb)
      as e(object uuid, version integer, place jsonb, title text, checklist text, attributes jsonb, units jsonb, refs jsonb,
           content text, traits text, grade smallint, categories text[], jurisdictions text[])
    on conflict (object_id, version) do update set
      sheet = coalesce(excluded.sheet, object_version.sheet), place = excluded.place, title = excluded.title,
      checklist = excluded.checklist, attributes = excluded.attributes, units = excluded.units, refs = excluded.refs,
      content_sha256 = excluded.content_sha256, traits_sha256 = excluded.traits_sha256, grade = excluded.grade,
      categories = excluded.categories, jurisdictions = excluded.jurisdictions, created_at = excluded.created_at,
      created_by = excluded.created_by`.execute(tx);
  await sql`
    delete from object_file f using jsonb_to_recordset(${keysOf(entries)}::jsonb) as e(object uuid, version integer)
    where f.object_id = e.object and f.version = e.version`.execute(tx);
  await insertFiles(tx, submitter, entries);
}

const keysOf = (entries: readonly VersionEntry[]): string =>
  JSON.stringify(entries.map(({ object, version }) => ({ object, version })));

async function insertFiles(tx: Tx, submitter: string, entries: readonly VersionEntry[]): Promise<void> {
  const files = entries.flatMap(({ object, version, record }) =>
    keepable(record).map((file, ordinal) => ({
      object,
      version,
      ordinal,
      name: file.name,
      format: file.format,
      md5: checksum(file.md5, 32),
      sha256: checksum(file.sha256, 64),
      unencrypted_md5: file.unencryptedMd5 ?? null,
      read_types: file.readTypes ?? [],
    })),
  );
  if (files.length === 0) return;
  await sql`
    insert into object_file (object_id, version, ordinal, submitter_id, name, format, md5, sha256, unencrypted_md5, read_types)
    select e.object, e.version, e.ordinal, ${submitter}, e.name, e.format, e.md5, e.sha256, e.unencrypted_md5, e.read_types
    from jsonb_to_recordset(${JSON.stringify(files)}::jsonb)
      as e(object uuid, version integer, ordinal smallint, name text, format text, md5 text, sha256 text, unencrypted_md5 text, read_types text[])`.execute(
    tx,
  );
}

/** Files that can be told apart; what is wrong with the others stands in the findings. */
function keepable({ files }: ArchiveRecord): ArchiveRecord['files'] {
  const seen = new Set<string>();
  return files.filter(({ name }) => {
    if (name === '' || name.length > 255 || seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}

function checksum(text: string | undefined, digits: number): string | null {
  const lower = text?.toLowerCase() ?? '';
  return lower.length === digits && /^[0-9a-f]+$/.test(lower) ? lower : null;
}

/** Gives entries that were edited singly to the sheet that now brings them, unchanged. */
export async function giveToSheet(
  tx: Tx,
  submission: string,
  objects: readonly string[],
  sheet: string,
): Promise<void> {
  if (objects.length === 0) return;
  await sql`update object_version set sheet = ${sheet} where submission_id = ${submission} and sheet is null
    and object_id = any(${[...objects]}::uuid[])`.execute(tx);
}

/** The objects that a sheet has brought so far, while it is read; `row` is where each first stood. */
export interface Seen {
  add(rows: readonly { object: string; row: number }[]): Promise<void>;
  find(objects: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Objects that the submission has from the sheet and that were not seen. */
  missing(submission: string, sheet: string): Promise<string[]>;
}

/** Remembers in memory: for sheets that are read while their sender waits. */
export function seenInMemory(tx: Tx): Seen {
  const rows = new Map<string, number>();
  return {
    add: async (more) => more.forEach(({ object, row }) => rows.set(object, row)),
    find: async (objects) => new Map(objects.flatMap((object) => entryOf(rows, object))),
    missing: (submission, sheet) =>
      entriesOfSheet(tx, submission, sheet, sql<boolean>`v.object_id <> all(${[...rows.keys()]}::uuid[])`),
  };
}

const entryOf = <K, V>(map: ReadonlyMap<K, V>, key: K): [K, V][] => {
  const value = map.get(key);
  return value === undefined ? [] : [[key, value]];
};

/** Remembers in the database, so that memory does not grow with the sheet. */
export async function seenInDatabase(tx: Tx): Promise<Seen> {
  await sql`create temporary table seen_in_sheet (object uuid primary key, line integer) on commit drop`.execute(tx);
  return {
    async add(rows) {
      if (rows.length === 0) return;
      await sql`insert into seen_in_sheet (object, line)
        select e.object, e.row from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as e(object uuid, row integer)
        on conflict do nothing`.execute(tx);
    },
    async find(objects) {
      if (objects.length === 0) return new Map();
      const { rows } = await sql<{ object: string; line: number }>`
        select object, line from seen_in_sheet where object = any(${[...objects]}::uuid[])`.execute(tx);
      return new Map(rows.map(({ object, line }) => [object, line]));
    },
    missing: (submission, sheet) =>
      entriesOfSheet(
        tx,
        submission,
        sheet,
        sql<boolean>`not exists (select from seen_in_sheet s where s.object = v.object_id)`,
      ),
  };
}

/** Objects that a submission has from a sheet, or those of them that a condition selects. */
export async function entriesOfSheet(
  db: Db,
  submission: string,
  sheet: string,
  which: RawBuilder<boolean> = sql`true`,
): Promise<string[]> {
  const { rows } = await sql<{ object_id: string }>`
    select v.object_id from object_version v
    where v.submission_id = ${submission} and v.sheet = ${sheet} and v.accepted_at is null and ${which}`.execute(db);
  return rows.map((row) => row.object_id);
}

/** Takes objects out of a submission; those that it would have brought are gone then. */
export async function removeObjects(tx: Tx, submission: string, objects: readonly string[]): Promise<void> {
  for (const some of batches(objects)) {
    await sql`delete from object_version
      where submission_id = ${submission} and accepted_at is null and object_id = any(${some}::uuid[])`.execute(tx);
    await sql`delete from object
      where id = any(${some}::uuid[]) and submission_id = ${submission} and current_version is null`.execute(tx);
  }
}

/** Files that proposed versions of a submission hold and the accepted versions of the same objects do not. */
export async function heldFiles(
  tx: Tx,
  submission: string,
  objects: readonly string[] | 'all',
): Promise<Map<string, string[]>> {
  const which = objects === 'all' ? sql<boolean>`true` : sql<boolean>`v.object_id = any(${[...objects]}::uuid[])`;
  const { rows } = await sql<{ object_id: string; files: string[] }>`
    select f.object_id, array_agg(f.file_id) as files
    from object_version v join object_file f on f.object_id = v.object_id and f.version = v.version
    where v.submission_id = ${submission} and v.accepted_at is null and f.file_id is not null and ${which}
      and not exists (select from object_file a join object o on o.id = a.object_id and o.current_version = a.version
                      where a.object_id = f.object_id and a.file_id = f.file_id)
    group by f.object_id`.execute(tx);
  return new Map(rows.map(({ object_id, files }) => [object_id, files]));
}
