import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { virusRoutes, type VirusBatch } from '@geneward/api';
import { Option, type Command } from 'commander';
import { action } from '../../command.ts';
import { columns } from '../../output.ts';
import { itemsOf } from '../../pages.ts';
import { wholeNumber } from '../search.ts';

/** Batches as a table. */
export const batchLines = (batches: readonly VirusBatch[]): string =>
  columns(
    batches.map((one) => [
      one.id,
      one.state,
      `${one.accepted}/${one.genomes}`,
      one.shared ? 'shared' : 'private',
      one.license,
      one.source,
      one.title,
    ]),
  );

/** What is done with batches and genomes that lie on the server. */
export function batches(program: Command): void {
  program
    .command('batches')
    .description('batches of genomes on the server, newest first 服务器上的批次')
    .option('--limit <n>', 'how many 条数', wholeNumber(1, 10_000), 50)
    .action(
      action(async ({ output, client }, { limit }: { limit: number }) => {
        const api = client();
        const items = await itemsOf(limit, (query) => api.call(virusRoutes.listVirusBatches, { query }));
        output.result(items, batchLines);
      }),
    );
  program
    .command('report <batch>')
    .description('what was told of each genome of a batch 下载批次报告')
    .addOption(new Option('--format <name>', 'form 格式').choices(['tsv', 'jsonl', 'html']).default('tsv'))
    .option('--out <file>', 'where to; default is standard output 输出文件')
    .action(
      action(async ({ client }, batch: string, { format, out }: { format: string; out?: string }) => {
        const { body } = await client().raw(virusRoutes.getVirusReport, { params: { batch }, query: { format } });
        if (!body) return;
        const bytes = Readable.fromWeb(body);
        if (out === undefined) for await (const chunk of bytes) process.stdout.write(chunk as Uint8Array);
        else await pipeline(bytes, createWriteStream(out));
      }),
    );
  program
    .command('withdraw <genome>')
    .description('take a genome back: figures, trees and forecasts are made without it 撤回基因组')
    .requiredOption('--reason <text>', 'why 原因')
    .action(
      action(async ({ output, client }, genome: string, { reason }: { reason: string }) => {
        const made = await client().call(virusRoutes.withdrawVirusGenome, { params: { genome }, body: { reason } });
        output.result(made, ({ name, withdrawn }) => `${name}  ${withdrawn?.at ?? ''}`);
      }),
    );
}
