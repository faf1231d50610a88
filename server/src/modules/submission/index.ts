import {
  objectEvents,
  objectProblems,
  reviewEvents,
  reviewProblems,
  submissionEvents,
  submissionProblems,
} from '@geneward/api';
import { registerEvents } from '../../platform/audit.ts';
import type { Server } from '../../platform/http.ts';
import type { JobHandlersFor, Schedule } from '../../platform/jobs.ts';
import type { Parts } from '../../platform/parts.ts';
import { registerProblems } from '../../platform/problem.ts';
import type { Intake } from './intake.ts';
import { intakeJobs, intakeSchedules, type IntakeJob } from './jobs.ts';
import { releaseJobs, releaseSchedules } from './jobs-release.ts';
import type { SubmissionPorts } from './ports.ts';
import { bindIntake } from './routes.ts';
import { bindReview } from './routes-review.ts';
import './tables.ts';

export type { SubmissionPorts } from './ports.ts';
export { fileArrived } from './service/file-states.ts';
export { holderOf } from './service/holder.ts';

export { objectsToIndex, type OfferedObject } from './service/offer.ts';
export { draftFiles, myDrafts } from './service/draft-folders.ts';
export { lowerLabel } from './service/lower-label.ts';
export { lineageOf } from './service/lineage.ts';
export { traceOf } from './service/trace.ts';
export { getObject } from './service/read-object.ts';
export { dependentsOf, objectIds } from './store-offer.ts';
export { sequencesOffered, type SequencesOffered } from './store-sequences.ts';

for (const table of [submissionProblems, reviewProblems, objectProblems]) registerProblems(table);
for (const table of [submissionEvents, reviewEvents, objectEvents]) registerEvents(table);

/** Puts drafts, reviews and the life of objects on the server. */
export function mount(server: Server, parts: Parts, ports: SubmissionPorts): void {
  const intake = intakeOf(parts, ports);
  bindIntake(server, intake);
  bindReview(server, intake, { name: parts.config.name, url: parts.config.http.publicUrl });
}

export function jobs(
  parts: Parts,
  ports: SubmissionPorts,
): JobHandlersFor<IntakeJob | 'submission.release' | 'submission.remind'> {
  const intake = intakeOf(parts, ports);
  return { ...intakeJobs(intake), ...releaseJobs(intake) };
}

export const schedules: readonly Schedule[] = [...intakeSchedules, ...releaseSchedules];

const intakeOf = ({ config, blobs }: Parts, ports: SubmissionPorts): Intake => ({
  config,
  blobs,
  rules: config.archive,
  ...ports,
});
