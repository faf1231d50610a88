import type { Finding, Place, Rule } from './rule.ts';

const longest = 200;

/** What may be said about a finding besides its rule and its place. */
export interface Detail {
  readonly value?: string | undefined;
  readonly params?: Readonly<Record<string, string | number>> | undefined;
  readonly suggestion?: string | undefined;
}

/** Makes a finding of a rule: the level comes from the rule, a long value is cut. */
export function found(rule: Rule, place: Place, detail: Detail = {}): Finding {
  const { value, params, suggestion } = detail;
  return {
    code: rule.code,
    level: rule.level,
    place,
    ...(value !== undefined && { value: value.length > longest ? `${value.slice(0, longest - 1)}…` : value }),
    ...(params !== undefined && { params }),
    ...(suggestion !== undefined && { suggestion }),
  };
}
