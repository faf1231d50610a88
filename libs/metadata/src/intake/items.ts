import type { Checklist } from '../checklist/checklist.ts';
import type { ArchiveRecord, ObjectType } from '../model/record.ts';
import type { Finding } from '../rules/rule.ts';
import type { Encoding } from './encoding.ts';
import type { IntakeLimits } from './limits.ts';

/** What a row or document asks to be done with its object. `sent`: done before; the row is there for reference. */
export const actions = ['add', 'modify', 'release', 'cancel', 'hold', 'suppress', 'sent'] as const;
export type Action = (typeof actions)[number];

/** An order about objects that are already kept, as a SUBMISSION document gives it. */
export interface Instruction {
  readonly action: Action;
  /** Accession or alias; all objects of the submission when absent. */
  readonly target?: string;
  /** ISO date of a hold. */
  readonly until?: string;
}

/** What intake gives: records in the order of the files, and beside them what was found while reading. */
export type IntakeItem =
  | { readonly record: ArchiveRecord; readonly action?: Action }
  | { readonly instruction: Instruction }
  | { readonly finding: Finding };

export interface IntakeOptions {
  readonly limits?: Partial<IntakeLimits>;
  /** Encoding of text tables when the caller knows it. */
  readonly encoding?: Encoding;
  /** Checklist by its id; headers are understood through its field names, synonyms and labels. */
  readonly checklist?: (id: string) => Checklist | undefined;
  /** Checklist of records that name none. */
  readonly defaultChecklist?: (type: ObjectType) => string | undefined;
}
