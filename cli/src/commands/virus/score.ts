import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { paired, scoreLocked, tableRules, VirusProblem, type LockedForecast, type Scored } from '@geneward/phylo';
import { action } from '../../command.ts';
import { exit, Stop } from '../../exit.ts';
import { columns, type Output } from '../../output.ts';
import { fileHash } from '../../virus/files.ts';
import { saying } from '../../virus/saying.ts';
import { readCounts } from '../../virus/tables.ts';
import { columnsOf, withColumns, type ColumnOptions } from './forecast.ts';
import { pairedLine } from './rounds.ts';

interface Options extends ColumnOptions {
  counts?: string;
  truth?: string;
  truthCountColumn?: string;
  other?: string;
}

/** A locked forecast with the counts that it was made from and those that turned out. */
interface Round {
  readonly forecast: string;
  readonly counts: string;
  readonly truth: string;
}

export function score(program: Command): void {
  withColumns(program.command('score <forecast...>'))
    .description(
      'make locked forecasts again from their counts and score them by what turned out, beside no change 预测评分',
    )
    .option('--counts <file>', 'the counts that it was made from; of a folder, its counts.tsv 预测所用计数')
    .option('--truth <file>', 'the counts as they turned out; of a folder, its truth.tsv 真实计数')
    .option('--truth-count-column <name>', 'column of counts in the truth; default as in the counts 真实计数列')
    .option('--other <lineage>', 'what lineages that the forecast has not count as 其他谱系归入')
    .action(
      action(async ({ output }, paths: string[], options: Options) =>
        saying(output, async () => {
          const rounds = paths.map((path) => roundAt(path, options, output));
          const told: { round: string; asOf: string; scored: Scored }[] = [];
          for (const round of rounds) told.push({ round: round.forecast, ...(await scoreOf(round, options)) });
          const differences = (name: 'brier' | 'energy') =>
            told.map(({ scored: { forecast, naive } }) => forecast[name] - naive[name]);
          const together =
            told.length > 1
              ? { brier: paired(differences('brier')), energy: paired(differences('energy')) }
              : undefined;
          const [only] = told;
          output.result(together || !only ? { rounds: told, together } : only.scored, () =>
            [tableOf(told), ...(together ? [pairedLine(together.brier, output)] : [])].join('\n'),
          );
        }),
      ),
    );
}

/** A round: a folder with forecast.json, counts and truth as Parquet or TSV, or a forecast beside `--counts` and `--truth`. */
function roundAt(path: string, { counts, truth }: Options, output: Output): Round {
  const folder = existsSync(path) && statSync(path).isDirectory();
  const within = (name: string): string | undefined =>
    [join(path, `${name}.tsv`), join(path, `${name}.parquet`)].find((file) => folder && existsSync(file));
  const found = { counts: counts ?? within('counts'), truth: truth ?? within('truth') };
  const missing = found.counts === undefined ? 'counts' : found.truth === undefined ? 'truth' : undefined;
  if (missing !== undefined || found.counts === undefined || found.truth === undefined)
    throw new Stop(
      exit.usage,
      output.pick({
        en: `${path}: give --${missing}, or a folder that has it`,
        zh: `${path}：请提供 --${missing} 或含该文件的文件夹`,
      }),
      'usage',
    );
  return { forecast: folder ? join(path, 'forecast.json') : path, counts: found.counts, truth: found.truth };
}

async function scoreOf(round: Round, options: Options): Promise<{ asOf: string; scored: Scored }> {
  const lock = JSON.parse(readFileSync(round.forecast, 'utf8')) as LockedForecast & { inputs?: { sha256: string }[] };
  const found = fileHash(round.counts);
  const expected = lock.inputs?.[0]?.sha256;
  if (expected !== undefined && found !== expected)
    throw new VirusProblem(tableRules.record, { what: basename(round.counts), found, expected });
  const names = columnsOf(options);
  const rows = await readCounts(round.counts, names);
  const truth = await readCounts(round.truth, { ...names, count: options.truthCountColumn ?? names.count });
  const scored = scoreLocked(lock, rows, truth, options.other === undefined ? {} : { other: options.other });
  return { asOf: lock.parameters.asOf, scored };
}

const tableOf = (told: readonly { asOf: string; scored: Scored }[]): string =>
  columns([
    ['as of', '', 'brier', 'energy', '50 %', '80 %', '95 %', 'days'],
    ...told.flatMap(({ asOf, scored }) =>
      (
        [
          ['forecast', scored.forecast],
          ['no change', scored.naive],
        ] as const
      ).map(([name, one]) => [
        asOf,
        name,
        one.brier.toFixed(4),
        one.energy.toFixed(4),
        ...[one.cover50, one.cover80, one.cover95].map((share) => `${(100 * share).toFixed(1)} %`),
        String(one.outcomes),
      ]),
    ),
  ]);
