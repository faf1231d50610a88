import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { scoreLocked, tableRules, VirusProblem, type LockedForecast } from '@geneward/phylo';
import { action } from '../../command.ts';
import { columns } from '../../output.ts';
import { fileHash } from '../../virus/files.ts';
import { saying } from '../../virus/saying.ts';
import { readCounts } from '../../virus/tables.ts';
import { columnsOf, withColumns, type ColumnOptions } from './forecast.ts';

interface Options extends ColumnOptions {
  counts: string;
  truth: string;
  truthCountColumn?: string;
  other?: string;
}

export function score(program: Command): void {
  withColumns(program.command('score <forecast>'))
    .description(
      'make a locked forecast again from its counts and score it by what turned out, beside no change 预测评分',
    )
    .requiredOption('--counts <file>', 'the counts that it was made from 预测所用计数')
    .requiredOption('--truth <file>', 'the counts as they turned out 真实计数')
    .option('--truth-count-column <name>', 'column of counts in the truth; default as in the counts 真实计数列')
    .option('--other <lineage>', 'what lineages that the forecast has not count as 其他谱系归入')
    .action(
      action(async ({ output }, path: string, options: Options) =>
        saying(output, async () => {
          const lock = JSON.parse(readFileSync(path, 'utf8')) as LockedForecast & { inputs?: { sha256: string }[] };
          const found = fileHash(options.counts);
          const expected = lock.inputs?.[0]?.sha256;
          if (expected !== undefined && found !== expected)
            throw new VirusProblem(tableRules.record, { what: basename(options.counts), found, expected });
          const names = columnsOf(options);
          const rows = await readCounts(options.counts, names);
          const truth = await readCounts(options.truth, { ...names, count: options.truthCountColumn ?? names.count });
          const scored = scoreLocked(lock, rows, truth, options.other === undefined ? {} : { other: options.other });
          output.result(scored, ({ forecast, naive }) =>
            columns([
              ['', 'brier', 'energy', '50 %', '80 %', '95 %', 'days'],
              ...(
                [
                  ['forecast', forecast],
                  ['no change', naive],
                ] as const
              ).map(([name, one]) => [
                name,
                one.brier.toFixed(4),
                one.energy.toFixed(4),
                ...[one.cover50, one.cover80, one.cover95].map((share) => `${(100 * share).toFixed(1)} %`),
                String(one.outcomes),
              ]),
            ]),
          );
        }),
      ),
    );
}
