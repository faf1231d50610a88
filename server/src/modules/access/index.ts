import { accessEvents, accessProblems } from '@geneward/api';
import { registerEvents } from '../../platform/audit.ts';
import type { Server } from '../../platform/http.ts';
import type { Parts } from '../../platform/parts.ts';
import { registerProblems } from '../../platform/problem.ts';
import type { AccessPorts } from './ports.ts';
import { mountRoutes } from './routes.ts';

export type { Resource } from '@geneward/api';
export { allows, authorize } from './authorize.ts';
export { decide } from './decide.ts';
export { labelOf } from './label.ts';
export { meaningOf } from './policies.ts';
export type { AccessPorts } from './ports.ts';
export { notePolicies } from './note-policies.ts';
export { derivedLabel, type SignedDowngrade } from './rules.ts';
export { scopeOf } from './scope.ts';

registerEvents(accessEvents);
registerProblems(accessProblems);

/** Puts explanations, the audit trail and label downgrades on the server. */
export function mount(server: Server, parts: Parts, ports: AccessPorts): void {
  mountRoutes(server, parts, ports);
}
