import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { referenceRoutes } from '@geneward/api';
import { Option, type Command } from 'commander';
import { action } from '../command.ts';

interface TemplateOptions {
  format: 'xlsx' | 'tsv';
  sample?: string;
  out?: string;
}

export function template(program: Command): void {
  program
    .command('template [checklist]')
    .description('an empty workbook to fill in; without a checklist one for a whole study 生成空白模板')
    .addOption(new Option('--format <format>', 'xlsx has drop-downs 文件格式').choices(['xlsx', 'tsv']).default('xlsx'))
    .option('--sample <checklist>', 'checklist of the samples of a study 样本清单')
    .option('--out <file>', 'where to 输出文件')
    .action(
      action(async ({ output, client }, checklist: string | undefined, { format, sample, out }: TemplateOptions) => {
        const name = `${checklist ?? 'study'}.${format}`;
        const response = await client().raw(referenceRoutes.getTemplate, {
          params: { template: name },
          query: { lang: output.language, ...(sample && { sample }) },
        });
        const path = out ?? name;
        await pipeline(Readable.fromWeb(response.body as never), createWriteStream(path, { flags: out ? 'w' : 'wx' }));
        output.result({ path }, () => path);
      }),
    );
}
