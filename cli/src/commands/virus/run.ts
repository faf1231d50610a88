import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { canonicalJson } from '@geneward/api';
import type { Command } from 'commander';
import type { Finding } from '@geneward/metadata';
import { alignedGenome, reportColumns, reportRow, type GenomeReport } from '@geneward/phylo';
import manifest from '../../../package.json' with { type: 'json' };
import { action } from '../../command.ts';
import { exit, Stop } from '../../exit.ts';
import { printFindings } from '../../findings.ts';
import { showProgress } from '../../progress.ts';
import { loadDataset, whereIs } from '../../virus/datasets.ts';
import { eachFile } from '../../virus/genomes.ts';
import { startFile } from '../../virus/output-file.ts';
import { assessAll } from '../../virus/pool.ts';
import { saying, viewOf } from '../../virus/saying.ts';

interface Options {
  dataset: string;
  out?: string;
  threads?: string;
  neighbours: string;
  aligned?: string;
}

/** Findings that are shown at the end; all stand in the files. */
const shown = 200;

export function run(program: Command): void {
  program
    .command('run <fasta...>')
    .description('align, call, judge and place each genome; what is bad is told and the rest goes on 逐条分析基因组')
    .requiredOption('--dataset <name>', 'data set, or a folder or archive of one 数据集')
    .option('--out <folder>', 'genomes.tsv, genomes.jsonl, refused.tsv and run.json go here 输出文件夹')
    .option(
      '--aligned <file>',
      'accepted genomes in the coordinates of the reference, for distances between institutions 比对后的基因组',
    )
    .option('--threads <number>', 'threads; the result is the same for any 线程数')
    .option('--neighbours <number>', 'neighbours told for each genome 近邻个数', '5')
    .action(
      action(async ({ output }, paths: string[], options: Options) =>
        saying(output, async () => {
          const where = await whereIs(options.dataset);
          const dataset = await loadDataset(where);
          const neighbours = whole(options.neighbours);
          const threads = options.threads === undefined ? availableParallelism() : whole(options.threads);
          const progress = showProgress(output);
          const { out } = options;
          if (out !== undefined) mkdirSync(out, { recursive: true });
          const table = startFile(out === undefined ? undefined : join(out, 'genomes.tsv'), !output.json);
          const lines = out === undefined ? undefined : startFile(join(out, 'genomes.jsonl'), false);
          const aligned = options.aligned === undefined ? undefined : startFile(options.aligned, false);
          const refused = out === undefined ? undefined : startFile(join(out, 'refused.tsv'), false);
          await table.write(`${reportColumns(dataset).join('\t')}\n`);
          await refused?.write('file\tline\tname\tcode\treason\tmend\n');
          const counts = { genomes: 0, accepted: 0, refused: 0, good: 0, mediocre: 0, bad: 0 };
          const faults: ReturnType<typeof viewOf>[] = [];
          const note = async (finding: Finding, isRefusal: boolean): Promise<void> => {
            const view = viewOf(finding, output);
            if (faults.length < shown) faults.push(view);
            const { file, line = '', alias = '' } = finding.place;
            if (isRefusal)
              await refused?.write(`${[file, line, alias, view.code, view.message, view.mend].join('\t')}\n`);
          };
          const read = await eachFile(paths, progress, async (genomes, file) => {
            for await (const { report, sample } of assessAll(genomes, { dataset: where, neighbours }, threads)) {
              count(counts, report);
              await table.write(`${reportRow(dataset, report).join('\t')}\n`);
              if (sample)
                await aligned?.write(
                  `>${report.name}\n${alignedGenome(sample, dataset.reference.genome, dataset.masks)}\n`,
                );
              await lines?.write(`${canonicalJson(report)}\n`);
              for (const finding of report.findings)
                await note({ ...finding, place: { file, ...finding.place } }, !report.accepted);
            }
          });
          for (const finding of read.faults) await note(finding, true);
          progress.close();
          const outputs: { name: string; sha256: string }[] = [];
          for (const file of [table, lines, refused, aligned]) {
            const told = await file?.end();
            if (told) outputs.push(told);
          }
          const record = {
            type: 'geneward.virus.run',
            version: 1,
            program: { name: manifest.name, version: manifest.version },
            dataset: { id: dataset.id, version: dataset.version, hash: dataset.hash },
            parameters: { neighbours },
            inputs: read.inputs,
            outputs,
            counts,
          };
          if (out !== undefined) writeFileSync(join(out, 'run.json'), `${canonicalJson(record)}\n`);
          output.result(record, () => undefined);
          if (!output.json && faults.length > 0) output.warn(printFindings(faults, output));
          return counts.refused > 0 || read.faults.length > 0 ? exit.faults : exit.done;
        }),
      ),
    );
}

function count(
  counts: Record<'genomes' | 'accepted' | 'refused' | 'good' | 'mediocre' | 'bad', number>,
  report: GenomeReport,
): void {
  counts.genomes += 1;
  counts[report.accepted ? 'accepted' : 'refused'] += 1;
  if (report.qc) counts[report.qc.status] += 1;
}

/** A whole number from 1 that was given on the command line. */
export function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Stop(exit.usage, `${text}: not a whole number from 1`, 'usage');
  return value;
}
