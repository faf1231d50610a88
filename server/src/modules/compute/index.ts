import { computeEvents, computeProblems } from '@geneward/api';
import { registerEvents } from '../../platform/audit.ts';
import type { Server } from '../../platform/http.ts';
import type { Parts } from '../../platform/parts.ts';
import { registerProblems } from '../../platform/problem.ts';
import type { ComputePorts } from './ports.ts';
import { mountRoutes } from './routes.ts';
import './tables.ts';

export type { ComputePorts } from './ports.ts';
export { jobs, schedules } from './jobs.ts';
export { traceJob } from './service/read.ts';

registerEvents(computeEvents);
registerProblems(computeProblems);

/** Puts joint analyses on the server: parties and offers, specifications, approvals, progress, receipts and results. */
export function mount(server: Server, parts: Parts, ports: ComputePorts): void {
  mountRoutes(server, parts, ports);
}
