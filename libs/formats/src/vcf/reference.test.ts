import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../bytes/reader.ts';
import { checkVcf } from './check.ts';
import { heldReference, indexedReference, type Reference } from './reference.ts';
import { vcfRules } from './rules.ts';

const encode = (text: string) => new TextEncoder().encode(text);
const sequences = { one: 'ACGTACGTACGTRYN', two: `${'ACGT'.repeat(40)}TT`, three: 'g' };

/** The file with lines of ten bases, and the index that samtools faidx makes of it. */
function fasta(of: Readonly<Record<string, string>>, end = '\n') {
  let text = '';
  let index = '';
  for (const [name, bases] of Object.entries(of)) {
    text += `>${name} described${end}`;
    index += `${name}\t${bases.length}\t${text.length}\t10\t${10 + end.length}\n`;
    for (let at = 0; at < bases.length; at += 10) text += `${bases.slice(at, at + 10)}${end}`;
  }
  const bytes = encode(text);
  return { bytes, index, indexed: indexedReference(index, (from, to) => bytes.subarray(from, to)) };
}

const references: [string, () => Promise<Reference>][] = [
  ['in memory', () => heldReference(bytesOf(fasta(sequences).bytes))],
  ['through its index', async () => fasta(sequences).indexed],
  ['with Windows line ends', async () => fasta(sequences, '\r\n').indexed],
];

describe.each(references)('a reference %s', (_, open) => {
  it('gives lengths and any bases', async () => {
    const reference = await open();
    expect(reference.lengthOf('nobody')).toBeUndefined();
    for (const [name, bases] of Object.entries(sequences)) {
      expect(reference.lengthOf(name)).toBe(bases.length);
      fc.assert(
        fc.property(fc.nat(bases.length), fc.nat(bases.length), (a, b) => {
          const [from, to] = [Math.min(a, b), Math.max(a, b)];
          expect(reference.bases(name, from, to)).toBe(bases.slice(from, to));
        }),
      );
    }
  });
});

it.each([
  ['one\t15\t0', 'index_malformed'],
  ['', 'index_malformed'],
  ['one\t15\t5\t10\t10', 'index_malformed'],
  ['one\t150\t15\t10\t11', 'index_differs'],
])('refuses the index %j', (index, reason) => {
  const { bytes } = fasta(sequences);
  expect(() => indexedReference(index, (from, to) => bytes.subarray(from, to)).bases('one', 0, 60)).toThrow(
    expect.objectContaining({ reason }),
  );
});

it('refuses what is no FASTA, and what is too large to be held', async () => {
  await expect(heldReference(bytesOf(encode('@r\nACGT\n+\nIIII\n')))).rejects.toMatchObject({ reason: 'not_fasta' });
  await expect(heldReference(bytesOf(fasta(sequences).bytes), { most: 20 })).rejects.toMatchObject({
    reason: 'too_large',
  });
});

const body = (row: string, contig = '') =>
  encode(`##fileformat=VCFv4.3\n${contig}#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n${row}\t.\t.\t.\n`);

it.each<[keyof typeof vcfRules, string, string]>([
  ['referenceContig', 'four\t1\t.\tA\tC', 'one\t1\t.\tA\tC'],
  ['referenceEnd', 'two\t162\t.\tTT\tT', 'two\t161\t.\tTT\tT'],
  ['referenceDiffers', 'one\t2\t.\tA\tC', 'one\t2\t.\tc\tA'],
  ['referenceDiffers', 'one\t13\t.\tC\tA', 'one\t13\t.\tA\tC'],
  ['referenceDiffers', 'one\t15\t.\tA\tC', 'one\t15\t.\tN\tC'],
  ['referenceDiffers', 'two\t9\t.\tACGA\tA', 'two\t9\t.\tACGT\tA'],
  ['referenceDiffers', 'three\t1\t.\tA\t<DEL>', 'three\t2\t.\tN\t<DEL>'],
])('finds %s in %j and not in %j', async (name, refused, accepted) => {
  const { indexed: reference } = fasta(sequences);
  const { code } = vcfRules[name];
  expect((await checkVcf(bytesOf(body(refused)), { reference })).counts).toHaveProperty(code);
  expect((await checkVcf(bytesOf(body(accepted)), { reference })).counts).not.toHaveProperty(code);
});

it('compares the lengths that the header declares', async () => {
  const { indexed: reference } = fasta(sequences);
  const check = (length: number) =>
    checkVcf(bytesOf(body('one\t1\t.\tA\tC', `##contig=<ID=one,length=${length}>\n`)), { reference });
  expect((await check(16)).counts).toHaveProperty(vcfRules.referenceLength.code);
  expect((await check(15)).accepted).toBe(true);
});

it('leaves REF unread without a reference', async () => {
  expect((await checkVcf(bytesOf(body('one\t2\t.\tA\tC')))).accepted).toBe(true);
});
