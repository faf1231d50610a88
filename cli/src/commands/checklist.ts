import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { referenceRoutes, replyOf } from '@geneward/api';
import type { Command } from 'commander';
import { action } from '../command.ts';
import { columns } from '../output.ts';

export function checklist(program: Command): void {
  const group = program.command('checklist').description('checklists of the installation 清单');
  group
    .command('list')
    .description('all of them 列出全部')
    .action(
      action(async ({ output, client }) => {
        const { items } = await client().call(referenceRoutes.listChecklists, { query: {} });
        output.result(items, (all) => columns(all.map((it) => [it.id, it.object, it.label[output.language]])));
      }),
    );
  group
    .command('import <file>')
    .description('ENA checklist XML or MIxS LinkML 导入清单')
    .option('--id <id>', 'id for a source that does not name one 清单标识')
    .option('--prefix <text>', 'only ids that start so 仅导入此前缀')
    .action(
      action(async ({ output, client }, file: string, options: { id?: string; prefix?: string }) => {
        const response = await client().raw(referenceRoutes.importChecklists, {
          query: options,
          body: Readable.toWeb(createReadStream(file)) as ReadableStream,
          headers: { 'content-type': 'application/octet-stream' },
        });
        const done = await replyOf(referenceRoutes.importChecklists, response);
        output.result(done, ({ imported, notes }) =>
          [
            columns(imported.map((one) => [one.change, one.id, one.version])),
            ...notes.map((note) => `${[note.checklist, note.field].filter(Boolean).join(' ')}: ${note.text}`),
          ].join('\n'),
        );
      }),
    );
}
