import type { Action } from '@geneward/api';
import type { Context } from '../../../platform/context.ts';
import type { Tx } from '../../../platform/db.ts';
import { Problem } from '../../../platform/problem.ts';
import { Refusal } from '../../../platform/refuse.ts';
import { authorize } from '../../access/index.ts';
import { jobResource } from '../resource.ts';
import { moveJob, type JobAct } from '../rules.ts';
import { findJob, lockJob, type Job, type JobPartyRow, type JobRow } from '../store.ts';

/** The job that a use case is about, when the caller may do the act. */
export async function jobFor(context: Context, id: string, action: Action): Promise<Job> {
  const job = await findJob(context.db, id);
  if (!job) throw new Problem('not_found');
  authorize(context, action, jobResource(job, context.principal));
  return job;
}

/** The same, locked: the row may have changed since it was looked at, its parties have not. */
export async function lockFor(tx: Tx, id: string): Promise<Job> {
  const job = await lockJob(tx, id);
  if (!job) throw new Problem('not_found');
  return job;
}

/** Where an act leads, by the table of states. Throws `job_transition_refused`, which leaves an event. */
export function judgeMove(row: JobRow, act: JobAct): JobRow['state'] {
  const to = moveJob(row.state, act);
  if (to !== undefined) return to;
  throw refuseMove(row, act);
}

export const refuseMove = (row: JobRow, act: JobAct): Refusal =>
  new Refusal(
    'job_transition_refused',
    {
      type: 'compute.transition_refused',
      object: { kind: 'job', id: row.id },
      content: { act, state: row.state },
    },
    { params: { act, state: row.state } },
  );

/** The person who acts, and the party of their organisation. */
export function ownParty(context: Context, job: Job): { person: string; party: JobPartyRow } {
  const { principal } = context;
  const party =
    principal.kind === 'person'
      ? job.parties.find(({ organisation_id }) => organisation_id === principal.organisation)
      : undefined;
  if (principal.kind !== 'person' || !party) throw new Problem('not_found');
  return { person: principal.id, party };
}

export const refOf = ({ id }: Pick<JobRow, 'id'>) => ({ kind: 'job', id }) as const;
