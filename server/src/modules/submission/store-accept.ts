import type { ObjectType } from '@geneward/metadata';
import { sql } from 'kysely';
import type { Db, Tx } from '../../platform/db.ts';
import { batches, type ObjectRow } from './store-object.ts';

/** All objects that a submission brings or revises. */
export async function idsBrought(db: Db, submission: string): Promise<string[]> {
  const rows = await db
    .selectFrom('object_version')
    .select('object_id')
    .where('submission_id', '=', submission)
    .orderBy('object_id')
    .execute();
  return rows.map((row) => row.object_id);
}

/** Locks all objects of a submission, with the version that it proposes of each. */
export async function lockBrought(tx: Tx, submission: string): Promise<(ObjectRow & { version: number })[]> {
  const { rows } = await sql<ObjectRow & { version: number }>`
    select o.*, v.version from object_version v join object o on o.id = v.object_id
    where v.submission_id = ${submission} order by o.id for update of o`.execute(tx);
  return rows;
}

/**
 * Takes the next numbers of an accession prefix with the transaction: a rollback gives them back, and others wait, so there is
 * never a gap and never a double.
 * @returns the first of `count` numbers
 */
export async function takeNumbers(tx: Tx, prefix: string, count: number): Promise<bigint> {
  const row = await tx
    .insertInto('accession_counter')
    .values({ prefix, last: count })
    .onConflict((conflict) =>
      conflict.column('prefix').doUpdateSet({ last: sql<string>`accession_counter.last + excluded.last` }),
    )
    .returning('last')
    .executeTakeFirstOrThrow();
  return BigInt(row.last) - BigInt(count) + 1n;
}

/** Gives new objects their accessions, makes what they say their accepted version, and holds them. */
export async function giveAccessions(
  tx: Tx,
  given: readonly { id: string; accession: string; version: number }[],
  at: Date,
): Promise<void> {
  for (const some of batches(given))
    await sql`
      update object o set accession = g.accession, current_version = g.version, status = 'held',
        etag = o.etag + 1, updated_at = ${at}
      from jsonb_to_recordset(${JSON.stringify(some)}::jsonb) as g(id uuid, accession text, version int)
      where o.id = g.id`.execute(tx);
}

/** Makes proposed versions the accepted ones of objects that have an accession; what they ask for can only raise the label. */
export async function renewVersions(
  tx: Tx,
  renewed: readonly { id: string; version: number }[],
  at: Date,
): Promise<void> {
  for (const some of batches(renewed))
    await sql`
      update object o set current_version = v.version, etag = o.etag + 1, updated_at = ${at},
        grade = greatest(o.grade, v.grade), categories = ${union('categories')}, jurisdictions = ${union('jurisdictions')}
      from jsonb_to_recordset(${JSON.stringify(some)}::jsonb) as g(id uuid, version int)
      join object_version v on v.object_id = g.id and v.version = g.version
      where o.id = g.id`.execute(tx);
}

const union = (column: string) =>
  sql`array(select distinct unnest(${sql.ref(`o.${column}`)} || ${sql.ref(`v.${column}`)}) order by 1)`;

/** Marks versions as accepted. A revision that came without a reason of its own has the one of its submission: its title. */
export async function stampVersions(tx: Tx, submission: string, at: Date): Promise<void> {
  await sql`
    update object_version v set accepted_at = ${at},
      reason = case when v.version > 1 and v.reason = '' then s.title else v.reason end
    from submission s where s.id = v.submission_id and v.submission_id = ${submission}`.execute(tx);
}

/**
 * References of a submission as what they point to: an own object by its alias, any object by its accession, or a record of
 * another archive.
 */
const resolved = (submission: string) => sql`
  select v.object_id as from_id, v.version, v.created_by, r.relation, r.type, r.target,
         coalesce(a.id, b.id) as to_id, coalesce(a.accession, b.accession) as accession, coalesce(a.status, b.status) as status
  from object_version v
  join object o on o.id = v.object_id
  cross join lateral jsonb_to_recordset(v.refs) as r(relation text, type text, target text)
  left join object a on a.accession = r.target
  left join object b on a.id is null and b.submitter_id = o.submitter_id and b.type = r.type and b.alias = r.target
    and not (b.status = 'withdrawn' and b.accession is null)
  where v.submission_id = ${submission}`;

/**
 * References that cannot become edges: what they name has no accession here, is gone, or is of no archive. What is cited may be
 * anything, a DOI for one.
 */
export async function danglingReferences(
  db: Db,
  submission: string,
  ownAccession: RegExp,
): Promise<{ count: number; first: string } | undefined> {
  const { rows } = await sql<{ first: string; count: number }>`
    with resolved as (${resolved(submission)})
    select target as first, count(*) over () ::int as count from resolved
    where (to_id is not null and (accession is null or status in ('withdrawn', 'destroyed')))
       or (to_id is null and (target ~ ${ownAccession.source} or length(target) > 200
           or (relation <> 'cites' and target !~ '^[A-Z]{2,12}[A-Z0-9_]*[0-9]{3,}(\\.[0-9]+)?$')))
    order by target limit 1`.execute(db);
  return rows[0];
}

/** Lets one acceptance at a time write edges that could close a circle. */
export async function lockLineage(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('submission.lineage', 0))`.execute(tx);
}

export interface NewEdge {
  readonly from_id: string;
  readonly relation: string;
  readonly to_id: string | null;
}

/**
 * Writes the edges that a submission's references ask for and ends those that its revisions no longer name. What replaces
 * what stays said.
 */
export async function writeEdges(tx: Tx, submission: string, at: Date): Promise<NewEdge[]> {
  await sql`
    with resolved as materialized (${resolved(submission)})
    update edge e set ended_at = ${at}
    from object_version v
    where v.submission_id = ${submission} and v.version > 1 and e.from_id = v.object_id and e.ended_at is null
      and e.relation <> 'replaces'
      and not exists (select from resolved r where r.from_id = e.from_id and r.relation = e.relation
                        and (r.to_id = e.to_id or r.target = e.to_external))`.execute(tx);
  const { rows } = await sql<NewEdge>`
    insert into edge (from_id, relation, to_id, to_external, at, agent)
    select distinct on (from_id, relation, coalesce(to_id::text, target))
      from_id, relation, to_id, case when to_id is null then target end, ${at}::timestamptz, created_by
    from (${resolved(submission)}) as r where to_id is distinct from from_id
    on conflict do nothing
    returning from_id, relation, to_id`.execute(tx);
  return rows;
}

/** How many new objects of each type a decided submission brought, with their first and last accession. */
export async function accessionRanges(
  db: Db,
  submission: string,
): Promise<{ type: ObjectType; count: number; first: string; last: string }[]> {
  const { rows } = await sql<{ type: ObjectType; count: number; first: string; last: string }>`
    select distinct on (type) type, count(*) over w ::int as count,
      first_value(accession) over w as first, last_value(accession) over w as last
    from object where submission_id = ${submission} and accession is not null
    window w as (partition by type order by length(accession), accession
                 rows between unbounded preceding and unbounded following)
    order by type`.execute(db);
  return rows;
}
