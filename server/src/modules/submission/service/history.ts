import type { FieldChange, ObjectMoment, ObjectVersion } from '@geneward/api';
import { z } from 'zod';
import type { Context } from '../../../platform/context.ts';
import { pageFrom, positionOf } from '../../../platform/page.ts';
import { authorize, decide } from '../../access/index.ts';
import { diff } from '../diff.ts';
import { objectResource, resourceOf } from '../resource.ts';
import { contentOf, findReadable, readableVersion } from './read-object.ts';

interface Page {
  readonly after?: string | undefined;
  readonly limit: number;
}

const number = z.string().regex(/^\d{1,15}$/);

/** The versions of an object, newest first. What was not accepted is listed for those who may read its submission. */
export async function listVersions(
  context: Context,
  input: Page & { object: string },
): Promise<{ items: ObjectVersion[]; next?: string }> {
  const { row } = await findReadable(context, input.object);
  authorize(context, 'object:read_metadata', objectResource(row));
  const after = positionOf(input.after, number);
  const rows = await context.db
    .selectFrom('object_version as v')
    .innerJoin('submission as s', 's.id', 'v.submission_id')
    .selectAll('s')
    .select(['v.version', 'v.created_at as written_at', 'v.created_by', 'v.reason', 'v.accepted_at'])
    .where('v.object_id', '=', row.id)
    .$if(after !== undefined, (query) => query.where('v.version', '<', Number(after)))
    .orderBy('v.version', 'desc')
    .limit(input.limit + 1)
    .execute();
  const page = pageFrom(
    rows,
    input.limit,
    (one) => String(one.version),
    (one) => one,
  );
  const readable = (one: (typeof rows)[number]): boolean =>
    one.accepted_at !== null ||
    row.current_version === null ||
    decide(context.principal, 'submission:read', resourceOf('submission', one)).allowed;
  return {
    ...page,
    items: page.items.filter(readable).map((one) => ({
      version: one.version,
      submission: one.id,
      at: one.written_at.toISOString(),
      by: one.created_by,
      ...(one.reason !== '' && { reason: one.reason }),
      standing: one.version === row.current_version ? 'current' : one.accepted_at !== null ? 'past' : 'proposed',
    })),
  };
}

/** What differs between two versions that the caller may read. */
export async function diffVersions(
  context: Context,
  input: { object: string; from: number; to: number },
): Promise<{ from: number; to: number; changes: FieldChange[] }> {
  const { row } = await findReadable(context, input.object);
  authorize(context, 'object:read_metadata', objectResource(row));
  const before = await readableVersion(context, row, input.from);
  const after = await readableVersion(context, row, input.to);
  const changes = diff(await contentOf(context.db, row, before), await contentOf(context.db, row, after));
  return { from: input.from, to: input.to, changes };
}

/** The states that an object went through since acceptance, newest first; also for a tombstone. */
export async function objectHistory(
  context: Context,
  input: Page & { object: string },
): Promise<{ items: ObjectMoment[]; next?: string }> {
  const { row } = await findReadable(context, input.object);
  const after = positionOf(input.after, number);
  const rows = await context.db
    .selectFrom('object_moment')
    .selectAll()
    .where('object_id', '=', row.id)
    .$if(after !== undefined, (query) => query.where('seq', '<', after ?? ''))
    .orderBy('seq', 'desc')
    .limit(input.limit + 1)
    .execute();
  return pageFrom(
    rows,
    input.limit,
    (one) => one.seq,
    (one) => ({
      at: one.at.toISOString(),
      ...(one.by_id !== null && { by: one.by_id }),
      act: one.act,
      ...(one.from_status !== null && { from: one.from_status }),
      to: one.to_status,
      ...(one.reason !== '' && { reason: one.reason }),
    }),
  );
}
