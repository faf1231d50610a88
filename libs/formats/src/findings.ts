import type { Finding, Place, Rule } from '@geneward/metadata';

/** What a check has found so far: at most `limit` findings of one code are kept, all are counted. */
export interface Findings {
  add(rule: Rule, place: Place, value?: string, params?: Readonly<Record<string, string | number>>): void;
  readonly list: readonly Finding[];
  /** How often each code was met, kept or not. */
  readonly counts: ReadonlyMap<Rule['code'], number>;
  /** True once a rule of level `error` was met. */
  readonly refused: boolean;
}

/** How many findings of one code a report keeps unless told otherwise. */
export const findingsPerCode = 20;

const longestValue = 200;

/** Gathers findings in constant memory, whatever the size of the file. */
export function collectFindings(limit: number = findingsPerCode): Findings {
  const list: Finding[] = [];
  const counts = new Map<Rule['code'], number>();
  let refused = false;
  return {
    list,
    counts,
    get refused() {
      return refused;
    },
    add(rule, place, value, params) {
      const count = (counts.get(rule.code) ?? 0) + 1;
      counts.set(rule.code, count);
      if (rule.level === 'error') refused = true;
      if (count > limit) return;
      list.push({
        code: rule.code,
        level: rule.level,
        place,
        ...(value !== undefined && { value: shorten(value) }),
        ...(params !== undefined && { params }),
      });
    },
  };
}

function shorten(value: string): string {
  return value.length > longestValue ? `${value.slice(0, longestValue - 1)}…` : value;
}

/** What a person should see of some bytes: printable ASCII as it is, everything else escaped, at most 200 characters. */
export function excerpt(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  let text = '';
  for (let at = start; at < end && text.length < longestValue; at += 1) {
    const byte = bytes[at] ?? 0;
    text += byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return text;
}
