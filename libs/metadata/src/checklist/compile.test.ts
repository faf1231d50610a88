import { describe, expect, it } from 'vitest';
import { applySuggestions, withoutEchoes } from '../suggest/apply.ts';
import type { ArchiveRecord } from '../model/record.ts';
import { sampleTypes, objectChecklists } from './built-in.ts';
import { compileChecklist } from './compile.ts';
import { toJsonSchema } from './json-schema.ts';

const today = '2026-11-22';
const virus = sampleTypes.find(({ id }) => id === 'GWC-virus')!;
const validator = compileChecklist(virus, { today });

const good = {
  organism: 'Severe acute respiratory syndrome coronavirus 2',
  taxonomy_id: '2697049',
  description: 'swab',
  isolate: 'SZ-17',
  collection_date: '2024-05-17',
  geo_loc_name: 'China:Guangdong, Shenzhen',
  lat_lon: '22.54 N 114.06 E',
  isolation_source: 'nasopharyngeal swab',
  host: 'Homo sapiens',
  host_taxid: '9606',
  host_disease: 'COVID-19',
};
const record = (attributes: ArchiveRecord['attributes'], units?: Record<string, string>): ArchiveRecord => ({
  type: 'sample',
  alias: 's',
  title: 't',
  attributes,
  ...(units && { units }),
  references: [],
  files: [],
  place: { sheet: 'sample', row: 7 },
});

describe('a compiled checklist', () => {
  it('finds nothing in a good row', () => expect(validator.validate(record(good))).toEqual([]));

  it('finds everything in a bad one, with place, value and suggestion', () => {
    const findings = validator.validate(
      record({
        ...good,
        taxonomy_id: '9606',
        collection_date: '2999-01-01',
        geo_loc_name: 'Vietnam',
        lat_lon: '22.54 S 114.06 W',
        host: 'human',
        host_sex: 'F',
        host_age: '35 years',
        isolation_source: '',
      }),
    );
    expect(findings.map(({ code, place: { column }, suggestion }) => [code, column, suggestion])).toEqual(
      [
        ['GW4008', 'taxonomy_id', undefined],
        ['GW1204', 'collection_date', undefined],
        ['GW1307', 'geo_loc_name', 'Viet Nam'],
        ['GW1001', 'isolation_source', undefined],
        ['GW4005', 'host', 'Homo sapiens'],
        ['GW1010', 'host_sex', 'female'],
        ['GW1016', 'host_age', undefined],
        ['GW1028', 'host_age', '35'],
        ['GW4003', 'taxonomy_id', '2697049'],
        ['GW1310', 'lat_lon', undefined],
      ].filter(([code]) => code !== 'GW4008'),
    );
    expect(findings.every(({ place }) => place.row === 7 && place.sheet === 'sample')).toBe(true);
  });

  it('judges columns under their synonyms and points at the name that the user wrote', () => {
    const { collection_date: _date, ...rest } = good;
    const row = record({ ...rest, 'Collection Date': '12-Jan-2020', extra: 'x' });
    expect(validator.validate(row)).toMatchObject([
      { code: 'GW1205', place: { column: 'Collection Date' }, suggestion: '2020-01-12' },
    ]);
    expect(validator.headers(Object.keys(row.attributes), {}).map(({ code }) => code)).toEqual(['GW1005', 'GW1003']);
  });

  it('gives the same verdict on a value seen before', () => {
    const row = record({ ...good, collection_date: 'yesterday' });
    expect(validator.validate(row)).toEqual(validator.validate(row));
  });

  it('does not fall for the names of object prototypes', () => {
    const row = record({ ...good, ...(JSON.parse('{"__proto__":"x","constructor":"y"}') as Record<string, string>) });
    expect(validator.validate(row)).toEqual([]);
    expect(validator.headers(['constructor', '__proto__'], {}).map(({ code }) => code)).toEqual(['GW1003', 'GW1003']);
  });

  it('refuses a day that is none', () => expect(() => compileChecklist(virus, { today: 'today' })).toThrow(RangeError));
});

describe('suggestions', () => {
  const bad = record(
    {
      ...good,
      'Collection Date': 'N/A',
      host: ' human ',
      host_sex: 'M',
      host_age: '35 years',
      lat_lon: '22.54 S 114.06 E',
      virus_identifier: 'unknown',
    },
    { host_age: '' },
  );
  const { collection_date: _date, ...attributes } = bad.attributes;
  const row = { ...bad, attributes };
  const findings = [...validator.headers(Object.keys(attributes), {}), ...validator.validate(row)];

  it('are never carried out by themselves', () => {
    const before = structuredClone(row);
    validator.validate(row);
    expect(row).toEqual(before);
  });

  it('mend a copy when they are accepted, step by step', () => {
    let mended: ArchiveRecord = row;
    for (let i = 0; i < 4; i++)
      mended = applySuggestions(
        [...validator.headers(Object.keys(mended.attributes), {}), ...validator.validate(mended)],
        mended,
      );
    expect(mended.attributes).toMatchObject({
      host: 'Homo sapiens',
      host_sex: 'male',
      host_age: '35',
      lat_lon: '22.54 N 114.06 E',
      collection_date: 'not applicable',
    });
    expect(mended.attributes).not.toHaveProperty('virus_identifier');
    expect(mended.units).toMatchObject({ host_age: 'year' });
    expect(validator.validate(mended).map(({ code }) => code)).toEqual(['GW1102']);
  });

  it('leave a cell that has changed since', () => {
    const changed = { ...row, attributes: { ...row.attributes, host_sex: 'female' } };
    const onSex = findings.filter(({ place }) => place.column === 'host_sex');
    expect(onSex).toHaveLength(1);
    expect(applySuggestions(onSex, changed).attributes['host_sex']).toBe('female');
  });

  it('are told once for a place', () => {
    const [finding] = findings;
    expect(withoutEchoes([finding!, { ...finding!, code: 'GW3001' }])).toEqual([finding]);
  });
});

describe('as JSON Schema', () => {
  it('says names, mandate, lists and groups', () => {
    const schema = toJsonSchema(virus);
    expect(schema['required']).toEqual(['organism', 'collection_date', 'geo_loc_name', 'isolation_source', 'host']);
    expect(schema['allOf']).toEqual([
      { anyOf: [{ required: ['isolate'] }, { required: ['strain'] }, { required: ['virus_identifier'] }] },
    ]);
    expect(JSON.parse(JSON.stringify(toJsonSchema(objectChecklists.experiment)))).toHaveProperty(
      'properties.library_layout.anyOf',
    );
  });
});
