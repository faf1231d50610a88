import { intakeRules } from '../rules/catalogue/intake.ts';
import type { IntakeCode } from '../rules/catalogue/intake.ts';
import { found } from '../rules/found.ts';
import type { Detail } from '../rules/found.ts';
import type { Finding, Place } from '../rules/rule.ts';

/** Ends the reading of one file; the readers turn it into its finding, so that a caller never sees it thrown. */
export class Refusal extends Error {
  readonly finding: Finding;

  constructor(code: IntakeCode, place: Place, detail: Detail = {}) {
    super(code);
    this.name = 'Refusal';
    this.finding = found(intakeRules[code], place, detail);
  }
}

/** Takes findings where a reader meets them, so that its generator can hand them on in order. */
export type Report = (code: IntakeCode, place: Place, detail?: Detail) => void;

/** A report that collects, and the way to take out what it collected. */
export function collectFindings(): { report: Report; drain: () => readonly Finding[] } {
  let waiting: Finding[] = [];
  return {
    report: (code, place, detail) => {
      waiting.push(found(intakeRules[code], place, detail));
    },
    drain: () => {
      if (waiting.length === 0) return none;
      const taken = waiting;
      waiting = [];
      return taken;
    },
  };
}

const none: readonly Finding[] = [];
