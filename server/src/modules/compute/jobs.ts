import type { JobHandlersFor, Schedule } from '../../platform/jobs.ts';
import type { Parts } from '../../platform/parts.ts';
import { expireJobs } from './service/propose.ts';
import { sweepResults } from './service/result.ts';

declare module '../../platform/jobs.ts' {
  interface Jobs {
    'compute.expire': Record<string, never>;
    'compute.sweep': Record<string, never>;
  }
}

export const jobs = (parts: Parts): JobHandlersFor<'compute.expire' | 'compute.sweep'> => ({
  'compute.expire': (_payload, context) => expireJobs(context),
  'compute.sweep': (_payload, context) => sweepResults(context, parts),
});

export const schedules: readonly Schedule[] = [
  { name: 'compute.expire', cron: '*/5 * * * *' },
  { name: 'compute.sweep', cron: '38 4 * * *' },
];
