import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { XmlBufferInputProvider, XmlDocument, XsdValidator, xmlRegisterInputProvider } from 'libxml2-wasm';
import { beforeAll, describe, expect, test } from 'vitest';
import { collectFiles } from '../intake/test/collect.ts';
import { builtInTaxonomy } from '../taxonomy/built-in.ts';
import type { ArchiveRecord } from '../model/record.ts';
import { writeSraXml } from './index.ts';
import { sraRecords } from './test/arbitrary.ts';

const data = new URL('../../../../../shared/data/', import.meta.url);
const present = existsSync(data) || process.env['CI'] === 'true';
if (!present) console.log(`skipped: ${data.pathname} is not there`);

const schemas: Readonly<Record<string, string>> = {
  'project.xml': 'ENA.project.xsd',
  'sample.xml': 'SRA.sample.xsd',
  'experiment.xml': 'SRA.experiment.xsd',
  'run.xml': 'SRA.run.xsd',
};

const record = (part: Partial<ArchiveRecord>): ArchiveRecord => ({
  type: 'sample',
  alias: 'X',
  attributes: {},
  references: [],
  files: [],
  place: {},
  ...part,
});

describe.skipIf(!present)('written XML holds to the schemas', () => {
  const validators = new Map<string, XsdValidator>();
  beforeAll(() => {
    const common = readFileSync(new URL('schemas/sra/SRA.common.xsd', data));
    xmlRegisterInputProvider(new XmlBufferInputProvider({ 'SRA.common.xsd': common }));
    for (const [file, schema] of Object.entries(schemas))
      validators.set(
        file,
        XsdValidator.fromDoc(
          XmlDocument.fromBuffer(readFileSync(new URL(`schemas/sra/${schema}`, data)), { url: schema }),
        ),
      );
  });
  const validate = (name: string, bytes: Uint8Array): void => {
    using document = XmlDocument.fromBuffer(bytes);
    validators.get(name)?.validate(document);
  };

  test('a document that breaks its schema is told apart', () => {
    const wrong = new TextEncoder().encode('<SAMPLE_SET><SAMPLE alias="S1"/></SAMPLE_SET>');
    expect(() => validate('sample.xml', wrong)).toThrow(/SAMPLE_NAME|Missing child/);
  });

  test('for generated records', () => {
    fc.assert(
      fc.property(sraRecords, (records) => {
        const { files } = writeSraXml(records);
        expect(files.length).toBeGreaterThan(0);
        for (const { name, bytes } of files) validate(name, bytes);
      }),
    );
  });

  test('for the ENA tables', async () => {
    const folder = new URL('ena-example/example_tables/', data);
    const names = readdirSync(folder).filter((name) => !name.includes('_runs.') && !name.includes('read_info'));
    const { records } = await collectFiles(names.map((name) => ({ name, bytes: readFileSync(new URL(name, folder)) })));
    const taxonId = (name: string): number | undefined => builtInTaxonomy().byName(name)?.taxon.id;
    const { files, losses } = writeSraXml(records, { taxonId });
    expect(losses.filter(({ type }) => type === 'sample')).toEqual([]);
    expect(files.map(({ name }) => name)).toEqual(Object.keys(schemas));
    for (const { name, bytes } of files) validate(name, bytes);
  });

  test('for every way in which a record can be poor', () => {
    const texts = fc.constantFrom(
      '',
      'x',
      'paired',
      'WGS',
      'Illumina miSeq',
      'DNBSEQ-T20×2',
      'CycloneSEQ',
      '9606',
      'bnx',
      'yes',
      '\u0001',
    );
    const fields = [
      'taxon_id',
      'library_strategy',
      'library_source',
      'library_selection',
      'library_layout',
      'platform',
      'instrument_model',
      'nominal_length',
      'first_public',
      'run_date',
      'umbrella',
      'center_name',
    ];
    const poor = fc.record({
      type: fc.constantFrom<ArchiveRecord['type'][]>('project', 'sample', 'experiment', 'run', 'variation'),
      alias: fc.constant('A'),
      title: fc.constant('t'),
      attributes: fc.dictionary(fc.constantFrom(...fields), texts),
      references: fc.array(
        fc.record({
          relation: fc.constantFrom('part_of' as const, 'cites' as const),
          type: fc.constantFrom('project' as const, 'sample' as const, 'experiment' as const),
          target: fc.constantFrom('A', 'PRJEB1', 'ERS000001'),
        }),
        { maxLength: 4 },
      ),
      files: fc.array(fc.record({ name: texts, format: texts, md5: texts }), { maxLength: 2 }),
      place: fc.constant({}),
    });
    fc.assert(
      fc.property(fc.array(poor, { maxLength: 4 }), (records) => {
        const { files, losses } = writeSraXml(records);
        for (const { name, bytes } of files) validate(name, bytes);
        const written = files.map(({ bytes }) => new TextDecoder().decode(bytes).split('alias=').length - 1);
        const left = losses.filter(({ field }) => field === '*').length;
        expect(written.reduce((sum, count) => sum + count, 0) + left).toBe(records.length);
      }),
      { numRuns: 400 },
    );
  });
});

test('the loss report names what XML cannot carry', () => {
  const { files, losses } = writeSraXml([
    record({ type: 'variation', alias: 'V1' }),
    record({ alias: 'S1' }),
    record({
      alias: 'S2',
      attributes: { taxon_id: '9606' },
      references: [{ relation: 'derived_from', type: 'sample', target: 'S1' }],
    }),
    record({
      type: 'experiment',
      alias: 'X1',
      attributes: {
        library_strategy: 'wgs',
        library_source: 'GENOMIC',
        library_selection: 'RANDOM',
        library_layout: 'single',
        instrument_model: 'DNBSEQ-T5',
      },
      references: [
        { relation: 'part_of', type: 'project', target: 'P1' },
        { relation: 'part_of', type: 'sample', target: 'S2' },
      ],
    }),
  ]);
  expect(files.map(({ name }) => name)).toEqual(['sample.xml', 'experiment.xml']);
  expect(losses.map(({ alias, field, reason, value }) => [alias, field, reason, value])).toEqual([
    ['S1', 'taxon_id', 'needs_value', undefined],
    ['S1', '*', 'needs_value', undefined],
    ['S2', 'derived_from', 'no_place', 'S1'],
    ['X1', 'library_strategy', 'substituted', 'wgs'],
    ['X1', 'instrument_model', 'substituted', 'DNBSEQ-T5'],
    ['V1', '*', 'no_document', undefined],
  ]);
});

test('study, pool, analysis and submission documents are read', async () => {
  const xml = `<ROOT>
    <STUDY alias="P1"><DESCRIPTOR><STUDY_TITLE>T</STUDY_TITLE><STUDY_TYPE existing_study_type="Metagenomics"/><STUDY_ABSTRACT>A</STUDY_ABSTRACT></DESCRIPTOR></STUDY>
    <EXPERIMENT alias="X1"><STUDY_REF accession="ERP000001"/><DESIGN><DESIGN_DESCRIPTION/><SAMPLE_DESCRIPTOR><POOL><MEMBER refname="S1"/><MEMBER refname="S2"/></POOL></SAMPLE_DESCRIPTOR></DESIGN></EXPERIMENT>
    <ANALYSIS alias="N1"><TITLE>T</TITLE><SAMPLE_REF refname="S1"/><ANALYSIS_TYPE><SEQUENCE_VARIATION><PROGRAM>bcftools</PROGRAM></SEQUENCE_VARIATION></ANALYSIS_TYPE><FILES><FILE filename="a.vcf.gz" filetype="vcf" checksum_method="MD5" checksum="AB"/></FILES></ANALYSIS>
    <SUBMISSION><ACTIONS><ACTION><ADD/></ACTION><ACTION><HOLD HoldUntilDate="2027-01-01"/></ACTION><ACTION><RELEASE target="ERP000001"/></ACTION></ACTIONS></SUBMISSION>
  </ROOT>`;
  const { records, instructions, codes } = await collectFiles([
    { name: 'a.xml', bytes: new TextEncoder().encode(xml) },
  ]);
  expect(codes).toEqual([]);
  expect(records).toMatchObject([
    { type: 'project', alias: 'P1', title: 'T', attributes: { study_type: 'Metagenomics', summary: 'A' } },
    {
      type: 'experiment',
      references: [
        { type: 'project', target: 'ERP000001' },
        { type: 'sample', target: 'S1' },
        { type: 'sample', target: 'S2' },
      ],
    },
    {
      type: 'analysis',
      attributes: { analysis_type: 'SEQUENCE_VARIATION', program: 'bcftools' },
      files: [{ name: 'a.vcf.gz', format: 'vcf', md5: 'ab' }],
    },
  ]);
  expect(instructions).toEqual([
    { action: 'add' },
    { action: 'hold', until: '2027-01-01' },
    { action: 'release', target: 'ERP000001' },
  ]);
});
