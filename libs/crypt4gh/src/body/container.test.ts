import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, hex, join } from '../bytes.ts';
import { parseHeader, writeHeader } from '../header/header.ts';
import { openHeader, reencryptHeader, sealHeader } from '../header/open.ts';
import { bytes, codeOf, cryptos, fromHex, pieces, plain, reference, whole } from '../test/sample.ts';
import { decrypt, decryptRange, type RandomAccess } from './decrypt.ts';
import { encrypt } from './encrypt.ts';
import { rearrange } from './rearrange.ts';
import { Sealer, sealedSegmentSize, sealedSize, segmentSize } from './segment.ts';

const [nodeEntry] = cryptos;
const crypto = (nodeEntry as (typeof cryptos)[number])[1];
const alice = crypto.secretKey(new Uint8Array(32).fill(1));
const bob = crypto.secretKey(new Uint8Array(32).fill(2));
const mine = { keys: [alice] };
const forAlice = { readers: [alice.publicKey] };
const headerLength = 124;

const access = (file: Uint8Array): RandomAccess => ({
  read: (from, to) => pieces(file.slice(from, Math.min(to, file.length)), [1000, 70_000]),
});
const same = (found: Uint8Array, wanted: Uint8Array) => expect(Buffer.compare(found, wanted)).toBe(0);

describe.each(cryptos)('%s', (_, each) => {
  test.each(reference.containers.map((container) => [container.name, container] as const))(
    'decrypts the reference file %s',
    async (__, container) => {
      const all = plain(container.size);
      const parts = container.pieces ?? [container.slice ?? [0, container.size]];
      const wanted = join(parts.map(([from, to]) => all.subarray(from, to)));
      for (const name of container.readers) {
        const key = reference.keys.find((candidate) => candidate.name === name)?.secret ?? '';
        const keys = [each.secretKey(fromHex(key))];
        same(await whole(decrypt(each, pieces(bytes(container.file), [3, 100, 130]), { keys })), wanted);
        same(await whole(decryptRange(each, access(bytes(container.file)), { keys })), wanted);
      }
    },
  );

  test('encrypts what it decrypts, in the order of its segments when asked', async () => {
    for (const size of [0, 1, segmentSize, segmentSize + 1])
      for (const ordered of [false, true]) {
        const sealed = await whole(encrypt(each, [plain(size)], { ...forAlice, ordered }));
        expect(sealed).toHaveLength((ordered ? 8 : 0) + headerLength + sealedSize(size, ordered));
        same(await whole(decrypt(each, [sealed], { keys: [each.secretKey(new Uint8Array(32).fill(1))] })), plain(size));
      }
  });
});

const content = plain(5 * segmentSize + 1234);
const sealedContent = await whole(encrypt(crypto, [content], forAlice));
const orderedContent = await whole(encrypt(crypto, [content], { ...forAlice, ordered: true }));
const opened = (file: Uint8Array, options = {}) => whole(decrypt(crypto, [file], { ...mine, ...options }));

test('neither the pieces of the source nor those of the file matter', async () => {
  const cuts = fc.array(fc.nat(sealedContent.length), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(cuts, cuts, async (a, b) => {
      const sealed = await whole(encrypt(crypto, pieces(content, a), forAlice));
      same(await whole(decrypt(crypto, pieces(sealed, b), mine)), content);
    }),
    { numRuns: 15 },
  );
});

test('any range comes out as cut from the plain text, from a stream, at random, and rearranged', async () => {
  const place = fc.nat(content.length + 70_000);
  await fc.assert(
    fc.asyncProperty(place, fc.option(place, { nil: undefined }), place, async (a, b, c) => {
      const range = b === undefined ? { start: a } : { start: Math.min(a, b), end: Math.max(a, b) };
      const wanted = content.subarray(range.start, range.end);
      same(await opened(sealedContent, { range }), wanted);
      same(await whole(decryptRange(crypto, access(sealedContent), { ...mine, range })), wanted);
      const cut = await whole(rearrange(crypto, [sealedContent], { ...mine, ...forAlice, writer: alice, range }));
      same(await opened(cut), wanted);
      same(await whole(decryptRange(crypto, access(cut), mine)), wanted);
      // Once more: the edit list that is there now is composed with the next range.
      const inner = { start: Math.min(c, 3000) };
      const twice = await whole(rearrange(crypto, [cut], { ...mine, ...forAlice, writer: alice, range: inner }));
      same(await opened(twice), wanted.subarray(inner.start));
    }),
    { numRuns: 40 },
  );
});

test('edit lists are applied as section 4.3 of the specification does', async () => {
  const lengths = fc.array(fc.nat(2 * segmentSize), { minLength: 1, maxLength: 9 });
  await fc.assert(
    fc.asyncProperty(lengths, async (list) => {
      const key = new Uint8Array(32).fill(9);
      const header = sealHeader(
        crypto,
        { dataKeys: [{ key }], editList: list.map(BigInt) },
        { writer: bob, ...forAlice },
      );
      const body = new Uint8Array(sealedSize(content.length));
      new Sealer(crypto, { key }).seal(content, body);
      let at = 0;
      const wanted = list.flatMap((length, index) => {
        at += length;
        if (index % 2 === 0 && index < list.length - 1) return [];
        return index % 2 === 0 ? [content.subarray(at)] : [content.subarray(at - length, at)];
      });
      same(await opened(concat(header, body)), join(wanted));
      same(await whole(decryptRange(crypto, access(concat(header, body)), mine)), join(wanted));
    }),
    { numRuns: 40 },
  );
});

test('an edit list beyond every file keeps what there is', async () => {
  const key = new Uint8Array(32).fill(9);
  const body = new Uint8Array(sealedSize(10));
  new Sealer(crypto, { key }).seal(plain(10), body);
  const with_ = async (editList: bigint[]) => {
    const header = sealHeader(crypto, { dataKeys: [{ key }], editList }, { writer: bob, ...forAlice });
    return hex(await opened(concat(header, body)));
  };
  expect(await with_([2n, 2n ** 64n - 1n])).toBe(hex(plain(10).subarray(2)));
  expect(await with_([2n ** 64n - 1n, 5n])).toBe('');
  expect(await with_([])).toBe(hex(plain(10)));
});

test('the first 48 of the specification example: [0, 7853, 71721, 307929, 51299, 38] keeps three pieces', async () => {
  const { wantedSpans } = await import('./spans.ts');
  expect(wantedSpans([0n, 7853n, 71_721n, 307_929n, 51_299n, 38n])).toEqual([
    { from: 0, to: 7853 },
    { from: 79_574, to: 387_503 },
    { from: 438_802, to: 438_840 },
  ]);
});

test('a header for others: only they can open it, and packets of others stay unless trimmed', async () => {
  const header = parseHeader(sealedContent);
  const to = { writer: alice, readers: [bob.publicKey] };
  const forBoth = reencryptHeader(crypto, header, mine, { ...to, readers: [alice.publicKey, bob.publicKey] });
  const forBob = reencryptHeader(crypto, header, mine, to);
  same(await opened(concat(forBob, sealedContent.subarray(header.length)), { keys: [bob] }), content);
  expect(await codeOf(() => openHeader(crypto, parseHeader(forBob), mine))).toBe('no_key_fits');
  const carol = crypto.secretKey(new Uint8Array(32).fill(3));
  const toCarol = { writer: bob, readers: [carol.publicKey] };
  const kept = reencryptHeader(crypto, parseHeader(forBoth), { keys: [bob] }, toCarol);
  expect(openHeader(crypto, parseHeader(kept), mine).dataKeys).toHaveLength(1);
  const trimmed = reencryptHeader(crypto, parseHeader(forBoth), { keys: [bob] }, { ...toCarol, trim: true });
  expect(await codeOf(() => openHeader(crypto, parseHeader(trimmed), mine))).toBe('no_key_fits');
});

test('the sender is checked when named', async () => {
  const sealed = await whole(encrypt(crypto, [content], { ...forAlice, writer: bob }));
  same(await opened(sealed, { sender: bob.publicKey }), content);
  expect(await codeOf(() => opened(sealed, { sender: alice.publicKey }))).toBe('sender_differs');
});

test('padding after the content of a packet is passed over (section 3.2.1)', async () => {
  const { sealPacket } = await import('../header/packet.ts');
  const { encodePayload } = await import('../header/payload.ts');
  const key = new Uint8Array(32).fill(4);
  const payload = encodePayload({ type: 'data key', dataKey: { key } });
  const padded = writeHeader([sealPacket(crypto, concat(payload, new Uint8Array(77)), bob, alice.publicKey)]);
  expect(openHeader(crypto, parseHeader(padded), mine).dataKeys).toEqual([{ key }]);
});

describe('faults', () => {
  const header = parseHeader(sealedContent).length;
  const orderedHeader = parseHeader(orderedContent).length;
  const segments = (file: Uint8Array, start: number, order: readonly number[]) =>
    concat(
      file.subarray(0, start),
      ...order.map((i) => file.subarray(start + i * sealedSegmentSize, start + (i + 1) * sealedSegmentSize)),
    );
  const flipped = (file: Uint8Array, at: number) => {
    const copy = file.slice();
    copy[at] = (copy[at] ?? 0) ^ 4;
    return copy;
  };
  const payloads = async (...lists: Uint8Array[]) => {
    const { sealPacket } = await import('../header/packet.ts');
    return opened(writeHeader(lists.map((payload) => sealPacket(crypto, payload, bob, alice.publicKey))));
  };
  const dataKey = Uint8Array.from({ length: 40 });
  const orderedKey = Uint8Array.from({ length: 48 }, (_, i) => (i === 4 ? 1 : 0));
  const editList = Uint8Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0);

  const cases: readonly [what: string, code: string, work: () => Promise<unknown>][] = [
    ['another file', 'not_crypt4gh', () => opened(plain(500))],
    ['an empty file', 'not_crypt4gh', () => opened(new Uint8Array(0))],
    ['another version', 'version_unknown', () => opened(flipped(sealedContent, 8))],
    ['a file cut in its header', 'header_cut', () => opened(sealedContent.subarray(0, 100))],
    ['a file cut in its count', 'header_cut', () => opened(sealedContent.subarray(0, 13))],
    [
      'a packet of length 0',
      'header_packet_length',
      () => opened(concat(sealedContent.subarray(0, 16), new Uint8Array(9))),
    ],
    ['a forged count', 'header_too_large', () => opened(flipped(sealedContent, 14))],
    ['a forged length', 'header_too_large', () => opened(flipped(sealedContent, 19))],
    ['an altered header', 'no_key_fits', () => opened(flipped(sealedContent, 70))],
    ['a header for somebody else', 'no_key_fits', () => opened(sealedContent, { keys: [bob] })],
    ['no reader', 'header_empty', () => whole(encrypt(crypto, [], { readers: [] }))],
    ['a weak reader', 'public_key_weak', () => whole(encrypt(crypto, [], { readers: [new Uint8Array(32)] }))],
    ['an unknown packet', 'packet_type_unknown', () => payloads(dataKey, Uint8Array.of(7, 0, 0, 0, 0, 0, 0, 0))],
    ['a short packet', 'packet_malformed', () => payloads(dataKey.subarray(1))],
    ['an unknown method', 'data_method_unknown', () => payloads(orderedKey.with(4, 2))],
    ['mixed methods', 'data_methods_mixed', () => payloads(dataKey, orderedKey)],
    ['two edit lists', 'edit_list_twice', () => payloads(dataKey, editList, editList)],
    ['a short edit list', 'edit_list_malformed', () => payloads(dataKey, editList.subarray(0, 15))],
    ['an edit list alone', 'no_key_fits', () => payloads(editList)],
    ['an altered segment', 'segment_damaged', () => opened(flipped(sealedContent, header + sealedSegmentSize + 99))],
    ['a file cut in a segment', 'segment_cut', () => opened(sealedContent.subarray(0, -1))],
    ['a range backwards', 'range_invalid', () => opened(sealedContent, { range: { start: 5, end: 4 } })],
    ['a range of nonsense', 'range_invalid', () => opened(sealedContent, { range: { start: Number.NaN } })],
    ['ordered: a swap', 'segment_damaged', () => opened(segments(orderedContent, orderedHeader, [1, 0, 2, 3, 4, 5]))],
    [
      'ordered: a repeat',
      'segment_damaged',
      () => opened(segments(orderedContent, orderedHeader, [0, 0, 1, 2, 3, 4, 5])),
    ],
    ['ordered: a loss', 'segment_damaged', () => opened(segments(orderedContent, orderedHeader, [0, 2, 3, 4, 5]))],
    ['ordered: a cut', 'end_missing', () => opened(segments(orderedContent, orderedHeader, [0, 1, 2, 3]))],
    [
      'ordered: a rearrangement that ends early',
      'rearrange_ordered',
      () =>
        whole(rearrange(crypto, [orderedContent], { ...mine, ...forAlice, writer: bob, range: { start: 0, end: 9 } })),
    ],
  ];
  test.each(cases)('%s: %s', async (_, code, work) => {
    expect(await codeOf(work)).toBe(code);
  });

  test('Crypt4GH 1.0 alone does not notice a cut or a swap: what the manifest is for', async () => {
    const cut = await opened(segments(sealedContent, header, [0, 1, 2]));
    same(cut, content.subarray(0, 3 * segmentSize));
    expect(await opened(segments(sealedContent, header, [1, 0, 2, 3, 4, 5]))).toHaveLength(content.length);
  });

  test('an ordered file that was rearranged at its start is still complete', async () => {
    const range = { start: 2 * segmentSize + 5 };
    const cut = await whole(rearrange(crypto, [orderedContent], { ...mine, ...forAlice, writer: bob, range }));
    same(await opened(cut), content.subarray(range.start));
    expect(await codeOf(() => opened(cut.subarray(0, cut.length - (1234 + 28))))).toBe('end_missing');
  });

  test('whatever bytes come, there is a code or plain text, never a crash', async () => {
    const small = await whole(encrypt(crypto, [plain(300)], forAlice));
    const change = fc.record({ at: fc.nat(small.length - 1), to: fc.integer({ min: 0, max: 255 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 4 }), fc.nat(small.length), async (changes, length) => {
        const file = small.slice(0, length);
        for (const { at, to } of changes) if (at < length) file[at] = to;
        await codeOf(() => opened(file));
        await codeOf(() =>
          whole(rearrange(crypto, [file], { ...mine, ...forAlice, writer: bob, range: { start: 3 } })),
        );
      }),
      { numRuns: 300 },
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), async (junk) => {
        await codeOf(() => opened(concat(small.subarray(0, 12), junk)));
        await codeOf(() => payloads(dataKey, junk));
      }),
      { numRuns: 200 },
    );
  });
});
