import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { canonicalJson } from '@geneward/api';
import type { Command } from 'commander';
import { dateOfDay, defaultForecast, lockForecast } from '@geneward/phylo';
import manifest from '../../../package.json' with { type: 'json' };
import { action } from '../../command.ts';
import { columns } from '../../output.ts';
import { fileHash } from '../../virus/files.ts';
import { saying } from '../../virus/saying.ts';
import { readCounts } from '../../virus/tables.ts';
import { whole } from './run.ts';

/** What columns of counts may be called. */
export interface ColumnOptions {
  dateColumn: string;
  placeColumn: string;
  lineageColumn: string;
  countColumn: string;
}

export const columnsOf = (options: ColumnOptions) => ({
  date: options.dateColumn,
  place: options.placeColumn,
  lineage: options.lineageColumn,
  count: options.countColumn,
});

/** The options that name columns of counts. */
export const withColumns = (command: Command): Command =>
  command
    .option('--date-column <name>', 'column of days 日期列', 'date')
    .option('--place-column <name>', 'column of places 地点列', 'place')
    .option('--lineage-column <name>', 'column of lineages 谱系列', 'lineage')
    .option('--count-column <name>', 'column of counts 计数列', 'count');

interface Options extends ColumnOptions {
  asOf?: string;
  days: string;
  window: string;
  falseAlarms: string;
  out?: string;
}

export function forecast(program: Command): void {
  withColumns(program.command('forecast <counts>'))
    .description('which lineages grow, and the shares of the next days; locked with what it was made from 谱系增长预测')
    .option('--as-of <date>', 'last day that may be used; default is that of the last count 截止日期')
    .option('--days <number>', 'days ahead 预测天数', String(defaultForecast.days))
    .option('--window <number>', 'days of counts that are used 使用的天数', String(defaultForecast.window))
    .option(
      '--false-alarms <number>',
      'false alarms of new lineages to be expected of one look 预期误报数',
      String(defaultForecast.falseAlarms),
    )
    .option('--out <file>', 'the locked forecast, as JSON 锁定的预测文件')
    .action(
      action(async ({ output }, path: string, options: Options) =>
        saying(output, async () => {
          const rows = await readCounts(path, columnsOf(options));
          const asOf = options.asOf ?? dateOfDay(rows.reduce((most, { day }) => Math.max(most, day), 0));
          const { lock } = lockForecast(rows, {
            ...defaultForecast,
            asOf,
            days: whole(options.days),
            window: whole(options.window),
            falseAlarms: Number(options.falseAlarms),
          });
          const locked = {
            ...lock,
            program: { name: manifest.name, version: manifest.version },
            inputs: [{ name: basename(path), sha256: fileHash(path) }],
          };
          if (options.out !== undefined) writeFileSync(options.out, `${canonicalJson(locked)}\n`);
          const last = lock.shares.at(-1)?.date;
          output.result(locked, () =>
            [
              output.pick({
                en: `Growth a generation over ${lock.over}, all places:`,
                zh: `相对 ${lock.over} 的每代增长优势（全部地点）：`,
              }),
              columns(
                lock.advantages
                  .filter(({ place }) => place === undefined)
                  .map(({ lineage, middle, low, high }) => [
                    lineage,
                    middle.toFixed(3),
                    `${low.toFixed(3)}–${high.toFixed(3)}`,
                  ]),
              ),
              output.pick({ en: `Shares on ${last}, middle 95 %:`, zh: `${last} 的占比（95 % 区间）：` }),
              columns(
                lock.shares
                  .filter(({ date }) => date === last)
                  .map(({ place, lineage, mean, low95, high95 }) => [
                    place,
                    lineage,
                    percent(mean),
                    `${percent(low95)}–${percent(high95)}`,
                  ]),
              ),
              ...lock.watch.warnings.map(({ lineage, genomes, perWeek, chance }) =>
                output.pick({
                  en: `New and rising: ${lineage}, ${genomes} genomes, odds × ${Math.exp(perWeek).toFixed(2)} a week (chance ${chance.toExponential(1)})`,
                  zh: `新增长谱系：${lineage}，${genomes} 条基因组，每周优势 × ${Math.exp(perWeek).toFixed(2)}（偶然概率 ${chance.toExponential(1)}）`,
                }),
              ),
            ].join('\n'),
          );
        }),
      ),
    );
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
