import { randomUUID } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { virusRoutes, type Client, type Route, type VirusBatch } from '@geneward/api';
import type { Command } from 'commander';
import { action } from '../../command.ts';
import { exit, Stop } from '../../exit.ts';
import type { Output } from '../../output.ts';
import { showProgress, type Progress } from '../../progress.ts';
import { batchLines } from './batches.ts';

interface Options {
  dataset: string;
  source: string;
  license: string;
  terms: string;
  title?: string;
  metadata?: string;
  shared?: boolean;
  wait: boolean;
}

/** How often one looks whether a batch is done. */
const lookMs = 1000;

export function send(program: Command): void {
  program
    .command('send <fasta>')
    .description('send a batch of genomes with dates, places and terms to the server 向服务器发送一批基因组')
    .requiredOption('--dataset <name>', 'data set of the server 服务器上的数据集')
    .requiredOption('--source <name>', 'who gives these genomes 来源')
    .requiredOption('--license <name>', 'their licence, as SPDX names it 许可')
    .option('--terms <text>', 'conditions of their use 使用条款', '')
    .option('--title <text>', 'what the batch is called; default is the name of the file 批次名称')
    .option(
      '--metadata <file>',
      'name, date, place of each genome, divided by tabs; source, license and terms where one has its own 元数据表',
    )
    .option('--shared', 'everybody may find these genomes 对所有人共享')
    .option('--no-wait', 'do not wait until every genome is told 不等待分析完成')
    .action(
      action(async ({ output, client }, path: string, options: Options) => {
        const api = client();
        const { source, license, terms, dataset, metadata, shared = false } = options;
        for (const file of [path, ...(metadata === undefined ? [] : [metadata])])
          if (!existsSync(file) || !statSync(file).isFile())
            throw new Stop(
              exit.usage,
              output.pick({ en: `${file}: no such file`, zh: `${file}：文件不存在` }),
              'no-file',
            );
        const opened = await api.call(virusRoutes.openVirusBatch, {
          body: { title: options.title ?? basename(path), dataset, shared, source, license, terms },
          idempotencyKey: randomUUID(),
        });
        const progress = showProgress(output);
        if (metadata !== undefined) await put(api, virusRoutes.putVirusRecords, opened.id, metadata, progress);
        await put(api, virusRoutes.putVirusGenomes, opened.id, path, progress);
        progress.close();
        const batch = options.wait
          ? await told(api, opened.id, output)
          : await api.call(virusRoutes.getVirusBatch, { params: { batch: opened.id } });
        output.result(batch, (one) => batchLines([one]));
        if (batch.finding)
          throw new Stop(
            exit.faults,
            `${batch.finding.message} [${batch.finding.code}]\n  ${batch.finding.mend}`,
            batch.finding.code,
          );
        return batch.accepted < batch.genomes ? exit.faults : exit.done;
      }),
    );
}

/** Sends a file as it streams, with a bar. */
async function put(client: Client, route: Route, batch: string, path: string, progress: Progress): Promise<void> {
  const bar = progress.start(path, statSync(path).size);
  async function* read(): AsyncGenerator<Uint8Array> {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Uint8Array>) {
      yield chunk;
      bar.advance(chunk.length);
    }
  }
  await client.raw(route, {
    params: { batch },
    body: Readable.toWeb(Readable.from(read(), { objectMode: false })) as ReadableStream<Uint8Array>,
    headers: { 'content-type': 'application/octet-stream' },
  });
  bar.end();
}

/** A batch when every genome of it is told; says how far it is meanwhile. */
async function told(client: Client, id: string, output: Output): Promise<VirusBatch> {
  let said = 0;
  for (;;) {
    const batch = await client.call(virusRoutes.getVirusBatch, { params: { batch: id } });
    if (batch.state === 'done' || batch.state === 'failed') return batch;
    if (batch.genomes > said) output.say({ en: `${batch.genomes} genomes told`, zh: `已分析 ${batch.genomes} 条` });
    said = batch.genomes;
    await new Promise((done) => setTimeout(done, lookMs));
  }
}
