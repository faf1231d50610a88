import type { ObjectStatus } from '@geneward/api';
import type { ObjectType, Place, Relation } from '@geneward/metadata';
import { sql, type RawBuilder } from 'kysely';
import type { Db, Tx } from '../../platform/db.ts';
import type { SubmissionRow } from './store.ts';

/** Findings of one kind that a check gathers at most; a submission with more has said enough. */
const most = 10_000;

/** A reference of a submission and the object that it means, if any. */
export interface ResolvedReference {
  readonly from_id: string;
  readonly type: ObjectType;
  readonly alias: string;
  readonly place: Place;
  readonly relation: Relation;
  readonly target_type: ObjectType;
  readonly target: string;
  readonly to_id: string | null;
  readonly to_type: ObjectType | null;
  readonly to_status: ObjectStatus | null;
  readonly own: boolean;
  /** Whether anybody may read it. */
  readonly published: boolean;
  /** Whether it says that it is an umbrella project. */
  readonly umbrella: boolean | null;
}

/** References as rows: an accession means that object, anything else an object by its alias, of the same submitter as the object that refers. */
const references = ({ id, organisation_id }: SubmissionRow) => sql`
  select v.object_id as from_id, o.type, o.alias, v.place, r.relation, r.type as target_type, r.target,
         t.id as to_id, t.type as to_type, t.status as to_status,
         coalesce(t.organisation_id = ${organisation_id}, false) as own,
         coalesce(t.status in ('released', 'suppressed') and t.manner <> 'private', false) as published,
         (select lower(u.attributes ->> 'umbrella') = 'yes' from object_version u
          where u.object_id = t.id and (u.submission_id = ${id} or u.version = t.current_version)
          order by u.version desc limit 1) as umbrella
  from object_version v
  join object o on o.id = v.object_id
  cross join lateral jsonb_to_recordset(v.refs) as r(relation text, type text, target text)
  left join lateral (
    select a.* from object a where a.accession = r.target
    union all
    select b.* from object b
    where b.submitter_id = o.submitter_id and b.type = r.type and b.alias = r.target
      and not (b.status = 'withdrawn' and b.accession is null)
    limit 1) t on true
  where v.submission_id = ${id}`;

/** References that something may be wrong with. */
export async function doubtfulReferences(db: Db, row: SubmissionRow): Promise<ResolvedReference[]> {
  const { rows } = await sql<ResolvedReference>`
    select * from (${references(row)}) r
    where relation <> 'cites' and (to_id is null or to_type <> target_type or not own
          or to_status in ('withdrawn', 'destroyed') or (relation = 'part_of' and target_type = 'project'
             and umbrella is distinct from (type = 'project')))
    limit ${most}`.execute(db);
  return rows;
}

/** An edge that a submission asks for. */
export interface AskedEdge {
  readonly from: string;
  readonly to: string;
}

/**
 * Edges among which a circle could close: those of the submission and of everything that they lead to. Empty when every
 * reference leads to a type that comes before its own, as then there can be none.
 */
export async function edgesToFollow(db: Db, row: SubmissionRow, order: readonly ObjectType[]): Promise<AskedEdge[]> {
  const rank = (column: string): RawBuilder<number> => sql`array_position(${[...order]}::text[], ${sql.ref(column)})`;
  const { rows: back } = await sql`
    select from (${references(row)}) r
    where relation <> 'cites' and to_id is not null and ${rank('r.to_type')} >= ${rank('r.type')} limit 1`.execute(db);
  if (back.length === 0) return [];
  // What a revision says takes the place of what its object said before; only what it replaced stays.
  const stays = sql`e.ended_at is null and e.relation <> 'cites' and e.to_id is not null and (e.relation = 'replaces'
    or not exists (select from object_version v where v.object_id = e.from_id and v.submission_id = ${row.id}))`;
  const { rows } = await sql<AskedEdge>`
    with recursive asked as materialized (
      select from_id, to_id from (${references(row)}) r where relation <> 'cites' and to_id is not null),
    beyond(from_id, to_id) as (
      select e.from_id, e.to_id from edge e join asked a on a.to_id = e.from_id
        where ${stays}
      union
      select e.from_id, e.to_id from edge e join beyond b on b.to_id = e.from_id
        where ${stays})
    select from_id as "from", to_id as "to" from asked union select from_id, to_id from beyond`.execute(db);
  return rows;
}

/** Names of objects, to tell a circle by. */
export async function aliasesOf(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .selectFrom('object')
    .select(['id', 'alias'])
    .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .execute();
  return new Map(rows.map(({ id, alias }) => [id, alias]));
}

/** Where an entry stands. */
export interface Standing {
  readonly alias: string;
  readonly place: Place;
}

/** Samples that nothing but their names tells from an earlier one. */
export async function indistinctSamples(db: Db, submission: string): Promise<(Standing & { other: string })[]> {
  const { rows } = await sql<Standing & { other: string }>`
    select alias, place, other from (
      select o.alias, v.place, first_value(o.alias) over w as other, row_number() over w as nth
      from object_version v join object o on o.id = v.object_id
      where v.submission_id = ${submission} and o.type = 'sample'
      window w as (partition by v.traits_sha256 order by o.id)) s
    where nth > 1 limit ${most}`.execute(db);
  return rows;
}

/** File names, whatever their case, and checksums that two entries declare. */
export async function repeatedFiles(
  db: Db,
  submission: string,
  by: 'name' | 'md5' | 'sha256',
): Promise<(Standing & { name: string; value: string; first_alias: string; first_name: string })[]> {
  const key = by === 'name' ? sql`lower(f.name)` : sql.ref(`f.${by}`);
  const { rows } = await sql<Standing & { name: string; value: string; first_alias: string; first_name: string }>`
    select alias, place, name, value, first_alias, first_name from (
      select o.alias, v.place, f.name, ${key} as value, row_number() over w as nth,
             first_value(o.alias) over w as first_alias, first_value(f.name) over w as first_name
      from object_version v
      join object o on o.id = v.object_id
      join object_file f on f.object_id = v.object_id and f.version = v.version
      where v.submission_id = ${submission} and ${key} is not null
      window w as (partition by ${key} order by f.object_id, f.ordinal)) s
    where nth > 1 and (${by === 'name'} or first_name <> name) limit ${most}`.execute(db);
  return rows;
}

/** Runs with a single FASTQ file whose library says PAIRED. */
export async function unpairedRuns(db: Db, row: SubmissionRow): Promise<Standing[]> {
  const { rows } = await sql<Standing>`
    select distinct on (r.from_id) r.alias, r.place from (${references(row)}) r
    join object_version mine on mine.object_id = r.from_id and mine.submission_id = ${row.id}
    join lateral (
      select x.attributes from object_version x join object xo on xo.id = x.object_id
      where x.object_id = r.to_id and (x.submission_id = ${row.id} or x.version = xo.current_version)
      order by x.version desc limit 1) library on true
    where r.type = 'run' and r.relation = 'part_of' and r.target_type = 'experiment'
      and upper(library.attributes ->> 'library_layout') like 'PAIRED%'
      and (select count(*) = 1 and bool_and(lower(f.format) = 'fastq') from object_file f
           where f.object_id = mine.object_id and f.version = mine.version)
    limit ${most}`.execute(db);
  return rows;
}

/** A file that an entry declares. */
export interface FileOfEntry extends Standing {
  readonly object_id: string;
  readonly version: number;
  readonly ordinal: number;
  readonly type: ObjectType;
  readonly name: string;
  readonly format: string;
  readonly md5: string | null;
  readonly sha256: string | null;
  readonly unencrypted_md5: string | null;
  readonly read_types: string[];
  /** The file that it has become. */
  readonly file_id: string | null;
  /** Who brought the object in. */
  readonly owner: string;
}

/** Declared files after a given one, in the order of their objects. */
export async function declaredFiles(
  db: Db,
  submission: string,
  after: { object: string; ordinal: number } | undefined,
  limit: number,
): Promise<FileOfEntry[]> {
  const from = after
    ? sql<boolean>`(f.object_id, f.ordinal) > (${after.object}::uuid, ${after.ordinal}::smallint)`
    : sql`true`;
  const { rows } = await sql<FileOfEntry>`
    select f.object_id, f.version, f.ordinal, o.type, o.alias, v.place, f.name, f.format, f.md5, f.sha256,
           f.unencrypted_md5, f.read_types, f.file_id, o.submitter_id as owner
    from object_version v
    join object o on o.id = v.object_id
    join object_file f on f.object_id = v.object_id and f.version = v.version
    where v.submission_id = ${submission} and ${from}
    order by f.object_id, f.ordinal limit ${limit}`.execute(db);
  return rows;
}

/** Names of files that some open submission of a person declares, of those given. */
export async function declaredNames(db: Db, submitter: string, names: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ name: string }>`
    select distinct f.name from object_file f
    where f.submitter_id = ${submitter} and f.name = any(${[...names]}::text[])`.execute(db);
  return new Set(rows.map((row) => row.name));
}

/** Open submissions of a person that name a file, with how many objects do. */
export async function awaiting(
  db: Db,
  submitter: string,
  name: string,
): Promise<{ submission_id: string; objects: number }[]> {
  const { rows } = await sql<{ submission_id: string; objects: number }>`
    select v.submission_id, count(*)::int as objects
    from object_file f
    join object_version v on v.object_id = f.object_id and v.version = f.version
    join submission s on s.id = v.submission_id and s.status in ('draft', 'returned')
    where f.submitter_id = ${submitter} and f.name = ${name}
    group by v.submission_id`.execute(db);
  return rows;
}

/** Notes which file a declared one has become. */
export async function linkFiles(
  tx: Tx,
  links: readonly { object: string; version: number; ordinal: number; file: string }[],
): Promise<void> {
  if (links.length === 0) return;
  await sql`
    update object_file f set file_id = l.file
    from jsonb_to_recordset(${JSON.stringify(links)}::jsonb) as l(object uuid, version integer, ordinal smallint, file uuid)
    where f.object_id = l.object and f.version = l.version and f.ordinal = l.ordinal`.execute(tx);
}

/** Deepest chain of objects along which labels pass on. */
const deepest = 20;

/**
 * Raises the label of every entry to that of what it stands on, and of the submission to that of its entries: what is derived is
 * never below its inputs. A label that stands already is not lowered here.
 */
export async function raiseLabels(tx: Tx, row: SubmissionRow): Promise<void> {
  await raise(
    tx,
    sql`select v.object_id as id, v.grade, v.categories, v.jurisdictions from object_version v where v.submission_id = ${row.id}`,
  );
  for (let pass = 0; pass < deepest; pass += 1) {
    const raised = await raise(
      tx,
      sql`select r.from_id as id, t.grade, t.categories, t.jurisdictions
          from (${references(row)}) r join object t on t.id = r.to_id
          where r.relation in ('part_of', 'derived_from') and r.type <> r.target_type or r.relation = 'derived_from'`,
    );
    if (raised === 0) break;
  }
  await sql`
    update submission s set grade = l.grade, categories = l.categories, jurisdictions = l.jurisdictions
    from (select coalesce(max(o.grade), 1) as grade,
            coalesce(array_agg(distinct c) filter (where c is not null), '{}') as categories,
            coalesce(array_agg(distinct j) filter (where j is not null), '{}') as jurisdictions
          from object_version v join object o on o.id = v.object_id
          left join unnest(o.categories) c on true left join unnest(o.jurisdictions) j on true
          where v.submission_id = ${row.id}) l
    where s.id = ${row.id}`.execute(tx);
}

/** @param inputs rows of (id, grade, categories, jurisdictions): what each object is to be joined with */
async function raise(tx: Tx, inputs: RawBuilder<unknown>): Promise<number> {
  const { numAffectedRows } = await sql`
    with input as (
      select i.id, max(i.grade) as grade,
        coalesce(array_agg(distinct c) filter (where c is not null), '{}') as categories,
        coalesce(array_agg(distinct j) filter (where j is not null), '{}') as jurisdictions
      from (${inputs}) i left join unnest(i.categories) c on true left join unnest(i.jurisdictions) j on true
      where i.grade > 1 or cardinality(i.categories) > 0 or cardinality(i.jurisdictions) > 0
      group by i.id)
    update object o set
      grade = greatest(o.grade, n.grade),
      categories = (select coalesce(array_agg(distinct c order by c), '{}') from unnest(o.categories || n.categories) c),
      jurisdictions = (select coalesce(array_agg(distinct j order by j), '{}') from unnest(o.jurisdictions || n.jurisdictions) j)
    from input n
    where o.id = n.id and not (o.grade >= n.grade and o.categories @> n.categories and o.jurisdictions @> n.jurisdictions)`.execute(
    tx,
  );
  return Number(numAffectedRows ?? 0);
}
