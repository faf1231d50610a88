import { referenceEvents, referenceProblems } from '@geneward/api';
import { registerEvents } from '../../platform/audit.ts';
import type { Server } from '../../platform/http.ts';
import type { JobHandlersFor } from '../../platform/jobs.ts';
import type { Parts } from '../../platform/parts.ts';
import { registerProblems } from '../../platform/problem.ts';
import { bindReference } from './routes.ts';
import { loadTaxonomy } from './service/load-taxonomy.ts';
import './tables.ts';

export { checklistBook, defaultChecklist, type ChecklistBook } from './checklists.ts';
export { organisms } from './taxonomy.ts';

registerProblems(referenceProblems);
registerEvents(referenceEvents);

declare module '../../platform/jobs.ts' {
  interface Jobs {
    'reference.load_taxonomy': { release: number };
  }
}

/** Puts what input is judged by on the server. */
export function mount(server: Server, parts: Parts): void {
  bindReference(server, parts);
}

export const jobs = (parts: Parts): JobHandlersFor<'reference.load_taxonomy'> => ({
  'reference.load_taxonomy': ({ release }, context) => loadTaxonomy(context, parts, release),
});
