import { uuid } from '@geneward/api';
import type { Context } from '../../../platform/context.ts';
import { authorize } from '../../access/index.ts';
import { batchFor } from '../access.ts';
import * as store from '../store.ts';
import { forecastResource } from './forecasts.ts';
import { publicTree } from './grow.ts';
import { authorizeTree } from './views.ts';

interface Trace {
  readonly object: string;
  readonly accession: undefined;
  readonly type: string;
  readonly whole: boolean;
  readonly subjects: readonly { readonly kind: string; readonly id: string }[];
}

const traceOf = (kind: string, id: string): Trace => ({
  object: id,
  accession: undefined,
  type: kind,
  whole: true,
  subjects: [{ kind, id }],
});

/** What the ledger knows a batch, a genome, a forecast or a tree by, so that it can tell its life; nothing when there is no such thing. */
export async function traceVirus(context: Context, name: string): Promise<Trace | undefined> {
  const [, owner, dataset] = /^([0-9a-f-]{36}|public)\/([0-9a-f]{64})$/.exec(name) ?? [];
  if (owner !== undefined && dataset !== undefined) {
    if (owner !== publicTree) authorizeTree(context, owner);
    return traceOf('tree', name);
  }
  if (!uuid.safeParse(name).success) return undefined;
  const { db } = context;
  const forecast = await store.findForecast(db, name);
  if (forecast) {
    authorize(context, 'forecast:read', forecastResource(forecast));
    return traceOf('forecast', name);
  }
  const genome = await store.findGenome(db, name);
  if (!genome && !(await store.findBatch(db, name))) return undefined;
  await batchFor(context, genome?.batch_id ?? name, 'genomes:read');
  return traceOf(genome ? 'genome' : 'genomes', name);
}
