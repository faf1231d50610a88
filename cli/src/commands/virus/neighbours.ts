import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jobResult } from '@geneward/api';
import { nearestOfOthers, type FarApart } from '@geneward/phylo';
import type { Command } from 'commander';
import { action } from '../../command.ts';
import { exit, Stop } from '../../exit.ts';
import { columns } from '../../output.ts';
import { wholeNumber } from '../search.ts';

/** What a joint job of the kind `sequence-distance` told, as neighbours of one's own genomes. */
export function neighbours(program: Command): void {
  program
    .command('neighbours <folder>')
    .description(
      'nearest genomes of other institutions, from the result of a joint job 由联合任务结果列出最近的他方基因组',
    )
    .requiredOption('--as <party>', 'which party of the job we are 本方名称')
    .option('--most <n>', 'how many for each genome 每条列出个数', wholeNumber(1, 1000), 5)
    .action(
      action(async ({ output }, folder: string, options: { as: string; most: number }) => {
        const [result, own] = ['result.json', 'own.tsv'].map((name) => join(folder, name));
        if (!result || !own || !existsSync(result) || !existsSync(own))
          throw new Stop(
            exit.usage,
            output.pick({
              en: `${folder} has no result.json beside own.tsv: name the folder of "party run --out"`,
              zh: `${folder} 中没有 result.json 与 own.tsv：请指定 “party run --out” 的文件夹`,
            }),
            'no-file',
          );
        const { kind, rows } = jobResult.parse(JSON.parse(readFileSync(result, 'utf8')));
        const parties = new Set(rows.flatMap(([one, , other]) => [one, other]));
        if (kind !== 'sequence-distance' || (rows.length > 0 && !parties.has(options.as)))
          throw new Stop(
            exit.usage,
            output.pick({
              en: `the result is of the kind ${kind}, of ${[...parties].join(', ')}`,
              zh: `该结果类型为 ${kind}，参与方为 ${[...parties].join('、')}`,
            }),
            'usage',
          );
        const names = namesIn(readFileSync(own, 'utf8'));
        const pairs = rows.flatMap((row) => pairOf(row, options.as));
        const told = [...nearestOfOthers(pairs, options.most)].map(([number, nearest]) => ({
          name: names.get(number) ?? String(number),
          nearest: nearest.map(({ partner, theirs, distance }) => ({ partner, number: theirs, distance })),
        }));
        output.result(told, (all) =>
          columns(
            all.flatMap(({ name, nearest }) =>
              nearest.map(({ partner, number, distance }) => [name, partner, String(number), String(distance)]),
            ),
          ),
        );
      }),
    );
}

/** Which of one's own has which number. */
const namesIn = (table: string): ReadonlyMap<number, string> =>
  new Map(
    table
      .split('\n')
      .slice(1)
      .filter((line) => line !== '')
      .map((line) => {
        const [number = '', name = ''] = line.split('\t');
        return [Number(number), name];
      }),
  );

/** A row as one of us and one of them. Without a distance the job said only that they are close. */
function pairOf(row: readonly unknown[], as: string): FarApart[] {
  const [one, i, other, j, distance = 0] = row;
  const pair = { distance: Number(distance) };
  if (one === as) return [{ ...pair, own: Number(i), partner: String(other), theirs: Number(j) }];
  if (other === as) return [{ ...pair, own: Number(j), partner: String(one), theirs: Number(i) }];
  return [];
}
