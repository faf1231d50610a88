import type { DeclaredFile, ObjectType, Place, Reference } from '@geneward/metadata';
import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../../platform/db.ts';

/** An entry of a submission with all that it says. */
export interface EntryRow {
  readonly object_id: string;
  readonly type: ObjectType;
  readonly alias: string;
  readonly accession: string | null;
  readonly version: number;
  readonly sheet: string | null;
  readonly place: Place;
  readonly title: string | null;
  readonly checklist: string | null;
  readonly attributes: Record<string, string | string[]>;
  readonly units: Record<string, string>;
  readonly refs: Reference[];
  readonly content_sha256: string;
  readonly files: DeclaredFile[];
}

const columns = sql`
  o.id as object_id, o.type, o.alias, o.accession, v.version, v.sheet, v.place, v.title, v.checklist, v.attributes, v.units,
  v.refs, v.content_sha256,
  coalesce((select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('name', f.name, 'format', f.format, 'md5', f.md5,
      'sha256', f.sha256, 'unencryptedMd5', f.unencrypted_md5,
      'readTypes', case when cardinality(f.read_types) > 0 then to_jsonb(f.read_types) end)) order by f.ordinal)
    from object_file f where f.object_id = v.object_id and f.version = v.version), '[]') as files`;

async function select(db: Db, where: RawBuilder<unknown>, limit: number): Promise<EntryRow[]> {
  const { rows } = await sql<EntryRow>`
    select ${columns} from object_version v join object o on o.id = v.object_id
    where ${where} order by o.id limit ${limit}`.execute(db);
  return rows;
}

/** Entries of a submission in their order, from after the given object. */
export function entriesAfter(
  db: Db,
  submission: string,
  filter: { readonly type?: ObjectType | undefined; readonly after?: string | undefined; readonly limit: number },
): Promise<EntryRow[]> {
  const type = filter.type === undefined ? sql`` : sql`and o.type = ${filter.type}`;
  const after = filter.after === undefined ? sql`` : sql`and o.id > ${filter.after}::uuid`;
  return select(db, sql`v.submission_id = ${submission} ${type} ${after}`, filter.limit);
}

/** One entry of a submission. */
export async function entryOf(db: Db, submission: string, object: string): Promise<EntryRow | undefined> {
  const [row] = await select(db, sql`v.submission_id = ${submission} and o.id = ${object}::uuid`, 1);
  return row;
}

/** What an accepted object says now; of one that is not accepted yet, what is proposed. */
export async function presentEntry(db: Db, object: string): Promise<EntryRow | undefined> {
  const [row] = await select(
    db,
    sql`o.id = ${object}::uuid and v.version = coalesce(o.current_version, (select max(version) from object_version where object_id = o.id))`,
    1,
  );
  return row;
}
