import { randomUUID } from 'node:crypto';
import { virusSourceRoutes, type VirusSource } from '@geneward/api';
import { Option, type Command } from 'commander';
import { action } from '../../command.ts';
import { columns } from '../../output.ts';

interface Options {
  kind: VirusSource['kind'];
  dataset: string;
  source: string;
  license: string;
  terms: string;
  title?: string;
  shared?: boolean;
}

/** Where the server fetches genomes from by itself. */
export function sources(program: Command): void {
  const group = program
    .command('sources')
    .description('where the server fetches genomes from, with their terms 服务器自动获取基因组的来源');
  group
    .command('add <address>')
    .description('address of a feed or partner, name of a folder, or organism of the archive 添加来源')
    .addOption(
      new Option('--kind <name>', 'what it is 类型')
        .choices(['archive', 'folder', 'feed', 'partner'])
        .makeOptionMandatory(),
    )
    .requiredOption('--dataset <name>', 'data set of the server 服务器上的数据集')
    .requiredOption('--source <name>', 'who gives these genomes 来源名称')
    .requiredOption('--license <name>', 'their licence, as SPDX names it 许可')
    .option('--terms <text>', 'conditions of their use 使用条款', '')
    .option('--title <text>', 'what it is called; default is the address 名称')
    .option('--shared', 'everybody may find these genomes 对所有人共享')
    .action(
      action(async ({ output, client }, address: string, options: Options) => {
        const { kind, dataset, source, license, terms, title = address, shared = false } = options;
        const made = await client().call(virusSourceRoutes.addVirusSource, {
          body: { kind, address, title, dataset, shared, source, license, terms },
          idempotencyKey: randomUUID(),
        });
        output.result(made, (one) => sourceLines([one]));
      }),
    );
  group
    .command('list')
    .description('what comes from where, and what was wrong 来源列表')
    .action(
      action(async ({ output, client }) => {
        const { items } = await client().call(virusSourceRoutes.listVirusSources, {});
        output.result(items, sourceLines);
      }),
    );
  group
    .command('fetch <source>')
    .description('look for new genomes now 立即获取')
    .action(
      action(async ({ output, client }, source: string) => {
        const one = await client().call(virusSourceRoutes.fetchVirusSource, { params: { source } });
        output.result(one, (view) => sourceLines([view]));
      }),
    );
  for (const [name, active, words] of [
    ['pause', false, 'fetch nothing more 暂停'],
    ['resume', true, 'go on fetching 恢复'],
  ] as const)
    group
      .command(`${name} <source>`)
      .description(words)
      .action(
        action(async ({ output, client }, source: string) => {
          const call = { params: { source }, body: { active } };
          const one = await client().call(virusSourceRoutes.setVirusSource, call);
          output.result(one, (view) => sourceLines([view]));
        }),
      );
}

const sourceLines = (list: readonly VirusSource[]): string =>
  columns(
    list.map((one) => [
      one.id,
      one.active ? one.kind : `(${one.kind})`,
      String(one.batches),
      String(one.genomes),
      one.license,
      one.finding ? `[${one.finding.code}]` : '',
      one.title,
    ]),
  );
