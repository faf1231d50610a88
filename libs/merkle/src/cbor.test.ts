import { expect, it } from 'vitest';
import { decodeCbor, encodeCbor, type Cbor } from './cbor.ts';

const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const map = (...pairs: readonly (readonly [number | string, Cbor])[]) => new Map(pairs);

/** RFC 8949 appendix A, as far as it is of the kinds that we write. */
const vectors: readonly (readonly [Cbor, string])[] = [
  [0, '00'],
  [1, '01'],
  [10, '0a'],
  [23, '17'],
  [24, '1818'],
  [25, '1819'],
  [100, '1864'],
  [1000, '1903e8'],
  [1_000_000, '1a000f4240'],
  [1_000_000_000_000, '1b000000e8d4a51000'],
  [18_446_744_073_709_551_615n, '1bffffffffffffffff'],
  [-18_446_744_073_709_551_616n, '3bffffffffffffffff'],
  [-1, '20'],
  [-10, '29'],
  [-100, '3863'],
  [-1000, '3903e7'],
  [null, 'f6'],
  [new Uint8Array(), '40'],
  [bytesOf('01020304'), '4401020304'],
  ['', '60'],
  ['a', '6161'],
  ['IETF', '6449455446'],
  ['"\\', '62225c'],
  ['\u00fc', '62c3bc'],
  ['\u6c34', '63e6b0b4'],
  ['\u{10151}', '64f0908591'],
  [[], '80'],
  [[1, 2, 3], '83010203'],
  [[1, [2, 3], [4, 5]], '8301820203820405'],
  [Array.from({ length: 25 }, (_, n) => n + 1), '98190102030405060708090a0b0c0d0e0f101112131415161718181819'],
  [map(), 'a0'],
  [map([1, 2], [3, 4]), 'a201020304'],
  [map(['a', 1], ['b', [2, 3]]), 'a26161016162820203'],
  [['a', map(['b', 'c'])], '826161a161626163'],
  [map(['a', 'A'], ['b', 'B'], ['c', 'C'], ['d', 'D'], ['e', 'E']), 'a56161614161626142616361436164614461656145'],
  [{ tag: 1, value: 1_363_896_240 }, 'c11a514b67b0'],
  [{ tag: 23, value: bytesOf('01020304') }, 'd74401020304'],
  [{ tag: 32, value: 'http://www.example.com' }, 'd82076687474703a2f2f7777772e6578616d706c652e636f6d'],
];

it.each(vectors)('writes and reads %o as RFC 8949 does', (value, hex) => {
  expect(hexOf(encodeCbor(value))).toBe(hex);
  expect(decodeCbor(bytesOf(hex))).toEqual(value);
});

it('puts the keys of a map in the order of their bytes, however they came', () => {
  const value = map(['aa', 4], [100, 2], [-1, 3], [10, 1]);
  expect(hexOf(encodeCbor(value))).toBe('a40a01186402200362616104');
});

it.each([
  ['', 'nothing'],
  ['1800', 'a head longer than it must be'],
  ['190018', 'a head longer than it must be'],
  ['1a0000ffff', 'a head longer than it must be'],
  ['1b00000000ffffffff', 'a head longer than it must be'],
  ['5f4101ff', 'an indefinite length'],
  ['9f01ff', 'an indefinite length'],
  ['f97e00', 'a floating-point number'],
  ['f4', 'a simple value'],
  ['a201020103', 'a key twice'],
  ['a203040102', 'keys out of order'],
  ['a1f600', 'a key that is no number or text'],
  ['62c328', 'a text that is not UTF-8'],
  ['440102', 'a cut value'],
  ['9a7fffffff', 'a cut value'],
  ['5b7fffffffffffffff', 'a cut value'],
  ['0000', 'a second value'],
  ['81'.repeat(40) + '00', 'a deep nesting'],
])('refuses %s: %s', (hex) => {
  expect(() => decodeCbor(bytesOf(hex))).toThrow(expect.objectContaining({ code: 'cose_malformed' }));
});
