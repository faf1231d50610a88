import { unzipSync, strFromU8 } from 'fflate';
import { XmlDocument } from 'libxml2-wasm';
import { expect, test } from 'vitest';
import type { Checklist } from '../checklist/checklist.ts';
import { fieldsOf } from '../checklist/checklist.ts';
import { objectChecklists } from '../data/checklists/checklists.ts';
import { sampleTypes } from '../data/sample-types/sample-types.ts';
import { readTable } from '../intake/read-table.ts';
import { collectFiles } from '../intake/test/collect.ts';
import { writeTemplate } from './index.ts';

const text = (en: string, zh: string): { en: string; zh: string } => ({ en, zh });
const countries = Array.from({ length: 300 }, (_, index) => ({ value: `Country ${index} & "region"` }));
const checklist: Checklist = {
  id: 'GWC-test',
  version: '1',
  object: 'sample',
  label: text('Test', '测试'),
  description: text('Test', '测试'),
  authority: 'Geneward',
  conditions: [],
  groups: [
    {
      name: 'all',
      label: text('All', '全部'),
      restriction: 'any',
      fields: [
        {
          name: 'country',
          label: text('Country', '国家'),
          description: text('x'.repeat(400), '国'.repeat(400)),
          requirement: 'mandatory',
          type: { kind: 'choice', values: countries },
        },
        {
          name: 'depth',
          label: text('Depth', '深度'),
          description: text('Depth', '深度'),
          requirement: 'optional',
          type: { kind: 'text' },
          units: ['m', 'cm'],
        },
        {
          name: 'title',
          label: text('Title', '标题'),
          description: text('Field', '字段'),
          requirement: 'optional',
          type: { kind: 'text' },
        },
      ],
    },
  ],
};

test.each(['en', 'zh'] as const)(
  'a template in %s has drop-downs, text cells, a frozen header and explanations',
  (language) => {
    const parts = unzipSync(writeTemplate([checklist], language));
    for (const bytes of Object.values(parts)) XmlDocument.fromBuffer(bytes).dispose();
    const sheet = strFromU8(parts['xl/worksheets/sheet1.xml'] ?? new Uint8Array());
    expect(sheet).toContain('state="frozen"');
    expect(sheet).toContain(language === 'zh' ? 'promptTitle="国家"' : 'promptTitle="Country"');
    expect(sheet).toMatch(/<formula1>_lists!\$B\$2:\$B\$301<\/formula1>/);
    for (const [, prompt = ''] of sheet.matchAll(/ prompt="([^"]*)"/g))
      expect(prompt.replaceAll('&#10;', '\n').replaceAll(/&\w+;/g, 'x').length).toBeLessThanOrEqual(255);
    expect(strFromU8(parts['xl/workbook.xml'] ?? new Uint8Array())).toContain(
      '<sheet name="_lists" sheetId="3" state="hidden"',
    );
  },
);

test('an empty template gives no record and no finding; its header is understood without a word', async () => {
  const bytes = writeTemplate([checklist], 'zh');
  const { records, findings } = await collectFiles([{ name: 'template.xlsx', bytes }]);
  expect(records).toEqual([]);
  expect(findings).toEqual([]);
  const headers: string[] = [];
  for await (const event of readTable(bytes, { name: 'template.xlsx' }))
    if ('table' in event) headers.push(...event.table.columns.map(({ header }) => header));
  expect(headers).toEqual([
    'alias',
    'title',
    'checklist',
    'project',
    'country',
    'depth',
    'units[depth]',
    'attribute[title]',
  ]);
});

test('two checklists of one kind share a sheet and are chosen by row', async () => {
  const other: Checklist = { ...checklist, id: 'GWC-other', groups: [] };
  const parts = unzipSync(writeTemplate([checklist, other], 'en'));
  const lists = strFromU8(parts['xl/worksheets/sheet3.xml'] ?? new Uint8Array());
  expect(lists).toContain('GWC-test');
  expect(lists).toContain('GWC-other');
});

test('every built-in checklist has a template that reads back without a word, its fields under their own names', async () => {
  for (const built of [...sampleTypes, ...Object.values(objectChecklists)]) {
    const bytes = writeTemplate([built], 'zh');
    const { findings } = await collectFiles([{ name: 'template.xlsx', bytes }]);
    expect(findings).toEqual([]);
    const headers: string[] = [];
    for await (const event of readTable(bytes, { name: 'template.xlsx' }))
      if ('table' in event) headers.push(...event.table.columns.map(({ header }) => header));
    expect(headers).toEqual(expect.arrayContaining(fieldsOf(built).map(({ name }) => name)));
  }
});
