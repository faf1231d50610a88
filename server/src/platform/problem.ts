import { commonProblems, type ProblemBody, type ProblemTable } from '@geneward/api';
import type { Language } from './context.ts';

const known = new Map<string, ProblemTable[string]>(Object.entries(commonProblems));

/** A module registers its table once at start; the same code twice is a mistake in the program. */
export function registerProblems(table: ProblemTable): void {
  for (const [code, text] of Object.entries(table)) {
    const before = known.get(code);
    if (before && before !== text) throw new Error(`problem code ${code} is defined twice`);
    known.set(code, text);
  }
}

export interface ProblemDetails {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly place?: Readonly<Record<string, string | number>>;
  readonly issues?: readonly { path: string; message: string }[];
  /** Seconds after which the same request may succeed. */
  readonly retryAfter?: number;
  readonly cause?: unknown;
}

/** An expected refusal with a stable code. Anything else that is thrown answers as `internal` and is logged. */
export class Problem extends Error {
  readonly code: string;
  readonly details: ProblemDetails;
  constructor(code: string, details: ProblemDetails = {}) {
    super(code, { cause: details.cause });
    this.name = 'Problem';
    this.code = code;
    this.details = details;
  }
  get status(): number {
    return textOf(this.code).status;
  }
}

/** RFC 9457 body in the reader's language. */
export function problemBody(problem: Problem, language: Language, requestId: string): ProblemBody {
  const text = textOf(problem.code);
  const fill = (template: string) =>
    template.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      String(problem.details.params?.[name] ?? (name === 'request' ? requestId : '')),
    );
  return {
    type: `/problems#${problem.code}`,
    title: fill(text.title[language]),
    status: text.status,
    code: problem.code,
    hint: fill(text.hint[language]),
    instance: requestId,
    ...(problem.details.place && { place: problem.details.place }),
    ...(problem.details.issues && { issues: [...problem.details.issues] }),
    ...(problem.details.retryAfter !== undefined && { retryAfter: problem.details.retryAfter }),
  };
}

/** All registered codes, for the reference page and the contract test. */
export function knownProblems(): ReadonlyMap<string, ProblemTable[string]> {
  return known;
}

function textOf(code: string): ProblemTable[string] {
  return known.get(code) ?? commonProblems.internal;
}
