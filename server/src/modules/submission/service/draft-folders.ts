import type { Context } from '../../../platform/context.ts';
import { scopeOf } from '../../access/index.ts';
import { editable } from '../rules.ts';
import { listSubmissions } from '../store.ts';
import { matches } from './check-submission-files.ts';
import { personIn } from './guard.ts';
import { openFor } from './open.ts';

/** Drafts that are shown as folders. */
const most = 500;

/** A file that a draft names, with what has come of it. */
export interface DraftFile {
  readonly name: string;
  readonly id: string | undefined;
  readonly size: number;
  readonly at: Date;
}

/** Submissions that the caller is working on, newest first. */
export async function myDrafts(context: Context): Promise<readonly { readonly id: string; readonly title: string }[]> {
  const scope = scopeOf(context.principal, 'submission:read', {
    organisation: 'submission.organisation_id',
    owner: 'submission.submitter_id',
    status: 'submission.status',
    manner: 'submission.manner',
    grade: 'submission.grade',
    categories: 'submission.categories',
    jurisdictions: 'submission.jurisdictions',
  });
  const submitter = personIn(context).id;
  const rows = await listSubmissions(context.db, {
    scope,
    status: undefined,
    submitter,
    after: undefined,
    limit: most,
  });
  return rows.filter(({ status }) => editable(status)).map(({ id, title }) => ({ id, title }));
}

/** Files that the sheets of a draft name. */
export async function draftFiles(context: Context, id: string): Promise<readonly DraftFile[]> {
  const row = await openFor(context, id, 'submission:read');
  const files = new Map<string, DraftFile>();
  for await (const some of matches(context.db, row))
    for (const { declared, file } of some)
      files.set(declared.name, {
        name: declared.name,
        id: file?.id,
        size: Number(file?.size ?? 0),
        at: file?.uploaded_at ?? row.updated_at,
      });
  return [...files.values()];
}
