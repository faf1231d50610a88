import type { JobHandlersFor } from '../../platform/jobs.ts';
import type { CatalogPorts } from './ports.ts';
import { countAll } from './service/count.ts';
import { indexPending } from './service/index-objects.ts';
import { stepReindex } from './service/reindex.ts';

declare module '../../platform/jobs.ts' {
  interface Jobs {
    'catalog.index': Record<string, never>;
    'catalog.count': Record<string, never>;
    'catalog.reindex': { readonly run: string };
  }
}

export type CatalogJob = 'catalog.index' | 'catalog.count' | 'catalog.reindex';

export const jobsOf = (ports: CatalogPorts): JobHandlersFor<CatalogJob> => ({
  'catalog.index': (_payload, context) => indexPending(context, ports),
  'catalog.count': (_payload, context) => countAll(context, { force: false }),
  'catalog.reindex': ({ run }, context) => stepReindex(context, ports, run),
});
