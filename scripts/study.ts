import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { simulateGenome, simulateReads } from '@geneward/formats';

/** A study as a submitter has it on disk. */
export interface StudyFolder {
  readonly folder: string;
  readonly samples: number;
  /** Names of the read files. */
  readonly files: readonly string[];
}

export interface StudyOptions {
  /** Makes the aliases and the reads differ from those of another study. */
  readonly name: string;
  readonly samples: number;
  /** Read pairs a sample. */
  readonly pairs: number;
  readonly seed?: number;
}

/**
 * Writes a small paired-end study of a bacterium: tables `project.tsv`, `sample.tsv`, `experiment.tsv`, `run.tsv` and gzipped
 * FASTQ files of a genome that is made up. The same options give the same bytes.
 */
export function writeStudy(folder: string, options: StudyOptions): StudyFolder {
  const { name, samples, pairs, seed = 7 } = options;
  mkdirSync(folder, { recursive: true });
  const numbers = Array.from({ length: samples }, (_, index) => index + 1);
  const genome = simulateGenome(seed, 20_000);
  const files: string[] = [];
  const runs = numbers.flatMap((number) => {
    const mates = readFiles(genome, pairs, seed + number);
    return mates.map((bytes, mate) => {
      const file = `${name}_${number}_R${mate + 1}.fastq.gz`;
      writeFileSync(join(folder, file), bytes);
      files.push(file);
      return [
        `${name}-run-${number}`,
        `${name}-exp-${number}`,
        file,
        'fastq',
        createHash('md5').update(bytes).digest('hex'),
        'paired',
      ];
    });
  });
  const table = (type: string, header: string[], rows: string[][]) =>
    writeFileSync(join(folder, `${type}.tsv`), `${[header, ...rows].map((row) => row.join('\t')).join('\n')}\n`);
  table('project', projectHeader, [
    [
      `${name}-project`,
      `土壤细菌基因组 Soil bacterium genomes (${name})`,
      'Genomes of a soil bacterium, made up for trying the platform',
      'Genome sequencing and assembly',
      'Multiisolate',
    ],
  ]);
  table(
    'sample',
    sampleHeader,
    numbers.map((n) => [
      `${name}-sample-${n}`,
      `分离株 Isolate ${n}`,
      'GWC-bacterium-archaeon',
      'Bacillus subtilis',
      '1423',
      `GW-${n}`,
      `2024-0${1 + (n % 9)}-1${n % 10}`,
      'China:Yunnan',
      `25.0${n % 10} N 102.7${n % 10} E`,
      'soil',
    ]),
  );
  table(
    'experiment',
    experimentHeader,
    numbers.map((n) => [
      `${name}-exp-${n}`,
      `WGS of Bacillus subtilis: isolate ${n}`,
      `${name}-project`,
      `${name}-sample-${n}`,
      `${name}-lib-${n}`,
      'WGS',
      'GENOMIC',
      'RANDOM',
      'PAIRED',
      '350',
      'DNBSEQ',
      'DNBSEQ-G400',
    ]),
  );
  table('run', runHeader, runs);
  return { folder, samples, files };
}

const projectHeader = ['alias', 'title', 'summary', 'data_type', 'sample_scope'];
const sampleHeader = [
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
];
const experimentHeader = [
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
];
const runHeader = ['alias', 'experiment', 'file_name', 'file_format', 'md5', 'read_type'];

function readFiles(genome: ReturnType<typeof simulateGenome>, pairs: number, seed: number): [Uint8Array, Uint8Array] {
  const reads = [...simulateReads(genome, { seed, pairs })];
  // A fixed time of writing keeps the bytes the same from run to run.
  const pack = (parts: Uint8Array[]) => gzipSync(Buffer.concat(parts), { level: 6 });
  return [pack(reads.map((pair) => pair.forward)), pack(reads.map((pair) => pair.reverse))];
}
