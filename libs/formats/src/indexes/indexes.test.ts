import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import * as zlib from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { concat } from '../bytes/reader.ts';
import { checkFile } from '../check-file.ts';
import { zlibInflate } from '../layers/zlib-inflate.ts';
import { bgzip } from '../test/bgzf.ts';
import { chunked, latin } from '../test/bytes.ts';
import { checkBai, checkCsi, checkTabix, type IndexOptions } from './check.ts';
import { checkCrai } from './crai.ts';
import { indexRules } from './rules.ts';

interface Vector {
  readonly name: string;
  readonly kind: 'bai' | 'csi' | 'tabix' | 'crai';
  readonly size: number;
  readonly bytes: string;
}
const { files } = JSON.parse(readFileSync(new URL('../../vectors/indexes.json', import.meta.url), 'utf8')) as {
  files: readonly Vector[];
};
const checks = { bai: checkBai, csi: checkCsi, tabix: checkTabix, crai: checkCrai };
const inflate = zlibInflate(zlib);

describe.each(files.map((file) => [file.name, file] as const))('%s', (_, { kind, size, bytes }) => {
  const content = Uint8Array.from(Buffer.from(bytes, 'base64'));

  test('is known by its content and accepted, against the file that it is for', async () => {
    const report = await checkFile(chunked(content, [5, 700]), { inflate });
    expect([report.format, report.accepted, report.findings]).toEqual([kind, true, []]);
    expect((await checks[kind](chunked(content), { inflate, dataSize: size })).findings).toEqual([]);
    expect((await checks[kind](chunked(content), { inflate, dataSize: 20 })).accepted).toBe(false);
  });

  test('cut or altered anywhere ends in a report, never in a crash', async () => {
    const plain = kind === 'bai' ? content : Uint8Array.from(zlib.gunzipSync(content));
    await fc.assert(
      fc.asyncProperty(fc.nat(plain.length - 1), fc.nat(255), fc.nat(plain.length), async (at, byte, length) => {
        const altered = plain.slice(0, length);
        if (at < length) altered[at] = byte;
        const { accepted, findings } = await checks[kind](chunked(altered), { inflate });
        expect(accepted).toBe(findings.length === 0);
      }),
      { numRuns: 150 },
    );
  });
});

const int32 = (...values: number[]) => new Uint8Array(Int32Array.from(values).buffer);
const uint64 = (...values: bigint[]) => new Uint8Array(BigUint64Array.from(values).buffer);
const bai = (...parts: Uint8Array[]) => concat(latin('BAI\x01'), ...parts);
/** One reference with one bin of one chunk, no intervals. */
const oneBin = (bin: number, from = 1n, to = 2n) => bai(int32(1, 1, bin, 1), uint64(from, to), int32(0));
const codes = async (content: Uint8Array, options: IndexOptions = {}) =>
  Object.keys((await checkFile(chunked(content), { inflate, ...options })).counts);
const tbi = (columns: number[], names = 'chr1\0') =>
  bgzip(concat(latin('TBI\x01'), int32(1, ...columns, names.length), latin(names), int32(0, 0)));

const cases: Record<keyof typeof indexRules, readonly [refused: Uint8Array, accepted: Uint8Array]> = {
  truncated: [oneBin(4681).subarray(0, 30), oneBin(4681)],
  count: [bai(int32(1, -1)), bai(int32(1, 0, 0))],
  bin: [oneBin(40_000), oneBin(37_448)],
  chunk: [oneBin(4681, 3n, 2n), oneBin(4681, 3n, 3n)],
  header: [tbi([2, 0, 2, 0, 35, 0]), tbi([2, 1, 2, 0, 35, 0])],
  trailing: [concat(oneBin(4681), new Uint8Array(9)), concat(oneBin(4681), uint64(7n))],
  cramLine: [latin('0\t1\t5\t10\t20\t30\n0\t1\t5\t10\t20\t0\n'), latin('-2\t0\t0\t10\t20\t30\n')],
};

test.each(Object.entries(cases))('%s', async (name, [refused, accepted]) => {
  const { code } = indexRules[name as keyof typeof indexRules];
  expect(await codes(refused)).toEqual([code]);
  expect(await codes(accepted)).toEqual([]);
});

test('bins stand once, the metadata bin has two chunks, and names are as many as references', async () => {
  const twice = bai(int32(1, 2, 5, 0, 5, 0, 0));
  expect(await codes(twice)).toEqual([indexRules.bin.code]);
  const metadata = (chunks: number) =>
    bai(int32(1, 1, 37_450, chunks), uint64(...Array.from({ length: 2 * chunks }, () => 9n)), int32(0));
  expect(await codes(metadata(1))).toEqual([indexRules.bin.code]);
  expect(await codes(metadata(2))).toEqual([]);
  expect(await codes(tbi([2, 1, 2, 0, 35, 0], 'chr1\0chr2\0'))).toEqual([indexRules.header.code]);
  expect(await codes(tbi([2, 1, 2, 0, 35, 0], 'chr1'))).toEqual([indexRules.header.code]);
});

test('a table of words is no CRAM index', async () => {
  expect((await checkFile(chunked('a\tb\tc\td\te\tf\n'), { inflate, passOthers: true })).format).toBe('text');
});
