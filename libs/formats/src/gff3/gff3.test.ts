import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { chunked } from '../test/bytes.ts';
import { codesOf } from '../test/conformance.ts';
import { checkGff3 } from './check.ts';
import { gff3Rules } from './rules.ts';

const head = '##gff-version 3\n##sequence-region chr1 1 1000\n';
const line = (type: string, attributes: string, changes: Readonly<Record<number, string>> = {}) =>
  `${['chr1', 'x', type, '10', '90', '.', '+', type === 'CDS' ? '0' : '.', attributes].map((field, at) => changes[at] ?? field).join('\t')}\n`;
const gene = line('gene', 'ID=g1;Name=abc');
const mrna = line('mRNA', 'ID=m1;Parent=g1');
const good = head + gene + mrna + line('exon', 'Parent=m1') + line('CDS', 'ID=c1;Parent=m1');

const cases: Record<keyof typeof gff3Rules, readonly [refused: string, accepted: string]> = {
  version: [good.replace('version 3', 'version 2'), good.replace('version 3', 'version 3.1.26')],
  columns: [`${good}chr1\tx\tgene\n`, good],
  field: [head + line('gene', 'ID=g1', { 6: '*' }), head + line('gene', 'ID=g1', { 6: '?', 5: '1e-5' })],
  range: [head + line('gene', 'ID=g1', { 3: '91' }), head + line('gene', 'ID=g1', { 3: '90' })],
  phase: [good + line('CDS', 'Parent=m1', { 7: '.' }), good + line('CDS', 'Parent=m1', { 7: '2' })],
  attributes: [head + line('gene', 'ID=g1;note'), head + line('gene', 'ID=g1;Note=50%25 a%3Bb;')],
  attributeTwice: [`${good}${line('exon', 'Parent=m1;Parent=g1')}`, `${good}${line('exon', 'Parent=m1,g1')}`],
  reservedTag: [head + line('gene', 'Colour=red'), head + line('gene', 'colour=red;Dbxref=a:1')],
  identifier: [head + gene + line('mRNA', 'ID=g1'), good + line('CDS', 'ID=c1;Parent=m1', { 3: '60' })],
  parent: [head + mrna, head + mrna + gene],
  cycle: [head + line('gene', 'ID=a;Parent=b') + line('gene', 'ID=b;Parent=a'), good],
  bounds: [
    head + line('gene', 'ID=g1', { 4: '1001' }),
    head + line('region', 'ID=r;Is_circular=true') + line('gene', 'ID=g1', { 4: '1001' }),
  ],
  directive: [`${head}##sequence-region chr1 1 5\n${gene}`, `${head}##sequence-region chr2 1 5\n${gene}`],
  type: [head + line('mrna', 'ID=m'), head + line('SO:0000234', 'ID=m')],
  noFeatures: [head, good],
};

test.each(Object.entries(cases))('rule %s refuses and accepts', async (name, [refused, accepted]) => {
  const { code } = gff3Rules[name as keyof typeof gff3Rules];
  expect(await codesOf(checkGff3, refused)).toContain(code);
  expect(await codesOf(checkGff3, accepted)).not.toContain(code);
});

test('a good file has no findings, and FASTA after it is passed over', async () => {
  const { findings, statistics } = await checkGff3(chunked(`${good}##FASTA\n>chr1\nACGT\n`));
  expect(findings).toEqual([]);
  expect(statistics).toEqual({ features: 4, types: { gene: 1, mRNA: 1, exon: 1, CDS: 1 }, sequences: 1 });
});

test('long chains of parents are walked without recursion', async () => {
  const chain = Array.from({ length: 20_000 }, (_, at) => line('region', `ID=n${at};Parent=n${at + 1}`)).join('');
  const end = line('region', 'ID=n20000');
  expect((await checkGff3(chunked(head + chain + end))).findings).toEqual([]);
});

test('any bytes in any chunks: never a throw, always the same report', async () => {
  const piece = fc.oneof(fc.constantFrom(...Object.values(cases).flat()), fc.string({ unit: 'binary', maxLength: 40 }));
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 3 }), fc.array(fc.nat(), { maxLength: 10 }), async (pieces, cuts) => {
      const text = pieces.join('');
      expect(await checkGff3(chunked(text, cuts))).toEqual(await checkGff3(chunked(text)));
    }),
    { numRuns: 200 },
  );
});
