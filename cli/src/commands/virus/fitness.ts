import type { Command } from 'commander';
import { mutationFitness, nodeCount, ranksAbove, readDate, treeRules, VirusProblem } from '@geneward/phylo';
import type { Fitness, Tree } from '@geneward/phylo';
import { action } from '../../command.ts';
import { exit, Stop } from '../../exit.ts';
import { loadDataset, whereIs } from '../../virus/datasets.ts';
import { startFile } from '../../virus/output-file.ts';
import { saying } from '../../virus/saying.ts';
import { formatOf, readTree } from '../../virus/trees.ts';
import { whole } from './run.ts';

interface Options {
  dataset: string;
  out?: string;
  first: string;
  holdOut?: string;
}

const columns = ['mutation', 'observed', 'expected', 'effect', 'next'];

export function fitness(program: Command): void {
  program
    .command('fitness [tree]')
    .description('which amino-acid changes come about more often than by chance, and which are likely next 突变适应度')
    .requiredOption('--dataset <name>', 'data set with genes; its tree counts where none is given 数据集')
    .option('--out <file>', 'all changes, divided by tabs 输出文件')
    .option('--first <number>', 'changes that are shown, the likeliest first 显示个数', '30')
    .option(
      '--hold-out <date>',
      'learn from branches up to a day, score by those after it; needs a dated tree 留出检验',
    )
    .action(
      action(async ({ output }, path: string | undefined, options: Options) =>
        saying(output, async () => {
          const dataset = await loadDataset(await whereIs(options.dataset));
          const tree =
            path === undefined ? dataset.tree : (await readTree(path, formatOf(path), dataset.reference)).tree;
          if (!tree) throw new Stop(exit.faults, `${dataset.id}: no tree`, 'no-tree');
          const until = options.holdOut === undefined ? undefined : dayOf(options.holdOut);
          const early = until === undefined ? undefined : branchesUntil(tree, until);
          const found = mutationFitness(tree, dataset.annotation, early ? { among: early } : {});
          const heldOut = early && heldOutScore(tree, dataset.annotation, found, early);
          const rows = found.toSorted((a, b) => b.next - a.next || (nameOf(a) < nameOf(b) ? -1 : 1)).map(rowOf);
          if (options.out !== undefined) {
            const file = startFile(options.out, false);
            for (const row of [columns, ...rows]) await file.write(`${row.join('\t')}\n`);
            await file.end();
          }
          const shown = rows.slice(0, whole(options.first));
          const changes = shown.map(([mutation, observed, expected, effect, next]) => ({
            mutation,
            observed: Number(observed),
            expected: Number(expected),
            effect: Number(effect),
            next: Number(next),
          }));
          output.result({ changes, ...(heldOut && { heldOut }) }, () =>
            [
              ...[columns, ...shown].map((row) => row.join('\t')),
              ...(heldOut ? [output.pick(wordsOf(heldOut))] : []),
            ].join('\n'),
          );
        }),
      ),
    );
}

const nameOf = ({ cds, from, codon, to }: Fitness): string => `${cds}:${from}${codon + 1}${to}`;
const rowOf = (one: Fitness): string[] => [
  nameOf(one),
  String(one.observed),
  one.expected.toFixed(3),
  one.effect.toFixed(3),
  one.next.toFixed(3),
];

function dayOf(text: string): number {
  const date = readDate(text, '--hold-out');
  if (!date) throw new Stop(exit.usage, `${text}: no day`, 'usage');
  return date.to;
}

/** Whether the node below a branch is dated no later than a day. Throws {@link treeRules.clock} for a tree without dates. */
function branchesUntil(tree: Tree, until: number): (node: number) => boolean {
  const dates = tree.attributes.get('num_date');
  if (dates?.kind !== 'quantity' || nodeCount(tree) !== dates.numbers.length)
    throw new VirusProblem(treeRules.clock, { reason: 'the tree has no dates' });
  return (node) => (dates.numbers[node] ?? Number.NaN) <= until;
}

interface HeldOut {
  /** Changes that came about after the day. */
  readonly happened: number;
  /** Chance that one of them stands above one that did not: with fitness, and by the rate of mutation alone. */
  readonly area: number;
  readonly areaByRate: number;
}

function heldOutScore(
  tree: Tree,
  annotation: Parameters<typeof mutationFitness>[1],
  before: readonly Fitness[],
  early: (node: number) => boolean,
): HeldOut {
  const after = mutationFitness(tree, annotation, { among: (node) => !early(node) });
  const happened = after.map(({ observed }) => observed > 0);
  return {
    happened: happened.filter(Boolean).length,
    area: ranksAbove(
      before.map(({ next }) => next),
      happened,
    ),
    areaByRate: ranksAbove(
      before.map(({ expected }) => expected),
      happened,
    ),
  };
}

const wordsOf = ({ happened, area, areaByRate }: HeldOut): { en: string; zh: string } => ({
  en: `held out: ${happened} changes came later; area ${area.toFixed(3)}, by the rate of mutation alone ${areaByRate.toFixed(3)}`,
  zh: `留出检验：之后出现 ${happened} 个变化；曲线下面积 ${area.toFixed(3)}，仅按突变率 ${areaByRate.toFixed(3)}`,
});
