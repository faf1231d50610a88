import type { Command } from 'commander';
import {
  dayOf,
  fitClock,
  gradientDates,
  isLeaf,
  leafDates,
  marginalDates,
  placesOf,
  type ClockOptions,
  type Tree,
} from '@geneward/phylo';
import { action } from '../../command.ts';
import { exit } from '../../exit.ts';
import { printFindings } from '../../findings.ts';
import { loadDataset, whereIs } from '../../virus/datasets.ts';
import { saying, viewOf } from '../../virus/saying.ts';
import { readSamples } from '../../virus/tables.ts';
import { formatOf, readTree, writeTree } from '../../virus/trees.ts';

interface Options {
  dataset: string;
  metadata: string;
  nameColumn: string;
  dateColumn: string;
  placeColumn?: string;
  rate?: string;
  out: string;
}

/** Beyond this many tips the marginal method takes too long. */
const mostTips = 10_000;

export function date(program: Command): void {
  program
    .command('date <tree>')
    .description('date every node of a tree by the dates of its samples 为树的节点定年')
    .requiredOption('--dataset <name>', 'data set whose reference the tree has 参考序列所在数据集')
    .requiredOption('--metadata <file>', 'dates of the samples, divided by tabs 元数据表')
    .requiredOption('--out <file>', 'the dated tree; the ending tells the format 输出文件')
    .option('--name-column <name>', 'column of names 名称列', 'strain')
    .option('--date-column <name>', 'column of dates 日期列', 'date')
    .option('--place-column <name>', 'column of places; where each node was, with probabilities, is told too 地点列')
    .option(
      '--rate <number>',
      'substitutions a site and year, held; default is that of the data set, else fitted 替换速率',
    )
    .action(
      action(async ({ output }, path: string, options: Options) =>
        saying(output, async () => {
          const dataset = await loadDataset(await whereIs(options.dataset));
          const { tree, meta } = await readTree(path, formatOf(path), dataset.reference);
          const table = await readSamples(options.metadata, {
            name: options.nameColumn,
            date: options.dateColumn,
            place: options.placeColumn ?? '',
          });
          const dates = leafDates(tree, (name) => table.dates.get(name));
          const known: ClockOptions['known'] =
            options.rate === undefined ? dataset.clock : { rate: Number(options.rate), sd: Number(options.rate) / 2 };
          const clock = fitClock(tree, dates, known ? { known } : {});
          const tips = [...tree.parent.keys()].filter((node) => isLeaf(tree, node)).length;
          const dated = tips > mostTips ? gradientDates(tree, dates, clock) : marginalDates(tree, dates, clock).date;
          tree.attributes.set('num_date', { kind: 'quantity', numbers: dated });
          const moves =
            options.placeColumn === undefined ? undefined : setPlaces(tree, options.placeColumn, table.places, dated);
          writeTree(options.out, formatOf(options.out), tree, Object.keys(meta).length > 0 ? meta : dataset.meta);
          const [root = Number.NaN] = dated;
          const told = {
            root,
            day: dayOf(root),
            rate: clock.rate,
            r2: clock.r2,
            dated: dates.size,
            outliers: clock.outliers.length,
            ...(moves !== undefined && { moves }),
          };
          output.result(told, () =>
            output.pick({
              en: `root ${told.day} (${root.toFixed(3)}), ${clock.rate.toExponential(2)} a site and year, ${dates.size} dated leaves, ${told.outliers} far from the line`,
              zh: `根 ${told.day}（${root.toFixed(3)}），每位点每年 ${clock.rate.toExponential(2)}，${dates.size} 个有日期的叶，${told.outliers} 个偏离`,
            }),
          );
          const views = table.findings.map((finding) => viewOf(finding, output));
          if (!output.json && views.length > 0) output.warn(printFindings(views, output));
          return views.some(({ level }) => level === 'error') ? exit.faults : exit.done;
        }),
      ),
    );
}

/** Probabilities below this are not written. */
const leastTold = 0.01;

/** Gives every node its most probable place, with all that are likely beside it as Auspice keeps them, and says how many branches moved. */
function setPlaces(tree: Tree, key: string, places: ReadonlyMap<string, string>, date: Float64Array): number {
  const values = [...new Set(places.values())].sort();
  const rank = new Map(values.map((value, at) => [value, at]));
  const codes = Int32Array.from(tree.parent, (_, node) =>
    isLeaf(tree, node) ? (rank.get(places.get(tree.names.at(node)) ?? '') ?? -1) : -1,
  );
  const found = placesOf(tree, { kind: 'category', codes, values }, { date });
  tree.attributes.set(key, { kind: 'category', codes: found.code, values });
  for (let node = 0; node < codes.length; node++) {
    const likely = values.flatMap((value, at) => {
      const probability = found.all[node * values.length + at] ?? 0;
      return probability >= leastTold ? [[value, Math.round(probability * 1000) / 1000] as const] : [];
    });
    const notes = tree.branches.get(node);
    const attributes = { ...notes?.attributes, [key]: { confidence: Object.fromEntries(likely) } };
    tree.branches.set(node, { ...notes, attributes });
  }
  return found.moves.length;
}
