import { expect, test } from 'vitest';
import { intakeCatalogue } from '../rules/catalogue/intake.ts';
import type { IntakeCode } from '../rules/catalogue/intake.ts';
import type { IntakeOptions } from './items.ts';
import { collect } from './test/collect.ts';
import { row, workbookOf } from './test/workbook.ts';

interface Case {
  readonly name?: string;
  readonly content: string | Uint8Array;
  readonly options?: IntakeOptions;
}
/** What a rule refuses, what it lets pass, and where and with which suggestion it speaks. */
interface RuleCase {
  readonly refused: Case;
  readonly accepted: Case;
  readonly at?: object;
  readonly suggestion?: string;
}

const tsv = (...lines: readonly string[]): Case => ({ name: 'sample.tsv', content: `${lines.join('\n')}\n` });
const samples = (...lines: readonly string[]): Case => tsv('alias\ttaxon_id', ...lines);
const run = (...lines: readonly string[]): Case => ({ name: 'run.tsv', content: `${lines.join('\n')}\n` });
const sheet = (rows: string, after = ''): Case => ({
  name: 'a.xlsx',
  content: workbookOf([{ name: 'sample', rows, after }]),
});
const xml = (content: string): Case => ({ name: 'a.xml', content });
const json = (content: string): Case => ({ name: 'a.json', content });
const limited = (limits: NonNullable<IntakeOptions['limits']>, at: Case): Case => ({ ...at, options: { limits } });
const bytes = (...values: readonly number[]): Uint8Array => new Uint8Array(values);
const latin = (text: string): Uint8Array => Uint8Array.from(text, (sign) => sign.charCodeAt(0));
const head = row(1, 'alias', 'collection_date');
const good = samples('S1\t9606');

const gb = [...latin('alias\ttitle\ttaxon_id\nS1\t'), 0xc8, 0xcb, ...latin('\t9606\n')];
const encrypted = [
  0xd0,
  0xcf,
  0x11,
  0xe0,
  0xa1,
  0xb1,
  0x1a,
  0xe1,
  ...[...latin('EncryptedPackage')].flatMap((byte) => [byte, 0]),
];
const workbook = workbookOf([{ name: 'sample', rows: head + row(2, 'S1', '2024') }]);
const bomb = workbookOf([{ name: 'sample', rows: head + ' '.repeat(5_000_000) }]);

const cases: Readonly<Record<IntakeCode, RuleCase>> = {
  GW3001: { refused: limited({ bytes: 10 }, good), accepted: good, at: { file: 'sample.tsv' } },
  GW3002: {
    refused: { name: 'sample.csv', content: Uint8Array.from(gb) },
    accepted: { ...tsv('alias\ttitle\ttaxon_id', 'S1\t人\t9606') },
    at: { line: 2 },
  },
  GW3003: {
    refused: { content: latin('alias\ttitle\nS1\tM\xfcller\n') },
    accepted: tsv('alias\ttitle', 'S1\tMüller'),
    at: { line: 2, offset: 16 },
  },
  GW3004: {
    refused: { name: 'a.xls', content: bytes(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0) },
    accepted: sheet(head),
  },
  GW3005: { refused: { content: Uint8Array.from(encrypted) }, accepted: sheet(head) },
  GW3006: { refused: { content: workbook.subarray(0, 300) }, accepted: { content: workbook } },
  GW3007: { refused: { content: bomb }, accepted: { content: workbook } },
  GW3008: {
    refused: limited({ rows: 1 }, samples('S1\t1', 'S2\t2')),
    accepted: limited({ rows: 2 }, samples('S1\t1', 'S2\t2')),
    at: { row: 3 },
  },
  GW3009: {
    refused: limited({ cell: 8 }, samples('S1\t123456789')),
    accepted: limited({ cell: 9 }, samples('S1\t123456789')),
    at: { row: 2, line: 2 },
  },
  GW3010: { refused: limited({ columns: 1 }, good), accepted: limited({ columns: 2 }, good) },
  GW3011: { refused: tsv('', ''), accepted: good },
  GW3012: {
    refused: { name: 'x.tsv', content: 'name\tvalue\na\tb\n' },
    accepted: { name: 'x.tsv', content: 'alias\torganism\na\tb\n' },
  },
  GW3013: {
    refused: {
      content: workbookOf([
        { name: 'sample', rows: head },
        { name: 'notes', rows: row(1, 'a', 'b') },
      ]),
    },
    accepted: {
      content: workbookOf([
        { name: 'sample', rows: head },
        { name: '_lists', state: 'hidden', rows: row(1, 'a', 'b') },
      ]),
    },
    at: { sheet: 'notes' },
  },
  GW3014: { refused: samples('S1\t"5 mm'), accepted: samples('S1\t"5"" mm"'), at: { line: 2 } },
  GW3015: { refused: samples('S1\t"a" b'), accepted: samples('S1\t"a"'), at: { row: 2 } },
  GW3016: {
    refused: sheet(head + row(2, 'S1', 'x').replace('<row ', '<row hidden="1" ')),
    accepted: sheet(head + row(2, 'S1', 'x')),
    at: { row: 2 },
  },
  GW3017: {
    refused: { content: bytes(0xff, 0xfe, 0x61, 0, 0x62, 0, 0x63) },
    accepted: { name: 'sample.tsv', content: bytes(0xff, 0xfe, 0x61, 0, 0x0a, 0) },
  },
  GW3018: { refused: { content: workbook, options: { limits: { parts: 2 } } }, accepted: { content: workbook } },
  GW3019: {
    refused: limited({ findings: 1 }, samples('S1 \t1', 'S2 \t1', 'S3 \t1')),
    accepted: limited({ findings: 3 }, samples('S1 \t1', 'S2 \t1', 'S3 \t1')),
    at: { file: 'sample.tsv' },
  },
  GW3020: {
    refused: tsv('alias\tstrain\tstrain', 'S1\ta\tb'),
    accepted: tsv('alias\tstrain[1]\tstrain[2]', 'S1\ta\tb'),
    at: { row: 1, column: 'strain' },
  },
  GW3021: { refused: samples('S1\t9606\tlost'), accepted: samples('S1\t9606\t'), at: { row: 2, column: 3 } },
  GW3022: { refused: tsv('*样本名称\ttaxon_id', 'S1\t1'), accepted: good, at: { column: '*样本名称' } },
  GW3023: { refused: samples('# fill in', 'S1\t1'), accepted: samples("'#S1\t1"), at: { row: 2 } },
  GW3024: {
    refused: samples('S1\t1', 'alias\ttaxon_id', 'S2\t1'),
    accepted: samples('S1\t1', 'S2\t1'),
    at: { row: 3 },
  },
  GW3025: { refused: samples('S1\t1', '', 'S2\t1'), accepted: samples('S1\t1', 'S2\t1', '', '\t'), at: { row: 3 } },
  GW3026: { refused: samples('(Mandatory) x\t(Optional) y', 'S1\t1'), accepted: good, at: { row: 2 } },
  GW3030: {
    refused: sheet(head + row(2, 'S1', '<c r="B2" s="1"><v>45352</v></c>')),
    accepted: sheet(head + row(2, 'S1', '2024-03-01')),
    at: { sheet: 'sample', row: 2, column: 'collection_date' },
  },
  GW3031: {
    refused: tsv('alias\tcollection_date', 'S1\t45352'),
    accepted: tsv('alias\tcollection_date\tdepth', 'S1\t2024\t45352'),
    suggestion: '2024-03-01',
  },
  GW3032: {
    refused: sheet(row(1, 'alias', 'gene') + row(2, 'S1', '<c r="B2" s="3"><v>45537</v></c>')),
    accepted: sheet(row(1, 'alias', 'gene') + row(2, 'S1', 'SEPT2')),
    at: { column: 'gene' },
  },
  GW3033: {
    refused: tsv('alias\tdonor', 'S1\t7', 'S2\t0012'),
    accepted: tsv('alias\tdonor', 'S1\t7', 'S2\t12'),
    at: { row: 2, column: 'donor' },
    suggestion: '0007',
  },
  GW3034: {
    refused: tsv('alias\tproject', 'S1\tGWP0000001', 'S2\tGWP0000002', 'S3\tGWP0000003'),
    accepted: tsv('alias\tproject', 'S1\tGWP0000001', 'S2\tGWP0000001', 'S3\tGWP0000003', 'S4\tGWP0000004'),
    at: { row: 2, column: 'project' },
    suggestion: 'GWP0000001',
  },
  GW3035: {
    refused: sheet(head + row(2, '<c r="A2" t="str"><f>B1</f><v>S1</v></c>')),
    accepted: sheet(head + row(2, 'S1')),
    at: { row: 2, column: 'alias' },
  },
  GW3036: {
    refused: sheet(head + row(2, 'S1', '<c r="B2" t="e"><v>#REF!</v></c>')),
    accepted: sheet(head + row(2, 'S1', 'REF')),
    at: { row: 2 },
  },
  GW3037: {
    refused: sheet(head + row(2, 'S1'), '<mergeCells><mergeCell ref="A2:A5"/></mergeCells>'),
    accepted: sheet(head + row(2, 'S1')),
    at: { sheet: 'sample' },
  },
  GW3038: {
    refused: sheet(row(1, 'alias', 'donor') + row(2, 'S1', '<c r="B2"><v>1.2345678901234568E+17</v></c>')),
    accepted: sheet(row(1, 'alias', 'donor') + row(2, 'S1', '123456789012345678')),
  },
  GW3040: {
    refused: tsv('alias\torganism', 'S1\tHomo\u00a0sapiens'),
    accepted: tsv('alias\torganism', 'S1\tHomo sapiens'),
    suggestion: 'Homo sapiens',
  },
  GW3041: {
    refused: tsv('alias\tdate', 'S1\t２０２４－０３'),
    accepted: tsv('alias\tdescription', 'S1\t人，健康（对照）'),
    suggestion: '2024-03',
  },
  GW3042: { refused: samples('S1\u0007\t1'), accepted: good, suggestion: 'S1' },
  GW3043: { refused: samples('S1 \t1'), accepted: good, suggestion: 'S1' },
  GW3044: {
    refused: tsv('alias\tsample_description', 'S1\tNone'),
    accepted: tsv('alias\tdescription', 'S1\tNone'),
    at: { row: 2 },
  },
  GW3050: { refused: samples('\t9606'), accepted: good, at: { row: 2, column: 'alias' } },
  GW3051: {
    refused: run('alias\tfile_name', 'R1\ta', 'R2\tb', 'R1\tc'),
    accepted: run('alias\tfile_name', 'R1\ta', 'R1\tc', 'R2\tb'),
    at: { row: 4, alias: 'R1' },
  },
  GW3052: {
    refused: run('alias\ttitle\tfile_name', 'R1\tA\ta', 'R1\tB\tb'),
    accepted: run('alias\ttitle\tfile_name', 'R1\tA\ta', 'R1\t\tb'),
    at: { row: 3, column: 'title' },
  },
  GW3053: {
    refused: run('alias\tfile_name\tmd5', 'R1\t\td41d'),
    accepted: run('alias\tfile_name\tmd5', 'R1\ta\td41d'),
    at: { row: 2 },
  },
  GW3054: {
    refused: run('alias\tfile_name\texperiment', 'R1\ta\tx;"y'),
    accepted: run('alias\tfile_name\texperiment', 'R1\ta\tx; y'),
    at: { column: 'experiment' },
  },
  GW3055: {
    refused: tsv('alias\tstatus', 'S1\trenew'),
    accepted: tsv('alias\tstatus', 'S1\tmodify'),
    at: { column: 'status' },
  },
  GW3056: { refused: tsv('alias\tstatus', 'S1\tadded'), accepted: tsv('alias\tstatus', 'S1\tadd') },
  GW3057: {
    refused: tsv('alias\tsample_description', 'S1\tx'),
    accepted: tsv('alias\tsample_description\tchecklist', 'S1\tx\tERC000033'),
  },
  GW3060: {
    refused: run('alias\tfile_name', 'R1\t../../etc/passwd'),
    accepted: run('alias\tfile_name', 'R1\treads_1.fastq.gz'),
    suggestion: 'passwd',
  },
  GW3070: {
    refused: xml('<!DOCTYPE x [<!ENTITY a "aa">]><SAMPLE_SET/>'),
    accepted: xml('<SAMPLE_SET><SAMPLE alias="S1"/></SAMPLE_SET>'),
  },
  GW3071: {
    refused: xml('<SAMPLE_SET>\n<SAMPLE alias="S1"></SAMPEL>'),
    accepted: xml('<SAMPLE_SET/>'),
    at: { line: 2 },
  },
  GW3072: {
    refused: { ...xml('<SAMPLE alias="S1"><a><b/></a></SAMPLE>'), options: { limits: { depth: 2 } } },
    accepted: xml('<SAMPLE alias="S1"><TITLE>t</TITLE></SAMPLE>'),
  },
  GW3073: { refused: xml('<html/>'), accepted: xml('<RUN_SET/>'), at: { line: 1 } },
  GW3074: {
    refused: xml('<RUN alias="R1"><SPOT_DESCRIPTOR/></RUN>'),
    accepted: xml('<RUN alias="R1"><TITLE>t</TITLE></RUN>'),
  },
  GW3075: { refused: xml('<SAMPLE/>'), accepted: xml('<SAMPLE accession="ERS1"/>') },
  GW3080: {
    refused: json('[{"type": "sample",}]'),
    accepted: json('[{"type": "sample", "alias": "S1"}]'),
    at: { line: 1 },
  },
  GW3081: {
    refused: json('[{"type": "sample", "alias": 7}]'),
    accepted: json('{"records": [{"type": "sample", "alias": "7"}]}'),
    at: { record: 1, column: 'alias' },
  },
  GW3082: {
    refused: json('[{"type": "sample", "alias": "S", "aliass": "T"}]'),
    accepted: json('[{"type": "sample", "alias": "S", "attributes": {"aliass": "T"}}]'),
    at: { column: 'aliass' },
  },
};

test.each(intakeCatalogue)('$code refuses and accepts', async ({ code, level }) => {
  const { refused, accepted, at, suggestion } = cases[code as IntakeCode];
  const bad = await collect(refused.name ?? 'file', refused.content, refused.options);
  const finding = bad.findings.find((item) => item.code === code);
  expect(finding, `${code} among ${bad.codes.join(' ')}`).toBeDefined();
  expect(finding).toMatchObject({
    level,
    ...(at ? { place: at } : {}),
    ...(suggestion === undefined ? {} : { suggestion }),
  });
  const fine = await collect(accepted.name ?? 'file', accepted.content, accepted.options);
  expect(fine.codes).not.toContain(code);
});

test('every rule speaks both languages and fills its holes', () => {
  for (const rule of intakeCatalogue)
    for (const text of [rule.message, rule.explanation, rule.mend]) {
      expect(text.en.length).toBeGreaterThan(5);
      expect(text.zh).toMatch(/\p{Script=Han}/u);
      const holes = (language: 'en' | 'zh'): string[] =>
        [...text[language].matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort();
      expect(holes('zh')).toEqual(holes('en'));
    }
});
