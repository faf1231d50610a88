import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { referenceRoutes, type Client } from '@geneward/api';
import type { Command } from 'commander';
import { action } from '../command.ts';
import { exit, Stop } from '../exit.ts';
import { columns } from '../output.ts';
import { showProgress } from '../progress.ts';

export function taxonomy(program: Command): void {
  const group = program.command('taxonomy').description('organisms 物种分类');
  group
    .command('load <taxdump>')
    .description('load NCBI taxdump.tar.gz 载入 NCBI 分类')
    .action(
      action(async ({ output, client }, file: string) => {
        const api = client();
        const progress = showProgress(output);
        const bar = progress.start(basename(file), statSync(file).size);
        const stream = createReadStream(file).on('data', (chunk) => bar.advance(chunk.length));
        await api.raw(referenceRoutes.loadTaxonomy, {
          body: Readable.toWeb(stream) as ReadableStream,
          headers: { 'content-type': 'application/gzip' },
        });
        bar.end();
        progress.close();
        const state = await loaded(api);
        if (state.load?.state === 'failed') throw new Stop(exit.faults, state.load.reason ?? 'failed');
        output.result(state, (it) => output.pick({ en: `${it.taxa} taxa`, zh: `共 ${it.taxa} 个分类单元` }));
      }),
    );
  group
    .command('find <name>')
    .description('organisms of a name 按名称查找')
    .action(
      action(async ({ output, client }, name: string) => {
        const { items } = await client().call(referenceRoutes.suggestTaxa, { query: { name } });
        output.result(items, (all) =>
          columns(
            all.map((it) => [
              String(it.id),
              it.name,
              it.rank,
              it.submittable ? '' : output.pick({ en: 'not for samples', zh: '不可用于样本' }),
            ]),
          ),
        );
      }),
    );
}

async function loaded(api: Client) {
  for (;;) {
    const state = await api.call(referenceRoutes.getTaxonomy, {});
    if (state.load?.state !== 'loading') return state;
    await new Promise((done) => setTimeout(done, 1000));
  }
}
