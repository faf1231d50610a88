import { uuid, type QueryOf, type ReplyOf, type submissionRoutes } from '@geneward/api';
import { z } from 'zod';
import type { Context } from '../../../platform/context.ts';
import { Problem } from '../../../platform/problem.ts';
import { pageFrom, positionOf } from '../../../platform/page.ts';
import { scopeOf } from '../../access/index.ts';
import { errorsByAlias, findingsAfter } from '../findings.ts';
import { entriesAfter, entryOf, type EntryRow } from '../store-read-entries.ts';
import { listSubmissions as list } from '../store.ts';
import { briefView, entryView, keptFindingView, submissionView } from '../views.ts';
import { personIn } from './guard.ts';
import { openFor } from './open.ts';

type Routes = typeof submissionRoutes;

/** Submissions that the caller may read, newest first. */
export async function listSubmissions(
  context: Context,
  query: QueryOf<Routes['listSubmissions']>,
): Promise<ReplyOf<Routes['listSubmissions']>> {
  const { db, principal } = context;
  const scope = scopeOf(principal, 'submission:read', {
    organisation: 'submission.organisation_id',
    owner: 'submission.submitter_id',
    status: 'submission.status',
    manner: 'submission.manner',
    grade: 'submission.grade',
    categories: 'submission.categories',
    jurisdictions: 'submission.jurisdictions',
  });
  const rows = await list(db, {
    scope,
    status: query.status,
    submitter: query.mine === 'true' ? personIn(context).id : undefined,
    after: positionOf(query.after, uuid),
    limit: query.limit + 1,
  });
  return pageFrom(rows, query.limit, (row) => row.id, briefView);
}

/** A submission as it stands now. */
export async function getSubmission(context: Context, id: string): Promise<ReplyOf<Routes['getSubmission']>> {
  return submissionView(context.db, await openFor(context, id, 'submission:read'));
}

/** A position in the findings of a submission: source and place in it. */
const position = z.string().regex(/^(?:check|sheet:[^/\\]{1,200}|object:[0-9a-f-]{36}) \d{1,9}$/);

/** What was found, in the reader's language. */
export async function listFindings(
  context: Context,
  submission: string,
  query: QueryOf<Routes['listFindings']>,
): Promise<ReplyOf<Routes['listFindings']>> {
  await openFor(context, submission, 'submission:read');
  const [, source = '', seq = ''] = /^(.*) (\d+)$/.exec(positionOf(query.after, position) ?? '') ?? [];
  const after = source === '' ? undefined : { source, seq: Number(seq) };
  const rows = await findingsAfter(context.db, submission, query, after, query.limit + 1);
  return pageFrom(
    rows,
    query.limit,
    (row) => `${row.source} ${row.seq}`,
    (row) => keptFindingView(row, context.language),
  );
}

/** Objects of a submission, with how many errors name each. */
export async function listEntries(
  context: Context,
  submission: string,
  query: QueryOf<Routes['listEntries']>,
): Promise<ReplyOf<Routes['listEntries']>> {
  await openFor(context, submission, 'submission:read');
  const rows = await entriesAfter(context.db, submission, {
    type: query.type,
    after: positionOf(query.after, uuid),
    limit: query.limit + 1,
  });
  const errors = await errorsByAlias(
    context.db,
    submission,
    rows.map((row) => row.alias),
  );
  return pageFrom(
    rows,
    query.limit,
    (row) => row.object_id,
    (row) => entryView(row, errors.get(row.alias) ?? 0),
  );
}

/** The state of an entry: another content has another one. */
export const etagOf = (row: Pick<EntryRow, 'content_sha256'>): string => row.content_sha256.slice(0, 32);

/** One object of a submission, with its ETag. */
export async function getEntry(
  context: Context,
  submission: string,
  object: string,
): Promise<{ entry: ReplyOf<Routes['getEntry']>; etag: string }> {
  await openFor(context, submission, 'submission:read');
  const row = await entryOf(context.db, submission, object);
  if (!row) throw new Problem('not_found');
  const errors = await errorsByAlias(context.db, submission, [row.alias]);
  return { entry: entryView(row, errors.get(row.alias) ?? 0), etag: etagOf(row) };
}
