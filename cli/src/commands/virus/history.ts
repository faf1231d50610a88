import type { Command } from 'commander';
import { action } from '../../command.ts';
import { columns } from '../../output.ts';
import { loadDataset, whereIs } from '../../virus/datasets.ts';
import { saying } from '../../virus/saying.ts';
import { openState, stateAt, verifyUpdates } from '../../virus/state.ts';
import { formatOf, writeTree } from '../../virus/trees.ts';

interface Options {
  dataset: string;
  at?: string;
  out?: string;
  verify?: boolean;
}

export function history(program: Command): void {
  program
    .command('history <state>')
    .description('what each update of a growing tree did; shows any earlier state 更新历史与早先状态')
    .requiredOption('--dataset <name>', 'data set 数据集')
    .option('--at <number>', 'the tree after so many updates 第几次更新之后')
    .option('--out <file>', 'write that tree; the ending tells the format 写出该状态的树')
    .option('--verify', 'undo all updates and compare every hash 核对全部哈希')
    .action(
      action(async ({ output }, folder: string, options: Options) =>
        saying(output, async () => {
          const dataset = await loadDataset(await whereIs(options.dataset));
          const { state, updates } = openState(folder, dataset);
          if (options.verify) verifyUpdates(state, updates);
          if (options.out !== undefined) {
            const shown = stateAt(state, updates, options.at === undefined ? updates.length : Number(options.at));
            const format = formatOf(options.out);
            if (shown.date) shown.tree.attributes.set('num_date', { kind: 'quantity', numbers: shown.date });
            writeTree(options.out, format, shown.tree, dataset.meta);
          }
          const records = updates.map(({ record }) => record);
          output.result({ verified: options.verify ?? false, records }, () =>
            columns([
              ['number', 'as of', 'added', 'moved', 'refused', 'state', 'license', 'source'],
              ...records.map(({ number, asOf, counts, after, terms }) => [
                String(number),
                asOf,
                String(counts.added),
                String(counts.moved),
                String(counts.refused),
                after.slice(0, 12),
                terms.license || '-',
                terms.source,
              ]),
            ]),
          );
        }),
      ),
    );
}
