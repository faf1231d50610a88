import { uuid, type computeRoutes, type JobView, type QueryOf, type ReplyOf } from '@geneward/api';
import type { Context } from '../../../platform/context.ts';
import { pageFrom, positionOf } from '../../../platform/page.ts';
import { scopeOf } from '../../access/index.ts';
import { jobColumns } from '../resource.ts';
import * as store from '../store.ts';
import { briefView, viewOf } from '../views.ts';
import { jobFor } from './open-job.ts';

export async function getJob(context: Context, id: string): Promise<JobView> {
  return viewOf(await jobFor(context, id, 'job:read'));
}

/** Jobs that the caller may see, newest first. */
export async function listJobs(
  context: Context,
  query: QueryOf<typeof computeRoutes.listJobs>,
): Promise<ReplyOf<typeof computeRoutes.listJobs>> {
  const rows = await store.listJobs(context.db, {
    scope: scopeOf(context.principal, 'job:read', jobColumns),
    state: query.state,
    party: query.party,
    after: positionOf(query.after, uuid),
    limit: query.limit + 1,
  });
  const parties = await store.partiesOf(
    context.db,
    rows.map(({ id }) => id),
  );
  return pageFrom(
    rows,
    query.limit,
    ({ id }) => id,
    (row) =>
      briefView(
        row,
        parties.filter(({ job_id }) => job_id === row.id).map(({ name }) => name),
      ),
  );
}

/** What belongs to a job, so that the ledger can tell its life; nothing when there is no such job. */
export async function traceJob(context: Context, id: string) {
  if (!uuid.safeParse(id).success || !(await store.findJob(context.db, id))) return undefined;
  const { row } = await jobFor(context, id, 'job:read');
  return { object: row.id, accession: undefined, type: 'job', whole: true, subjects: [{ kind: 'job', id: row.id }] };
}
