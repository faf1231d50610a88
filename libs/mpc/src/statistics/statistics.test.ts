import { describe as group, expect, it } from 'vitest';
import { contingencyTest } from './association.ts';
import { describe, histogram, powerSums, quantile } from './descriptive.ts';
import { hardyWeinbergExact } from './hardy-weinberg.ts';
import { degree, kingRobust } from './king.ts';
import { metaAnalysis } from './meta-analysis.ts';
import { kaplanMeier, logRank, medianSurvival, type TimeCounts } from './survival.ts';
import { eigen, invert } from './symmetric.ts';
import { chiSquareTail, logGamma, normalQuantile, normalTwoSided, studentTwoSided } from './tails.ts';

group('tail probabilities', () => {
  // Closed forms, and values that tables publish.
  it.each([
    [chiSquareTail(3.841458820694124, 1), 0.05],
    [chiSquareTail(90, 4), 46 * Math.exp(-45)],
    [normalTwoSided(1.959963984540054), 0.05],
    [normalTwoSided(10), 1.523970604832105e-23],
    [studentTwoSided(3, 2), 1 - 3 / Math.sqrt(11)],
    [studentTwoSided(63.65674116287399, 1), 0.01],
    [logGamma(0.5), 0.5723649429247001],
    [logGamma(100), 359.1342053695754],
    [normalQuantile(0.025), -1.959963984540054],
  ])('%d is %d', (own, published) => expect(Math.abs(own / published - 1)).toBeLessThan(1e-12));

  it('holds the edges', () => {
    expect(chiSquareTail(0)).toBe(1);
    expect(chiSquareTail(Number.POSITIVE_INFINITY)).toBe(0);
    expect(chiSquareTail(Number.NaN)).toBeNaN();
    expect(studentTwoSided(1, 0)).toBeNaN();
  });
});

group('survival', () => {
  // Freireich et al. 1963: weeks of remission under 6-mercaptopurine and placebo; + is a withdrawal.
  const treated = '6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+';
  const placebo = '1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23';
  const times = Array.from({ length: 36 }, (_, at) => at);
  const counts = (text: string): TimeCounts[] =>
    times.map((time) => ({
      time,
      events: text.split(' ').filter((word) => word === String(time)).length,
      censored: text.split(' ').filter((word) => word === `${time}+`).length,
    }));

  it('equals the published curve, its errors and the log-rank test', () => {
    const curve = kaplanMeier(counts(treated));
    expect(curve.map(({ time }) => time)).toEqual([6, 7, 10, 13, 16, 22, 23]);
    for (const [at, value] of [0.857, 0.807, 0.753, 0.69, 0.627, 0.538, 0.448].entries())
      expect(curve[at]?.survival).toBeCloseTo(value, 3);
    for (const [at, value] of [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346].entries())
      expect(curve[at]?.error).toBeCloseTo(value, 4);
    expect(medianSurvival(curve)).toBe(23);
    const test = logRank([counts(treated), counts(placebo)]);
    expect(test.chiSquare).toBeCloseTo(16.793, 3);
    expect(test.expected[0]).toBeCloseTo(19.25, 2);
    expect(test.p).toBeCloseTo(4.17e-5, 7);
  });
});

it('meta-analysis equals the published BCG example (Colditz et al. 1994, log relative risks)', () => {
  const trials = [
    [4, 119, 11, 128],
    [6, 300, 29, 274],
    [3, 228, 11, 209],
    [62, 13536, 248, 12619],
    [33, 5036, 47, 5761],
    [180, 1361, 372, 1079],
    [8, 2537, 10, 619],
    [505, 87886, 499, 87892],
    [29, 7470, 45, 7232],
    [17, 1699, 65, 1600],
    [186, 50448, 141, 27197],
    [5, 2493, 3, 2338],
    [27, 16886, 29, 17825],
  ];
  const effects = trials.map(([a = 0, b = 0, c = 0, d = 0]) => ({
    beta: Math.log(a / (a + b) / (c / (c + d))),
    error: Math.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)),
  }));
  const result = metaAnalysis(effects);
  expect(result.fixed.beta).toBeCloseTo(-0.4303, 4);
  expect(result.fixed.error).toBeCloseTo(0.0405, 4);
  expect(result.q).toBeCloseTo(152.233, 3);
  expect(result.iSquare).toBeCloseTo(92.12, 2);
  expect(result.tauSquare).toBeCloseTo(0.3088, 4);
  expect(result.random.beta).toBeCloseTo(-0.7141, 4);
  expect(result.random.error).toBeCloseTo(0.1787, 4);
});

it('contingency test leaves out what is empty', () => {
  // Agresti 2007, table 2.5: party by gender.
  const table = [
    [762, 327, 468],
    [484, 239, 477],
  ];
  expect(contingencyTest(table).chiSquare).toBeCloseTo(30.07, 2);
  expect(contingencyTest([...table, [0, 0, 0]])).toEqual(contingencyTest(table));
  expect(contingencyTest([[1, 2]]).p).toBeNaN();
});

it('exact Hardy-Weinberg test: published value, symmetry, and the sum over all outcomes', () => {
  // Wigginton et al. 2005, table 1: 100 individuals, 21 rare alleles.
  expect(hardyWeinbergExact(2, 17, 81)).toBeCloseTo(0.2899, 1);
  expect(hardyWeinbergExact(14, 57, 50)).toBe(hardyWeinbergExact(50, 57, 14));
  expect(hardyWeinbergExact(0, 0, 0)).toBe(1);
  expect(hardyWeinbergExact(0, 0, 50)).toBe(1);
});

it('descriptive statistics do not lose digits to a large mean', () => {
  const values = [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16, Number.NaN];
  const { mean, variance, n } = describe(powerSums(values, 1e9), 1e9);
  expect([n, mean, variance]).toEqual([4, 1e9 + 10, 30]);
  const { below, bins, above } = histogram([0, 1, 1.5, 2, 3, 9, Number.NaN], [1, 2, 3]);
  expect({ below, bins, above }).toEqual({ below: 1, bins: [2, 2], above: 1 });
  expect(quantile([10, 30, 10], [0, 1, 2, 3], 0.5)).toBe(1.5);
});

it('kinship degrees and the case of no heterozygote', () => {
  expect(kingRobust({ hetHet: 100, ibs0: 0, het1: 100, het2: 100 })).toBe(0.5);
  expect(kingRobust({ hetHet: 0, ibs0: 3, het1: 0, het2: 9 })).toBeNaN();
  expect([0.5, 0.25, 0.125, 0.0625, 0].map(degree)).toEqual(['duplicate', 'first', 'second', 'third', 'unrelated']);
});

it('small symmetric matrices', () => {
  const matrix = Float64Array.of(4, 1, 0, 1, 3, 1, 0, 1, 2);
  const inverse = invert(matrix, 3) ?? new Float64Array(0);
  expect(inverse[0]).toBeCloseTo(5 / 18, 14);
  expect(invert(Float64Array.of(1, 1, 1, 1), 2)).toBeUndefined();
  const { values, vectors } = eigen(matrix, 3);
  expect((values[0] ?? 0) * (values[1] ?? 0) * (values[2] ?? 0)).toBeCloseTo(18, 10);
  const first = vectors.subarray(0, 3);
  expect(4 * (first[0] ?? 0) + (first[1] ?? 0)).toBeCloseTo((values[0] ?? 0) * (first[0] ?? 0), 12);
});
