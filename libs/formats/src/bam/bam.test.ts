import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat } from '../bytes/reader.ts';
import { bgzip } from '../test/bgzf.ts';
import { chunked, latin } from '../test/bytes.ts';
import { dataFile, haveData } from '../test/shared-data.ts';
import { samRules } from '../sam/rules.ts';
import { checkBam } from './check.ts';
import { bamRules } from './rules.ts';

const int32 = (...values: number[]) => new Uint8Array(Int32Array.from(values).buffer);
const text = '@HD\tVN:1.6\tSO:coordinate\n@SQ\tSN:chr1\tLN:100\n';

/** A record with a name, one CIGAR operation and bases, as SAM specification 4.2 lays it out. */
function record(
  changes: {
    refID?: number;
    pos?: number;
    flag?: number;
    bases?: number;
    cigar?: number;
    qual?: number;
    tags?: Uint8Array;
    name?: string;
  } = {},
): Uint8Array {
  const {
    refID = 0,
    pos = 9,
    flag = 0,
    bases = 4,
    cigar = (bases << 4) | 0,
    qual = 30,
    tags = latin('NMC\x01'),
    name = 'r1',
  } = changes;
  const fixed = new Uint8Array(32);
  const view = new DataView(fixed.buffer);
  view.setInt32(0, refID, true);
  view.setInt32(4, pos, true);
  view.setUint8(8, name.length + 1);
  view.setUint16(12, 1, true);
  view.setUint16(14, flag, true);
  view.setUint32(16, bases, true);
  view.setInt32(20, -1, true);
  view.setInt32(24, -1, true);
  const body = concat(
    fixed,
    latin(`${name}\0`),
    int32(cigar),
    new Uint8Array((bases + 1) >> 1).fill(0x11),
    new Uint8Array(bases).fill(qual),
    tags,
  );
  return concat(int32(body.length), body);
}

const head = (references: Uint8Array = concat(int32(1), int32(5), latin('chr1\0'), int32(100))) =>
  concat(latin('BAM\x01'), int32(text.length), latin(text), references);
const file = (...records: Uint8Array[]) => concat(head(), ...records);
const good = file(record(), record({ pos: 20 }), record({ refID: -1, pos: -1, flag: 4 }));

const cases: Record<keyof typeof bamRules, readonly [refused: Uint8Array, accepted: Uint8Array]> = {
  truncated: [good.subarray(0, good.length - 5), good],
  header: [head(int32(-1)), good],
  references: [head(concat(int32(1), int32(5), latin('chr1\0'), int32(99))), good],
  record: [file(record({ refID: 1 })), good],
  noReads: [head(), good],
  emptyRead: [
    file(record({ bases: 0, cigar: 4 << 4 })),
    file(record(), record({ bases: 0, cigar: 4 << 4, flag: 256 })),
  ],
};

const check = (bytes: Uint8Array, cuts: number[] = []) => checkBam(chunked(bgzip(bytes), cuts), { reads: true });

test.each(Object.entries(cases))('rule %s refuses and accepts', async (name, [refused, accepted]) => {
  const { code } = bamRules[name as keyof typeof bamRules];
  expect(Object.keys((await check(refused)).counts)).toContain(code);
  expect((await check(accepted)).findings).toEqual([]);
});

test('a predefined tag of another type is told, in whatever size its integers are', async () => {
  const codes = async (tags: string) => Object.keys((await check(file(record({ tags: latin(tags) })))).counts);
  expect(await codes('NMZ1\0')).toEqual([samRules.tagType.code]);
  expect(await codes('MLBc\x01\0\0\0\x05')).toEqual([samRules.tagType.code]);
  expect(await codes('NMs\x01\0MLBC\x01\0\0\0\x05XXZ1\0')).toEqual([]);
});

test.each([
  ['read_name', record({ name: 'a b' })],
  ['flag', record({ flag: 4096 })],
  ['pos', record({ pos: -2 })],
  ['cigar', record({ cigar: 3 << 4 })],
  ['cigar', record({ cigar: (4 << 4) | 9 })],
  ['qual', record({ qual: 94 })],
  ['tag', record({ tags: latin('N') })],
  ['tag', record({ tags: latin('NMC\x01NMC\x01') })],
  ['XZ', record({ tags: latin('XZZno end') })],
  ['XB', record({ tags: latin('XBBi\xff\0\0\0') })],
])('a damaged %s is named with the record and its offset', async (field, bytes) => {
  const { findings } = await check(file(record(), bytes));
  const offset = file(record()).length;
  expect(findings).toEqual([
    { code: 'GW5334', level: 'error', place: { record: 2, offset }, params: { record: 2, field } },
  ]);
});

test('the declared order is held to', async () => {
  expect((await check(file(record({ pos: 20 }), record()))).counts).toEqual({ GW5321: 1 });
});

test('any change of the bytes inside: never a throw, the same report in any chunks', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 6 }),
      fc.array(fc.nat(), { maxLength: 6 }),
      async (changes, cuts) => {
        const bytes = good.slice();
        for (const [at, value] of changes) bytes[at] = value;
        expect(await check(bytes, cuts)).toEqual(await check(bytes));
      },
    ),
    { numRuns: 200 },
  );
});

describe.runIf(haveData)('real files', () => {
  const report = (name: string) => checkBam(chunked(dataFile(`reads/${name}`)), { reads: true });

  test.each([
    ['8855_124.bam', 234],
    ['M2241_BLV_sense.bam', 215],
    ['webin_valid.bam', 20],
  ])('%s has %d records', async (name, records) => {
    const { accepted, statistics } = await report(name);
    expect({ accepted, records: statistics.records }).toEqual({ accepted: true, records });
  });

  test('a header without reads is refused as the reads of a run', async () => {
    expect((await report('webin_invalid.bam')).counts).toEqual({ GW5335: 1 });
  });
});
