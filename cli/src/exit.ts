import type { ApiProblem } from '@geneward/api';

/** Exit codes that scripts may rely on. */
export const exit = {
  done: 0,
  /** The input has faults; the report says which. */
  faults: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** The server refused: not signed in, no access, or a rule of the archive. */
  refused: 3,
  /** The server cannot be reached, or asks to try again later. */
  unreachable: 4,
  /** A mistake in the program. */
  internal: 5,
} as const;
export type ExitCode = (typeof exit)[keyof typeof exit];

/** An expected end with a message that says how to mend it. */
export class Stop extends Error {
  readonly exitCode: ExitCode;
  /** What a program may branch on. */
  readonly code: string;
  constructor(exitCode: ExitCode, message: string, code = 'stopped') {
    super(message);
    this.name = 'Stop';
    this.exitCode = exitCode;
    this.code = code;
  }
}

/** What a server answered. Told by its shape, for a command that needs no server must not load the whole contract to end. */
export const isApiProblem = (error: unknown): error is ApiProblem =>
  error instanceof Error && 'code' in error && 'body' in error;

/** The code that an error ends with. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof Stop) return error.exitCode;
  if (isApiProblem(error)) {
    if (error.body.status === 503 || error.body.status === 429) return exit.unreachable;
    return error.body.status >= 500 ? exit.internal : exit.refused;
  }
  return isNetworkError(error) ? exit.unreachable : exit.internal;
}

/** What `fetch` throws when nobody answers or the line breaks. */
export function isNetworkError(error: unknown): error is Error {
  return error instanceof TypeError && (error.message === 'fetch failed' || error.message === 'terminated');
}
