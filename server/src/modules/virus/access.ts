import type { Action, Resource } from '@geneward/api';
import type { RawBuilder, SqlBool } from 'kysely';
import type { Context } from '../../platform/context.ts';
import { Problem } from '../../platform/problem.ts';
import { authorize, labelOf, scopeOf } from '../access/index.ts';
import { batchColumns, findBatch, type BatchRow } from './store.ts';

/** What the access module needs to know of a batch. */
export const resourceOf = (row: BatchRow): Resource => ({
  kind: 'genomes',
  id: row.id,
  organisation: row.organisation_id,
  owner: row.submitter_id,
  status: row.state,
  manner: row.manner,
  label: labelOf(row),
});

/** A batch for an act that the caller may do with it; unknown and forbidden look alike. */
export async function batchFor(context: Context, id: string, action: Action, lock = false): Promise<BatchRow> {
  const row = await findBatch(context.db, id, lock);
  if (!row) throw new Problem('not_found');
  authorize(context, action, resourceOf(row));
  return row;
}

/** Batches that the caller may read, as a condition on `b`. */
export const readable = ({ principal }: Context): RawBuilder<SqlBool> =>
  scopeOf(principal, 'genomes:read', batchColumns);
