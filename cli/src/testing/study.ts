import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const reads = (mate: 1 | 2): string =>
  Array.from({ length: 20 }, (_, at) => `@read${at}/${mate}\nACGTACGTAC\n+\nIIIIIIIIII\n`).join('');

/** Writes the smallest study that is in order: one project, sample, experiment and paired run. */
export function writeStudy(folder: string): void {
  const table = (name: string, ...rows: string[][]) =>
    writeFileSync(join(folder, `${name}.tsv`), rows.map((row) => `${row.join('\t')}\n`).join(''));
  const run = ([1, 2] as const).map((mate) => {
    const file = `s1_${mate}.fastq`;
    const bytes = reads(mate);
    writeFileSync(join(folder, file), bytes);
    return ['run-1', 'exp-1', file, 'fastq', createHash('md5').update(bytes).digest('hex'), 'paired'];
  });
  table(
    'project',
    ['alias', 'title', 'summary', 'data_type', 'sample_scope'],
    ['project-1', '土壤细菌 Soil bacteria', 'One isolate', 'Genome sequencing and assembly', 'Multiisolate'],
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
      'lat_lon',
      'isolation_source',
    ],
    [
      'sample-1',
      'Isolate 1',
      'GWC-bacterium-archaeon',
      'Bacillus subtilis',
      '1423',
      'GW-1',
      '2024-03-11',
      'China:Yunnan',
      '25.01 N 102.71 E',
      'soil',
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
      'nominal_size',
      'platform',
      'instrument_model',
    ],
    [
      'exp-1',
      'WGS of isolate 1',
      'project-1',
      'sample-1',
      'lib-1',
      'WGS',
      'GENOMIC',
      'RANDOM',
      'PAIRED',
      '350',
      'DNBSEQ',
      'DNBSEQ-G400',
    ],
  );
  table('run', ['alias', 'experiment', 'file_name', 'file_format', 'md5', 'read_type'], ...run);
}
