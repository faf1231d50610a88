import { openLabel, type Resource } from '@geneward/api';
import type { Principal } from '../../platform/context.ts';
import type { Job } from './store.ts';

/**
 * What the access module needs to know of a job. It belongs to all its parties: the caller sees it as that of their own
 * organisation when that is one of them (`private`), or a recipient of the result (`controlled`).
 */
export function jobResource({ row, readers }: Job, principal: Principal): Resource {
  const own =
    principal.kind === 'person'
      ? readers.find(({ organisation_id }) => organisation_id === principal.organisation)
      : undefined;
  return {
    kind: 'job',
    id: row.id,
    organisation: own?.organisation_id ?? row.organisation_id,
    owner: row.opened_by,
    status: row.state,
    manner: own?.manner ?? 'private',
    label: openLabel,
  };
}

/** The same in lists: `r` is the reader's row, `j` the job, `l` the open label: a specification holds no data. */
export const jobColumns = {
  organisation: 'r.organisation_id',
  owner: 'j.opened_by',
  status: 'j.state',
  manner: 'r.manner',
  grade: 'l.grade',
  categories: 'l.categories',
  jurisdictions: 'l.jurisdictions',
};
