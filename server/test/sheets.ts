import { createHash } from 'node:crypto';
import type { TestPerson } from './builders.ts';
import type { Server } from '../src/platform/http.ts';

/** A small study as its submitter has it: tables by name, read files by name. */
export interface StudyTables {
  readonly sheets: Record<'project.tsv' | 'sample.tsv' | 'experiment.tsv' | 'run.tsv', string>;
  readonly files: ReadonlyMap<string, Buffer>;
}

const table = (...rows: readonly (readonly string[])[]): string => `${rows.map((row) => row.join('\t')).join('\n')}\n`;

/** A paired-end study of a bacterium that passes every check once its files are there. */
export function studyTables(name: string, samples: number): StudyTables {
  const numbers = Array.from({ length: samples }, (_, index) => index + 1);
  const files = new Map<string, Buffer>();
  const runs = numbers.flatMap((n) =>
    [1, 2].map((mate) => {
      const file = `${name}_${n}_${mate}.fastq`;
      const bytes = reads(`${name}.${n}`, mate);
      files.set(file, bytes);
      return [`${name}-r${n}`, `${name}-x${n}`, file, 'fastq', md5(bytes), 'paired'];
    }),
  );
  return {
    files,
    sheets: {
      'project.tsv': table(['alias', 'title', 'summary'], [`${name}-p`, `Study ${name}`, 'A survey of soil bacteria']),
      'sample.tsv': table(
        ['alias', 'title', 'checklist', 'organism', 'strain', 'collection_date', 'geo_loc_name', 'isolation_source'],
        ...numbers.map((n) => [
          `${name}-s${n}`,
          `土壤分离株 ${n}`,
          'GWC-bacterium-archaeon',
          'Bacillus subtilis',
          `GW-${name}-${n}`,
          `2024-03-${String(1 + (n % 28)).padStart(2, '0')}`,
          'China:Yunnan',
          'soil',
        ]),
      ),
      'experiment.tsv': table(
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
        ...numbers.map((n) => [
          `${name}-x${n}`,
          `WGS of isolate ${n}`,
          `${name}-p`,
          `${name}-s${n}`,
          `${name}-lib-${n}`,
          'WGS',
          'GENOMIC',
          'RANDOM',
          'PAIRED',
          '350',
          'DNBSEQ',
          'DNBSEQ-G400',
        ]),
      ),
      'run.tsv': table(['alias', 'experiment', 'file_name', 'file_format', 'md5', 'read_type'], ...runs),
    },
  };
}

/** Reads of one mate file: the names of both mates agree. */
export const reads = (name: string, mate: number, count = 8): Buffer =>
  Buffer.from(
    Array.from(
      { length: count },
      (_, at) => `@${name}.${at + 1}/${mate}\nACGTACGT${mate === 1 ? 'AA' : 'TT'}\n+\nIIIIIIIIII\n`,
    ).join(''),
  );

export const md5 = (bytes: Uint8Array | string): string => createHash('md5').update(bytes).digest('hex');

/** Sends bytes as somebody would; gives status and parsed answer. */
export const senderOf =
  (server: Server) =>
  async (who: TestPerson, url: string, bytes: string | Uint8Array, headers: Record<string, string> = {}) => {
    const reply = await server.inject({
      method: 'PUT',
      url: `/api/v1${url}`,
      headers: { ...who.headers, 'content-type': 'application/octet-stream', ...headers },
      payload: Buffer.from(bytes),
    });
    return { status: reply.statusCode, body: reply.json() };
  };
