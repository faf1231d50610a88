import type { ObjectContent, ObjectStatus, SubmissionStatus } from '@geneward/api';
import { sql, type RawBuilder, type Selectable } from 'kysely';
import type { Db } from '../../platform/db.ts';
import type { ObjectFileTable, ObjectTable, ObjectVersionTable } from './tables.ts';

export type ObjectRow = Selectable<ObjectTable>;
export type VersionRow = Selectable<ObjectVersionTable>;
export type FileRow = Selectable<ObjectFileTable>;

/** How many objects one statement, or one call of a port, handles. */
export const batchSize = 1000;

/** Cuts a list into pieces that one statement can take. */
export function* batches<T>(items: readonly T[], size = batchSize): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/** An object by its id or its accession. */
export async function objectByName(db: Db, name: string): Promise<ObjectRow | undefined> {
  const column = isUuid(name) ? 'id' : 'accession';
  return db.selectFrom('object').selectAll().where(column, '=', name).executeTakeFirst();
}

/** Locks objects in one order for all transactions, so that two of them never wait for each other. */
export async function lockObjects(db: Db, ids: readonly string[]): Promise<ObjectRow[]> {
  const { rows } =
    await sql<ObjectRow>`select * from object where id = any(${ids}::uuid[]) order by id for update`.execute(db);
  return rows;
}

/**
 * Edges by which one object cannot be understood without another: an experiment without its sample, a run without its
 * experiment. A project is understood without its umbrella.
 */
const standsOn = sql<boolean>`e.ended_at is null and e.relation in ('part_of', 'derived_from')`;
const notUmbrella = sql<boolean>`not exists (select from object f, object t
  where f.id = e.from_id and t.id = e.to_id and f.type = 'project' and t.type = 'project')`;

/** Locks the given objects and all that they stand on, however far. */
export async function lockNeeded(db: Db, ids: readonly string[]): Promise<ObjectRow[]> {
  const { rows } = await sql<ObjectRow>`
    with recursive need(id) as (
      select unnest(${ids}::uuid[])
      union
      select e.to_id from need join edge e on e.from_id = need.id
      where e.to_id is not null and ${standsOn} and ${notUmbrella}
    )
    select object.* from object where id in (select id from need) order by id for update`.execute(db);
  return rows;
}

/** Ids of the given objects and of all that stand on them, however far; sub-projects stand on an umbrella if asked. */
export async function idsAbove(
  db: Db,
  ids: readonly string[],
  umbrella: 'with_projects' | 'without',
): Promise<string[]> {
  const edges: RawBuilder<boolean> = umbrella === 'without' ? sql`${standsOn} and ${notUmbrella}` : standsOn;
  const { rows } = await sql<{ id: string }>`
    with recursive above(id) as (
      select unnest(${ids}::uuid[])
      union
      select e.from_id from above join edge e on e.to_id = above.id where ${edges}
    )
    select id from above`.execute(db);
  return rows.map((row) => row.id);
}

/** One version of an object. */
export async function versionOf(db: Db, object: string, version: number): Promise<VersionRow | undefined> {
  return db
    .selectFrom('object_version')
    .selectAll()
    .where('object_id', '=', object)
    .where('version', '=', version)
    .executeTakeFirst();
}

/** Files that a version declares, in their order. */
export async function filesOf(db: Db, object: string, version: number): Promise<FileRow[]> {
  return db
    .selectFrom('object_file')
    .selectAll()
    .where('object_id', '=', object)
    .where('version', '=', version)
    .orderBy('ordinal')
    .execute();
}

/** How far a file of an object has come: accepted with a version, else where the submission stands that proposes it. */
export async function standingOfFile(db: Db, object: string, file: string): Promise<SubmissionStatus> {
  const row = await db
    .selectFrom('object_file as f')
    .innerJoin('object_version as v', (on) =>
      on.onRef('v.object_id', '=', 'f.object_id').onRef('v.version', '=', 'f.version'),
    )
    .innerJoin('submission as s', 's.id', 'v.submission_id')
    .select(['v.accepted_at', 's.status'])
    .where('f.object_id', '=', object)
    .where('f.file_id', '=', file)
    .orderBy('v.version')
    .executeTakeFirst();
  if (!row) return 'draft';
  return row.accepted_at === null ? row.status : 'accepted';
}

/** A version as the contract shows it, with references as the submitter wrote them. */
export function plainContent(version: VersionRow, files: readonly FileRow[]): ObjectContent {
  return {
    ...(version.title !== null && { title: version.title }),
    ...(version.checklist !== null && { checklist: version.checklist }),
    attributes: version.attributes,
    units: version.units,
    references: version.refs,
    files: files.map((file) => ({
      name: file.name,
      format: file.format,
      ...(file.md5 !== null && { md5: file.md5 }),
      ...(file.sha256 !== null && { sha256: file.sha256 }),
      ...(file.unencrypted_md5 !== null && { unencryptedMd5: file.unencrypted_md5 }),
      ...(file.read_types.length > 0 && { readTypes: file.read_types }),
      ...(file.file_id !== null && { id: file.file_id }),
    })),
  };
}

export const noContent: ObjectContent = { attributes: {}, units: {}, references: [], files: [] };

/** What many objects say, each in one version, by the object's id. */
export async function contentsAt(
  db: Db,
  objects: readonly { readonly id: string; readonly version: number }[],
): Promise<Map<string, ObjectContent>> {
  const wanted = JSON.stringify(objects.map(({ id, version }) => ({ id, version })));
  const asked = sql`jsonb_to_recordset(${wanted}::jsonb) as w(id uuid, version int)`;
  const versions = await sql<VersionRow>`
    select v.* from ${asked} join object_version v on v.object_id = w.id and v.version = w.version`.execute(db);
  const files = await sql<FileRow>`
    select f.* from ${asked} join object_file f on f.object_id = w.id and f.version = w.version
    order by f.ordinal`.execute(db);
  const filesBy = Map.groupBy(files.rows, (file) => file.object_id);
  return new Map(versions.rows.map((row) => [row.object_id, plainContent(row, filesBy.get(row.object_id) ?? [])]));
}

/** Brings objects to a state; the first release is remembered. */
export async function setStatus(db: Db, ids: readonly string[], to: ObjectStatus, at: Date): Promise<void> {
  await sql`
    update object set status = ${to}, etag = etag + 1, updated_at = ${at},
      released_at = case when ${to} = 'released' then coalesce(released_at, ${at}) else released_at end
    where id = any(${ids}::uuid[])`.execute(db);
}

/** Adds a moment to the history of objects; `rows` are as they were before. */
export async function addMoments(
  db: Db,
  rows: readonly Pick<ObjectRow, 'id' | 'status'>[],
  { at, by, act, to, reason }: { at: Date; by: string | null; act: string; to: ObjectStatus; reason: string },
): Promise<void> {
  await sql`
    insert into object_moment (object_id, at, by_id, act, from_status, to_status, reason)
    select id, ${at}, ${by}::uuid, ${act}, status, ${to}, ${reason}
    from unnest(${rows.map((row) => row.id)}::uuid[], ${rows.map((row) => row.status)}::text[]) as before(id, status)`.execute(
    db,
  );
}

/** Sets the release day of held objects. */
export async function setDay(db: Db, ids: readonly string[], day: string, at: Date): Promise<void> {
  await sql`update object set release_on = ${day}::date, etag = etag + 1, updated_at = ${at}
            where id = any(${ids}::uuid[]) and status = 'held'`.execute(db);
}

/** Those of the given objects that an organisation holds and may release. */
export async function heldAmong(db: Db, organisation: string, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from object where id = any(${ids}::uuid[]) and organisation_id = ${organisation}
      and status = 'held' and manner <> 'private' order by id`.execute(db);
  return rows.map((row) => row.id);
}

/** Organisations that hold something whose day has come. */
export async function organisationsDue(db: Db, today: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct organisation_id as id from object
    where status = 'held' and release_on <= ${today}::date and manner <> 'private' order by 1`.execute(db);
  return rows.map((row) => row.id);
}

/** The next objects of an organisation whose day has come, in the order of their ids. */
export async function dueForRelease(
  db: Db,
  organisation: string,
  today: string,
  after = '00000000-0000-0000-0000-000000000000',
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from object
    where status = 'held' and release_on <= ${today}::date and manner <> 'private'
      and organisation_id = ${organisation} and id > ${after}::uuid
    order by id limit ${batchSize}`.execute(db);
  return rows.map((row) => row.id);
}

/** What will be released within a span of days and has not been told of: by submission and day. */
export async function dueForReminder(db: Db, from: string, to: string): Promise<{ submission: string; day: string }[]> {
  const { rows } = await sql<{ submission: string; day: string }>`
    select distinct o.submission_id as submission, o.release_on as day from object o
    where o.status = 'held' and o.manner <> 'private' and o.release_on between ${from}::date and ${to}::date
      and not exists (select from release_notice n
                      where n.object_id = o.id and n.kind = 'release_soon' and n.for_day = o.release_on)
    order by 2, 1`.execute(db);
  return rows;
}

/** Notes that owners are told of their objects' day. Gives those of which they had not been told. */
export async function noticeOnce(
  db: Db,
  kind: 'release_soon' | 'release_blocked',
  ids: readonly string[],
  at: Date,
): Promise<string[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<{ object_id: string }>`
    insert into release_notice (object_id, kind, for_day, at)
    select id, ${kind}, release_on, ${at} from object where id = any(${ids}::uuid[]) and release_on is not null
    on conflict do nothing returning object_id`.execute(db);
  return rows.map((row) => row.object_id);
}

/** Gives files that a new version names as the accepted one does the bytes that have come already. */
export async function keepFiles(db: Db, object: string, accepted: number, version: number): Promise<void> {
  await sql`
    update object_file f set file_id = old.file_id from object_file old
    where f.object_id = ${object} and f.version = ${version} and f.file_id is null
      and old.object_id = f.object_id and old.version = ${accepted} and old.name = f.name
      and coalesce(f.md5, old.md5) is not distinct from old.md5
      and coalesce(f.sha256, old.sha256) is not distinct from old.sha256`.execute(db);
}
