import type { Action, ArchiveObject, ObjectContent } from '@geneward/api';
import { sql } from 'kysely';
import type { Context } from '../../../platform/context.ts';
import type { Db } from '../../../platform/db.ts';
import { Problem } from '../../../platform/problem.ts';
import { authorize, decide, labelOf } from '../../access/index.ts';
import { objectResource, resourceOf } from '../resource.ts';
import { filesOf, objectByName, plainContent, versionOf, type ObjectRow, type VersionRow } from '../store-object.ts';
import { linkOf } from './move-objects.ts';

/** The object that a caller names, when the policies allow the act on it; otherwise it looks absent or is refused. */
export async function findObject(context: Context, name: string, action: Action): Promise<ObjectRow> {
  const row = await objectByName(context.db, name);
  if (!row) throw new Problem('not_found');
  authorize(context, action, objectResource(row));
  return row;
}

/** The object that a caller may read: as a whole, or only its tombstone. */
export async function findReadable(
  context: Context,
  name: string,
): Promise<{ row: ObjectRow; reading: 'whole' | 'tombstone' }> {
  const row = await objectByName(context.db, name);
  if (!row) throw new Problem('not_found');
  const resource = objectResource(row);
  const buried = row.status === 'withdrawn' || row.status === 'destroyed';
  if (buried && !decide(context.principal, 'object:read_metadata', resource).allowed) {
    authorize(context, 'object:read_tombstone', resource);
    return { row, reading: 'tombstone' };
  }
  authorize(context, 'object:read_metadata', resource);
  return { row, reading: 'whole' };
}

/** Reads an object: its accepted version, another one by number, or its tombstone. */
export async function getObject(
  context: Context,
  input: { object: string; version?: number | undefined },
): Promise<ArchiveObject & { etag: number }> {
  const { row, reading } = await findReadable(context, input.object);
  const version = input.version ?? row.current_version ?? (await newestVersion(context.db, row.id));
  const shown = reading === 'whole' ? await readableVersion(context, row, version) : undefined;
  return {
    etag: row.etag,
    ...linkOf(row),
    version,
    currentVersion: row.current_version ?? version,
    organisation: row.organisation_id,
    submitter: row.submitter_id,
    manner: row.manner,
    label: labelOf(row),
    useTerms: row.use_terms,
    ...(row.release_on !== null && { releaseOn: row.release_on }),
    ...(row.released_at !== null && { releasedAt: row.released_at.toISOString() }),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    ...(shown && { content: await contentOf(context.db, row, shown) }),
    ...(await standingOf(context.db, row)),
    replaces: await replacements(context.db, row.id, 'replaces'),
    citedBy: await citations(context.db, row.id),
  };
}

/** One version that the caller may read: what was never accepted is for those who may read its submission. */
export async function readableVersion(context: Context, row: ObjectRow, version: number): Promise<VersionRow> {
  const found = await versionOf(context.db, row.id, version);
  if (!found) throw new Problem('not_found');
  if (found.accepted_at === null && row.current_version !== null) {
    const submission = await context.db
      .selectFrom('submission')
      .selectAll()
      .where('id', '=', found.submission_id)
      .executeTakeFirstOrThrow();
    authorize(context, 'submission:read', resourceOf('submission', submission));
  }
  return found;
}

/** What a version says, with references by accession as far as there is one. */
export async function contentOf(db: Db, row: ObjectRow, version: VersionRow): Promise<ObjectContent> {
  const content = plainContent(version, await filesOf(db, row.id, version.version));
  return { ...content, references: await namedByAccession(db, row.submitter_id, version.refs) };
}

async function namedByAccession(
  db: Db,
  submitter: string,
  references: VersionRow['refs'],
): Promise<ObjectContent['references']> {
  if (references.length === 0) return [];
  const { rows } = await sql<ObjectContent['references'][number]>`
    select r.value ->> 'relation' as relation, r.value ->> 'type' as type,
           coalesce(o.accession, r.value ->> 'target') as target
    from jsonb_array_elements(${JSON.stringify(references)}::jsonb) with ordinality as r(value, place)
    left join object o on o.submitter_id = ${submitter} and o.type = r.value ->> 'type'
      and o.alias = r.value ->> 'target' and not (o.status = 'withdrawn' and o.accession is null)
    order by r.place`.execute(db);
  return rows;
}

async function newestVersion(db: Db, object: string): Promise<number> {
  const row = await db
    .selectFrom('object_version')
    .select((e) => e.fn.max('version').as('version'))
    .where('object_id', '=', object)
    .executeTakeFirst();
  if (!row?.version) throw new Problem('not_found');
  return row.version;
}

/** Why an object is out of search or gone. */
async function standingOf(db: Db, row: ObjectRow): Promise<Pick<ArchiveObject, 'suppressed' | 'tombstone'>> {
  if (!['suppressed', 'withdrawn', 'destroyed'].includes(row.status)) return {};
  const moment = await db
    .selectFrom('object_moment')
    .selectAll()
    .where('object_id', '=', row.id)
    .where('to_status', '=', row.status)
    .orderBy('seq', 'desc')
    .executeTakeFirst();
  if (!moment) return {};
  const at = moment.at.toISOString();
  if (row.status === 'suppressed') return { suppressed: { at, reason: moment.reason } };
  return {
    tombstone: {
      at,
      ...(moment.by_id !== null && { by: moment.by_id }),
      reason: moment.reason,
      replacedBy: await replacements(db, row.id, 'replacedBy'),
    },
  };
}

async function replacements(db: Db, object: string, side: 'replaces' | 'replacedBy'): Promise<string[]> {
  const [from, to] = side === 'replaces' ? (['from_id', 'to_id'] as const) : (['to_id', 'from_id'] as const);
  const rows = await db
    .selectFrom('edge')
    .innerJoin('object', 'object.id', `edge.${to}`)
    .select('object.accession')
    .where(`edge.${from}`, '=', object)
    .where('edge.relation', '=', 'replaces')
    .where('edge.ended_at', 'is', null)
    .where('object.accession', 'is not', null)
    .orderBy('object.accession')
    .execute();
  return rows.flatMap((row) => row.accession ?? []);
}

async function citations(db: Db, object: string): Promise<string[]> {
  const rows = await db.selectFrom('citation').select('doi').where('object_id', '=', object).orderBy('doi').execute();
  return rows.map((row) => row.doi);
}
