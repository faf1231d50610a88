import type { Command } from 'commander';
import { datasetRules, findingOf } from '@geneward/phylo';
import { action } from '../../command.ts';
import { exit } from '../../exit.ts';
import { printFindings } from '../../findings.ts';
import { columns } from '../../output.ts';
import { install, installed, loadDataset, whereIs } from '../../virus/datasets.ts';
import { saying, viewOf } from '../../virus/saying.ts';

interface Added {
  hash?: string;
  license?: string;
  terms?: string;
  source?: string;
}

export function dataset(program: Command): void {
  const group = program.command('dataset').description('data sets of viruses 病毒数据集');
  group
    .command('list')
    .description('what is installed 已安装的数据集')
    .action(
      action(async ({ output }) =>
        saying(output, async () => {
          const all = await installed();
          output.result(all, () =>
            columns([
              ['id', 'version', 'hash', 'nodes', 'license', 'source'],
              ...all.map(({ id, version, hash, nodes, license, source }) => [
                id,
                version,
                hash.slice(0, 12),
                String(nodes),
                license || '-',
                source,
              ]),
            ]),
          );
        }),
      ),
    );
  group
    .command('add <source>')
    .description('install from a folder, a zip or tar, or an address 从文件夹、归档或网址安装')
    .option('--hash <sha256>', 'the content hash that it must have 必须相符的内容哈希')
    .option('--license <name>', 'licence, as SPDX names it 许可')
    .option('--terms <text>', 'conditions of use 使用条款')
    .option('--source <name>', 'who gives it; default is where it came from 来源')
    .action(
      action(async ({ output }, source: string, options: Added) =>
        saying(output, async () => {
          const { license = '', terms = '' } = options;
          const entry = await install(source, { source: options.source ?? source, license, terms }, options.hash);
          output.result(entry, () => `${entry.id}@${entry.version}  ${entry.hash}`);
          if (license === '')
            output.warn(printFindings([viewOf(findingOf(datasetRules.terms, { alias: entry.id }), output)], output));
        }),
      ),
    );
  group
    .command('verify [name]')
    .description('whether what is installed is what was installed 核对已安装的数据集')
    .action(
      action(async ({ output }, name: string | undefined) => {
        const asked = name === undefined ? (await installed()).map(({ id, version }) => `${id}@${version}`) : [name];
        const told: { name: string; hash: string }[] = [];
        await saying(output, async () => {
          for (const one of asked) told.push({ name: one, hash: (await loadDataset(await whereIs(one))).hash });
        });
        output.result(told, () => told.map(({ name: one, hash }) => `ok  ${one}  ${hash}`).join('\n'));
        return exit.done;
      }),
    );
}
