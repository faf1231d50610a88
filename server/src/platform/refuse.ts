import type { NewEvent } from './audit.ts';
import { Problem, type ProblemDetails } from './problem.ts';

/** A problem that leaves an event: the edge writes it after the act was rolled back, in a transaction of its own. */
export class Refusal extends Problem {
  readonly event: NewEvent;
  constructor(code: string, event: NewEvent, details: ProblemDetails = {}) {
    super(code, details);
    this.event = { ...event, outcome: 'refused' };
  }
}

/** The event that a problem asks to be written, if any. */
export function refused(problem: Problem): NewEvent | undefined {
  return problem instanceof Refusal ? problem.event : undefined;
}
