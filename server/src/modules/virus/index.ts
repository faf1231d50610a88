import { virusEvents, virusProblems } from '@geneward/api';
import { registerEvents } from '../../platform/audit.ts';
import type { Server } from '../../platform/http.ts';
import type { JobHandlersFor } from '../../platform/jobs.ts';
import type { Parts } from '../../platform/parts.ts';
import { registerProblems } from '../../platform/problem.ts';
import { bindVirus } from './routes.ts';
import { tellAlerts } from './service/alerts.ts';
import { growTrees } from './service/grow.ts';
import { tellBatch } from './service/tell.ts';
import './tables.ts';

registerProblems(virusProblems);
registerEvents(virusEvents);

declare module '../../platform/jobs.ts' {
  interface Jobs {
    'virus.tell': { batch: string };
    'virus.grow': { batch: string };
    'virus.alert': { batch: string };
  }
}

/** Puts genomes, their trees and what is counted of them on the server. */
export function mount(server: Server, parts: Parts): void {
  bindVirus(server, parts);
}

export const jobs = (parts: Parts): JobHandlersFor<'virus.tell' | 'virus.grow' | 'virus.alert'> => ({
  'virus.tell': ({ batch }, context) => tellBatch(context, parts, batch),
  'virus.grow': ({ batch }, context) => growTrees(context, parts, batch),
  'virus.alert': ({ batch }, context) => tellAlerts(context, batch),
});
