import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSubmission } from '../intake/index.ts';
import { sharedData } from '../test/shared-data.ts';
import type { Finding } from '../rules/rule.ts';
import { recordChecker, validateRecords } from './check-records.ts';
import type { ArchiveRecord } from './record.ts';

const today = '2026-11-22';

async function* whole(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function readAll(folder: string, names: readonly string[]): Promise<ArchiveRecord[]> {
  const records: ArchiveRecord[] = [];
  const files = names.map((name) => ({ name, bytes: whole(readFileSync(join(folder, name))) }));
  for await (const item of readSubmission(files, {})) if ('record' in item) records.push(item.record);
  return records;
}

const tables = sharedData('ena-example/example_tables');
describe.skipIf(tables === undefined)('the ENA example study', () => {
  it('is judged with the mends that a curator would write', async () => {
    const names = ['studies', 'samples', 'experiments', 'runs'].map((name) => `ENA_template_${name}.tsv`);
    const records = await readAll(tables ?? '', names);
    const findings = validateRecords(records, { today });
    const told = (code: Finding['code']) =>
      findings.filter((finding) => finding.code === code).map(({ suggestion }) => suggestion);
    expect(records.map(({ type }) => type)).toEqual(expect.arrayContaining(['project', 'sample', 'experiment', 'run']));
    expect(told('GW4005')).toEqual(['Homo sapiens']);
    expect(told('GW1010')).toContain('ILLUMINA');
    expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('as a workbook of the virus checklist has the two kinds of error that are in it', async () => {
    const findings = validateRecords(await readAll(tables ?? '', ['ENA_excel_example_ERC000033.xlsx']), { today });
    expect([
      ...new Set(findings.filter(({ level }) => level === 'error').map(({ code, place }) => `${code} ${place.column}`)),
    ]).toEqual(['GW1001 library_name', 'GW1102 collection date']);
  });
});

describe('a set of records', () => {
  const sample = (i: number): ArchiveRecord => ({
    type: 'sample',
    alias: `s${i}`,
    title: `sample ${i}`,
    checklist: 'GWC-bacterium-archaeon',
    attributes: {
      organism: 'Escherichia coli',
      description: 'd',
      strain: `K-${i}`,
      collection_date: '2020-01-01',
      geo_loc_name: 'China:Guangdong',
      lat_lon: '23 N 113 E',
      isolation_source: 'soil',
    },
    references: [],
    files: [],
    place: { row: i + 2 },
  });

  it('asks the archive for what it does not hold, once for each name', () => {
    const asked: string[] = [];
    const run = (alias: string): ArchiveRecord => ({
      ...sample(0),
      type: 'run',
      alias,
      checklist: '',
      attributes: {},
      references: [{ relation: 'part_of', type: 'experiment', target: 'GWX0000001' }],
      files: [{ name: `${alias}.bam`, format: 'bam' }],
    });
    const findings = validateRecords([run('a'), run('b')], {
      today,
      lookup: (type, target) => {
        asked.push(`${type} ${target}`);
        return {};
      },
    });
    expect(asked).toEqual(['experiment GWX0000001']);
    expect(findings).toEqual([]);
  });

  it('reports headers once a sheet, not once a row', () => {
    const checker = recordChecker({ today });
    const odd = (i: number) => ({ ...sample(i), attributes: { ...sample(i).attributes, freezer: 'B4' } });
    const codes = [0, 1, 2].flatMap((i) => checker.add(odd(i)).map(({ code }) => code));
    expect(codes).toEqual(['GW1003']);
  });

  it('finds circles through chains of any length without running out of stack', () => {
    const chain = Array.from({ length: 20_000 }, (_, i): ArchiveRecord => ({
      ...sample(i),
      references: [{ relation: 'derived_from', type: 'sample', target: `s${(i + 1) % 20_000}` }],
    }));
    const circles = validateRecords(chain, { today }).filter(({ code }) => code === 'GW2007');
    expect(circles).toHaveLength(1);
  });

  it('suggests the alias that a reference nearly names', () => {
    const derived: ArchiveRecord = {
      ...sample(1),
      alias: 'child',
      attributes: { ...sample(9).attributes },
      references: [{ relation: 'derived_from', type: 'sample', target: 'liver_sampel' }],
    };
    const findings = validateRecords([{ ...sample(0), alias: 'liver_sample' }, derived], { today });
    expect(findings).toMatchObject([{ code: 'GW2004', suggestion: 'liver_sample', place: { alias: 'child' } }]);
  });
});
