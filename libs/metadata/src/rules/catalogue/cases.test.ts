import { describe, expect, it } from 'vitest';
import type { Checklist, Field, FieldType } from '../../checklist/checklist.ts';
import { compileChecklist } from '../../checklist/compile.ts';
import { validateRecords } from '../../model/check-records.ts';
import type { ArchiveRecord, DeclaredFile, Reference } from '../../model/record.ts';
import { loadTaxdump } from '../../taxonomy/taxdump.ts';
import type { Finding, Rule } from '../rule.ts';
import { render } from '../render.ts';
import { catalogue } from './core.ts';

const today = '2026-11-22';
const text = (word: string) => ({ en: word, zh: word });

const field = (type: FieldType, more: Partial<Field> = {}): Field => ({
  name: 'x',
  label: text('x'),
  description: text(''),
  requirement: 'mandatory',
  type,
  ...more,
});

const checklistOf = (fields: readonly Field[], more: Partial<Checklist> = {}): Checklist => ({
  id: 'T',
  version: '1',
  object: 'sample',
  label: text('test'),
  description: text(''),
  authority: 'test',
  groups: [{ name: 'g', label: text('g'), restriction: 'any', fields }],
  conditions: [],
  ...more,
});

/** Judges one cell of a field. */
const cell =
  (type: FieldType, more: Partial<Field> = {}, unit?: string) =>
  (value: string | readonly string[]): Finding[] =>
    compileChecklist(checklistOf([field(type, more)]), { today }).validate({
      attributes: { x: value },
      ...(unit !== undefined && { units: { x: unit } }),
      place: { row: 2 },
    });

const row = (checklist: Checklist) => (attributes: Record<string, string>) =>
  compileChecklist(checklist, { today }).validate({ attributes, place: { row: 2 } });

const header = (name: string) =>
  compileChecklist(checklistOf([field({ kind: 'text' }, { name: 'collection_date', synonyms: ['sampling date'] })]), {
    today,
  }).headers([name], {});

const two = (restriction: 'atLeastOne' | 'oneOrNone') =>
  checklistOf([], {
    groups: [
      {
        name: 'g',
        label: text('g'),
        restriction,
        fields: [
          field({ kind: 'text' }, { name: 'a', requirement: 'optional' }),
          field({ kind: 'text' }, { name: 'b', requirement: 'optional' }),
        ],
      },
    ],
  });

const named = (...fields: readonly (readonly [string, FieldType])[]) =>
  checklistOf(fields.map(([name, type]) => field(type, { name, requirement: 'optional' })));

const dump = await loadTaxdump(
  {
    nodes: lines(
      '1\t|\t1\t|\tno rank\t|',
      '2\t|\t1\t|\tsuperkingdom\t|',
      '1386\t|\t2\t|\tgenus\t|',
      '1423\t|\t1386\t|\tspecies\t|',
    ),
    names: lines(
      '1\t|\troot\t|\t\t|\tscientific name\t|',
      '2\t|\tBacteria\t|\tBacteria <bacteria>\t|\tscientific name\t|',
      '1386\t|\tBacillus\t|\t\t|\tscientific name\t|',
      '1423\t|\tBacillus subtilis\t|\t\t|\tscientific name\t|',
    ),
    merged: lines('135461\t|\t1423\t|'),
    deleted: lines('999\t|'),
  },
  'test',
);

async function* lines(...all: string[]): AsyncGenerator<string> {
  yield* all;
}

/** Judges an organism against the tiny but complete taxonomy above. */
const organism =
  (by: 'name' | 'id' = 'name') =>
  (value: string): Finding[] =>
    compileChecklist(checklistOf([field({ kind: 'taxon', by })]), { today, taxonomy: dump }).validate({
      attributes: { x: value },
      place: {},
    });

const builtIn = (type: Omit<FieldType & { kind: 'taxon' }, 'kind' | 'by'>) =>
  cell({ kind: 'taxon', by: 'name', ...type });

const part = (type: Reference['type'], target: string): Reference => ({ relation: 'part_of', type, target });
const md5 = (digit: string) => digit.repeat(32);

const record = (type: ArchiveRecord['type'], alias: string, more: Partial<ArchiveRecord> = {}): ArchiveRecord => ({
  type,
  alias,
  title: `${type} ${alias}`,
  attributes: {},
  references: [],
  files: [],
  place: { row: 2 },
  ...more,
});

const file = (name: string, digit: string, format = 'fastq'): DeclaredFile => ({ name, format, md5: md5(digit) });
const project = (alias: string, more: Partial<ArchiveRecord> = {}) => record('project', alias, more);
const umbrella = (alias: string, ...references: Reference[]) =>
  project(alias, { attributes: { umbrella: 'yes' }, references });
const sample = (alias: string, attributes: ArchiveRecord['attributes'] = { isolate: alias }) =>
  record('sample', alias, { attributes });
const experiment = (alias: string, more: Partial<ArchiveRecord> = {}) =>
  record('experiment', alias, { references: [part('project', 'p'), part('sample', 's')], ...more });
const run = (alias: string, files: readonly DeclaredFile[], references = [part('experiment', 'e')]) =>
  record('run', alias, { files, references });
const check = (...records: ArchiveRecord[]) => validateRecords(records, { today });
const study = (...more: ArchiveRecord[]) => check(project('p'), sample('s'), experiment('e'), ...more);

type Case = readonly [refused: Finding[], accepted: Finding[]];
const on = <V>(judge: (value: V) => Finding[], refused: V, accepted: V): Case => [judge(refused), judge(accepted)];

const date = cell({ kind: 'date', ranges: true });
const point = cell({ kind: 'text', format: 'lat_lon' });
const place = cell({ kind: 'text', format: 'geo_loc_name' });
const depth = (unit?: string) => cell({ kind: 'text', format: 'number' }, { units: ['m', 'cm'] }, unit);
const pair = row(
  named(['latitude', { kind: 'text', format: 'latitude' }], ['longitude', { kind: 'text', format: 'longitude' }]),
);
const somewhere = row(
  named(['geo_loc_name', { kind: 'text', format: 'geo_loc_name' }], ['lat_lon', { kind: 'text', format: 'lat_lon' }]),
);
const named2 = row(
  named(['organism', { kind: 'taxon', by: 'name' }], ['taxonomy_id', { kind: 'taxon', by: 'id', of: 'organism' }]),
);
const paired = row(
  checklistOf(
    [field({ kind: 'text' }, { name: 'layout' }), field({ kind: 'text' }, { name: 'size', requirement: 'optional' })],
    {
      conditions: [
        { label: 'size', expression: "[layout] = 'PAIRED' implies present([size])", error: text('size is missing') },
      ],
    },
  ),
);
const platform = (name: string) =>
  check(experiment('e', { attributes: { platform: name, instrument_model: 'MinION' } }));
const layout = (...files: DeclaredFile[]) =>
  check(project('p'), sample('s'), experiment('e', { attributes: { library_layout: 'PAIRED' } }), run('r', files));

/** One refusing and one accepting case for every rule. */
const cases: Readonly<Record<string, Case>> = {
  GW1001: on(cell({ kind: 'text' }), '', 'a'),
  GW1002: on(cell({ kind: 'text' }, { requirement: 'recommended' }), '', 'a'),
  GW1003: on(header, 'freezer shelf', 'collection_date'),
  GW1004: on(header, 'colection_date', 'collection_date'),
  GW1005: on(header, 'Sampling Date', 'collection_date'),
  GW1006: on(cell({ kind: 'text', minLength: 3 }), 'ab', 'abc'),
  GW1007: on(cell({ kind: 'text', maxLength: 3 }), 'abcd', 'abc'),
  GW1008: on(cell({ kind: 'text', pattern: '[0-9]{4}' }), '12345', '1234'),
  GW1009: on(cell({ kind: 'choice', values: [{ value: 'WGS' }] }), 'whole shotgun', 'WGS'),
  GW1010: on(cell({ kind: 'choice', values: [{ value: 'Illumina MiSeq' }] }), 'Illumina miSeq', 'Illumina MiSeq'),
  GW1011: on(cell({ kind: 'choice', values: [{ value: 'frozen' }], open: true }), 'jellied', 'frozen'),
  GW1012: on(cell({ kind: 'text' }) as (value: readonly string[]) => Finding[], ['a', 'b'], ['a']),
  GW1013: [depth('fathom')('3'), depth('m')('3')],
  GW1014: [depth('meters')('3'), depth('m')('3')],
  GW1015: [depth()('3'), depth('m')('3')],
  GW1016: on(cell({ kind: 'text', format: 'number' }), 'ca. 350', '350'),
  GW1017: on(cell({ kind: 'text', format: 'integer' }), '1.5', '15'),
  GW1018: on(cell({ kind: 'text', format: 'number', minimum: 0, maximum: 14 }), '71', '7.1'),
  GW1019: on(row(two('atLeastOne')), {}, { a: '1' }),
  GW1020: on(row(two('oneOrNone')), { a: '1', b: '2' }, { b: '2' }),
  GW1021: on(paired, { layout: 'PAIRED' }, { layout: 'PAIRED', size: '350' }),
  GW1022: on(cell({ kind: 'text' }), ' SZ  17', 'SZ 17'),
  GW1023: on(cell({ kind: 'text' }), 'Rice\u0007', 'Rice'),
  GW1024: on(cell({ kind: 'textArea' }), 'a'.repeat(10_001), 'a'.repeat(10_000)),
  GW1025: on(cell({ kind: 'ontology', ontologies: ['ENVO'] }), 'soil', 'soil [ENVO:00001998]'),
  GW1026: on(cell({ kind: 'ontology', ontologies: ['ENVO'] }), 'blood [UBERON:0000178]', 'ENVO:00001998'),
  GW1027: on(cell({ kind: 'text', format: 'doi' }), '26036/x', '10.26036/CNP0003837'),
  GW1028: on(cell({ kind: 'text' }, { units: ['m'] }), '5.5 m', 'deep'),
  GW1101: on(cell({ kind: 'text' }, { nulls: 'forbidden' }), 'missing', 'Bacillus'),
  GW1102: on(cell({ kind: 'date' }, { nulls: 'reported' }), 'not collected', 'missing: lab stock'),
  GW1103: on(cell({ kind: 'text' }, { requirement: 'optional' }), 'not collected', 'something'),
  GW1104: on(cell({ kind: 'text' }), 'N/A', 'not applicable'),
  GW1105: on(cell({ kind: 'text' }), 'Not Collected', 'not collected'),
  GW1201: on(date, 'spring 2020', '2020-03/2020-05'),
  GW1202: on(date, '2016-02-31', '2016-02-29'),
  GW1203: on(date, '2021-05/2020-05', '2020-05/2021-05'),
  GW1204: on(date, '2999', '2026'),
  GW1205: on(date, '12-Jan-2020', '2020-01-12'),
  GW1206: on(date, '03/04/2020', '2020-04-03'),
  GW1207: on(date, '2020-01-12T08:30', '2020-01-12T08:30+09:00'),
  GW1208: on(cell({ kind: 'date' }), '2020-01/2020-02', '2020-01'),
  GW1301: on(point, 'near Shenzhen', '22.54 N 114.06 E'),
  GW1302: on(point, '98.98 N 277.11 W', '38.98 N 77.11 W'),
  GW1303: on(point, '22°32\'24"N 114°03\'36"E', '22.54 114.06'),
  GW1304: on(cell({ kind: 'text', format: 'latitude' }), '150.0', '-22.54'),
  GW1305: on(pair, { latitude: '22.5' }, { latitude: '22.5', longitude: '114' }),
  GW1306: on(place, 'Guangdong', 'China:Guangdong, Shenzhen'),
  GW1307: on(place, 'Vietnam: Hanoi', 'Viet Nam: Hanoi'),
  GW1308: on(place, 'Zaire:Kikwit', 'Democratic Republic of the Congo:Kikwit'),
  GW1309: on(place, 'China, Guangdong', 'China:Guangdong'),
  GW1310: on(
    somewhere,
    { geo_loc_name: 'China', lat_lon: '22.54 S 114.06 E' },
    { geo_loc_name: 'China', lat_lon: '22.54 N 114.06 E' },
  ),
  GW2001: [check(project(' p')), check(project('p'))],
  GW2002: [check(project('p'), project('p')), check(project('p'), sample('p'))],
  GW2003: [check(project('p', { title: ' ' })), check(project('p'))],
  GW2004: [study(run('r', [file('a', 'a')], [part('experiment', 'x')])), study(run('r', [file('a', 'a')]))],
  GW2005: [check(experiment('e', { references: [part('project', 'p')] })), study()],
  GW2006: [
    study(run('r', [file('a', 'a')], [part('experiment', 'e'), part('experiment', 'f')])),
    study(run('r', [file('a', 'a')])),
  ],
  GW2007: [
    check(umbrella('a', part('project', 'b')), umbrella('b', part('project', 'a'))),
    check(umbrella('a', part('project', 'b')), umbrella('b')),
  ],
  GW2008: [check(umbrella('p'), sample('s'), experiment('e')), study()],
  GW2009: [
    check(project('a', { references: [part('project', 'b')] }), project('b')),
    check(project('a', { references: [part('project', 'b')] }), umbrella('b')),
  ],
  GW2010: [study(run('r', [])), study(run('r', [file('a', 'a')]))],
  GW2011: [
    study(run('r', [file('a.fq', 'a'), file('A.fq', 'b')])),
    study(run('r', [file('a.fq', 'a'), file('b.fq', 'b')])),
  ],
  GW2013: [study(run('r', [{ ...file('a', 'a'), md5: md5('A') }])), study(run('r', [file('a', 'a')]))],
  GW2014: [study(run('r', [file('a', 'a'), file('b', 'a')])), study(run('r', [file('a', 'a'), file('b', 'b')]))],
  GW2015: [
    check(sample('s', { tissue: 'root' }), sample('t', { tissue: 'root' })),
    check(sample('s', { tissue: 'root' }), sample('t', { tissue: 'leaf' })),
  ],
  GW2016: [platform('ILLUMINA'), platform('OXFORD_NANOPORE')],
  GW2017: [check({ ...sample('s'), checklist: 'GWC-humman' }), check({ ...sample('s'), checklist: 'GWC-human' })],
  GW2018: [study(run('r', [file('a', 'a', 'vcf')])), study(run('r', [file('a', 'a', 'bam')]))],
  GW2019: [layout(file('a', 'a')), layout(file('a', 'a'), file('b', 'b'))],
  GW2020: [study(run('r', [file('a', 'a', 'bam'), file('b', 'b')])), study(run('r', [file('a', 'a', 'cram')]))],
  GW2021: [
    check({ ...sample('s'), accession: 'GWS0000001' }, { ...sample('t'), accession: 'GWS0000001' }),
    check({ ...sample('s'), accession: 'GWS0000001' }, { ...sample('t'), accession: 'GWS0000002' }),
  ],
  GW4001: on(organism(), 'Bacillus subtillis', 'Bacillus subtilis'),
  GW4002: on(organism('id'), '12345', '1423'),
  GW4003: on(
    named2,
    { organism: 'Oryza sativa', taxonomy_id: '9606' },
    { organism: 'Oryza sativa', taxonomy_id: '4530' },
  ),
  GW4004: on(organism(), 'Bacillus', 'Bacillus subtilis'),
  GW4005: on(builtIn({}), '水稻', 'Oryza sativa'),
  GW4006: on(organism('id'), '135461', '1423'),
  GW4007: on(organism('id'), '999', '1423'),
  GW4008: on(builtIn({ permitted: [10239] }), 'Homo sapiens', 'Severe acute respiratory syndrome coronavirus 2'),
  GW4009: on(builtIn({ notPermitted: [9606] }), 'Homo sapiens', 'Mus musculus'),
  GW4010: on(builtIn({ metagenome: 'required' }), 'Homo sapiens', 'human gut metagenome'),
  GW4011: on(builtIn({ metagenome: 'refused' }), 'soil metagenome', 'Bacillus subtilis'),
  GW4012: on(organism('id'), 'taxid 1423', '1423'),
  GW4013: on(builtIn({}), 'Vulpes vulpes', 'Mus musculus'),
  GW4014: on(organism(), 'Bacillus sp. SZ-17', 'Bacillus subtilis'),
};

describe('every rule has a case that it refuses and one that it accepts', () => {
  it.each([...catalogue.values()].map((rule): [Rule['code'], Rule] => [rule.code, rule]))('%s', (code, rule) => {
    const [refused, accepted] = cases[code] ?? [];
    expect(refused).toBeDefined();
    expect((refused ?? []).map((finding) => finding.code)).toContain(code);
    expect((accepted ?? []).map((finding) => finding.code)).not.toContain(code);
    const finding = refused?.find((each) => each.code === code);
    expect(finding?.level).toBe(rule.level);
    for (const language of ['en', 'zh'] as const)
      expect(render(finding!, language, catalogue).message).not.toMatch(/\{\w+\}|undefined/);
  });

  it('no case is about a rule that does not exist', () => {
    expect(Object.keys(cases).filter((code) => !catalogue.has(code as Rule['code']))).toEqual([]);
  });
});

describe('texts', () => {
  it.each([...catalogue.values()].map((rule): [string, Rule] => [rule.code, rule]))(
    '%s speaks both languages',
    (_, rule) => {
      for (const told of [rule.message, rule.explanation, rule.mend]) {
        expect(told.en).toMatch(/.{7}/u);
        expect(told.zh).toMatch(/\p{Script=Han}|^\{error_zh\}$/u);
      }
      expect(rule.example.refused).not.toBe(rule.example.accepted);
    },
  );
});
