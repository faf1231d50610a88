import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat } from '../bytes/reader.ts';
import { crc32 } from '../layers/crc32.ts';
import { chunked, flipped, latin } from '../test/bytes.ts';
import { dataFile, haveData } from '../test/shared-data.ts';
import { checkCram } from './check.ts';
import { cramRules } from './rules.ts';

const int32 = (value: number) => new Uint8Array(Int32Array.of(value).buffer);
const withCrc = (bytes: Uint8Array) => concat(bytes, int32(crc32(bytes) | 0));
const itf8 = (value: number) =>
  value < 0
    ? Uint8Array.of(255, 255, 255, 255, 15)
    : value < 128
      ? Uint8Array.of(value)
      : Uint8Array.of(0xe0 | (value >> 24), value >> 16, value >> 8, value);

/** A raw block (specification section 8). */
const block = (type: number, data: Uint8Array, method = 0) =>
  withCrc(concat(Uint8Array.of(method, type, 0), itf8(data.length), itf8(data.length), data));

/** A container (section 7) with its blocks. */
function container(
  blocks: Uint8Array[],
  changes: {
    reference?: number;
    start?: number;
    records?: number;
    counter?: number;
    landmarks?: number[];
    length?: number;
  } = {},
): Uint8Array {
  const { reference = 0, start = 1, records = 0, counter = 0, landmarks = [] } = changes;
  const body = concat(...blocks);
  const head = [
    itf8(reference),
    itf8(start),
    itf8(0),
    itf8(records),
    itf8(counter),
    itf8(0),
    itf8(blocks.length),
    itf8(landmarks.length),
    ...landmarks.map(itf8),
  ];
  return concat(withCrc(concat(int32(changes.length ?? body.length), ...head)), body);
}

const definition = (major = 3, minor = 0) => concat(latin('CRAM'), Uint8Array.of(major, minor), new Uint8Array(20));
const sam = (md5: string) => latin(`@HD\tVN:1.6\n@SQ\tSN:chr1\tLN:100${md5}\n`);
const headerOf = (text: Uint8Array) => container([block(0, concat(int32(text.length), text))]);
const header = headerOf(sam('\tM5:7fc56270e7a70fa81a5935b72eacbe29'));
const compression = block(1, latin('abc'));
const data = (counter: number, landmark = compression.length, core = block(5, latin('core'))) =>
  container([compression, block(2, latin('slice')), core], { records: 2, counter, landmarks: [landmark] });
const end = container([block(1, latin('\x01\0\x01\0\x01\0'))], { reference: -1, start: 0x454f46 });

const good = concat(definition(), header, data(0), data(2), end);
const cases: Record<keyof typeof cramRules, readonly [refused: Uint8Array, accepted: Uint8Array]> = {
  version: [concat(definition(9), header), good],
  truncated: [good.subarray(0, good.length - 3), good],
  checksum: [flipped(good, good.length - 6), good],
  container: [concat(definition(), header, data(0, 3), end), good],
  end: [concat(definition(), header, data(0)), good],
  trailing: [concat(good, latin('more')), good],
  counter: [concat(definition(), header, data(0), data(4), end), good],
  md5: [concat(definition(), headerOf(sam('')), data(0), end), good],
};

const check = (bytes: Uint8Array, cuts: number[] = []) => checkCram(chunked(bytes, cuts), { reads: true });

test.each(Object.entries(cases))('rule %s refuses and accepts', async (name, [refused, accepted]) => {
  const { code } = cramRules[name as keyof typeof cramRules];
  expect(Object.keys((await check(refused)).counts)).toContain(code);
  expect((await check(accepted)).findings).toEqual([]);
});

test.each([
  ['length', concat(definition(), header, container([compression], { length: compression.length - 1 }), end)],
  ['content_type', concat(definition(), header, container([block(5, latin('x'))]), end)],
  ['method', concat(definition(), header, data(0, compression.length, block(5, latin('x'), 5)), end)],
  ['reference', concat(definition(), header, container([compression], { reference: 1 }), end)],
])('a wrong %s is named', async (field, bytes) => {
  expect((await check(bytes)).findings[0]).toMatchObject({ code: 'GW5344', params: { field } });
});

test('methods of 3.1 are allowed in 3.1', async () => {
  expect(
    (await check(concat(definition(3, 1), header, data(0, compression.length, block(5, latin('x'), 5)), end))).findings,
  ).toEqual([]);
});

test('a cut anywhere is refused', async () => {
  const lengths = Array.from({ length: good.length - 27 }, (_, at) => 27 + at);
  for (const length of lengths)
    expect((await check(good.subarray(0, length))).accepted, `cut at ${length}`).toBe(false);
});

test('any change of the bytes: never a throw, the same report in any chunks', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 6, max: good.length - 1 }), fc.nat(255)), { maxLength: 5 }),
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
  const report = (name: string) => checkCram(chunked(dataFile(`reads/${name}`)), { reads: true });

  test.each([
    ['webin_valid.cram', '3.0', 6],
    ['nc-RNAs_DKC1_WT_1_1st_read.cram', '3.0', 1],
  ])('%s is CRAM %s with %d records', async (name, version, records) => {
    const { accepted, statistics } = await report(name);
    expect(accepted).toBe(true);
    expect(statistics).toMatchObject({ version, records });
  });

  test.each(['webin_invalid.cram', '15194_1#135.cram'])(
    '%s holds a header only and is refused as the reads of a run',
    async (name) => {
      const { counts, statistics } = await report(name);
      expect(counts).toEqual({ GW5335: 1 });
      expect(statistics.references).toHaveLength(66);
    },
  );
});
