import type { OwnResult } from '../result.ts';

/** The table of a result; NA where a value is not available or suppressed. */
export const resultTsv = ({ columns, rows }: OwnResult): string =>
  [columns, ...rows]
    .map((row) => row.map((value) => value ?? 'NA').join('\t'))
    .join('\n')
    .concat('\n');
