import type { Range } from '@geneward/crypt4gh';
import { exit, Stop } from '../exit.ts';
import type { Output } from '../output.ts';

/**
 * `--range` as the reference command line counts: `10-20` are the nine bytes from 10 up to 18, as it leaves out one byte
 * before the end that it names. `10-` and `10`, which its help promises and its program refuses, go to the end of the file.
 */
export function parseRange(text: string | undefined, output: Output): Range {
  if (text === undefined) return { start: 0 };
  const [, start = '', dash, end = ''] = /^(\d{1,15})(-)?(\d{1,15})?$/.exec(text) ?? [];
  const range: Range = end === '' ? { start: Number(start) } : { start: Number(start), end: Number(end) - 1 };
  const possible = start !== '' && (end === '' || (dash === '-' && Number(end) - 1 > Number(start)));
  if (possible) return range;
  throw new Stop(
    exit.faults,
    output.pick({
      en: `Invalid range: ${text}. Write start-end, as 1000-2000.`,
      zh: `无效的范围：${text}。请写成 起始-结束，例如 1000-2000。`,
    }),
  );
}
