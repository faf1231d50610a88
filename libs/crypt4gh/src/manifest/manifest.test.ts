import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decrypt } from '../body/decrypt.ts';
import { encrypt } from '../body/encrypt.ts';
import { sealedSegmentSize, sealedSize, segmentSize } from '../body/segment.ts';
import { concat, hex, join } from '../bytes.ts';
import { codeOf, cryptos, fromHex, manifests, pieces, plain, whole } from '../test/sample.ts';
import { hashSegments } from './hash.ts';
import { openManifest, segmentCount, signManifest } from './manifest.ts';
import { leafList, rangeProof, verifyRange, verifySegments } from './verify.ts';

const { name } = manifests;
const archive = { name, publicKey: fromHex(manifests.public) };

describe.each(cryptos)('%s', (_, crypto) => {
  test.each(manifests.files.map((file) => [file.size, file] as const))('vector of %i bytes', async (size, file) => {
    const { leaves, ...hashed } = await hashSegments(crypto, [plain(size)]);
    const key = crypto.signingKey(fromHex(manifests.seed));
    const manifest = { file: `GWF${String(size).padStart(7, '0')}`, cipherSize: sealedSize(size), ...hashed };
    expect(signManifest(crypto, manifest, [{ name, key }])).toBe(file.note);
    expect(hex(leaves)).toBe(file.leaves.join(''));
    expect(openManifest(crypto, file.note, [archive])).toEqual({ ...manifest, root: Uint8Array.from(manifest.root) });
    for (const { from, to, proof } of file.proofs) {
      const given = rangeProof(crypto, leaves, from, to);
      expect(hex(given.proof)).toBe(proof.join(''));
      verifyRange(crypto, manifest, given, plain(size).subarray(from * segmentSize, to * segmentSize));
    }
    const checked = verifySegments(crypto, manifest, [plain(size)], leafList(crypto, manifest, leaves), {
      digests: ['sha256', 'md5'],
    });
    expect(Buffer.compare(await whole(checked), plain(size))).toBe(0);
  });
});

const crypto = (cryptos[0] as (typeof cryptos)[number])[1];
const size = 6 * segmentSize + 77;
const content = plain(size);
const { leaves, ...hashed } = await hashSegments(crypto, [content]);
const manifest = { file: 'GWF1', cipherSize: sealedSize(size), ...hashed };
const key = crypto.signingKey(fromHex(manifests.seed));
const note = signManifest(crypto, manifest, [{ name, key }]);
const known = leafList(crypto, manifest, leaves);
const verified = (source: Uint8Array | AsyncIterable<Uint8Array>, from = 0) =>
  whole(verifySegments(crypto, manifest, source instanceof Uint8Array ? [source] : source, known, { from }));

test('the tree is the same however the bytes come', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(size), { maxLength: 8 }), async (cuts) => {
      expect(hex((await hashSegments(crypto, pieces(content, cuts))).root)).toBe(hex(manifest.root));
      expect(await whole(verifySegments(crypto, manifest, pieces(content, cuts), known))).toHaveLength(size);
    }),
    { numRuns: 10 },
  );
});

describe('what a Crypt4GH file may suffer', async () => {
  const reader = crypto.secretKey(new Uint8Array(32).fill(1));
  const sealed = await whole(encrypt(crypto, [content], { readers: [reader.publicKey] }));
  const start = sealed.length - sealedSize(size);
  const arranged = (order: readonly number[]) => {
    const parts = order.map((i) => sealed.subarray(start + i * sealedSegmentSize, start + (i + 1) * sealedSegmentSize));
    return decrypt(crypto, [join([sealed.subarray(0, start), ...parts])], { keys: [reader] });
  };
  test.each([
    ['nothing', undefined, [0, 1, 2, 3, 4, 5, 6]],
    ['a cut at a segment', 'manifest_cut', [0, 1, 2]],
    ['a loss of the last segment', 'manifest_cut', [0, 1, 2, 3, 4, 5]],
    ['a loss within', 'manifest_segment', [0, 1, 3, 4, 5, 6]],
    ['a swap', 'manifest_segment', [0, 2, 1, 3, 4, 5, 6]],
    ['a repeat', 'manifest_segment', [0, 1, 1, 2, 3, 4, 5, 6]],
    ['a repeated end', 'segment_cut', [0, 1, 2, 3, 4, 5, 6, 6]],
  ])('%s: %s', async (_, code, order) => {
    expect(await codeOf(() => verified(arranged(order)))).toBe(code);
  });

  test('nothing after the last good segment gets through', async () => {
    const got: Uint8Array[] = [];
    const code = await codeOf(async () => {
      for await (const part of verifySegments(crypto, manifest, arranged([0, 1, 3, 2]), known)) got.push(part);
    });
    expect(code).toBe('manifest_segment');
    expect(Buffer.compare(join(got), content.subarray(0, 2 * segmentSize))).toBe(0);
  });
});

test('a file that goes on after its end is refused, and one that is short of bytes as well', async () => {
  expect(await codeOf(() => verified(concat(content, Uint8Array.of(1))))).toBe('manifest_longer');
  expect(await codeOf(() => verified(content.subarray(0, -1)))).toBe('manifest_cut');
});

test('goes on at any segment after a break', async () => {
  expect(await verified(content.subarray(4 * segmentSize), 4)).toHaveLength(size - 4 * segmentSize);
  expect(await codeOf(() => verified(content.subarray(3 * segmentSize), 4))).toBe('manifest_segment');
});

test('any altered bit is found, and in which segment', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(size - 1), fc.nat(7), async (at, bit) => {
      const altered = content.slice();
      altered[at] = (altered[at] ?? 0) ^ (1 << bit);
      const segment = Math.floor(at / segmentSize);
      await expect(verified(altered)).rejects.toMatchObject({ code: 'manifest_segment', params: { segment } });
      const given = rangeProof(crypto, leaves, segment, segment + 1);
      const part = altered.subarray(segment * segmentSize, (segment + 1) * segmentSize);
      expect(await codeOf(() => verifyRange(crypto, manifest, given, part))).toBe('manifest_segment');
    }),
    { numRuns: 30 },
  );
});

test('a proof holds for its own place only, and altered hashes prove nothing', async () => {
  const count = segmentCount(manifest);
  const place = fc.integer({ min: 0, max: count - 1 });
  await fc.assert(
    fc.asyncProperty(place, place, fc.nat(), fc.integer({ min: -2, max: 2 }), async (a, b, at, shift) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b) + 1];
      const given = rangeProof(crypto, leaves, from, to);
      const part = content.subarray(from * segmentSize, to * segmentSize);
      verifyRange(crypto, manifest, given, part);
      const moved = { ...given, from: from + shift };
      expect(await codeOf(() => verifyRange(crypto, manifest, moved, part))).toBe(
        shift === 0 ? undefined : 'manifest_proof',
      );
      const hashes = concat(given.leaves, given.proof);
      hashes[at % hashes.length] = (hashes[at % hashes.length] ?? 0) ^ 1;
      const forged = {
        from,
        leaves: hashes.subarray(0, given.leaves.length),
        proof: hashes.subarray(given.leaves.length),
      };
      expect(await codeOf(() => verifyRange(crypto, manifest, forged, part))).toBe('manifest_proof');
      const longer = { ...given, proof: concat(given.proof, new Uint8Array(32)) };
      expect(await codeOf(() => verifyRange(crypto, manifest, longer, part))).toBe('manifest_proof');
    }),
    { numRuns: 40 },
  );
  expect(await codeOf(() => leafList(crypto, manifest, leaves.subarray(32)))).toBe('manifest_proof');
  expect(await codeOf(() => leafList(crypto, manifest, concat(leaves.subarray(32), leaves.subarray(0, 32))))).toBe(
    'manifest_proof',
  );
});

test('the digests of the whole file are compared when asked for', async () => {
  const wrong = { ...manifest, md5: manifest.sha256.slice(32) };
  const check = (digests: readonly ('md5' | 'sha256')[]) =>
    codeOf(() => whole(verifySegments(crypto, wrong, [content], known, { digests })));
  expect(await check(['sha256'])).toBeUndefined();
  expect(await check(['sha256', 'md5'])).toBe('manifest_digest');
});

describe('the signature', () => {
  const open = (text: string, keys = [archive]) => codeOf(() => openManifest(crypto, text, keys));
  test('of another key, another name or another text counts nothing', async () => {
    const other = crypto.signingKey(new Uint8Array(32).fill(5));
    expect(await open(signManifest(crypto, manifest, [{ name, key: other }]))).toBe('manifest_unsigned');
    expect(await open(note, [{ ...archive, name: 'other.example.org' }])).toBe('manifest_unsigned');
    expect(await open(note.replace(`plain-size ${size}`, `plain-size ${size - 1}`))).toBe('manifest_unsigned');
    expect(await open(note.replace('GWF1', 'GWF2'))).toBe('manifest_unsigned');
    expect(await open(note, [])).toBe('manifest_unsigned');
  });

  test('of one known key is enough while keys change', async () => {
    const next = crypto.signingKey(new Uint8Array(32).fill(5));
    const both = signManifest(crypto, manifest, [
      { name: 'next.example.org', key: next },
      { name, key },
    ]);
    expect(openManifest(crypto, both, [archive]).file).toBe('GWF1');
    expect(openManifest(crypto, both, [{ name: 'next.example.org', publicKey: next.publicKey }]).file).toBe('GWF1');
  });

  test('does not make another spelling right', async () => {
    const sign = (fields: Partial<typeof manifest>) =>
      codeOf(() => signManifest(crypto, { ...manifest, ...fields }, [{ name, key }]));
    expect(await sign({ file: 'two words' })).toBe('manifest_format');
    expect(await sign({ file: 'line\nbreak' })).toBe('manifest_format');
    expect(await sign({ plainSize: -1 })).toBe('manifest_format');
    expect(await sign({ cipherSize: size })).toBe('manifest_format');
    expect(await sign({ sha256: manifest.sha256.toUpperCase() })).toBe('manifest_format');
    expect(await codeOf(() => signManifest(crypto, manifest, [{ name: 'a b', key }]))).toBe('manifest_format');
  });

  test('whatever text comes, there is a code or the manifest', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(note.length - 1), fc.string({ maxLength: 3 }), fc.nat(3), async (at, put, drop) => {
        const text = note.slice(0, at) + put + note.slice(at + drop);
        const code = await open(text);
        expect([undefined, 'manifest_format', 'manifest_unsigned']).toContain(code);
        const signed = code === undefined ? openManifest(crypto, text, [archive]) : manifest;
        expect(hex(signed.root)).toBe(hex(manifest.root));
      }),
      { numRuns: 200 },
    );
    expect(await open('x'.repeat(70_000))).toBe('manifest_format');
  });
});
