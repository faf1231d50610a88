import { virusEvents, virusForecastEvents, virusProblems, virusSourceEvents, virusSourceProblems } from '@geneward/api';
import { registerEvents } from '../../platform/audit.ts';
import type { Server } from '../../platform/http.ts';
import type { JobHandlersFor, Schedule } from '../../platform/jobs.ts';
import type { Parts } from '../../platform/parts.ts';
import { registerProblems } from '../../platform/problem.ts';
import { bindVirus } from './routes.ts';
import { tellAlerts } from './service/alerts.ts';
import { fetchAll, fetchSource } from './service/fetch.ts';
import { growTrees } from './service/grow.ts';
import { beginRounds, lockForecastOf, remakeForecasts, scoreForecasts } from './service/rounds.ts';
import { sweep } from './service/sweep.ts';
import { tellBatch } from './service/tell.ts';
import './tables.ts';

export { traceVirus } from './service/trace.ts';

registerProblems(virusProblems);
registerEvents(virusEvents);
registerEvents(virusForecastEvents);
registerProblems(virusSourceProblems);
registerEvents(virusSourceEvents);

declare module '../../platform/jobs.ts' {
  interface Jobs {
    'virus.tell': { batch: string };
    'virus.grow': { batch: string };
    'virus.alert': { batch: string };
    'virus.rounds': object;
    'virus.forecast': { forecast: string };
    'virus.score': object;
    'virus.remake': { batch: string };
    'virus.sweep': object;
    'virus.sources': object;
    'virus.fetch': { source: string };
  }
}

type Name =
  | 'virus.tell'
  | 'virus.grow'
  | 'virus.alert'
  | 'virus.rounds'
  | 'virus.forecast'
  | 'virus.score'
  | 'virus.remake'
  | 'virus.sweep'
  | 'virus.sources'
  | 'virus.fetch';

/** Puts genomes, their trees, what is counted of them and forecasts on the server. */
export function mount(server: Server, parts: Parts): void {
  bindVirus(server, parts);
}

export const jobs = (parts: Parts): JobHandlersFor<Name> => ({
  'virus.tell': ({ batch }, context) => tellBatch(context, parts, batch),
  'virus.grow': ({ batch }, context) => growTrees(context, parts, batch),
  'virus.alert': ({ batch }, context) => tellAlerts(context, batch),
  'virus.rounds': (_payload, context) => beginRounds(context),
  'virus.forecast': ({ forecast }, context) => lockForecastOf(context, forecast),
  'virus.score': (_payload, context) => scoreForecasts(context),
  'virus.remake': ({ batch }, context) => remakeForecasts(context, batch),
  'virus.sweep': (_payload, context) => sweep(context, parts),
  'virus.sources': (_payload, context) => fetchAll(context),
  'virus.fetch': ({ source }, context) => fetchSource(context, parts, source),
});

/** A round a week, on Monday; what is due is scored, and sources are looked at, every hour; what a crash left is removed each night. */
export const schedules: readonly Schedule[] = [
  { name: 'virus.rounds', cron: '23 4 * * 1' },
  { name: 'virus.score', cron: '53 * * * *' },
  { name: 'virus.sweep', cron: '13 3 * * *' },
  { name: 'virus.sources', cron: '33 * * * *' },
];
