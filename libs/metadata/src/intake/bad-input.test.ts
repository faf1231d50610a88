import fc from 'fast-check';
import { expect, test } from 'vitest';
import { safeFileName, unsafeFileName } from './file-name.ts';
import { readTable } from './read-table.ts';
import { collect } from './test/collect.ts';
import { row, workbookOf } from './test/workbook.ts';

/** Gives a million bytes at a time and counts how far a reader pulled. */
function endless(piece: string, most: number): { stream: AsyncGenerator<Uint8Array>; pulled: () => number } {
  const bytes = new TextEncoder().encode(piece.repeat(Math.ceil(1_000_000 / piece.length)));
  let pulled = 0;
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode('alias\ttitle\ttaxon_id\n');
    while (pulled < most) {
      pulled += bytes.length;
      yield bytes;
    }
  }
  return { stream: stream(), pulled: () => pulled };
}

test('a cell of 1 GB is refused after its first megabyte', async () => {
  for (const start of ['x', '"x']) {
    const { stream, pulled } = endless(start, 2 ** 30);
    const { findings } = await collect('samples.tsv', stream);
    expect(findings.map(({ code }) => code)).toContain('GW3009');
    expect(pulled()).toBeLessThan(3_000_000);
  }
});

test('10 million rows are refused at the limit, and the rows before it are read', async () => {
  const { stream, pulled } = endless('S\tt\t9606\n', 10_000_000 * 9);
  let rows = 0;
  let last;
  for await (const event of readTable(stream, { name: 'samples.tsv', limits: { rows: 250_000 } }))
    if ('row' in event) rows++;
    else if ('finding' in event) last = event.finding;
  expect(rows).toBe(250_000);
  expect(last).toMatchObject({ code: 'GW3008', place: { row: 250_002 } });
  expect(pulled()).toBeLessThan(5_000_000);
});

test('marks and encodings: UTF-8 with mark, UTF-16 both ways, GB18030 across a piece boundary', async () => {
  const text = 'alias\ttitle\ttaxon_id\nS1\t人类样本\t9606\n';
  const wide = (little: boolean): Uint8Array => {
    const out = new DataView(new ArrayBuffer(text.length * 2 + 2));
    [0xfeff, ...Array.from(text, (sign) => sign.charCodeAt(0))].forEach((unit, at) =>
      out.setUint16(at * 2, unit, little),
    );
    return new Uint8Array(out.buffer);
  };
  for (const bytes of [new TextEncoder().encode(`\uFEFF${text}`), wide(true), wide(false)]) {
    const { records, codes } = await collect('sample.tsv', bytes);
    expect(records[0]).toMatchObject({ alias: 'S1', title: '人类样本' });
    expect(codes).toEqual([]);
  }
  const ascii = `alias\ttitle\ttaxon_id\n${Array.from({ length: 8000 }, (_, i) => `S${i}\tt\t9606\n`).join('')}`;
  const han = Uint8Array.from([0xc8, 0xcb, 0xc0, 0xe0]);
  const end = new TextEncoder().encode('\t9606\n');
  const mixed = new Uint8Array([...new TextEncoder().encode(`${ascii}Z\t`), ...han, ...end]);
  const { records, codes } = await collect('sample.tsv', mixed);
  expect(records.at(-1)).toMatchObject({ alias: 'Z', title: '人类' });
  expect(codes).toEqual(['GW3002']);
});

test('Latin-1 is not taken for Chinese', async () => {
  const latin = Uint8Array.from('alias\ttitle\nS1\tMüller in Göttingen\n', (sign) => sign.charCodeAt(0));
  const { codes } = await collect('sample.tsv', latin);
  expect(codes).toEqual(['GW3003']);
});

test('an encoding that the caller states is read without a word', async () => {
  const bytes = Uint8Array.from([...new TextEncoder().encode('alias\ttaxon_id\nS'), 0xc8, 0xcb, 0x09, 0x31]);
  const { records, codes } = await collect('sample.tsv', bytes, { encoding: 'gb18030' });
  expect(records[0]?.alias).toBe('S人');
  expect(codes).toEqual([]);
});

test('a zip bomb is refused while it inflates', async () => {
  const sheet = [{ name: 'sample', rows: row(1, 'alias') + '<row/>'.repeat(5_000_000) }];
  const bomb = workbookOf(sheet);
  expect(bomb.length).toBeLessThan(100_000);
  const { findings } = await collect('bomb.xlsx', bomb);
  expect(findings).toMatchObject([{ code: 'GW3007', params: { part: 'xl/worksheets/sheet0.xml' } }]);
  const tight = await collect('bomb.xlsx', workbookOf([{ name: 'sample', rows: row(1, 'alias') }]), {
    limits: { inflatedBytes: 500 },
  });
  expect(tight.codes).toEqual(['GW3007']);
});

test('no part of a workbook may declare entities', async () => {
  const attack = '<!DOCTYPE sst [<!ENTITY x SYSTEM "file:///etc/passwd">]><sst><si><t>&x;</t></si></sst>';
  const bytes = workbookOf([{ name: 'sample', rows: row(1, 'alias') }], { extra: { 'xl/sharedStrings.xml': attack } });
  expect((await collect('a.xlsx', bytes)).codes).toEqual(['GW3070']);
});

test('entity expansion and external entities are refused before anything expands', async () => {
  const lol = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');
  const laughs = `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "lol">${lol}]><SAMPLE alias="&l9;"/>`;
  expect((await collect('a.xml', laughs)).codes).toEqual(['GW3070']);
  const outside = '<!DOCTYPE a SYSTEM "http://127.0.0.1/x.dtd"><SAMPLE alias="S1"/>';
  expect((await collect('a.xml', outside)).codes).toEqual(['GW3070']);
  expect((await collect('a.xml', '<SAMPLE alias="&xxe;"/>')).codes).toEqual(['GW3071']);
});

test('XML that never closes a text, a tag or its elements is refused at a limit', async () => {
  async function* forever(start: string, piece: string): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode(start);
    for (let sent = 0; sent < 2 ** 30; sent += 64_000)
      yield new TextEncoder().encode(piece.repeat(Math.ceil(64_000 / piece.length)));
  }
  expect((await collect('a.xml', forever('<SAMPLE alias="S1"><TITLE>', 'x'))).codes).toEqual(['GW3009']);
  expect((await collect('a.xml', forever('<SAMPLE alias="', 'x'))).codes).toEqual(['GW3009']);
  expect((await collect('a.xml', forever('<SAMPLE alias="S1">', '<a>x</a>'))).codes).toEqual(['GW3072']);
  expect((await collect('a.xml', forever('<SAMPLE alias="S1">', `<a>${'x'.repeat(9_993)}</a>`))).codes).toEqual([
    'GW3009',
  ]);
  expect((await collect('a.xml', forever('<SAMPLE_SET>', '<SAMPLE>'))).codes.at(-1)).toBe('GW3072');
});

test('JSON that nests without end is refused before it is parsed', async () => {
  expect((await collect('a.json', '[{"a":'.repeat(200_000))).codes).toEqual(['GW3072']);
});

test('names of other things than tables are refused by content', async () => {
  const cases: readonly (readonly [string, string])[] = [
    ['\u001f\u008b\u0008', 'GW3004'],
    ['%PDF-1.7', 'GW3004'],
    ['', 'GW3011'],
  ];
  for (const [start, code] of cases)
    expect(
      (
        await collect(
          'samples.tsv',
          Uint8Array.from(start, (sign) => sign.charCodeAt(0)),
        )
      ).codes,
    ).toEqual([code]);
});

test('whatever bytes come in, reading ends with findings and never throws', async () => {
  const starts = [
    '',
    'PK\u0003\u0004',
    '<SAMPLE_SET>',
    '[{"type":',
    'alias\t"',
    '\u00ff\u00fe',
    '\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1',
  ];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 400 }), async (start, rest) => {
      const { records, findings } = await collect(
        'x',
        new Uint8Array([...Uint8Array.from(start, (s) => s.charCodeAt(0)), ...rest]),
      );
      expect(records.length + findings.length).toBeGreaterThanOrEqual(0);
      for (const finding of findings) expect(finding.code).toMatch(/^GW3\d{3}$/);
    }),
    { numRuns: 500 },
  );
});

test('a workbook damaged anywhere is read, or refused with a finding', async () => {
  const whole = workbookOf([{ name: 'sample', rows: row(1, 'alias', 'taxon_id') + row(2, 'S1', '9606') }]);
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
      const damaged = whole.slice();
      damaged[at] = (damaged[at] ?? 0) ^ flip;
      const { records, findings } = await collect('a.xlsx', damaged);
      expect(records.length + findings.length).toBeGreaterThan(0);
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['../x', 'folder'],
  ['a/b.gz', 'folder'],
  ['a\\b.gz', 'folder'],
  ['..', 'folder'],
  ['a\u0000.gz', 'control'],
  ['a\u202egpj.exe', 'control'],
  ['.bashrc', 'edge'],
  ['-rf', 'edge'],
  ['a.', 'edge'],
  ['CON', 'device'],
  ['nul.fastq.gz', 'device'],
  ['a:b', 'reserved'],
  ['a*.gz', 'reserved'],
  ['', 'empty'],
  ['序'.repeat(86), 'long'],
  ['reads_1.fastq.gz', undefined],
  ['样本 1.fastq.gz', undefined],
  ['序'.repeat(85), undefined],
])('file name %j: %s', (name, reason) => {
  expect(unsafeFileName(name)).toBe(reason);
});

test('the name offered for an unsafe one is safe', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
      expect(unsafeFileName(safeFileName(name))).toBeUndefined();
    }),
  );
});
