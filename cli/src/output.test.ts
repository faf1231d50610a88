import { ApiProblem, type FindingView } from '@geneward/api';
import { expect, it } from 'vitest';
import { exitCodeOf, Stop } from './exit.ts';
import { printFindings } from './findings.ts';
import { bytes, columns, createOutput, type Language } from './output.ts';

const output = (language: Language) =>
  createOutput({ json: false, language, stdout: process.stdout, stderr: process.stderr, interactive: false });

it('lines up columns with Chinese text', () => {
  expect(
    columns([
      ['土壤', 'a'],
      ['soil', 'b'],
      ['x', 'c'],
    ]),
  ).toBe('土壤  a\nsoil  b\nx     c');
});

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_500, '1.5 kB'],
  ['20000000000000000', '20.0 PB'],
])('tells %s bytes as %s', (size, text) => expect(bytes(size)).toBe(text));

it.each([
  [401, 3],
  [404, 3],
  [409, 3],
  [429, 4],
  [500, 5],
  [503, 4],
  [507, 5],
])('ends with exit code for HTTP status %i: %i', (status, code) => {
  const problem = new ApiProblem({ type: 'about:blank', title: 'x', status, code: 'x' });
  expect(exitCodeOf(problem)).toBe(code);
});

it('tells a broken line from a mistake', () => {
  expect(exitCodeOf(new TypeError('fetch failed'))).toBe(4);
  expect(exitCodeOf(new TypeError('x is not a function'))).toBe(5);
  expect(exitCodeOf(new Stop(1, 'faults'))).toBe(1);
});

it('tells the same fault once with all its places, errors first', () => {
  const finding = (level: 'error' | 'hint', row: number): FindingView => ({
    code: level === 'error' ? 'GW1001' : 'GW1002',
    level,
    place: { file: 'sample.tsv', row, column: 'lat_lon' },
    value: '95 N',
    message: 'Latitude out of range',
    mend: 'Use -90 to 90',
  });
  const text = printFindings(
    [finding('hint', 1), ...Array.from({ length: 30 }, (_, at) => finding('error', at + 2))],
    output('en'),
  );
  const lines = text.split('\n');
  expect(lines[0]).toBe('error GW1001  Latitude out of range');
  expect(lines[1]).toBe('    sample.tsv, row 2, column lat_lon  “95 N”');
  expect(lines[13]).toContain('18 more places');
  expect(text.match(/GW1001/g)).toHaveLength(1);
  expect(text.indexOf('GW1002')).toBeGreaterThan(text.indexOf('GW1001'));
});
