import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import {
  countRow,
  maskOf,
  pack,
  rowBytesOf,
  unpack,
  type GenotypeBlock,
  type Genotypes,
  type Variant,
} from './genotypes.ts';
import { intersectVariants, isAmbiguous, sampleOverlap, startHarmonising, swapRow } from './harmonise.ts';
import { plinkGenotypes } from './plink/bed.ts';
import { chromosomeName, readBim, readFam } from './plink/text.ts';
import { InputProblem } from './problem.ts';
import { align, checkSurvival, readTable } from './table/table.ts';
import { openBcf } from './vcf/bcf.ts';
import { openVcf } from './vcf/vcf.ts';
import { chunked } from '../test/bytes.ts';
import { havePlink, referenceFolder } from '../test/plink.ts';
import { gwasFile, haveData } from '../test/shared-data.ts';

const refusal = async (work: Promise<unknown>) => {
  const problem = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(problem instanceof InputProblem)) throw new Error(`not refused as bad input: ${String(problem)}`);
  expect(problem.reason.zh).toMatch(/[\u4e00-\u9fff]/);
  expect(problem.mend.zh).toMatch(/[\u4e00-\u9fff]/);
  expect(`${problem.reason.en}${problem.reason.zh}`).not.toContain('{');
  return [problem.code, problem.place.line, problem.place.field];
};

/** Every row of a source as text, one digit an individual. */
async function rowsOf(source: { samples: readonly unknown[]; blocks(): AsyncIterable<GenotypeBlock> }) {
  const rows: string[] = [];
  for await (const block of source.blocks())
    for (const [at, variant] of block.variants.entries()) {
      const copies = unpack(
        block.packed.subarray(at * block.rowBytes, (at + 1) * block.rowBytes),
        source.samples.length,
      );
      rows.push(`${variant.chromosome}:${variant.position} ${variant.counted} ${variant.other} ${copies.join('')}`);
    }
  return rows;
}

const variant = (counted: string, other: string, position = 1): Variant => ({
  chromosome: '1',
  id: '',
  position,
  counted,
  other,
});

describe('packed genotypes', () => {
  it('counts as an individual count does, whatever the padding', () => {
    for (const n of [1, 3, 4, 5, 16, 17, 63, 64, 65]) {
      const copies = Uint8Array.from({ length: n }, (_, i) => (i * 7 + (i >> 2)) % 4);
      const members = Array.from({ length: n }, (_, i) => i % 3 !== 1);
      const packed = new Uint8Array(rowBytesOf(n) + 1);
      pack(copies, packed.subarray(1));
      packed[rowBytesOf(n)] = (packed[rowBytesOf(n)] ?? 0) | (n % 4 === 0 ? 0 : (0xff << ((n % 4) * 2)) & 0xff);
      expect(unpack(packed.subarray(1), n)).toEqual(copies);
      const of = (value: number) => copies.filter((copy, i) => copy === value && members[i]).length;
      expect(countRow(packed, 1, maskOf(members))).toEqual([of(2), of(1), of(0), of(3)]);
      const block = { variants: [variant('A', 'C')], rowBytes: rowBytesOf(n), packed: packed.slice(1) };
      swapRow(block, 0);
      expect(unpack(block.packed, n)).toEqual(copies.map((copy) => (copy === 3 ? 3 : 2 - copy)));
    }
  });
});

describe('PLINK files', () => {
  const bim = '1 rs1 0 100 A C\nchr2\trs2\t0\t200\tg\tt\n';
  const fam = 'F1 I1 0 0 1 2\nF1 I2 0 0 2 -9\nF2 I1 0 0 0 NA\n';
  const open = async (bytes: readonly number[], size = 1): Promise<Genotypes> =>
    plinkGenotypes(
      () => chunked(Uint8Array.from(bytes), size),
      await readBim(chunked(bim, 3)),
      await readFam(chunked(fam, 5)),
    );

  it('reads them in chunks of any size', async () => {
    const genotypes = await open([0x6c, 0x1b, 1, 0b00100100, 0b00110001]);
    expect(genotypes.samples.map(({ sex, phenotype }) => [sex, phenotype])).toEqual([
      ['male', 2],
      ['female', Number.NaN],
      ['unknown', Number.NaN],
    ]);
    expect(await rowsOf(genotypes)).toEqual(['1:100 A C 231', '2:200 G T 320']);
    expect(await rowsOf(await open([0x6c, 0x1b, 1, 0b00100100, 0b00110001], 100))).toHaveLength(2);
  });

  it('refuses what does not fit together, at its place', async () => {
    expect(await refusal(open([0x6c, 0x1b, 0, 0, 0]).then(rowsOf))).toEqual(['bed-magic', undefined, undefined]);
    expect(await refusal(open([]).then(rowsOf))).toEqual(['bed-magic', undefined, undefined]);
    expect(await refusal(open([0x6c, 0x1b, 1, 0]).then(rowsOf))).toEqual(['bed-size', undefined, undefined]);
    expect(await refusal(open([0x6c, 0x1b, 1, 0, 0, 0]).then(rowsOf))).toEqual(['bed-excess', undefined, undefined]);
    expect(await refusal(readBim(chunked('1 rs1 0 100 A\n')))).toEqual(['columns', 1, undefined]);
    expect(await refusal(readBim(chunked('1 rs1 0 1 A C\n1 rs1 0 -5 A C\n')))).toEqual(['bad-position', 2, 'position']);
    expect(await refusal(readFam(chunked('F I 0 0 1 1\nF I 0 0 1 1\n')))).toEqual(['sample-twice', 2, undefined]);
    expect(await refusal(readFam(chunked('\n')))).toEqual(['no-samples', undefined, undefined]);
    expect([chromosomeName('chrM'), chromosomeName('23'), chromosomeName('chr7')]).toEqual(['MT', 'X', '7']);
  });
});

describe('VCF', () => {
  const head = '##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\tS2\tS3\n';
  const line = (...calls: string[]) => `chr1\t10\trs1\tA\tC\t.\t.\t.\tGT:DP\t${calls.join('\t')}\n`;
  const read = async (text: string) => rowsOf(await openVcf(chunked(text, 7)));

  it('counts ALT, takes a haploid call as homozygous and a part as missing', async () => {
    expect(await read(head + line('0/1:3', '1|1', './1') + line('1', '.', '0|0:1'))).toEqual([
      '1:10 C A 123',
      '1:10 C A 230',
    ]);
  });

  it('leaves out what has not two plain alleles, and counts it', async () => {
    const text = `${head}1\t1\t.\tA\tC,G\t.\t.\t.\tGT\t0/1\t0/2\t0/0\n1\t2\t.\tA\t<DEL>\t.\t.\t.\tGT\t0/1\t0/1\t0/0\n1\t3\t.\tA\tG\t.\t.\t.\tDP\t1\t2\t3\n`;
    const reader = await openVcf(chunked(text));
    expect(await rowsOf(reader)).toEqual([]);
    expect(reader.skipped).toEqual({ multiallelic: 1, symbolic: 1, withoutGenotypes: 1 });
  });

  it('refuses at line and field', async () => {
    expect(await refusal(read('##fileformat=VCFv4.2\n'))).toEqual(['vcf-header', 2, undefined]);
    expect(await refusal(read(head + line('0/1', '0/2', '0/0')))).toEqual(['vcf-genotype', 3, 'sample 2']);
    expect(await refusal(read(head + line('0/1', '0/0')))).toEqual(['columns', 3, undefined]);
    expect(await refusal(read(head.replace('S2', 'S1')))).toEqual(['sample-twice', 2, undefined]);
  });
});

describe.skipIf(!haveData || !havePlink)('the same genotypes through three formats', () => {
  const folder = referenceFolder();
  afterAll(() => folder.remove());

  it('PLINK, VCF and BCF of bcftools read alike', async () => {
    for (const ext of ['bed', 'bim', 'fam']) folder.write(`h.${ext}`, gwasFile(`hapmap3_data.${ext}`));
    folder.run(
      'plink1.9',
      '--bfile',
      'h',
      '--chr',
      '21-22',
      '--recode',
      'vcf-iid',
      '--keep-allele-order',
      '--out',
      'v',
    );
    folder.run('plink1.9', '--bfile', 'h', '--chr', '21-22', '--make-bed', '--keep-allele-order', '--out', 'b');
    folder.run('bcftools', 'view', '-Ob', '-o', 'v.bcf', 'v.vcf');
    folder.run('bcftools', 'view', '-Oz', '-o', 'v.vcf.gz', 'v.vcf');
    const text = (name: string) => chunked(folder.read(name));
    const plink = plinkGenotypes(() => text('b.bed'), await readBim(text('b.bim')), await readFam(text('b.fam')));
    const expected = await rowsOf(plink);
    expect(expected).toHaveLength(534);
    expect(await rowsOf(await openVcf(text('v.vcf')))).toEqual(expected);
    expect(await rowsOf(await openVcf(chunked(gunzipSync(folder.read('v.vcf.gz')))))).toEqual(expected);
    const bcf = gunzipSync(folder.read('v.bcf'));
    expect(await rowsOf(await openBcf(chunked(bcf, 999)))).toEqual(expected);
    expect(await refusal(openBcf(chunked(bcf.subarray(0, bcf.length - 9))).then(rowsOf))).toEqual([
      'bcf-damaged',
      534,
      undefined,
    ]);
    expect(await refusal(openBcf(text('v.vcf')))).toEqual(['bcf-magic', undefined, undefined]);
  });
});

describe('tables', () => {
  it('reads the wanted columns, missing values and the order of the samples', async () => {
    const text = '#FID\tIID\tage\tnote\tbmi\nF\tb\t61\tfree text\t-9\nF\ta\tNA\t7,5\t22.5\n';
    const table = await readTable(chunked(text, 4), ['age', 'bmi']);
    expect([...align(table, 'age', [{ id: 'a' }, { id: 'b' }, { id: 'c' }])]).toEqual([Number.NaN, 61, Number.NaN]);
    expect([...align(table, 'bmi', [{ id: 'a' }])]).toEqual([22.5]);
  });

  it('refuses at line and column', async () => {
    const read = (text: string, wanted: string[]) => readTable(chunked(text), wanted);
    expect(await refusal(read('IID\tage\na\tsixty\n', ['age']))).toEqual(['not-a-number', 2, 'age']);
    expect(await refusal(read('IID\tage\n', ['bmi']))).toEqual(['no-column', 1, undefined]);
    expect(await refusal(read('id\tage\n', ['age']))).toEqual(['no-column', 1, undefined]);
    expect(await refusal(read('IID\tage\tage\n', ['age']))).toEqual(['column-twice', 1, undefined]);
    expect(await refusal(read('IID\tage\na\t1\na\t2\n', ['age']))).toEqual(['sample-twice', 3, undefined]);
    const survival = async (text: string) => checkSurvival(await read(text, ['t', 'e']), 't', 'e', 'f');
    expect(await refusal(survival('IID\tt\te\na\t-1\t1\n'))).toEqual(['negative-time', 2, 't']);
    expect(await refusal(survival('IID\tt\te\na\t1\t2\n'))).toEqual(['not-an-event', 2, 'e']);
  });
});

describe('harmonisation', () => {
  const match = (own: Variant, panel: Variant, policy?: 'trust') => startHarmonising([panel], policy)(own);
  const result = (swap: boolean, flip: boolean) => ({ panel: 0, swap, flip });

  it('finds the same variant behind strand and counted allele', () => {
    expect(match(variant('A', 'C'), variant('A', 'C'))).toEqual(result(false, false));
    expect(match(variant('C', 'A'), variant('A', 'C'))).toEqual(result(true, false));
    expect(match(variant('T', 'G'), variant('A', 'C'))).toEqual(result(false, true));
    expect(match(variant('G', 'T'), variant('A', 'C'))).toEqual(result(true, true));
    expect(match(variant('GT', 'G'), variant('AC', 'C'))).toEqual(result(false, true));
    expect(match(variant('0', 'C'), variant('A', 'C'))).toEqual(result(false, false));
    expect(match(variant('0', 'A'), variant('A', 'C'))).toEqual(result(true, false));
    expect(match(variant('0', 'T'), variant('A', 'C'))).toEqual(result(true, true));
  });

  it('leaves out with a reason', () => {
    expect(match(variant('A', 'G'), variant('A', 'C'))).toBe('alleles-differ');
    expect(match(variant('A', 'T'), variant('A', 'T'))).toBe('ambiguous-strand');
    expect(match(variant('T', 'A'), variant('A', 'T'), 'trust')).toEqual(result(true, false));
    expect(match(variant('A', 'C', 2), variant('A', 'C'))).toBe('not-in-panel');
    expect(match({ ...variant('A', 'C'), chromosome: 'X' }, variant('A', 'C'))).toBe('not-autosomal');
    expect(match(variant('A', 'C'), variant('0', 'C'))).toBe('one-allele');
    const twice = startHarmonising([variant('A', 'C')]);
    twice(variant('A', 'C'));
    expect(twice(variant('C', 'A'))).toBe('position-twice');
    expect(isAmbiguous(variant('CG', 'GC'))).toBe(false);
    expect(isAmbiguous(variant('CA', 'TG'))).toBe(true);
  });

  it('intersects lists and finds samples that stand in two', () => {
    const first = [variant('A', 'C', 1), variant('A', 'G', 2), variant('A', 'T', 3), variant('C', 'A', 4)];
    const second = [variant('G', 'T', 1), variant('A', 'C', 2), variant('A', 'T', 3), variant('A', 'C', 4)];
    expect(intersectVariants([first, second]).map(({ position }) => position)).toEqual([1, 4]);
    expect(intersectVariants([first, second], 'trust').map(({ position }) => position)).toEqual([1, 3, 4]);
    expect(sampleOverlap([['a', 'b', 'b'], ['c', 'a'], ['d']])).toEqual(['a']);
  });
});
