import type { Command } from 'commander';
import {
  nodeCount,
  isLeaf,
  parsimonyOf,
  samplesOf,
  treeRules,
  VirusProblem,
  withoutSamples,
  type Tree,
} from '@geneward/phylo';
import { action } from '../../command.ts';
import { loadDataset, whereIs } from '../../virus/datasets.ts';
import { linesOf } from '../../virus/files.ts';
import { saying } from '../../virus/saying.ts';
import { formatOf, readTree, treeFormats, writeTree } from '../../virus/trees.ts';

interface Options {
  dataset: string;
  from?: string;
  to?: string;
  keep?: string;
  without?: string;
}

export function tree(program: Command): void {
  program
    .command('tree <in> <out>')
    .description('convert a tree between formats, or a part of it 转换树格式或取子集')
    .requiredOption('--dataset <name>', 'data set whose reference the tree has 参考序列所在数据集')
    .option('--from <format>', `format of the input; told by its ending otherwise: ${treeFormats.join(', ')} 输入格式`)
    .option('--to <format>', 'format of the output 输出格式')
    .option('--keep <file>', 'names of samples to keep, a line each 保留的样本')
    .option('--without <file>', 'names of samples to leave out 去除的样本')
    .action(
      action(async ({ output }, source: string, target: string, options: Options) =>
        saying(output, async () => {
          const dataset = await loadDataset(await whereIs(options.dataset));
          const read = await readTree(source, formatOf(source, options.from), dataset.reference);
          const part = await partOf(read.tree, options);
          const meta = Object.keys(read.meta).length > 0 ? read.meta : dataset.meta;
          writeTree(target, formatOf(target, options.to), part, meta);
          const told = { nodes: nodeCount(part), samples: namesOf(part).length, parsimony: parsimonyOf(part) };
          output.result(told, () =>
            output.pick({
              en: `${told.samples} samples, ${told.nodes} nodes, ${told.parsimony} mutations`,
              zh: `${told.samples} 个样本，${told.nodes} 个节点，${told.parsimony} 个突变`,
            }),
          );
        }),
      ),
    );
}

const namesOf = (tree: Tree): string[] =>
  [...tree.parent.keys()].flatMap((node) => (isLeaf(tree, node) ? samplesOf(tree, node) : []));

async function partOf(tree: Tree, { keep, without }: Options): Promise<Tree> {
  if (keep === undefined && without === undefined) return tree;
  const names = new Set(namesOf(tree));
  const list = async (path: string | undefined): Promise<Set<string>> =>
    new Set(
      path === undefined
        ? []
        : (await Array.fromAsync(linesOf(path))).map((line) => line.trim()).filter((line) => line !== ''),
    );
  const [kept, left] = [await list(keep), await list(without)];
  for (const name of [...kept, ...left])
    if (!names.has(name)) throw new VirusProblem(treeRules.parent, { node: name, parent: 'sample' }, name);
  return withoutSamples(
    tree,
    new Set([...names].filter((name) => left.has(name) || (keep !== undefined && !kept.has(name)))),
  ).tree;
}
