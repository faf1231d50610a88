import type { JobState } from '@geneward/api';

export type JobAct =
  /** An approval, when others are still missing. */
  | 'approve'
  /** The last approval. */
  | 'complete'
  | 'withdraw'
  | 'start'
  | 'seal'
  | 'abort'
  | 'cancel'
  | 'expire'
  /** A second receipt, signed by all as well, tells of another result. */
  | 'dispute';

interface Transition {
  readonly act: JobAct;
  readonly from: readonly JobState[];
  readonly to: JobState;
}

/** The way of a joint analysis. What is not listed is not possible. */
export const jobTransitions: readonly Transition[] = [
  { act: 'approve', from: ['open'], to: 'open' },
  { act: 'complete', from: ['open'], to: 'approved' },
  { act: 'withdraw', from: ['open', 'approved'], to: 'open' },
  { act: 'start', from: ['approved'], to: 'started' },
  { act: 'seal', from: ['started'], to: 'sealed' },
  { act: 'abort', from: ['started'], to: 'aborted' },
  { act: 'cancel', from: ['open', 'approved'], to: 'cancelled' },
  { act: 'expire', from: ['open', 'approved', 'started'], to: 'expired' },
  { act: 'dispute', from: ['sealed'], to: 'disputed' },
];

/** Where an act leads from a state; nothing when it does not fit there. */
export const moveJob = (from: JobState, act: JobAct): JobState | undefined =>
  jobTransitions.find((line) => line.act === act && line.from.includes(from))?.to;

/** Nothing happens to it any more, or only that it is found disputed. */
export const isOver = (state: JobState): boolean => moveJob(state, 'expire') === undefined;

/** Why a job does not start, or that it may. */
export type StartVerdict =
  | { readonly start: true }
  | { readonly start: false; readonly because: 'state' }
  | { readonly start: false; readonly because: 'unapproved' | 'retired' | 'frozen'; readonly names: readonly string[] };

/** Whether all that a start needs is there: every approval, every party with its certificate, no frozen consent, time left. */
export function judgeStart(job: {
  readonly state: JobState;
  readonly parties: readonly { readonly name: string; readonly approved: boolean; readonly active: boolean }[];
  /** References of the job that a party has frozen. */
  readonly frozen: readonly string[];
  readonly expiresAt: Date;
  readonly now: Date;
}): StartVerdict {
  const missing = job.parties.filter(({ approved }) => !approved).map(({ name }) => name);
  if (job.state === 'open' && missing.length > 0) return { start: false, because: 'unapproved', names: missing };
  if (moveJob(job.state, 'start') === undefined || job.now >= job.expiresAt) return { start: false, because: 'state' };
  if (missing.length > 0) return { start: false, because: 'unapproved', names: missing };
  if (job.frozen.length > 0) return { start: false, because: 'frozen', names: job.frozen };
  const gone = job.parties.filter(({ active }) => !active).map(({ name }) => name);
  return gone.length > 0 ? { start: false, because: 'retired', names: gone } : { start: true };
}

/** Sets that one party offers at most. */
export const mostOffers = 100;
/** Moments of progress that are kept of one job at most; what comes later is not shown. */
export const mostMoments = 20_000;
/** Largest result that the platform keeps. */
export const resultBytes = 32 * 2 ** 20;
