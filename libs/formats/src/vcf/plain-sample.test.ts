import fc from 'fast-check';
import { expect, it } from 'vitest';
import { diploidCounts, isPlainSample, plainFields } from './plain-sample.ts';
import type { FieldDefinition } from './reserved.ts';
import { expectedCount, hasType } from './values.ts';

const keys = ['GT', 'DP', 'AD', 'PL', 'GP', 'FT'];
const definitions: readonly FieldDefinition[] = [
  { number: '1', type: 'String' },
  { number: '1', type: 'Integer' },
  { number: 'R', type: 'Integer' },
  { number: 'G', type: 'Integer' },
  { number: 'G', type: 'Float' },
  { number: '1', type: 'String' },
];
const alleles = 2;
const fields = plainFields(keys, definitions);
const counts = diploidCounts(fields, alleles);
const isPlain = (sample: string) => isPlainSample(`x\t${sample}\ty`, 2, 2 + sample.length, fields, counts, alleles);

/** The rules of the specification, for a diploid call. */
function isRight(sample: string): boolean {
  const values = sample.split(':');
  return (
    values.length <= keys.length &&
    values.every((value, at) => {
      if (at === 0) return /^[.012][/|][.012]$/.test(value);
      const definition = definitions[at] ?? { number: '.', type: 'String' };
      const parts = value.split(',');
      return (
        value === '.' ||
        (parts.length === expectedCount(definition, { alternates: alleles, ploidy: 2 }) &&
          parts.every((part) => hasType(part, definition.type)))
      );
    })
  );
}

const likely = fc
  .tuple(
    fc.constantFrom('0/0', '0|1', './.', '1/2', '0/3', '0', '1/', '.'),
    fc.array(
      fc.constantFrom('7', '-3', '1,2,3', '0.5', '1,2,3,4,5,6', '.5,0,0,0,0,0', '.', 'PASS', '', '1,,2', '-', '1e3'),
    ),
  )
  .map(([genotype, values]) => [genotype, ...values].join(':'));
const unlikely = fc.string({ unit: fc.constantFrom(...'0123456789./|:,-eN '.split('')), maxLength: 24 });

it('takes nothing for plain that the rules refuse', () => {
  fc.assert(
    fc.property(fc.oneof(likely, unlikely), (sample) => {
      expect(isPlain(sample) && !isRight(sample)).toBe(false);
    }),
    { numRuns: 20_000 },
  );
});

it('knows what almost every sample looks like', () => {
  for (const sample of [
    '0/1',
    './.',
    '0|1:35',
    '0/0:7:1,2,3:0,30,99,12,13,14:0.1,0.2,0.3,0.1,0.2,0.1:PASS',
    '1/2:.:.:.',
  ])
    expect(isPlain(sample)).toBe(true);
  for (const sample of ['', '0/3', '0/1:x', '0/1:1:1,2', '0/1:1:1,2,3:.:.:a:b', '0/1:', 'a'])
    expect(isPlain(sample)).toBe(false);
});
