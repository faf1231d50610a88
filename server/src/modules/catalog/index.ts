import { catalogEvents, catalogProblems } from '@geneward/api';
import { registerEvents } from '../../platform/audit.ts';
import type { Server } from '../../platform/http.ts';
import type { JobHandlersFor, Schedule } from '../../platform/jobs.ts';
import type { Parts } from '../../platform/parts.ts';
import { registerProblems } from '../../platform/problem.ts';
import { jobsOf, type CatalogJob } from './jobs.ts';
import type { CatalogPorts } from './ports.ts';
import { mountRoutes } from './routes.ts';

export type { IndexedObject } from './entry.ts';
export type { CatalogPorts } from './ports.ts';
export { objectsChanged } from './service/index-objects.ts';

registerEvents(catalogEvents);
registerProblems(catalogProblems);

/** Search, landing pages as data, and public figures. */
export function mount(server: Server, parts: Parts, ports: CatalogPorts): void {
  const { name, http } = parts.config;
  mountRoutes(server, ports, { name, ...(http.publicUrl !== undefined && { url: http.publicUrl.replace(/\/$/, '') }) });
}

export const jobs = (_parts: Parts, ports: CatalogPorts): JobHandlersFor<CatalogJob> => jobsOf(ports);

/** Indexing is asked for with every change; these come back for what a killed worker left. */
export const schedules: readonly Schedule[] = [
  { name: 'catalog.index', cron: '* * * * *' },
  { name: 'catalog.count', cron: '* * * * *' },
];
