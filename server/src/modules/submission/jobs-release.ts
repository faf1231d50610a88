import type { JobHandlersFor, Schedule } from '../../platform/jobs.ts';
import type { Archive } from './archive.ts';
import { releaseDue, remindOfRelease } from './service/release-jobs.ts';

declare module '../../platform/jobs.ts' {
  interface Jobs {
    'submission.release': Record<string, never>;
    'submission.remind': Record<string, never>;
  }
}

/** What the clock does to held objects. */
export const releaseJobs = (archive: Archive): JobHandlersFor<'submission.release' | 'submission.remind'> => ({
  'submission.release': (_payload, context) => releaseDue(context, archive),
  'submission.remind': (_payload, context) => remindOfRelease(context, archive),
});

/** Days begin at midnight UTC; a run every hour also mends what a stop of the platform left out. */
export const releaseSchedules: readonly Schedule[] = [
  { name: 'submission.release', cron: '1 * * * *' },
  { name: 'submission.remind', cron: '7 * * * *' },
];
