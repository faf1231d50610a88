import type { Place } from '../rules/rule.ts';
import type { Finding, Rule } from '../rules/rule.ts';
import type { Detail } from '../rules/found.ts';
import { found } from '../rules/found.ts';

/** A finding before it is known where: what a value deserves wherever it stands. */
export interface Verdict {
  readonly rule: Rule;
  readonly detail: Detail;
}

/** The verdict on a value that passes. One array for all, so that accepting costs nothing. */
export const passes: readonly Verdict[] = [];

export const verdict = (rule: Rule, detail: Detail): readonly Verdict[] => [{ rule, detail }];

/** Puts verdicts in their place. */
export function place(verdicts: readonly Verdict[], where: Place, column: string, into: Finding[]): void {
  for (const { rule, detail } of verdicts) into.push(found(rule, { ...where, column }, detail));
}

/** After so many values it shows whether a column repeats itself. */
const trial = 2048;

/**
 * Remembers the verdicts on values that repeat. The memory is bounded, and given up for a column whose values do not repeat:
 * there judging anew is cheaper than looking up.
 */
export function remember<T>(judge: (value: string) => T, bound = 4096): (value: string) => T {
  const known = new Map<string, T>();
  let asked = 0;
  let hits = 0;
  let forgetful = false;
  return (value) => {
    if (forgetful) return judge(value);
    const before = known.get(value);
    if (before !== undefined) {
      hits++;
      return before;
    }
    const now = judge(value);
    if (++asked === trial && hits < trial / 2) {
      forgetful = true;
      known.clear();
    } else if (value.length <= 200) {
      if (known.size >= bound) known.clear();
      known.set(value, now);
    }
    return now;
  };
}
