import type { Rule, Text } from '@geneward/metadata';

type Pair = readonly [en: string, zh: string];

const text = ([en, zh]: Pair): Text => ({ en, zh });

/** Writes a rule in the order in which a reader asks: what, why, how to mend, and one example each way. */
export function rule(
  code: Rule['code'],
  level: Rule['level'],
  told: {
    readonly message: Pair;
    readonly explanation: Pair;
    readonly mend: Pair;
    readonly refused: string;
    readonly accepted: string;
    readonly source?: string;
  },
): Rule {
  return {
    code,
    level,
    message: text(told.message),
    explanation: text(told.explanation),
    mend: text(told.mend),
    example: { refused: told.refused, accepted: told.accepted },
    ...(told.source !== undefined && { source: told.source }),
  };
}
