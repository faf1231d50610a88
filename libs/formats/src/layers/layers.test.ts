import * as fc from 'fast-check';
import * as zlib from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ByteReader, concat } from '../bytes/reader.ts';
import { checkFastq } from '../fastq/check.ts';
import { collectFindings } from '../findings.ts';
import { chunked, drain, flipped, latin } from '../test/bytes.ts';
import { bgzfBlock, bgzfEnd, bgzip } from '../test/bgzf.ts';
import { crc32 } from './crc32.ts';
import { openLayers } from './open.ts';
import { portableInflate } from './portable-inflate.ts';
import { layerRules } from './rules.ts';
import { zlibInflate } from './zlib-inflate.ts';

const inflates = [
  ['portable', portableInflate],
  ['zlib', zlibInflate(zlib)],
] as const;

const reads = latin(Array.from({ length: 200 }, (_, at) => `@r${at * at}\nACGTACGT\n+\nIIIIIIII\n`).join(''));
const gzip = (bytes: Uint8Array) => new Uint8Array(zlib.gzipSync(bytes));

const bgzf = concat(bgzfBlock(reads.subarray(0, 3000)), bgzfBlock(reads.subarray(3000)), bgzfEnd);

async function codes(bytes: Uint8Array, inflate = portableInflate): Promise<string[]> {
  const report = await checkFastq(chunked(bytes), { inflate });
  return Object.keys(report.counts);
}

const one = gzip(latin('@a\nA\n+\nI\n'));
const cases: Record<keyof typeof layerRules, readonly [refused: Uint8Array, accepted: Uint8Array]> = {
  empty: [latin(''), reads],
  truncated: [one.subarray(0, one.length - 10), one],
  corrupt: [flipped(one, 2), one],
  checksum: [flipped(one, one.length - 8), one],
  size: [flipped(one, one.length - 4), one],
  trailing: [concat(one, latin('<html>')), one],
  zeroPadding: [concat(one, new Uint8Array(512)), one],
  bgzfEnd: [bgzf.subarray(0, bgzf.length - 28), bgzf],
  bgzfBlock: [flipped(bgzf, 100), bgzf],
  archive: [latin('PK\x03\x04 reads.fastq'), reads],
  twice: [gzip(one), one],
  recompressed: [gzip(latin('CRAM\x03\0')), one],
  tooLarge: [gzip(latin(`@a\n${'A'.repeat(600_000)}\n+\n${'I'.repeat(600_000)}\n`)), one],
  unexpected: [latin('>a\nACGT\n'), reads],
  unsupported: [latin('\x28\xb5\x2f\xfd zstd'), reads],
  encoding: [latin('\xef\xbb\xbf@a\nA\n+\nI\n'), reads],
};

test.each(Object.entries(cases))('rule %s refuses and accepts', async (name, [refused, accepted]) => {
  const { code } = layerRules[name as keyof typeof layerRules];
  const options = { unpackedLimit: 1_000_000 };
  expect(Object.keys((await checkFastq(chunked(refused), options)).counts)).toContain(code);
  expect(Object.keys((await checkFastq(chunked(accepted), options)).counts)).not.toContain(code);
});

/** Reads a layer to its end. */
async function all(content: ByteReader): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (let part = await content.read(); part !== undefined; part = await content.read()) parts.push(part);
  return concat(...parts);
}

describe.each(inflates)('with the %s inflater', (_, inflate) => {
  const read = async (bytes: Uint8Array, cuts: readonly number[]) => {
    const findings = collectFindings();
    const { content, compression } = await openLayers(chunked(bytes, cuts), { inflate, findings });
    return { bytes: await all(content), compression, findings: findings.list };
  };

  test('any number of members in any chunks give back what went in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 3000 }), { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        async (parts, cuts) => {
          // A text in front, so that the random bytes inside are not taken for another archive.
          const members = [latin('@'), ...parts];
          const result = await read(concat(...members.map(gzip)), cuts);
          expect(result.findings).toEqual([]);
          expect(result.bytes).toEqual(concat(...members));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('BGZF is read block by block and needs its end', async () => {
    expect(await read(bgzf, [5, 2000])).toEqual({ bytes: reads, compression: 'bgzf', findings: [] });
  });

  test('a cut anywhere is noticed', async () => {
    const whole = concat(gzip(reads.subarray(0, 500)), gzip(reads));
    const seam = gzip(reads.subarray(0, 500)).length;
    const lengths = Array.from({ length: Math.floor(whole.length / 7) }, (_, at) => 2 + 7 * at);
    for (const length of lengths.filter((length) => length !== seam && length < whole.length)) {
      const { findings } = await read(whole.subarray(0, length), []);
      expect(
        findings.map((finding) => finding.code),
        `cut at ${length}`,
      ).toContain('GW5002');
    }
  });

  test('a flipped byte never goes unnoticed and never throws', async () => {
    const whole = gzip(reads);
    // The last byte of the DEFLATE stream may hold padding bits that mean nothing.
    const padding = whole.length - 9;
    for (let at = 10; at < whole.length; at += at + 1 === padding ? 2 : 1) {
      const { findings } = await read(flipped(whole, at, 0x10), []);
      expect(findings.length, `flip at ${at}`).toBeGreaterThan(0);
    }
  });

  test('trailing bytes are told with their offset', async () => {
    const { findings } = await read(concat(one, latin('junk')), [one.length + 1]);
    expect(findings).toEqual([
      { code: 'GW5006', level: 'error', place: { offset: one.length }, params: { offset: one.length } },
    ]);
  });
});

test('crc32 is that of zlib, in one go and in pieces', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 50 }), (a, b) => {
      expect(crc32(a)).toBe(zlib.crc32(a));
      expect(crc32(b, crc32(a))).toBe(zlib.crc32(concat(a, b)));
    }),
  );
});

test('a reader gives back what was read too much', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array(), fc.array(fc.nat()), fc.nat(20), async (bytes, cuts, count) => {
      const reader = new ByteReader(chunked(bytes, cuts));
      const peeked = (await reader.peek(count)).slice();
      expect(reader.offset).toBe(0);
      const taken = await reader.take(count);
      expect(taken).toEqual(peeked);
      const next = await reader.read();
      if (next !== undefined) reader.unread(next.subarray(1));
      expect(reader.offset).toBe(taken.length + (next === undefined ? 0 : 1));
      const rest = await drain({
        async *[Symbol.asyncIterator]() {
          for (let part = await reader.read(); part; part = await reader.read()) yield part;
        },
      });
      expect(concat(taken, next?.subarray(0, 1) ?? new Uint8Array(0), rest)).toEqual(bytes);
    }),
  );
});

test('codes of a good file are none', async () => {
  expect(await codes(gzip(reads))).toEqual([]);
});

describe('blocks that are inflated together', () => {
  const { members, ...alone } = zlibInflate(zlib);
  const together = { ...alone, ...(members && { members }) };
  const many = bgzip(reads, 97);
  const opened = async (file: Uint8Array, inflate: typeof together, cuts: readonly number[]) => {
    const findings = collectFindings();
    const { content, state } = await openLayers(chunked(file, cuts), { inflate, findings });
    const bytes = await all(content);
    return { bytes, broken: state.broken, findings: findings.list };
  };

  test('give the same content and the same findings as one by one, whatever was changed', async () => {
    expect(many.length / 97).toBeGreaterThan(20);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(many.length - 1),
        fc.constantFrom('flip', 'cut', 'drop', 'repeat', 'garbage', 'zeros', 'member'),
        fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 5 }),
        async (at, change, cuts) => {
          const [before, after] = [many.subarray(0, at), many.subarray(at)];
          const changed = {
            flip: () => flipped(many, at),
            cut: () => before,
            drop: () => concat(before, after.subarray(1)),
            repeat: () => concat(before, before.subarray(-1), after),
            garbage: () => concat(many, after.subarray(0, 50)),
            zeros: () => concat(many, new Uint8Array(at % 600)),
            member: () => concat(many, one),
          }[change]();
          expect(await opened(changed, together, cuts)).toEqual(await opened(changed, alone, cuts));
        },
      ),
      { numRuns: 400 },
    );
  });

  test('end with what their source throws', async () => {
    async function* failing() {
      yield many.subarray(0, 3000);
      yield many.subarray(3000, 6000);
      throw new Error('the line broke');
    }
    const reading = openLayers(failing(), { inflate: together, findings: collectFindings() });
    await expect(reading.then(({ content }) => all(content))).rejects.toThrow('the line broke');
  });
});
