import type { JobHandlersFor, Schedule } from '../../platform/jobs.ts';
import type { Intake } from './intake.ts';
import { announceObjects } from './service/announce.ts';
import { checkSubmission } from './service/check.ts';
import { readWaitingSheet } from './service/sheet.ts';
import { sweepSheets } from './service/sweep.ts';

declare module '../../platform/jobs.ts' {
  interface Jobs {
    'submission.announce': { submission: string };
    'submission.read_sheet': { submission: string; sheet: string };
    'submission.check': { submission: string };
    'submission.sweep': object;
  }
}

export type IntakeJob = 'submission.announce' | 'submission.read_sheet' | 'submission.check' | 'submission.sweep';

/** Jobs of intake: reading long sheets, checking what was sent in, telling modules above, tidying. */
export function intakeJobs(intake: Intake): JobHandlersFor<IntakeJob> {
  return {
    'submission.announce': ({ submission }, context) => announceObjects(context, intake, submission),
    'submission.read_sheet': (payload, context) => readWaitingSheet(context, intake, payload),
    'submission.check': ({ submission }, context) => checkSubmission(context, intake, submission),
    'submission.sweep': (_payload, context) => sweepSheets(context, intake),
  };
}

export const intakeSchedules: readonly Schedule[] = [{ name: 'submission.sweep', cron: '52 * * * *' }];
