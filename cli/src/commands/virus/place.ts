import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { canonicalJson } from '@geneward/api';
import type { Command } from 'commander';
import { countsOf, updateTree, type Sample, type UpdateRecord } from '@geneward/phylo';
import type { Finding } from '@geneward/metadata';
import manifest from '../../../package.json' with { type: 'json' };
import { action } from '../../command.ts';
import { exit } from '../../exit.ts';
import { printFindings } from '../../findings.ts';
import { showProgress } from '../../progress.ts';
import { loadDataset, whereIs } from '../../virus/datasets.ts';
import { fileHash, hexOf } from '../../virus/files.ts';
import { eachFile } from '../../virus/genomes.ts';
import { assessAll } from '../../virus/pool.ts';
import { saying, viewOf } from '../../virus/saying.ts';
import { keepUpdate, openState, recordHash, stateHash } from '../../virus/state.ts';
import { readSamples } from '../../virus/tables.ts';
import { whole } from './run.ts';

interface Options {
  dataset: string;
  state: string;
  metadata?: string;
  nameColumn: string;
  dateColumn: string;
  placeColumn: string;
  asOf?: string;
  rate?: string;
  source?: string;
  license: string;
  terms: string;
  threads?: string;
}

export function place(program: Command): void {
  program
    .command('place <fasta...>')
    .description('add a batch to a growing tree; keeps what it did and from what 将一批基因组加入增长的树')
    .requiredOption('--dataset <name>', 'data set 数据集')
    .requiredOption('--state <folder>', 'the growing tree; starts as that of the data set 树的状态文件夹')
    .option('--metadata <file>', 'dates and places of the genomes, divided by tabs 元数据表')
    .option('--name-column <name>', 'column of names 名称列', 'strain')
    .option('--date-column <name>', 'column of dates 日期列', 'date')
    .option('--place-column <name>', 'column of places 地点列', 'country')
    .option('--as-of <date>', 'day of the update; today unless told 更新日期')
    .option('--rate <number>', 'substitutions a site and year; default is that of the data set 替换速率')
    .option('--source <name>', 'who gives these genomes; default is the name of the file 来源')
    .option('--license <name>', 'their licence, as SPDX names it 许可', '')
    .option('--terms <text>', 'conditions of their use 使用条款', '')
    .option('--threads <number>', 'threads; the result is the same for any 线程数')
    .action(
      action(async ({ output }, paths: string[], options: Options) =>
        saying(output, async () => {
          const where = await whereIs(options.dataset);
          const dataset = await loadDataset(where);
          const { state, updates } = openState(options.state, dataset);
          const threads = options.threads === undefined ? availableParallelism() : whole(options.threads);
          const known = new Set(dataset.places.get(options.placeColumn)?.keys());
          const columns = { name: options.nameColumn, date: options.dateColumn, place: options.placeColumn };
          const samplesTold =
            options.metadata === undefined ? undefined : await readSamples(options.metadata, columns, known);
          const findings: Finding[] = [...(samplesTold?.findings ?? [])];
          const progress = showProgress(output);
          const samples: Sample[] = [];
          const read = await eachFile(paths, progress, async (genomes, file) => {
            for await (const { report, sample } of assessAll(genomes, { dataset: where, neighbours: 0 }, threads)) {
              if (sample) samples.push(sample);
              findings.push(...report.findings.map((finding) => ({ ...finding, place: { file, ...finding.place } })));
            }
          });
          findings.push(...read.faults);
          const inputs = [...read.inputs];
          if (options.metadata !== undefined)
            inputs.push({ name: basename(options.metadata), sha256: fileHash(options.metadata) });
          const rate = options.rate === undefined ? dataset.clock?.rate : Number(options.rate);
          const perYear = rate === undefined ? undefined : rate * dataset.reference.genome.length;
          const bar = progress.start(options.state, samples.length);
          let done = 0;
          const { diff, ...grown } = await updateTree(state, samples, {
            masks: dataset.masks,
            clade: 'clade_membership',
            dateOf: (name) => samplesTold?.dates.get(name),
            ...(perYear !== undefined && { perYear }),
            onProgress: (now) => {
              bar.advance(now - done);
              done = now;
            },
          });
          bar.end();
          progress.close();
          const last = updates.at(-1)?.record;
          const record: UpdateRecord = {
            type: 'geneward.virus.update',
            version: 1,
            number: updates.length + 1,
            previous: last ? recordHash(last) : '',
            asOf: options.asOf ?? new Date().toISOString().slice(0, 10),
            program: { name: manifest.name, version: manifest.version },
            dataset: { id: dataset.id, version: dataset.version, hash: dataset.hash },
            inputs,
            terms: {
              source: options.source ?? inputs[0]?.name ?? '',
              license: options.license,
              terms: options.terms,
            },
            parameters: { ...(rate !== undefined && { rate }), dated: grown.date !== undefined },
            before: stateHash(state),
            after: stateHash(grown),
            diff: hexOf(canonicalJson(diff)),
            counts: countsOf(diff),
          };
          keepUpdate(options.state, grown, { record, diff });
          output.result({ record, diff }, () =>
            [
              ...diff.added.map(({ name, how, cost, beside, clade = '-' }) =>
                ['added', name, how, String(cost), beside, clade].join('\t'),
              ),
              ...diff.moved.map(({ between: [a, b], from, to, why }) =>
                ['moved', `${a} … ${b}`, from.toFixed(3), to.toFixed(3), why].join('\t'),
              ),
              ...diff.refused.map(({ name, code }) => ['refused', name, code].join('\t')),
            ].join('\n'),
          );
          const views = findings.map((finding) => viewOf(finding, output));
          if (!output.json && views.length > 0) output.warn(printFindings(views, output));
          return diff.refused.length > 0 || views.some(({ level }) => level === 'error') ? exit.faults : exit.done;
        }),
      ),
    );
}
