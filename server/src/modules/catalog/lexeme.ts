import { fold } from './tokens.ts';
import type { ExactField } from './rules.ts';

/** Weight of a word in a rank, highest first. */
export type Weight = 'A' | 'B' | 'C' | 'D';

/** The word that stands for "this field has this value". No word of a text begins with `=`. */
export const exact = (field: ExactField, value: string): string =>
  `=${field}:${fold(value).trim().replaceAll(/\s+/g, ' ').slice(0, 200)}`;

/** Quotes a lexeme for the text form of a tsvector or tsquery. */
export const quote = (word: string): string =>
  `'${/['\\]/.test(word) ? word.replaceAll('\\', '\\\\').replaceAll("'", "''") : word}'`;
