import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteReader, concat } from '../bytes/reader.ts';
import { checkFastq } from '../fastq/check.ts';
import { chunked, drain, flipped, latin } from '../test/bytes.ts';
import { bunzip2 } from './bzip2.ts';

/** What bzip2 1.0 wrote for 5,000 × “a”, a line feed and “aaaabbbbb”: runs longer and shorter than four. */
const packed = Buffer.from('QlpoOTFBWSZTWSEyKtMAAA1BIOAQMAAAgAAIIAAxDACKmMpvTGVQugrG4CfF3JFOFCQITIq0wA==', 'base64');
const plain = latin(`${'a'.repeat(5000)}\naaaabbbbb`);
const unpack = (bytes: Uint8Array, cuts: readonly number[] = []) =>
  drain(bunzip2(new ByteReader(chunked(bytes, cuts))));

test('one stream and several, in any chunks', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 3 }), fc.array(fc.nat(), { maxLength: 10 }), async (copies, cuts) => {
      const bytes = concat(...Array.from({ length: copies }, () => packed));
      expect(await unpack(bytes, cuts)).toEqual(concat(...Array.from({ length: copies }, () => plain)));
    }),
  );
});

test('a cut anywhere and a flip anywhere are noticed', async () => {
  for (let length = 1; length < packed.length; length += 1)
    await expect(unpack(packed.subarray(0, length)), `cut at ${length}`).rejects.toMatchObject({
      name: 'DamagedStream',
    });
  for (let at = 4; at < packed.length - 1; at += 1)
    await expect(unpack(flipped(packed, at)), `flip at ${at}`).rejects.toMatchObject({ name: 'DamagedStream' });
});

test('damage in a file becomes a finding', async () => {
  const report = await checkFastq(chunked(packed.subarray(0, 30)));
  expect(report.counts).toEqual({ GW5002: 1 });
  expect((await checkFastq(chunked(packed))).counts).toEqual({ GW5014: 1 });
});
