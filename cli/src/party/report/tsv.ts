import type { Result } from '../analyse.ts';

/** The table of a result; NA where a value is not available or suppressed. */
export const tsv = ({ columns, rows }: Result): string =>
  [columns, ...rows]
    .map((row) => row.map((value) => value ?? 'NA').join('\t'))
    .join('\n')
    .concat('\n');
