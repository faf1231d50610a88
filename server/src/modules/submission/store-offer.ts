import type { AccessManner, ObjectStatus } from '@geneward/api';
import type { ObjectType } from '@geneward/metadata';
import { sql } from 'kysely';
import type { Db } from '../../platform/db.ts';

type Attributes = Readonly<Record<string, string | readonly string[]>>;

/** An object as a catalogue needs it: its accepted version, or the newest when none is accepted. */
export interface OfferedRow {
  readonly id: string;
  readonly type: ObjectType;
  readonly accession: string | null;
  readonly alias: string;
  readonly organisation_id: string;
  readonly submitter_id: string;
  readonly status: ObjectStatus;
  readonly manner: AccessManner;
  readonly grade: number;
  readonly categories: string[];
  readonly jurisdictions: string[];
  readonly released_at: Date | null;
  readonly updated_at: Date;
  readonly title: string | null;
  readonly attributes: Attributes;
  readonly files: readonly {
    name: string;
    md5: string | null;
    sha256: string | null;
    file_id: string | null;
  }[];
}

/** Objects with their content, for a catalogue; those that are gone are missing. */
export async function offeredObjects(db: Db, ids: readonly string[]): Promise<OfferedRow[]> {
  const { rows } = await sql<OfferedRow>`
    select o.id, o.type, o.accession, o.alias, o.organisation_id, o.submitter_id, o.status, o.manner, o.grade, o.categories,
      o.jurisdictions, o.released_at, o.updated_at, v.title, v.attributes,
      coalesce((select jsonb_agg(jsonb_build_object('name', f.name, 'md5', f.md5, 'sha256', f.sha256, 'file_id', f.file_id)
          order by f.ordinal)
        from object_file f where f.object_id = o.id and f.version = v.version), '[]') as files
    from object o
    join lateral (
      select * from object_version where object_id = o.id and version = coalesce(o.current_version, version)
      order by version desc limit 1) v on true
    where o.id = any(${[...ids]}::uuid[])`.execute(db);
  return rows;
}

const open = (table: string) =>
  sql<boolean>`(${sql.ref(`${table}.status`)} = 'released' and ${sql.ref(`${table}.manner`)} <> 'private')`;

/** Types from which others take organism, place and method; nearest first by distance. */
const passingOn = ['sample', 'experiment'];

/**
 * Attributes of the samples and experiments that each object stands on, nearest first: the organism of a run is that of its
 * sample. What anybody may find takes nothing from what is not as open. More than eight samples add nothing to filter by.
 */
export async function attributesBelow(db: Db, ids: readonly string[]): Promise<Map<string, Attributes[]>> {
  const { rows } = await sql<{ id: string; attributes: Attributes[] }>`
    with recursive below(id, at, distance) as (
      select id, id, 0 from unnest(${[...ids]}::uuid[]) as id
      union
      select below.id, e.to_id, below.distance + 1 from below
        join edge e on e.from_id = below.at and e.ended_at is null and e.relation in ('part_of', 'derived_from')
      where e.to_id is not null and below.distance < 4)
    select ids.id, array(
      select v.attributes from below b
        join object o on o.id = b.at and o.type = any(${passingOn})
        join object_version v on v.object_id = o.id and v.version = o.current_version
      where b.id = ids.id and b.distance > 0 and (${open('o')} or (not ${open('self')} and o.organisation_id = self.organisation_id))
      order by b.distance, o.id limit 8) as attributes
    from unnest(${[...ids]}::uuid[]) as ids(id) join object self on self.id = ids.id
    where exists (select from below b where b.id = ids.id and b.distance > 0)`.execute(db);
  return new Map(rows.map((row) => [row.id, row.attributes]));
}

/** Objects that stand directly on the given samples and experiments. */
export async function dependentsOf(db: Db, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct e.from_id as id from edge e join object o on o.id = e.to_id and o.type = any(${passingOn})
    where e.to_id = any(${[...ids]}::uuid[]) and e.ended_at is null and e.relation in ('part_of', 'derived_from')`.execute(
    db,
  );
  return rows.map((row) => row.id);
}

/** Ids of all objects in order, from after the given one. */
export async function objectIds(db: Db, after: string | undefined, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from object where ${after ?? null}::uuid is null or id > ${after ?? null}::uuid order by id limit ${limit}`.execute(
    db,
  );
  return rows.map((row) => row.id);
}
