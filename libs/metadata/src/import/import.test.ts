import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fieldsOf } from '../checklist/checklist.ts';
import { compileChecklist } from '../checklist/compile.ts';
import { sharedData } from '../test/shared-data.ts';
import { importEnaChecklists } from './ena.ts';
import { importMixs } from './mixs.ts';

const today = '2026-11-22';

const ena = sharedData('checklists/ena');
describe.skipIf(ena === undefined)('the 48 ENA sample checklists', () => {
  const files = ena === undefined ? [] : readdirSync(ena).toSorted();
  const read = (file: string) =>
    importEnaChecklists(readFileSync(join(ena ?? '', file), 'utf8'), file.replace('.xml', ''));

  it('are all there', () => expect(files).toHaveLength(48));

  it.each(files)('%s keeps every field, its mandate and its unit', (file) => {
    const xml = readFileSync(join(ena ?? '', file), 'utf8');
    const [checklist] = read(file).checklists;
    const fields = fieldsOf(checklist!);
    const attributes = [...xml.matchAll(/<TAG>([^<$]+)<\/TAG>/g)]
      .map((match) => match[1]!)
      .filter((tag) => !tag.startsWith('SUBMISSION_TOOL'));
    const names = new Set(fields.map(({ name }) => name));
    expect(
      attributes.filter(
        (tag) => !names.has(tag.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')),
      ),
    ).toEqual([]);
    const mandatory = [...xml.matchAll(/mandatorytest\(row, '([^']+)'/g)]
      .map((match) => match[1]!)
      .filter((name) => name !== 'title' && name !== 'taxon_id');
    expect(
      fields
        .filter(({ requirement }) => requirement === 'mandatory')
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual([...new Set(mandatory)].toSorted());
    expect(fields.filter(({ units }) => units).length).toBe([...xml.matchAll(/<UNITS>[^<]/g)].length);
    expect(() => compileChecklist(checklist!, { today })).not.toThrow();
  });

  it('judge a date that the archive itself lets pass', () => {
    const [checklist] = read('ERC000011.xml').checklists;
    const findings = compileChecklist(checklist!, { today }).validate({
      attributes: {
        scientific_name: 'Homo sapiens',
        'collection date': '2016-02-31',
        'geographic location (country and/or sea)': 'Belgium',
      },
      place: {},
    });
    expect(findings.map(({ code }) => code)).toEqual(['GW1202']);
  });
});

describe('an ENA checklist as the archive serves it', () => {
  const xml = `<?xml version="1.0"?><CHECKLIST_SET><CHECKLIST accession="ERC999999" checklistType="Sample"><DESCRIPTOR>
    <LABEL>Test</LABEL><NAME>Test</NAME><DESCRIPTION>d</DESCRIPTION><AUTHORITY>ENA</AUTHORITY>
    <FIELD_GROUP restrictionType="At least one of the fields"><NAME>which</NAME>
      <FIELD><LABEL>isolate</LABEL><NAME>isolate</NAME><DESCRIPTION/><FIELD_TYPE><TEXT_FIELD><MIN_LENGTH>2</MIN_LENGTH><MAX_LENGTH>9</MAX_LENGTH><REGEX_VALUE>^[A-Z]+(-[0-9]+)?$</REGEX_VALUE></TEXT_FIELD></FIELD_TYPE><MANDATORY>optional</MANDATORY><MULTIPLICITY>multiple</MULTIPLICITY></FIELD>
      <FIELD><LABEL>host sex</LABEL><NAME>host_sex</NAME><SYNONYM>sex of host</SYNONYM><DESCRIPTION/><UNITS/><FIELD_TYPE><TEXT_CHOICE_FIELD><TEXT_VALUE><VALUE>male</VALUE><SYNONYM>M</SYNONYM></TEXT_VALUE><TEXT_VALUE><VALUE>not collected</VALUE></TEXT_VALUE></TEXT_CHOICE_FIELD></FIELD_TYPE><MANDATORY>recommended</MANDATORY></FIELD>
    </FIELD_GROUP>
    <FIELD_GROUP restrictionType="One or none of the fields"><NAME>where</NAME>
      <FIELD><LABEL>depth</LABEL><NAME>depth</NAME><UNITS><UNIT>m</UNIT><UNIT>cm</UNIT></UNITS><FIELD_TYPE><TEXT_FIELD><REGEX_VALUE>(?=x)y</REGEX_VALUE></TEXT_FIELD></FIELD_TYPE><MANDATORY>mandatory</MANDATORY></FIELD>
      <FIELD><LABEL>organism</LABEL><NAME>organism</NAME><FIELD_TYPE><TAXON_FIELD><TAXON restrictionType="Permitted taxa"><TAXON_ID>10239</TAXON_ID></TAXON><TAXON restrictionType="Not permitted taxa"><TAXON_ID>9606</TAXON_ID></TAXON></TAXON_FIELD></FIELD_TYPE><MANDATORY>mandatory</MANDATORY></FIELD>
    </FIELD_GROUP>
    <CONDITION><LABEL>c</LABEL><EXPRESSION>present([isolate]) implies present([depth])</EXPRESSION><ERROR>no depth</ERROR></CONDITION>
    <CONDITION><LABEL>odd</LABEL><EXPRESSION>/x/y</EXPRESSION><ERROR>e</ERROR></CONDITION>
  </DESCRIPTOR></CHECKLIST></CHECKLIST_SET>`;
  const { checklists, notes } = importEnaChecklists(xml, 'unused');
  const [checklist] = checklists;

  it('keeps groups, types, synonyms, units, lengths and conditions', () => {
    expect(checklist).toMatchObject({ id: 'ERC999999', object: 'sample', authority: 'ENA' });
    expect(checklist!.groups.map(({ restriction }) => restriction)).toEqual(['atLeastOne', 'oneOrNone']);
    const [isolate, sex, depth, organism] = fieldsOf(checklist!);
    expect(isolate).toMatchObject({
      multiple: true,
      type: { kind: 'text', minLength: 2, maxLength: 9, pattern: '^[A-Z]+(-[0-9]+)?$' },
    });
    expect(sex).toMatchObject({
      requirement: 'recommended',
      synonyms: ['host_sex', 'sex of host'],
      type: { kind: 'choice', values: [{ value: 'male', synonyms: ['M'] }] },
    });
    expect(depth).toMatchObject({ units: ['m', 'cm'], type: { kind: 'text' } });
    expect(organism).toMatchObject({ type: { kind: 'taxon', permitted: [10239], notPermitted: [9606] } });
    expect(checklist!.conditions).toHaveLength(1);
  });

  it('says what it could not carry', () => {
    expect(notes.map(({ reason, field }) => [reason, field])).toEqual([
      ['pattern', 'depth'],
      ['condition', undefined],
    ]);
  });

  it.each([
    ['<!DOCTYPE a [<!ENTITY x "y">]><CHECKLIST_SET>&x;</CHECKLIST_SET>', 'doctype'],
    ['<CHECKLIST_SET>&x;</CHECKLIST_SET>', 'xml'],
    ['<CHECKLIST_SET><a></CHECKLIST_SET>', 'xml'],
    ['<other/>', 'kind'],
    [`${'<a>'.repeat(60)}${'</a>'.repeat(60)}`, 'size'],
    ['', 'xml'],
  ])('refuses %s', (bad, code) => {
    expect(() => importEnaChecklists(bad, 'x')).toThrow(expect.objectContaining({ code }));
  });
});

const mixs = sharedData('checklists/mixs');
describe.skipIf(mixs === undefined)('MIxS 7.0.1', () => {
  const { checklists, notes } =
    mixs === undefined ? { checklists: [], notes: [] } : importMixs(readFileSync(join(mixs, 'mixs.yaml'), 'utf8'));
  const byId = new Map(checklists.map((checklist) => [checklist.id, checklist]));

  it('gives 13 checklists, 24 extensions and 307 combinations', () => {
    expect(checklists).toHaveLength(13 + 24 + 307);
    expect(new Set(checklists.map(({ version }) => version))).toEqual(new Set(['7.0.1']));
  });

  it('a combination asks for what both its parts ask for', () => {
    const mandatory = (id: string) =>
      fieldsOf(byId.get(id)!)
        .filter(({ requirement }) => requirement === 'mandatory')
        .map(({ name }) => name);
    const combined = new Set(mandatory('MIXS-MimsSoil'));
    expect([...mandatory('MIXS-Mims'), ...mandatory('MIXS-Soil')].filter((name) => !combined.has(name))).toEqual([]);
    expect(combined).toContain('elev');
  });

  it('compiles every one, and every example of a kept pattern passes', () => {
    const judged = new Set<unknown>();
    for (const checklist of checklists) {
      const validator = compileChecklist(checklist, { today });
      for (const field of fieldsOf(checklist)) {
        if (judged.has(field) || field.type.kind !== 'text' || field.type.pattern === undefined) continue;
        judged.add(field);
        for (const example of field.examples ?? []) {
          const findings = validator.validate({ attributes: { [field.name]: example }, place: {} });
          expect(
            findings.filter(({ code }) => code === 'GW1008').map(({ value }) => `${field.name}: ${value}`),
          ).toEqual([]);
        }
      }
    }
    expect(judged.size).toBeGreaterThan(250);
  });

  it('names the patterns that refuse their own example', () => {
    expect(notes.map(({ field }) => field)).toContain('adapters');
    expect(notes.every(({ reason }) => reason === 'pattern')).toBe(true);
    expect(notes.length).toBeLessThan(20);
  });

  it.each([
    ['a: [', 'yaml'],
    ['a: 1', 'kind'],
    ['classes: {}\nslots: {}', 'kind'],
    ['classes: 3\nslots: {}', 'kind'],
  ])('refuses %s', (bad, code) => expect(() => importMixs(bad)).toThrow(expect.objectContaining({ code })));
});
