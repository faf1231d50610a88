import * as zlib from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { checkFile } from './check-file.ts';
import { chunked, latin } from './test/bytes.ts';
import { dataFile, haveData } from './test/shared-data.ts';

const gzip = (text: string) => new Uint8Array(zlib.gzipSync(latin(text)));

test.each([
  ['fastq', latin('@r1\nACGT\n+\nIIII\n')],
  ['fastq', gzip('@r1\nACGT\n+\nIIII\n')],
  ['fasta', latin(`>c1\n${'ACGT'.repeat(9)}\n`)],
  ['sam', latin('@HD\tVN:1.6\n')],
  ['vcf', gzip('##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n')],
  ['gff3', latin('##gff-version 3\n')],
  ['pod5', latin('\x8bPOD\r\n\x1a\n')],
])('%s is told by its content and accepted', async (format, bytes) => {
  expect(await checkFile(chunked(bytes, [1, 7]))).toMatchObject({ format, accepted: true });
});

test.each([
  ['html', latin('<!DOCTYPE html><html>'), 'GW5014'],
  ['zip', latin('PK\x03\x04'), 'GW5010'],
  ['empty', latin(''), 'GW5001'],
  ['gzip', new Uint8Array(zlib.gzipSync(gzip('@r1\nA\n+\nI\n'))), 'GW5011'],
  ['text', latin('hello'), 'GW5014'],
])('%s is refused with what it is', async (format, bytes, code) => {
  const report = await checkFile(chunked(bytes));
  expect(report).toMatchObject({ format, accepted: false });
  expect(Object.keys(report.counts)).toEqual([code]);
});

test('what is no format of ours passes when the caller says so, unless it is damaged or an archive', async () => {
  const judge = async (bytes: Uint8Array) => (await checkFile(chunked(bytes), { passOthers: true })).accepted;
  expect(await judge(latin('name\tvalue\na\t1\n'))).toBe(true);
  expect(await judge(gzip('name\tvalue\n'))).toBe(true);
  expect(await judge(gzip('name\tvalue\n').subarray(0, -6))).toBe(false);
  expect(await judge(latin('PK\x03\x04'))).toBe(false);
  expect(await judge(latin(''))).toBe(false);
});

test('the source is told when nothing more is wanted', async () => {
  let closed = false;
  async function* source() {
    try {
      for (let at = 0; at < 1000; at += 1) yield latin(`junk ${at}\n`);
    } finally {
      closed = true;
    }
  }
  await checkFile(source());
  expect(closed).toBe(true);
});

describe.runIf(haveData)('real files', () => {
  test.each([
    ['reads/webin_valid.bam', 'bam'],
    ['reads/webin_valid.cram', 'cram'],
    ['reads/T966_R1.fastq.gz', 'fastq'],
    ['virus/ncov-2020/example_sequences.fasta.gz', 'fasta'],
    ['virus/rsv-a/genome_annotation.gff3', 'gff3'],
  ])('%s is %s', async (name, format) => {
    expect(await checkFile(chunked(dataFile(name)))).toMatchObject({ format, accepted: true });
  });
});
