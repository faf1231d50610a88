import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { delimitedReader } from './delimited.ts';
import type { Delimiter } from './delimited.ts';
import { datePrecision, serialToIso } from './excel-date.ts';
import { guard, unguard } from './guard.ts';
import { defaultLimits } from './limits.ts';
import type { RawRow } from './raw-row.ts';
import { sniff } from './sniff.ts';
import { joinNames, splitNames } from './tables/lists.ts';
import { headerOf, roleOf } from './tables/names.ts';
import { typeOfTable } from './tables/kind.ts';
import { collect } from './test/collect.ts';

/** Cuts bytes at arbitrary places. */
async function* cut(bytes: Uint8Array, lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const length of lengths) {
    yield bytes.subarray(at, at + length);
    at += length;
  }
  yield bytes.subarray(at);
}

test('where a stream is cut changes nothing', async () => {
  const texts = [
    'alias\ttitle\ttaxon_id\r\nS1\t"人\r\n""x"\t9606\r\n\r\nS2\t a \t9607\r\n',
    '别名,标题,物种\nS1,"a,b",人\nS2,２,b',
    '<SAMPLE_SET><SAMPLE alias="甲"><TITLE>t &amp; 人</TITLE><X/></SAMPLE></SAMPLE_SET>',
    '{"type":"sample","alias":"甲"}\n{"type":"sample","alias":7}\n',
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...texts),
      fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 40 }),
      async (text, lengths) => {
        const bytes = new TextEncoder().encode(text);
        expect(await collect('x', cut(bytes, lengths))).toEqual(await collect('x', bytes));
      },
    ),
  );
});

describe('delimited text', () => {
  const read = (text: string, delimiter: Delimiter = ','): readonly (readonly string[])[] => {
    const rows: RawRow[] = [];
    const reader = delimitedReader(delimiter, {}, defaultLimits, () => undefined);
    reader.write(text, rows);
    reader.end(rows);
    return rows.map(({ cells }) => cells);
  };

  test.each([
    [
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a,b\r\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['a\rb', [['a'], ['b']]],
    ['a,,\n', [['a', '', '']]],
    ['"a\r\nb","c ""d"""\n', [['a\r\nb', 'c "d"']]],
    ['5" x,"",y\n', [['5" x', '', 'y']]],
    ['', []],
    ['\n', [['']]],
  ])('%j', (text, rows) => {
    expect(read(text)).toEqual(rows);
  });

  test('gives back whatever RFC 4180 quoting writes', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', '\t', '人', "'") });
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 }), (rows) => {
        const text = rows
          .map((cells) => cells.map((value) => `"${value.replaceAll('"', '""')}"`).join(','))
          .join('\r\n');
        expect(read(text)).toEqual(rows);
      }),
    );
  });

  test('rows count records and lines count lines', () => {
    const rows: RawRow[] = [];
    const reader = delimitedReader('\t', {}, defaultLimits, () => undefined);
    reader.write('a\t"1\n2\n3"\nb\r\nc', rows);
    reader.end(rows);
    expect(rows.map(({ number, line }) => [number, line])).toEqual([
      [1, 1],
      [2, 4],
      [3, 5],
    ]);
  });
});

describe('Excel dates', () => {
  test.each([
    [1, false, 'day', '1900-01-01'],
    [59, false, 'day', '1900-02-28'],
    [61, false, 'day', '1900-03-01'],
    [45352, false, 'day', '2024-03-01'],
    [45352, false, 'month', '2024-03'],
    [45352.75, false, 'time', '2024-03-01T18:00:00'],
    [0.5, false, 'time', '12:00:00'],
    [43890, true, 'day', '2024-03-01'],
    [0, true, 'day', '1904-01-01'],
  ] as const)('serial %d (1904: %s) to the %s is %s', (serial, date1904, precision, iso) => {
    expect(serialToIso(serial, date1904, precision)).toBe(iso);
  });

  test.each([
    [14, undefined, 'day'],
    [17, undefined, 'month'],
    [22, undefined, 'time'],
    [2, undefined, undefined],
    [164, 'yyyy\\-mm\\-dd', 'day'],
    [164, '[$-804]yyyy"年"m"月"', 'month'],
    [164, 'd-mmm', 'day'],
    [164, 'h:mm', 'time'],
    [164, '0.00"days"', undefined],
    [164, 'General', undefined],
    [164, '[Red]0.0', undefined],
  ] as const)('format %d %s shows %s', (id, code, precision) => {
    expect(datePrecision(id, code)).toBe(precision);
  });
});

test('guarded cells come back, and none begins a formula', () => {
  const sign = fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '#', "'", '\t', '1', 'a', '.', 'e') });
  fc.assert(
    fc.property(fc.oneof(sign, fc.string()), (text) => {
      expect(unguard(guard(text))).toBe(text);
      expect(guard(text)).toMatch(/^(?![=@+\-\t\r#])|^[+-]\d+(\.\d+)?(e[+-]?\d+)?$/i);
    }),
  );
});

test('lists of names come back', () => {
  const name = fc.string({ unit: fc.constantFrom('a', ';', '"', ' ', '人'), minLength: 1 });
  fc.assert(
    fc.property(fc.array(name), (names) => {
      expect(splitNames(joinNames(names))).toEqual(names);
    }),
  );
  expect(splitNames('S1; S2 ;;S3')).toEqual(['S1', 'S2', 'S3']);
  expect(splitNames('"S1')).toBeUndefined();
});

test.each([
  ['study_alias', 'experiment', 'project'],
  ['项目编号', 'experiment', 'project'],
  ['assembly_name', 'assembly', 'assembly_name'],
  ['sample_title', 'experiment', 'sample_title'],
  ['样本名称', 'sample', 'alias'],
  ['Sample Name', 'experiment', 'sample'],
  ['BioProject', 'sample', 'project'],
  ['derived_from', 'sample', 'derived_from'],
  ['derived_from[run]', 'assembly', 'derived_from[run]'],
  ['parent project', 'project', 'part_of'],
  ['filename2', 'run', 'file_name_2'],
  ['md5', 'run', 'md5'],
  ['md5_2', 'run', 'md5_2'],
  ['sample_attribute[age]', 'sample', 'age'],
  ['attribute[title]', 'sample', 'attribute[title]'],
  ['note[2]', 'sample', 'note[2]'],
  ['units[depth]', 'sample', 'units[depth]'],
  ['collection date', 'sample', 'collection date'],
] as const)('header %s of a table about %s is %s', (header, type, read) => {
  expect(headerOf(roleOf(header, type), type)).toBe(read);
});

test.each([
  ['sample', undefined, [], 'sample'],
  ['样本', undefined, [], 'sample'],
  ['Sheet1', undefined, ['alias', 'library_strategy'], 'experiment'],
  ['Sheet1', undefined, ['name', 'value'], undefined],
  [undefined, 'run.tsv', ['alias'], 'run'],
  [undefined, 'ENA_template_samples_vir.tsv', ['alias'], 'sample'],
  [undefined, 'my samples.tsv', ['alias', 'file_name'], 'run'],
] as const)('sheet %s of file %s with %j is about %s', (sheet, file, headers, type) => {
  const place = { ...(sheet === undefined ? {} : { sheet }), ...(file === undefined ? {} : { file }) };
  expect(typeOfTable({ place, columns: headers.map((header, index) => ({ header, index })) })).toBe(type);
});

test.each([
  ['PK\u0003\u0004', 'zip'],
  ['\uFEFF<?xml version="1.0"?>', 'xml'],
  ['  <SAMPLE/>', 'xml'],
  ['[\n {"type"', 'json'],
  ['{"records": []}', 'json'],
  ['{not json}\tb', 'text'],
  ['[a]\tb', 'text'],
  ['alias,title', 'text'],
  ['', 'empty'],
])('%j is %s', (text, content) => {
  expect(sniff(new TextEncoder().encode(text))).toBe(content);
});
