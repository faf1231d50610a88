import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { virusForecastRoutes, type CallReply, type VirusForecast } from '@geneward/api';
import { tableRules, VirusProblem } from '@geneward/phylo';
import { Option, type Command } from 'commander';
import { action } from '../../command.ts';
import { columns, type Output } from '../../output.ts';
import { itemsOf } from '../../pages.ts';
import { hexOf } from '../../virus/files.ts';
import { saying } from '../../virus/saying.ts';
import { wholeNumber } from '../search.ts';

type Scores = CallReply<typeof virusForecastRoutes.virusScores>;
const whose = () => new Option('--of <whose>', 'of shared genomes or your own 共享或本机构').choices(['public', 'own']);

/** Forecasts of the server: locked there before the truth is known, scored there when it has come. */
export function rounds(program: Command): void {
  const group = program
    .command('rounds')
    .description('forecasts that the server locks, scores and keeps 服务器锁定并评分的预测');
  group
    .command('lock')
    .description('lock a forecast from what is known now; it stays, whatever comes out 锁定预测')
    .requiredOption('--dataset <name>', 'data set of the server 服务器上的数据集')
    .addOption(whose().default('own'))
    .option('--days <n>', 'days ahead 预测天数', wholeNumber(1, 90), 30)
    .option('--after <n>', 'days after the last one until it is scored 评分等待天数', wholeNumber(0, 365), 60)
    .action(
      action(
        async (
          { output, client },
          { dataset, of, days, after }: { dataset: string; of: 'public' | 'own'; days: number; after: number },
        ) => {
          const body = { dataset, of, days, wait: after };
          const made = await client().call(virusForecastRoutes.lockVirusForecast, {
            body,
            idempotencyKey: randomUUID(),
          });
          output.result(made, (one) => forecastLines([one]));
        },
      ),
    );
  group
    .command('list')
    .description('forecasts with their scores and failures, newest first 预测列表')
    .addOption(whose())
    .option('--limit <n>', 'how many 条数', wholeNumber(1, 10_000), 50)
    .action(
      action(async ({ output, client }, { of, limit }: { of?: 'public' | 'own'; limit: number }) => {
        const api = client();
        const items = await itemsOf(limit, (query) =>
          api.call(virusForecastRoutes.listVirusForecasts, { query: { ...query, ...(of && { of }) } }),
        );
        output.result(items, forecastLines);
      }),
    );
  group
    .command('fetch <forecast>')
    .description(
      'the locked forecast and its counts, held against their hashes; "virus score" reads the folder 下载预测文件',
    )
    .requiredOption('--out <folder>', 'where they go 输出文件夹')
    .action(
      action(async ({ output, client }, forecast: string, { out }: { out: string }) =>
        saying(output, async () => {
          const api = client();
          const view = await api.call(virusForecastRoutes.getVirusForecast, { params: { forecast } });
          mkdirSync(out, { recursive: true });
          const files: string[] = [];
          for (const [file, expected] of [
            ['forecast.json', view.sha256],
            ['counts.tsv', view.state === 'replaced' ? undefined : view.countsSha256],
            ['truth.tsv', view.state === 'replaced' ? undefined : view.truthSha256],
          ] as const) {
            if (expected === undefined) continue;
            const answer = await api.raw(virusForecastRoutes.getVirusForecastFile, { params: { forecast, file } });
            const bytes = new Uint8Array(await answer.arrayBuffer());
            const found = hexOf(bytes);
            if (found !== expected) throw new VirusProblem(tableRules.record, { what: file, found, expected });
            writeFileSync(join(out, file), bytes);
            files.push(join(out, file));
          }
          output.result({ ...view, files }, () => [forecastLines([view]), ...files].join('\n'));
        }),
      ),
    );
  group
    .command('scores')
    .description('all rounds together, against no change, the failures counted 全部轮次的评分')
    .addOption(whose())
    .option('--dataset <sha256>', 'of this data set 数据集哈希')
    .action(
      action(async ({ output, client }, { of, dataset }: { of?: 'public' | 'own'; dataset?: string }) => {
        const query = { ...(of && { of }), ...(dataset !== undefined && { dataset }) };
        const scores = await client().call(virusForecastRoutes.virusScores, { query });
        output.result(scores, (all) => scoreLines(all, output));
      }),
    );
}

const forecastLines = (forecasts: readonly VirusForecast[]): string =>
  columns(
    forecasts.map((one) => [
      one.id,
      one.asOf,
      one.of,
      one.state,
      one.score ? `${one.score.forecast.brier.toFixed(4)}/${one.score.naive.brier.toFixed(4)}` : one.dueOn,
      one.rising.join(','),
      one.finding ? `[${one.finding.code}]` : '',
    ]),
  );

function scoreLines(scores: Scores, output: Output): string {
  const { rounds: scored, outstanding, unscored, failed, brier } = scores;
  const rows = scores.items.map((one) => [one.asOf, one.brier.toFixed(4), one.naive.toFixed(4), one.forecast]);
  return [
    output.pick({
      en: `${scored} rounds scored, ${outstanding} outstanding, ${unscored} could not be scored, ${failed} could not be made`,
      zh: `已评分 ${scored} 轮，待评 ${outstanding}，无法评分 ${unscored}，未能生成 ${failed}`,
    }),
    ...(rows.length > 0 ? [columns([['as of', 'brier', 'no change', ''], ...rows])] : []),
    ...(brier ? [pairedLine(brier, output)] : []),
  ].join('\n');
}

/** A paired difference in words: an interval that holds zero says that neither is better. */
export function pairedLine(
  { mean, median, low, high }: { mean: number; median: number; low: number; high: number },
  output: Output,
): string {
  const figures = `${mean.toFixed(4)} (95 %: ${low.toFixed(4)} … ${high.toFixed(4)}; ${median.toFixed(4)})`;
  const verdict =
    high < 0
      ? { en: 'the forecast is better', zh: '预测更好' }
      : low > 0
        ? { en: 'no change is better', zh: '“无变化”更好' }
        : { en: 'neither is better: the interval holds zero', zh: '无显著差异：区间包含零' };
  return `Brier, ${output.pick({ en: 'forecast less no change', zh: '预测减“无变化”' })}: ${figures} – ${output.pick(verdict)}`;
}
