import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../process.ts';
import { writeStudy } from '../study.ts';

/** A study folder to send, and the data files in it. */
export interface DemoStudy {
  readonly title: string;
  readonly folder: string;
  readonly files: readonly string[];
}

const shared = join(root, '..', 'shared', 'data');

/** The bundled study: reads of a genome that is made up. */
export function madeUpStudy(folder: string): DemoStudy {
  return {
    title: '土壤细菌 Soil bacteria',
    folder,
    files: writeStudy(folder, { name: 'soil', samples: 3, pairs: 2000 }).files,
  };
}

/** Real studies, where their data lies beside the project; in CI it must. */
export function realStudies(folder: string): DemoStudy[] {
  if (!existsSync(shared)) {
    if (process.env['CI']) throw new Error(`the shared data are missing: ${shared}`);
    return [];
  }
  return [enaExample(join(folder, 'ena-example')), pairedReads(join(folder, 'paired-reads'))];
}

/** The example study of the ENA upload tool: its tables as they are, with the FASTQ files that they name. */
function enaExample(folder: string): DemoStudy {
  mkdirSync(folder, { recursive: true });
  const from = join(shared, 'ena-example');
  for (const table of ['studies', 'samples', 'experiments', 'runs'])
    copyFileSync(join(from, 'example_tables', `ENA_template_${table}.tsv`), join(folder, `${table}.tsv`));
  const files = ['ENA_TEST1.R1.fastq.gz', 'ENA_TEST2.R1.fastq.gz', 'ENA_TEST2.R2.fastq.gz'];
  for (const file of files) copyFileSync(join(from, 'example_data', file), join(folder, file));
  return { title: 'ENA example', folder, files };
}

/** Real paired Illumina reads under a study of our own. */
function pairedReads(folder: string): DemoStudy {
  mkdirSync(folder, { recursive: true });
  const files = ['T966_R1.fastq.gz', 'T966_R2.fastq.gz'];
  for (const file of files) copyFileSync(join(shared, 'reads', file), join(folder, file));
  const md5 = (file: string) =>
    createHash('md5')
      .update(readFileSync(join(folder, file)))
      .digest('hex');
  const table = (name: string, ...rows: string[][]) =>
    writeFileSync(join(folder, `${name}.tsv`), `${rows.map((row) => row.join('\t')).join('\n')}\n`);
  table(
    'project',
    ['alias', 'title', 'summary', 'data_type', 'sample_scope'],
    ['t966', 'Paired reads of isolate T966', 'Real paired Illumina reads', 'Raw sequence reads', 'Monoisolate'],
  );
  table(
    'sample',
    [
      'alias',
      'title',
      'checklist',
      'organism',
      'taxonomy_id',
      'strain',
      'collection_date',
      'geo_loc_name',
      'isolation_source',
    ],
    [
      't966-sample',
      'Isolate T966',
      'GWC-bacterium-archaeon',
      'Escherichia coli',
      '562',
      'T966',
      '2014',
      'United Kingdom',
      'clinical isolate',
    ],
  );
  table(
    'experiment',
    [
      'alias',
      'title',
      'project',
      'sample',
      'library_name',
      'library_strategy',
      'library_source',
      'library_selection',
      'library_layout',
      'nominal_length',
      'platform',
      'instrument_model',
    ],
    [
      't966-exp',
      'WGS of Escherichia coli: T966',
      't966',
      't966-sample',
      't966-lib',
      'WGS',
      'GENOMIC',
      'RANDOM',
      'PAIRED',
      '300',
      'ILLUMINA',
      'Illumina HiSeq 2000',
    ],
  );
  table(
    'run',
    ['alias', 'experiment', 'file_name', 'file_format', 'md5', 'read_type'],
    ...files.map((file) => ['t966-run', 't966-exp', file, 'fastq', md5(file), 'paired']),
  );
  return { title: 'T966', folder, files };
}
