import { catalogRoutes } from '@geneward/api';
import { bind, type Server } from '../../platform/http.ts';
import type { Site } from './citation.ts';
import type { CatalogPorts } from './ports.ts';
import { complete } from './service/complete.ts';
import { statistics } from './service/count.ts';
import { byChecksum, landing } from './service/landing.ts';
import { reindexState, startReindex } from './service/reindex.ts';
import { search } from './service/search.ts';

export function mountRoutes(server: Server, ports: CatalogPorts, site: Site): void {
  bind(server, catalogRoutes, {
    search: ({ context, query }) => search(context, ports, query),
    complete: async ({ context, query }) => ({ items: await complete(context, query.q) }),
    landing: ({ context, params }) => landing(context, ports, site, params.accession),
    byChecksum: async ({ context, params }) => ({ items: await byChecksum(context, ports, params.checksum) }),
    statistics: ({ context }) => statistics(context, ports),
    reindex: ({ context }) => startReindex(context),
    reindexState: ({ context }) => reindexState(context),
  });
}
