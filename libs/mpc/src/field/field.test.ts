import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromSigned, plainField, toSigned, type Vector } from './field.ts';
import { fieldP61, p61 } from './p61.ts';

const plain = plainField(p61);
const edges = [
  0n,
  1n,
  2n,
  (1n << 31n) - 1n,
  1n << 31n,
  (1n << 30n) - 1n,
  1n << 60n,
  (1n << 60n) + 1n,
  p61 - 2n,
  p61 - 1n,
];
const element = fc.oneof(fc.constantFrom(...edges), fc.bigInt({ min: 0n, max: p61 - 1n }));
const vector = (length: number) =>
  fc.array(element, { minLength: length, maxLength: length }).map((list) => BigUint64Array.from(list));

it('agrees with plain arithmetic on every pair of edge values', () => {
  const a = BigUint64Array.from(edges.flatMap((x) => edges.map(() => x)));
  const b = BigUint64Array.from(edges.flatMap(() => edges));
  for (const act of ['add', 'sub', 'mul'] as const) expect(fieldP61[act](a, b)).toEqual(plain[act](a, b));
  expect(fieldP61.dot(a, b)).toBe(plain.dot(a, b));
  expect(fieldP61.cross(a, b, b, a)).toEqual(plain.cross(a, b, b, a));
});

it('agrees with plain arithmetic on a million random values', () => {
  const length = 100_000;
  let state = 88_172_645_463_325_252n;
  const next = () => {
    state ^= BigInt.asUintN(64, state << 13n);
    state ^= state >> 7n;
    state ^= BigInt.asUintN(64, state << 17n);
    return state % p61;
  };
  for (let round = 0; round < 5; round += 1) {
    const [a, b] = [BigUint64Array.from({ length }, next), BigUint64Array.from({ length }, next)];
    const product = fieldP61.mul(a, b);
    const wrong = product.findIndex((value, at) => value !== ((a[at] ?? 0n) * (b[at] ?? 0n)) % p61);
    expect(wrong).toBe(-1);
    expect(fieldP61.dot(a, b)).toBe(product.reduce((sum, value) => sum + value, 0n) % p61);
  }
});

it('obeys the laws of a field', () => {
  fc.assert(
    fc.property(vector(9), vector(9), vector(9), (a, b, c) => {
      const add = (x: Vector, y: Vector) => fieldP61.add(x, y);
      const mul = (x: Vector, y: Vector) => fieldP61.mul(x, y);
      expect(mul(a, add(b, c))).toEqual(add(mul(a, b), mul(a, c)));
      expect(fieldP61.sub(add(a, b), b)).toEqual(a);
      expect(fieldP61.cross(a, b, c, a)).toEqual(add(add(mul(a, c), mul(a, a)), mul(b, c)));
    }),
  );
});

it('makes elements of any words, and signed integers both ways', () => {
  const words = BigUint64Array.of(0n, p61, p61 + 1n, (1n << 64n) - 1n, (1n << 63n) + 5n);
  expect(fieldP61.areElements(BigUint64Array.of(0n, p61 - 1n))).toBe(true);
  for (const word of [p61, p61 + 1n, (1n << 64n) - 1n])
    expect(fieldP61.areElements(BigUint64Array.of(1n, word))).toBe(false);
  expect(fieldP61.uniform(words)).toEqual(BigUint64Array.of(0n, 0n, 0n, 0n, 5n));
  const integers = BigInt64Array.of(0n, -1n, 5n, -(1n << 59n), (1n << 60n) - 1n);
  expect(toSigned(fromSigned(integers, fieldP61), fieldP61)).toEqual(integers);
  expect(() => fieldP61.add(BigUint64Array.of(1n), BigUint64Array.of(1n, 2n))).toThrow('different length');
});

it('multiplies matrices and makes weighted sums as plain arithmetic does, whatever their shape', () => {
  let state = 42n;
  const next = () => {
    state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) & ((1n << 64n) - 1n);
    return state % p61;
  };
  for (const [rows, others, columns] of [
    [1, 1, 1],
    [3, 2, 15],
    [2, 65, 16],
    [2, 3, 600],
    [0, 4, 5],
  ] as const) {
    const [a, b] = [
      BigUint64Array.from({ length: rows * columns }, next),
      BigUint64Array.from({ length: others * columns }, next),
    ];
    expect(fieldP61.crossDots(a, b, columns)).toEqual(plain.crossDots(a, b, columns));
    const top = fieldP61.fill(rows * columns, p61 - 1n);
    expect(fieldP61.crossDots(top, top, columns)).toEqual(plain.crossDots(top, top, columns));
  }
  const vectors = [1, 40_000, 70_000].map((length) => BigUint64Array.from({ length }, next));
  const weights = BigUint64Array.from({ length: 70_000 }, next);
  expect(fieldP61.weightedSums(weights, vectors)).toEqual(plain.weightedSums(weights, vectors));
});

it('masks a vector by uniform words', () => {
  const words = BigUint64Array.of(0n, p61, p61 + 1n, (1n << 64n) - 1n);
  const part = BigUint64Array.of(5n, 0n, p61 - 1n, 7n);
  const expected = fieldP61.sub(
    fieldP61.add(part, fieldP61.uniform(words.slice())),
    fieldP61.uniform(words.toReversed()),
  );
  expect(fieldP61.masked(part, words, words.toReversed())).toEqual(expected);
});
