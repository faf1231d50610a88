import type { JobHandlersFor, Schedule } from '../../platform/jobs.ts';
import { expireJobs } from './service/propose.ts';

declare module '../../platform/jobs.ts' {
  interface Jobs {
    'compute.expire': Record<string, never>;
  }
}

export type ComputeJob = 'compute.expire';

export const computeJobs: JobHandlersFor<ComputeJob> = {
  'compute.expire': (_payload, context) => expireJobs(context),
};

export const computeSchedules: readonly Schedule[] = [{ name: 'compute.expire', cron: '*/5 * * * *' }];
