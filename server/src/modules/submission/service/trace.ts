import { uuid } from '@geneward/api';
import { sql } from 'kysely';
import type { Context } from '../../../platform/context.ts';
import { authorize, decide } from '../../access/index.ts';
import { resourceOf } from '../resource.ts';
import { findSubmission } from '../store.ts';
import { findReadable } from './read-object.ts';

/** An object with what belongs to it, or a submission, so that the ledger can tell its life. */
export interface Trace {
  readonly object: string;
  readonly accession: string | undefined;
  readonly type: string;
  /** The caller may read the submissions that it came with, and so every act. */
  readonly whole: boolean;
  readonly subjects: readonly { readonly kind: string; readonly id: string }[];
}

/** Of an object, or of a submission by its id. Refuses like any other reading of it. */
export async function traceOf(context: Context, name: string): Promise<Trace> {
  const submission = uuid.safeParse(name).success ? await findSubmission(context.db, name) : undefined;
  if (submission) {
    authorize(context, 'submission:read', resourceOf('submission', submission));
    const subjects = [{ kind: 'submission', id: name }];
    return { object: name, accession: undefined, type: 'submission', whole: true, subjects };
  }
  const { row } = await findReadable(context, name);
  const { rows } = await sql<{ kind: string; id: string }>`
    select 'submission' as kind, submission_id::text as id from object_version where object_id = ${row.id}
    union select 'file', file_id::text from object_file f join object_version v using (object_id, version)
      where object_id = ${row.id} and file_id is not null and (v.accepted_at is not null or ${row.current_version === null})`.execute(
    context.db,
  );
  const submissions = rows.filter(({ kind }) => kind === 'submission');
  const whole = await mayReadAll(
    context,
    submissions.map(({ id }) => id),
  );
  return {
    object: row.id,
    accession: row.accession ?? undefined,
    type: row.type,
    whole,
    subjects: [{ kind: 'object', id: row.id }, ...(whole ? rows : rows.filter(({ kind }) => kind === 'file'))],
  };
}

async function mayReadAll(context: Context, submissions: readonly string[]): Promise<boolean> {
  for (const id of submissions) {
    const row = await findSubmission(context.db, id);
    if (row && !decide(context.principal, 'submission:read', resourceOf('submission', row)).allowed) return false;
  }
  return submissions.length > 0;
}
