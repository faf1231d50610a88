import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chunked } from '../test/bytes.ts';
import { codesOf, conformance } from '../test/conformance.ts';
import { haveData } from '../test/shared-data.ts';
import { checkSam } from './check.ts';
import { samRules } from './rules.ts';

const head = '@HD\tVN:1.6\tSO:coordinate\n@SQ\tSN:chr1\tLN:1000\n@SQ\tSN:chr2\tLN:50\tTP:circular\n@RG\tID:1\n';
const defaults = ['r1', '0', 'chr1', '10', '60', '4M', '*', '0', '0', 'ACGT', 'IIII'];
const read = (changes: Readonly<Record<number, string>> = {}, ...tags: string[]) =>
  `${[...defaults.map((field, at) => changes[at] ?? field), ...tags].join('\t')}\n`;
const body = (...reads: string[]) => head + reads.join('');
const good = body(read());

const cases: Record<keyof typeof samRules, readonly [refused: string, accepted: string]> = {
  headerLine: ['@CO\tx\n@SQ SN:a LN:1\n', '@SQ\tSN:a\tLN:1\n@CO\n@CO\ta\tb\n'],
  headerTag: ['@HD\tVN:1.6\tSO:query\n', '@HD\tVN:1.6\tSO:queryname\tSS:queryname:natural\n'],
  headerMissing: ['@SQ\tSN:a\n', '@SQ\tSN:a\tLN:1\n'],
  headerTwice: ['@SQ\tSN:a\tLN:1\tLN:2\n', '@SQ\tSN:a\tLN:1\n'],
  headerOrder: [`${good}@CO\tlate\n`, good],
  identifier: ['@RG\tID:1\n@RG\tID:1\n', '@SQ\tSN:chr1\tLN:9\tAN:1,Chr1\n@SQ\tSN:chr2\tLN:9\tAN:2\n'],
  program: ['@PG\tID:a\tPP:b\n@PG\tID:b\tPP:a\n', '@PG\tID:a\n@PG\tID:b\tPP:a\n'],
  columns: [body('r1\t0\tchr1\n'), good],
  qname: [body(read({ 0: '@r1' })), body(read({ 0: '*' }))],
  flag: [body(read({ 1: '4096' })), body(read({ 1: '4095' }))],
  reference: [body(read({ 2: 'chr9' })), body(read({ 2: 'chr2', 6: '=' }))],
  position: [body(read({ 3: '-1' })), body(read({ 3: '0' }))],
  mapq: [body(read({ 4: '256' })), body(read({ 4: '255' }))],
  cigar: [body(read({ 5: '1M1S2M' })), body(read({ 5: '9H1S2M1S1H' }))],
  tlen: [body(read({ 8: '*' })), body(read({ 8: '-261' }))],
  seq: [body(read({ 9: 'A GT' })), body(read({ 9: '=.Nn' }))],
  qual: [body(read({ 10: 'II I' })), body(read({ 10: '!~*I' }))],
  lengths: [body(read({ 5: '3M' })), body(read({ 5: '1S2M1D1I' }), read({ 9: '*', 10: '*' }))],
  tag: [
    body(read({}, 'NM:i:1.5')),
    body(read({}, 'NM:i:-1', 'XA:A:x', 'XF:f:.5e3', 'XH:H:0AFF', 'XB:B:c,-128,127', 'XZ:Z:a b')),
  ],
  tagType: [body(read({}, 'NM:Z:1')), body(read({}, 'NM:i:1', 'XM:Z:1', 'ML:B:C,1', 'nM:Z:1'))],
  tagTwice: [body(read({}, 'NM:i:1', 'NM:i:1')), body(read({}, 'NM:i:1', 'nM:i:1'))],
  unsorted: [
    body(read({ 3: '20' }), read()),
    body(read(), read({ 3: '20' }), read({ 2: 'chr2' }), read({ 1: '4', 2: '*', 3: '0', 5: '*' })),
  ],
  beyond: [body(read({ 3: '998' })), body(read({ 3: '997' }), read({ 2: 'chr2', 3: '49' }))],
  noRecords: [head, good],
  readGroup: [body(read({}, 'RG:Z:2')), body(read({}, 'RG:Z:1'))],
};

test.each(Object.entries(cases))('rule %s refuses and accepts', async (name, [refused, accepted]) => {
  const { code } = samRules[name as keyof typeof samRules];
  expect(await codesOf(checkSam, refused)).toContain(code);
  expect(await codesOf(checkSam, accepted)).not.toContain(code);
});

test('statistics and places', async () => {
  const { statistics, findings } = await checkSam(chunked(body(read(), read({ 1: '4', 3: '11', 10: 'II' }))));
  expect(statistics).toEqual({ records: 2, mapped: 1, references: 2, readGroups: ['1'], sortOrder: 'coordinate' });
  expect(findings).toEqual([
    {
      code: 'GW5318',
      level: 'error',
      place: { line: 6, column: 31 },
      value: 'II',
      params: { column: 'QUAL', actual: 2, expected: 4 },
    },
  ]);
});

test('any bytes in any chunks: never a throw, always the same report', async () => {
  const piece = fc.oneof(fc.constantFrom(...Object.values(cases).flat()), fc.string({ unit: 'binary', maxLength: 40 }));
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 3 }), fc.array(fc.nat(), { maxLength: 10 }), async (pieces, cuts) => {
      const text = pieces.join('');
      expect(await checkSam(chunked(text, cuts))).toEqual(await checkSam(chunked(text)));
    }),
    { numRuns: 300 },
  );
});

test('long malformed values are judged without backtracking over them', async () => {
  const digits = '1'.repeat(300_000);
  const report = await checkSam(chunked(body(read({ 5: `${digits}Q` }, `XF:f:${digits}x`))));
  expect(Object.keys(report.counts)).toEqual(['GW5314', 'GW5319']);
});

describe.runIf(haveData)('the files of the specification', () => {
  test('every passed file is accepted, at least 90 % of the failed ones are refused', async () => {
    const result = await conformance('formats/sam', checkSam);
    expect(result.wronglyRefused).toEqual([]);
    expect(result.refusedShare).toBeGreaterThanOrEqual(0.9);
  });
});
