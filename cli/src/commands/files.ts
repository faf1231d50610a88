import { fileStates, filesRoutes, type FileState } from '@geneward/api';
import { Option, type Command } from 'commander';
import { action } from '../command.ts';
import { exit } from '../exit.ts';
import { printFindings } from '../findings.ts';
import { bytes, columns } from '../output.ts';
import { itemsOf } from '../pages.ts';
import { sendCommand } from './files-send.ts';
import { wholeNumber } from './search.ts';

interface ListOptions {
  state?: FileState;
  all?: boolean;
  limit: number;
}

/** What was uploaded: where each file stands, what its check found, and how to take back what nothing uses. */
export function files(program: Command): void {
  const group = program.command('files').description('uploaded files 已上传文件');
  group
    .command('list')
    .description('files in my inbox and in my objects, newest first 文件列表')
    .addOption(new Option('--state <state>', 'only in this state 状态').choices(fileStates))
    .option('--all', 'also those of my colleagues 包括本机构其他人员的文件')
    .option('--limit <n>', 'how many 条数', wholeNumber(1, 100_000), 100)
    .action(
      action(async ({ output, client }, { state, all, limit }: ListOptions) => {
        const api = client();
        const items = await itemsOf(limit, (query) =>
          api.call(filesRoutes.listFiles, {
            query: {
              ...query,
              mine: all ? 'false' : 'true',

              ...(state && { state }),
            },
          }),
        );
        output.result(items, (list) =>
          columns(
            list.map((it) => [
              it.id,
              it.state,
              bytes(it.size ?? it.received),
              it.expiresAt?.slice(0, 10) ?? '',
              it.name,
            ]),
          ),
        );
      }),
    );
  sendCommand(group);
  group
    .command('report <id>')
    .description('what the check of a file found 检查报告')
    .action(
      action(async ({ output, client }, id: string) => {
        const report = await client().call(filesRoutes.getFileReport, { params: { id } });
        output.result(report, (it) =>
          [
            `${it.name}  [${it.state}]  ${it.kind ?? ''}`,
            ...Object.entries(it.summary).map(([name, value]) => `  ${name}: ${value}`),
            ...(it.findings.length > 0 ? [printFindings(it.findings, output)] : []),
          ].join('\n'),
        );
        return report.findings.some((finding) => finding.level === 'error') ? exit.faults : exit.done;
      }),
    );
  group
    .command('rename <id> <name>')
    .description('give a file that nothing uses another name 重命名未被使用的文件')
    .action(
      action(async ({ output, client }, id: string, name: string) => {
        const file = await client().call(filesRoutes.renameFile, { params: { id }, body: { name } });
        output.result(file, (it) => output.pick({ en: `Now ${it.name}.`, zh: `已重命名为 ${it.name}。` }));
      }),
    );
  group
    .command('delete <id...>')
    .description('remove files that nothing uses 删除未被使用的文件')
    .action(
      action(async ({ output, client }, ids: string[]) => {
        const api = client();
        for (const id of ids) await api.call(filesRoutes.deleteFile, { params: { id } });
        output.result({ deleted: ids }, () =>
          output.pick({ en: `${ids.length} deleted`, zh: `已删除 ${ids.length} 个` }),
        );
      }),
    );
}
