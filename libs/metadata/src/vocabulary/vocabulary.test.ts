import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../test/shared-data.ts';
import { readPlaceName } from '../value/place-name.ts';
import { countries } from '../data/vocabularies/countries.ts';
import { instrument } from '../data/vocabularies/instrument.ts';
import { countryForEna, countryNamed, pointIn, readCountry } from './country.ts';
import { instrumentForInsdc, readInstrument } from './instrument.ts';
import { vocabularies as all } from './list.ts';
import { foldTerm, termFor, termReader } from './vocabulary.ts';

const vocabularies = new Map(all.map((vocabulary) => [vocabulary.name, vocabulary]));
const valuesOf = (name: string) => vocabularies.get(name)!.terms.map(({ value }) => value);

const schemas = sharedData('schemas/sra');
describe.skipIf(schemas === undefined)('beside the SRA/ENA schemas', () => {
  const xsd = (file: string) => (schemas === undefined ? '' : readFileSync(join(schemas, file), 'utf8'));
  const enumeration = (file: string, type: string) => {
    const [, body = ''] = new RegExp(`name="${type}"[^>]*>([\\s\\S]*?)</xs:simpleType>`).exec(xsd(file)) ?? [];
    return [...body.matchAll(/enumeration value="([^"]+)"/g)].map((match) => match[1]!);
  };

  it.each([
    ['library_strategy', 'typeLibraryStrategy', 41, ['DIP-Seq', 'Inverse rRNA']],
    ['library_source', 'typeLibrarySource', 9, []],
    ['library_selection', 'typeLibrarySelection', 31, ['CF-H', 'CF-M', 'CF-S', 'CF-T']],
  ] as const)('%s has every term of %s', (name, type, count, extras) => {
    const official = enumeration('SRA.experiment.xsd', type);
    expect(official).toHaveLength(count);
    const ours = new Set(valuesOf(name));
    expect(official.filter((value) => !ours.has(value))).toEqual([]);
    expect([...ours].filter((value) => !official.includes(value)).toSorted()).toEqual(extras);
  });

  it('instrument has every model of every platform, and only known ones without a fallback', () => {
    const official = [
      ...xsd('SRA.common.xsd').matchAll(/<xs:simpleType name="type\w+Model">([\s\S]*?)<\/xs:simpleType>/g),
    ].flatMap((match) => [...match[1]!.matchAll(/enumeration value="([^"]+)"/g)].map((value) => value[1]!));
    const ours = new Set(valuesOf('instrument_model'));
    expect(official.filter((model) => !ours.has(model))).toEqual([]);
    const local = instrument.terms.filter(({ value, insdc }) => !official.includes(value) && insdc === undefined);
    expect(local).toEqual([]);
  });

  it('run file types are those of the schema and CNSA', () => {
    const ours = new Set(valuesOf('run_file_type').map((value) => value.toLowerCase()));
    const [, body = ''] = /name="filetype"[^>]*>([\s\S]*?)<\/xs:attribute>/.exec(xsd('SRA.run.xsd')) ?? [];
    const official = [...body.matchAll(/enumeration value="([^"]+)"/g)].map((match) => match[1]!.toLowerCase());
    expect(official.length).toBeGreaterThan(20);
    expect(official.filter((type) => !ours.has(type))).toEqual([]);
  });
});

describe('vocabularies', () => {
  it('have names of their own', () => expect(vocabularies.size).toBe(all.length));

  it.each([...vocabularies.keys()])('%s has no two terms or synonyms that fold to the same', (name) => {
    const { terms, version, source } = vocabularies.get(name)!;
    expect(version).toMatch(/^\d{4}-\d{2}$/);
    expect(source).not.toBe('');
    const spellings = terms.flatMap(({ value, synonyms = [] }) => [...new Set([value, ...synonyms].map(foldTerm))]);
    expect(spellings.filter((spelling, i) => spellings.indexOf(spelling) !== i)).toEqual([]);
  });

  it('recognise case, synonyms, Chinese labels and near misses', () => {
    const read = termReader(vocabularies.get('library_strategy')!.terms);
    expect(read('WGS').kind).toBe('exact');
    expect(read('wgs')).toMatchObject({ kind: 'variant', term: { value: 'WGS' } });
    expect(read('全基因组测序')).toMatchObject({ kind: 'variant', term: { value: 'WGS' } });
    expect(read('NOMe-seq')).toMatchObject({ kind: 'variant', term: { value: 'NOMe-Seq' } });
    expect(read('Amplikon')).toMatchObject({ kind: 'none', near: { value: 'AMPLICON' } });
    expect(read('cooking')).toEqual({ kind: 'none' });
  });

  it('know the spelling of other archives, and what they lack', () => {
    const [dip] = vocabularies.get('library_strategy')!.terms.filter(({ value }) => value === 'DIP-Seq');
    expect(termFor(dip!, 'ena')).toBe('OTHER');
    expect(termFor(dip!, 'ncbi')).toBe('DIP-Seq');
    const [salus] = vocabularies.get('platform')!.terms.filter(({ value }) => value === 'SALUS');
    expect(termFor(salus!, 'ena')).toBeNull();
  });
});

describe('instruments', () => {
  const forInsdc = (written: string) => {
    const match = readInstrument(written);
    return match.kind === 'none' ? undefined : instrumentForInsdc(match.term, match.term.platform ?? '');
  };

  it.each([
    ['Illumina miSeq', { platform: 'ILLUMINA', instrument: 'Illumina MiSeq' }],
    ['DNBSEQ-G400(MGISEQ-2000)', { platform: 'DNBSEQ', instrument: 'DNBSEQ-G400' }],
    ['MGISEQ-200', { platform: 'DNBSEQ', instrument: 'DNBSEQ-G50' }],
    ['DNBSEQ-T10×4', { platform: 'DNBSEQ', instrument: 'DNBSEQ-T10x4RS' }],
    ['DNBSEQ-T20×2', { platform: 'DNBSEQ', instrument: 'unspecified' }],
    ['BGISEQ-100', { platform: 'ION_TORRENT', instrument: 'Ion Torrent Proton' }],
    ['Bionano Saphyr', null],
    ['Singular G4', null],
  ])('%s is told to INSDC as %j', (written, told) => expect(forInsdc(written)).toEqual(told));
});

describe('countries', () => {
  it('hold INSDC names, present and historical, with labels in both languages', () => {
    expect(countries.length).toBeGreaterThan(290);
    expect(countries.filter(({ historical }) => historical).map(({ value }) => value)).toEqual(
      expect.arrayContaining(['USSR', 'Zaire', 'Czechoslovakia']),
    );
    for (const { label, successor } of countries) {
      expect(label?.zh).toMatch(/\p{Script=Han}/u);
      expect(successor === undefined || countryNamed(successor)?.historical !== true).toBe(true);
    }
  });

  it('know the older names that ENA enumerates', () => {
    expect(countryForEna('Turkiye')).toBe('Turkey');
    expect(countryForEna('China')).toBe('China');
    expect(readCountry('Türkiye')).toMatchObject({ kind: 'variant', term: { value: 'Turkiye' } });
  });

  it.each([
    ['China', 22.54, 114.06, true],
    ['China', 45.8, 126.5, true],
    ['China', 48.85, 2.35, false],
    ['Fiji', -18.1, 178.4, true],
    ['Fiji', -17, -179.5, true],
    ['USA', 21.3, -157.8, true],
    ['USA', 64.8, -147.7, true],
    ['Russia', 43.1, 131.9, true],
    ['New Zealand', -36.8, 174.7, true],
    ['Norway', 78.2, 15.6, false],
    ['Svalbard', 78.2, 15.6, true],
    ['Brazil', 23.5, -46.6, false],
    ['Pacific Ocean', 0, 0, undefined],
  ])('%s and %d, %d: %s', (name, latitude, longitude, inside) =>
    expect(pointIn(countryNamed(name)!, latitude, longitude)).toBe(inside),
  );

  it('every box is a box', () => {
    for (const { value, boxes = [] } of countries)
      for (const [south, north, west, east] of boxes)
        expect([value, south! <= north!, west! <= east!, north! <= 90 && east! <= 180]).toEqual([
          value,
          true,
          true,
          true,
        ]);
  });

  it('every name can begin a place', () => {
    expect(countries.filter(({ value }) => !readPlaceName(`${value}:region`).ok).map(({ value }) => value)).toEqual([]);
  });
});
