import type { Action } from '@geneward/api';
import type { Context } from '../../../platform/context.ts';
import type { Tx } from '../../../platform/db.ts';
import { Problem } from '../../../platform/problem.ts';
import { Refusal } from '../../../platform/refuse.ts';
import { authorize } from '../../access/index.ts';
import { resourceOf } from '../resource.ts';
import { editable, moveSubmission, type Part, type SubmissionAct } from '../rules.ts';
import { findSubmission, lockSubmission, sheetsOf, type SubmissionRow } from '../store.ts';

/** The submission that a use case is about, when the caller may do the act. */
export async function openFor(context: Context, id: string, action: Action): Promise<SubmissionRow> {
  const row = await findSubmission(context.db, id);
  if (!row) throw new Problem('not_found');
  authorize(context, action, resourceOf('submission', row));
  return row;
}

/** Locks a submission whose content is about to change, when it may be changed now. */
export async function lockEditable(tx: Tx, id: string): Promise<SubmissionRow> {
  const row = await lockSubmission(tx, id);
  if (!row) throw new Problem('not_found');
  requireEditable(row);
  await requireIdle(tx, id);
  return row;
}

/** Refuses a change outside the states in which the submitter works. */
export function requireEditable(row: SubmissionRow): void {
  if (editable(row.status)) return;
  throw new Refusal(
    'submission_not_editable',
    {
      type: 'submission.transition_refused',
      object: { kind: 'submission', id: row.id },
      content: { act: 'edit', state: row.status },
    },
    { params: { state: row.status } },
  );
}

/** Refuses a change while a job reads a sheet of the submission. */
export async function requireIdle(tx: Tx, id: string): Promise<void> {
  const busy = (await sheetsOf(tx, id)).find((sheet) => sheet.state === 'reading');
  if (busy) throw new Problem('submission_busy', { params: { sheet: busy.name }, retryAfter: 2 });
}

/** Where an act leads, by the state table. Throws `transition_refused`, which leaves an event. */
export function judgeSubmissionMove(row: SubmissionRow, act: SubmissionAct, by: Part): SubmissionRow['status'] {
  const verdict = moveSubmission(row.status, act, by);
  if (verdict.allowed) return verdict.to;
  throw new Refusal(
    'transition_refused',
    {
      type: 'submission.transition_refused',
      object: { kind: 'submission', id: row.id },
      content: { act, state: row.status },
    },
    { params: { act, state: row.status } },
  );
}
