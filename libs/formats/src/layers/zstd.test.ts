import * as fc from 'fast-check';
import * as zlib from 'node:zlib';
import { expect, test } from 'vitest';
import { concat } from '../bytes/reader.ts';
import { checkFile } from '../check-file.ts';
import { collectFindings } from '../findings.ts';
import { chunked, latin } from '../test/bytes.ts';
import { openLayers } from './open.ts';
import { portableInflate } from './portable-inflate.ts';
import { layerRules } from './rules.ts';
import { zlibInflate } from './zlib-inflate.ts';

const inflate = zlibInflate(zlib);
const checksum = { params: { [zlib.constants.ZSTD_c_checksumFlag]: 1 } };
const zstd = (content: Uint8Array) => Uint8Array.from(zlib.zstdCompressSync(content, checksum));
const reads = latin(Array.from({ length: 50 }, (_, i) => `@r${i}\nACGT\n+\nIIII\n`).join(''));
/** What pzstd writes before each frame. */
const skippable = concat(latin('\x50\x2a\x4d\x18\x04\0\0\0'), Uint8Array.of(1, 2, 3, 4));

async function read(bytes: Uint8Array, cuts: readonly number[] = []) {
  const findings = collectFindings();
  const { content, compression } = await openLayers(chunked(bytes, cuts), { inflate, findings });
  const parts: Uint8Array[] = [];
  for (let part = await content.read(); part !== undefined; part = await content.read()) parts.push(part.slice());
  return { bytes: concat(...parts), compression, codes: findings.list.map(({ code }) => code) };
}

test('any number of frames in any chunks give back what went in', async () => {
  const parts = fc.array(fc.uint8Array({ maxLength: 3000 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(parts, fc.array(fc.nat(), { maxLength: 12 }), fc.boolean(), async (list, cuts, skip) => {
      // A text in front, so that the random bytes inside are not taken for another archive.
      const frames = [latin('@'), ...list].map(zstd).flatMap((frame) => (skip ? [skippable, frame] : [frame]));
      const told = await read(concat(...frames), cuts);
      expect([told.codes, told.compression]).toEqual([[], 'zstd']);
      expect(told.bytes).toEqual(concat(latin('@'), ...list));
    }),
    { numRuns: 60 },
  );
});

test('a FASTQ file inside is checked; without a decoder it is recognised only', async () => {
  const told = await checkFile(chunked(zstd(reads)), { inflate });
  expect([told.format, told.compression, told.findings]).toEqual(['fastq', 'zstd', []]);
  const known = await checkFile(chunked(zstd(reads)), { inflate: portableInflate });
  expect(Object.keys(known.counts)).toContain(layerRules.unsupported.code);
});

test('a cut, a change, rubbish behind, and a layer inside are refused with their place', async () => {
  const one = zstd(reads);
  const codes = async (bytes: Uint8Array) => (await read(bytes)).codes;
  expect(await codes(one.subarray(0, -3))).toEqual([layerRules.truncated.code]);
  expect(await codes(concat(one, skippable.subarray(0, 10)))).toEqual([layerRules.truncated.code]);
  expect(await codes(one.with(one.length - 1, (one.at(-1) ?? 0) ^ 1))).toEqual([layerRules.corrupt.code]);
  expect(await codes(concat(one, latin('<html>')))).toEqual([layerRules.trailing.code]);
  expect(await codes(zstd(zlib.gzipSync(reads)))).toEqual([layerRules.twice.code]);
});

test('any change of a byte ends in findings, never in a crash', async () => {
  const one = zstd(reads);
  await fc.assert(
    fc.asyncProperty(fc.nat(one.length - 1), fc.nat(255), fc.nat(one.length), async (at, byte, length) => {
      const changed = one.with(at, byte).subarray(0, length);
      const { accepted, findings } = await checkFile(chunked(changed), { inflate });
      expect(accepted).toBe(findings.every(({ level }) => level !== 'error'));
    }),
    { numRuns: 300 },
  );
});
