import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { collect, collectFiles } from './test/collect.ts';

const folder = new URL('../../../../../shared/data/ena-example/example_tables/', import.meta.url);
const present = existsSync(folder) || process.env['CI'] === 'true';
if (!present) console.log(`skipped: ${folder.pathname} is not there`);

const file = (name: string): { name: string; bytes: Uint8Array } => ({
  name,
  bytes: readFileSync(new URL(name, folder)),
});

describe.skipIf(!present)('ENA tables as they are', () => {
  test('every text template becomes records of its kind without an error', async () => {
    const counts: Record<string, number> = {};
    for (const name of readdirSync(folder).filter((entry) => entry.endsWith('.tsv'))) {
      const { records, findings } = await collectFiles([file(name)]);
      expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
      for (const { type } of records) counts[`${name} ${type}`] = (counts[`${name} ${type}`] ?? 0) + 1;
    }
    expect(counts).toEqual({
      'ENA_template_experiments.tsv experiment': 3,
      'ENA_template_runs.tsv run': 2,
      'ENA_template_runs_md5sums.tsv run': 2,
      'ENA_template_runs_md5sums_unencrypted.tsv run': 2,
      'ENA_template_runs_read_info.tsv run': 2,
      'ENA_template_samples.tsv sample': 2,
      'ENA_template_samples_modify.tsv sample': 2,
      'ENA_template_samples_vir.tsv sample': 2,
      'ENA_template_samples_xtra_attrs.tsv sample': 2,
      'ENA_template_studies.tsv project': 2,
      'ENA_template_studies_release.tsv project': 2,
    });
  });

  test('runs gather their files with checksums and read types', async () => {
    const { records } = await collectFiles([file('ENA_template_runs_read_info.tsv')]);
    expect(records[0]).toMatchObject({
      alias: 'run_alias_1a',
      references: [{ relation: 'part_of', type: 'experiment', target: 'experiment_alias_7a' }],
      files: [
        { name: 'ENA_TEST2.R1.fastq.gz', format: 'fastq', readTypes: ['paired'] },
        { name: 'ENA_TEST2.R2.fastq.gz', format: 'fastq', readTypes: ['paired'] },
        { name: 'ENA_TEST2.I1.fastq.gz', format: 'fastq', readTypes: ['umi_barcode', 'cell_barcode'] },
      ],
    });
    const sums = await collectFiles([file('ENA_template_runs_md5sums_unencrypted.tsv')]);
    expect(sums.records[1]?.files).toEqual([
      {
        name: 'ENA_TEST1.R1.fastq.gz',
        format: 'fastq',
        md5: '3e69af1f875fab020aed82f5edbc1f03',
        unencryptedMd5: '3e69af1f875fab020aed82f5edbc1f03',
      },
    ]);
  });

  test('experiments point to study and sample, and None is an empty cell', async () => {
    const { records, codes } = await collectFiles([file('ENA_template_experiments.tsv')]);
    expect(records[0]?.references).toEqual([
      { relation: 'part_of', type: 'project', target: 'study_alias_4' },
      { relation: 'part_of', type: 'sample', target: 'sample_alias_4' },
    ]);
    expect(records[0]?.attributes['nominal_length']).toBe('250');
    expect(records[1]?.attributes).not.toHaveProperty('nominal_length');
    expect(codes).toEqual(['GW3044', 'GW3044']);
  });

  test('samples keep ENA field names, extra attributes and the default checklist', async () => {
    const { records } = await collectFiles([file('ENA_template_samples_xtra_attrs.tsv')]);
    expect(records[0]).toMatchObject({
      checklist: 'ERC000011',
      attributes: {
        'collection date': '2020-10-11',
        age: '2 days',
        treatment: 'treated',
        description: 'sample_description_1',
      },
    });
  });

  test('the status column is an action of the row', async () => {
    expect((await collectFiles([file('ENA_template_samples_modify.tsv')])).actions).toEqual(['modify', undefined]);
    const { actions, records } = await collectFiles([file('ENA_template_studies_release.tsv')]);
    expect(actions).toEqual(['release', 'release']);
    expect(records.map(({ accession }) => accession)).toEqual(['ERP132964', 'ERP132965']);
  });

  test('the workbook gives all four kinds, its checklist, and its Excel dates with a warning each', async () => {
    const { records, findings } = await collectFiles([file('ENA_excel_example_ERC000033.xlsx')]);
    expect(
      Map.groupBy(records, ({ type }) => type)
        .entries()
        .map(([type, { length }]) => [type, length])
        .toArray(),
    ).toEqual([
      ['project', 1],
      ['experiment', 4],
      ['run', 2],
      ['sample', 4],
    ]);
    const [first, second] = records.filter(({ type }) => type === 'sample');
    expect(first).toMatchObject({
      checklist: 'ERC000033',
      attributes: { 'collection date': 'not provided', taxon_id: '2697049' },
    });
    expect(second?.attributes).toMatchObject({
      'collection date': '2020-03-26',
      'geographic location (latitude)': '58.9276349289446',
      'host age': '46',
    });
    expect(records.find(({ alias }) => alias === 'r_20221007_030')?.files).toHaveLength(2);
    expect(findings.filter(({ code }) => code === 'GW3030').map(({ place }) => place)).toEqual(
      [4, 5, 6].map((row) => ({
        file: 'ENA_excel_example_ERC000033.xlsx',
        sheet: 'sample',
        row,
        column: 'collection date',
      })),
    );
    expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('our own tables', () => {
  test('references, units, several values, numbered files and relations', async () => {
    const { records, codes } = await collect(
      'assembly.tsv',
      [
        'alias\tproject\tsample\tderived_from[run]\treplaces\tdepth (m)\tnote[1]\tnote[2]\tfile_name_1\tmd5_1\tfile_name_2\tfile_format_2',
        'A1\tGWP0000001\tS1; "S;2"\tR1;R2\tA0\t10\tone\ttwo\ta.fa.gz\tABC\tb.agp.gz\tagp',
      ].join('\n'),
    );
    expect(codes).toEqual([]);
    expect(records[0]).toMatchObject({
      type: 'assembly',
      references: [
        { relation: 'part_of', type: 'project', target: 'GWP0000001' },
        { relation: 'part_of', type: 'sample', target: 'S1' },
        { relation: 'part_of', type: 'sample', target: 'S;2' },
        { relation: 'derived_from', type: 'run', target: 'R1' },
        { relation: 'derived_from', type: 'run', target: 'R2' },
        { relation: 'replaces', type: 'assembly', target: 'A0' },
      ],
      attributes: { depth: '10', note: ['one', 'two'] },
      units: { depth: 'm' },
      files: [
        { name: 'a.fa.gz', format: 'fasta', md5: 'abc' },
        { name: 'b.agp.gz', format: 'agp' },
      ],
    });
  });

  test('headers are understood through the checklist of the row', async () => {
    const text = { en: 'Collection date', zh: '采集日期' };
    const { records, findings } = await collect('sample.csv', '别名,*采集日期,taxon_id\nS1,2024-03-01,9606\n', {
      defaultChecklist: () => 'GWC-test',
      checklist: (id) => ({
        id,
        version: '1',
        object: 'sample',
        label: text,
        description: text,
        authority: 'Geneward',
        conditions: [],
        groups: [
          {
            name: 'g',
            label: text,
            restriction: 'any',
            fields: [
              {
                name: 'collection_date',
                label: text,
                description: text,
                requirement: 'mandatory',
                type: { kind: 'date' },
              },
            ],
          },
        ],
      }),
    });
    expect(records[0]).toMatchObject({
      checklist: 'GWC-test',
      attributes: { collection_date: '2024-03-01', taxon_id: '9606' },
    });
    expect(findings.map(({ params }) => params)).toEqual([{ read: 'alias' }, { read: 'collection_date' }]);
  });

  test('beside an alias, sample name is a field; brackets that hold no unit belong to the name', async () => {
    const { records, codes } = await collect(
      'sample.tsv',
      'alias\tsample name\treference database(s)\tdepth (m)\nS1\tN\tR\t3\n',
    );
    expect(codes).toEqual([]);
    expect(records[0]).toMatchObject({
      alias: 'S1',
      attributes: { 'sample name': 'N', 'reference database(s)': 'R', depth: '3' },
      units: { depth: 'm' },
    });
  });

  test('a caption above the header is passed over', async () => {
    const { records, codes } = await collect('sample.csv', '样本信息表\n\n别名,标题,taxon_id\nS1,人,9606\n');
    expect(records).toMatchObject([{ alias: 'S1', title: '人', place: { row: 4 } }]);
    expect(codes).toEqual(['GW3026', 'GW3022', 'GW3022']);
  });

  test('files of one submission are read one after another, each by its content', async () => {
    const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
    const { records } = await collectFiles([
      { name: 'a.xlsx', bytes: encode('alias\ttaxon_id\nS1\t9606\n') },
      { name: 'b.tsv', bytes: encode('<RUN_SET><RUN alias="R1"/></RUN_SET>') },
      { name: 'c.xml', bytes: encode('{"type":"project","alias":"P1"}\n{"type":"project","alias":"P2"}\n') },
    ]);
    expect(records.map(({ type, alias }) => `${type} ${alias}`)).toEqual([
      'sample S1',
      'run R1',
      'project P1',
      'project P2',
    ]);
  });
});
