import type { ObjectStatus, SubmissionStatus } from '@geneward/api';

/** In which part somebody acts on a submission or an object; the platform itself is a part. */
export type Part = 'submitter' | 'curator' | 'platform';

/** One line of a state table: from any of these states the act leads to that one, done by one of these. */
export interface Transition<S extends string, A extends string> {
  readonly act: A;
  readonly from: readonly S[];
  readonly to: S;
  readonly by: readonly Part[];
}

export type SubmissionAct =
  | 'submit'
  | 'pass_checks'
  | 'fail_checks'
  | 'return'
  | 'accept'
  /** The submitter gives it up; its new objects never get an accession. */
  | 'withdraw';

/** The way of a submission. What is not listed is not possible. */
export const submissionTransitions: readonly Transition<SubmissionStatus, SubmissionAct>[] = [
  { act: 'submit', from: ['draft', 'returned'], to: 'checking', by: ['submitter'] },
  { act: 'pass_checks', from: ['checking'], to: 'in_review', by: ['platform'] },
  { act: 'fail_checks', from: ['checking'], to: 'draft', by: ['platform'] },
  { act: 'return', from: ['in_review'], to: 'returned', by: ['curator'] },
  { act: 'accept', from: ['in_review'], to: 'accepted', by: ['curator'] },
  { act: 'withdraw', from: ['draft', 'checking', 'in_review', 'returned'], to: 'withdrawn', by: ['submitter'] },
];

export type ObjectAct =
  | 'accept'
  /** Accepted, but its day has not come. */
  | 'hold'
  | 'release'
  /** A publication names it: INSDC releases it then. */
  | 'release_cited'
  | 'suppress'
  | 'restore'
  | 'withdraw'
  | 'destroy';

/**
 * The way of an object from acceptance on. Before it, a new object has the status of its submission; afterwards a
 * submission that revises it leaves its status alone.
 */
export const objectTransitions: readonly Transition<ObjectStatus, ObjectAct>[] = [
  { act: 'accept', from: ['in_review'], to: 'accepted', by: ['curator'] },
  { act: 'hold', from: ['accepted'], to: 'held', by: ['platform', 'curator'] },
  { act: 'release', from: ['accepted', 'held'], to: 'released', by: ['platform', 'submitter'] },
  { act: 'release_cited', from: ['accepted', 'held'], to: 'released', by: ['submitter', 'curator'] },
  { act: 'suppress', from: ['released'], to: 'suppressed', by: ['curator'] },
  { act: 'restore', from: ['suppressed'], to: 'released', by: ['curator'] },
  { act: 'withdraw', from: ['accepted', 'held'], to: 'withdrawn', by: ['submitter', 'curator'] },
  { act: 'withdraw', from: ['released', 'suppressed'], to: 'withdrawn', by: ['curator'] },
  { act: 'destroy', from: ['accepted', 'held', 'suppressed', 'withdrawn'], to: 'destroyed', by: ['platform'] },
];

/** What a state table says to an act. */
export type Verdict<S extends string> =
  | { readonly allowed: true; readonly to: S }
  /** `state`: nobody may do it from here. `part`: another part may. */
  | { readonly allowed: false; readonly because: 'state' | 'part' };

/** Reads a state table. */
export function verdict<S extends string, A extends string>(
  table: readonly Transition<S, A>[],
  from: S,
  act: A,
  by: Part,
): Verdict<S> {
  const lines = table.filter((line) => line.act === act && line.from.includes(from));
  const line = lines.find((one) => one.by.includes(by));
  if (line) return { allowed: true, to: line.to };
  return { allowed: false, because: lines.length > 0 ? 'part' : 'state' };
}

export const moveSubmission = (from: SubmissionStatus, act: SubmissionAct, by: Part): Verdict<SubmissionStatus> =>
  verdict(submissionTransitions, from, act, by);

export const moveObject = (from: ObjectStatus, act: ObjectAct, by: Part): Verdict<ObjectStatus> =>
  verdict(objectTransitions, from, act, by);

/** Submissions that a submitter may still change. */
export const editable = (status: SubmissionStatus): boolean => status === 'draft' || status === 'returned';

/** Letters of each object type in accessions, after the prefix of the installation. */
export const accessionLetters = {
  project: 'P',
  sample: 'S',
  experiment: 'X',
  run: 'R',
  assembly: 'A',
  variation: 'V',
  sequence: 'N',
  metabolism: 'M',
  single_cell: 'C',
  analysis: 'Z',
} as const;

/** The order in which accessions are given: what others refer to comes first. */
export const acceptanceOrder = [
  'project',
  'sample',
  'experiment',
  'run',
  'assembly',
  'variation',
  'sequence',
  'metabolism',
  'single_cell',
  'analysis',
] as const;

/** An accession: prefix, letter of the type, at least seven digits; it grows beyond them. */
export function formatAccession(prefix: string, type: keyof typeof accessionLetters, number: bigint): string {
  return `${prefix}${accessionLetters[type]}${number.toString().padStart(7, '0')}`;
}

/** Whether a release day lies in today … today + horizon. Days are UTC, `YYYY-MM-DD`. */
export function judgeReleaseDay(day: string, now: Date, horizonDays: number): 'fits' | 'past' | 'too_late' {
  const today = now.toISOString().slice(0, 10);
  const last = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + horizonDays))
    .toISOString()
    .slice(0, 10);
  if (day < today) return 'past';
  return day > last ? 'too_late' : 'fits';
}
