import { expect, it } from 'vitest';
import {
  cohortOf,
  fieldP61,
  givePhenotypes,
  logisticRegression,
  memoryNets,
  pack,
  rowBytesOf,
  shiftedRows,
  splitPhenotypes,
  splitSums,
  takeSeat,
  type Genotypes,
  type Security,
} from '../index.ts';
import { plainSums } from '../test/plain-sum.ts';
import { allOf, host, seedOf } from '../test/parties.ts';

const [individuals, variants] = [80, 12];
const noise = (seed: number) => {
  const value = Math.sin(seed * 12.9898) * 43_758.5453;
  return value - Math.floor(value);
};
const copies = Array.from({ length: variants }, (_, v) =>
  Uint8Array.from({ length: individuals }, (__, i) => Math.floor(3 * noise(v * 997 + i + 1) ** 1.5)),
);
const age = Float64Array.from({ length: individuals }, (_, i) => 30 + 40 * noise(i + 7));
const sick = Float64Array.from({ length: individuals }, (_, i) =>
  Number(noise(i + 3000) + 0.15 * (copies[0]?.[i] ?? 0) + 0.004 * (age[i] ?? 0) > 0.8),
);

/** The same genotypes as a source. */
const panel = copies.map((_, v) => ({ chromosome: '1', id: `v${v}`, position: v + 1, counted: 'A', other: 'C' }));
const rowBytes = rowBytesOf(individuals);
const genotypes: Genotypes = {
  samples: Array.from({ length: individuals }, (_, i) => ({
    family: 'F',
    id: `i${i}`,
    sex: 'unknown' as const,
    phenotype: Number.NaN,
  })),
  async *blocks() {
    const packed = new Uint8Array(variants * rowBytes);
    for (const [v, row] of copies.entries()) pack(row, packed.subarray(v * rowBytes, (v + 1) * rowBytes));
    yield await Promise.resolve({ variants: panel, rowBytes, packed });
  },
};

it.each<Security>(['malicious', 'semi-honest'])(
  'score tests of a split logistic model equal those of pooled data, %s',
  async (security) => {
    const split = { genotypes: 0, phenotypes: 1, individuals };
    const results = await allOf(memoryNets(3), async (net) => {
      const seat = await takeSeat(net, host, fieldP61, { security, dealers: [0, 1], seed: seedOf(net.me + 1) });
      const own = net.me === 1 ? await splitPhenotypes('logistic', sick, [age]) : undefined;
      const secret = await givePhenotypes(seat, split, 2, own);
      const row = (v: number) => copies[v] ?? new Uint8Array(individuals);
      const rows = net.me === 0 ? shiftedRows(row, variants, individuals, fieldP61) : undefined;
      return splitSums(seat, split, secret, 2, rows, variants);
    });
    const [sum] = plainSums(1);
    if (!sum) throw new Error('no sum');
    const pooled = await logisticRegression(cohortOf(genotypes, panel, 'trust'), sick, [age], sum, 0);
    expect(results[0]).toEqual(results[2]);
    const statistic = Array.from(
      results[2]?.score ?? [],
      (score, at) => score ** 2 / (results[2]?.information[at] ?? Number.NaN),
    );
    expect(statistic).toHaveLength(variants);
    for (const [at, one] of statistic.entries()) {
      const expected = pooled[at]?.scoreChiSquare ?? Number.NaN;
      expect(Math.abs(one - expected)).toBeLessThan(1e-4 * expected + 1e-9);
    }
  },
);
