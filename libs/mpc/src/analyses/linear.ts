import { unpack } from '../inputs/genotypes.ts';
import { linearFromSums, type Coefficient } from '../statistics/regression.ts';
import { fromTriangle, triangleSize } from '../statistics/symmetric.ts';
import { loadPanel, type Cohort } from './cohort.ts';
import { realBits, standardise, type Design } from './design.ts';
import { sumInPieces, type Sum } from './sum.ts';

/**
 * Linear regression of a quantity on each variant with covariates, all institutions together (PLINK --linear). Opens, for
 * each variant, the sums of squares and products of [1, genotype, covariates, outcome] over those who are called.
 */
export async function linearRegression(
  cohort: Cohort,
  outcome: Float64Array,
  covariates: readonly Float64Array[],
  sum: Sum,
): Promise<(Coefficient & { n: number })[]> {
  const design = await standardise(outcome, covariates, { binary: false }, sum);
  const columns = covariates.length + 3;
  const total = await sumInPieces(sum, 'squares and products', await crossProducts(cohort, design), realBits);
  const size = triangleSize(columns);
  return cohort.panel.map((_, variant) => {
    const all = fromTriangle(total, columns, variant * size);
    const p = columns - 1;
    const xx = new Float64Array(p * p);
    for (let i = 0; i < p; i += 1) for (let j = 0; j < p; j += 1) xx[i * p + j] = all[i * columns + j] as number;
    const xy = Float64Array.from({ length: p }, (_, i) => all[i * columns + p] as number);
    const n = Math.round(all[0] as number);
    const fit = linearFromSums({ xx, xy, yy: all[columns * columns - 1] as number, n }, 1);
    return { ...fit, beta: fit.beta * design.outcomeDeviation, error: fit.error * design.outcomeDeviation, n };
  });
}

/** The triangle of products of [1, g, covariates, y] for each variant, over the individuals that are called. */
async function crossProducts(cohort: Cohort, design: Design): Promise<Float64Array> {
  const n = design.individuals.length;
  const columns = [new Float64Array(n).fill(1), new Float64Array(n), ...design.covariates, design.outcome];
  const size = triangleSize(columns.length);
  const whole = triangle(columns, design.individuals.length);
  const { packed, rowBytes } = await loadPanel(cohort);
  const sums = new Float64Array(cohort.panel.length * size);
  const copies = new Uint8Array(cohort.individuals);
  for (let variant = 0; variant < cohort.panel.length; variant += 1) {
    unpack(packed.subarray(variant * rowBytes, (variant + 1) * rowBytes), cohort.individuals, copies);
    variantProducts(copies, design.individuals, columns, whole, sums.subarray(variant * size, (variant + 1) * size));
  }
  return sums;
}

/** Starts from the products over everybody, takes away those that are not called, and fills in the genotype's row. */
function variantProducts(
  copies: Uint8Array,
  individuals: Int32Array,
  columns: readonly Float64Array[],
  whole: Float64Array,
  into: Float64Array,
): void {
  const width = columns.length;
  const { genotype, missing } = called(copies, individuals);
  into.set(whole);
  for (const i of missing) {
    let at = 0;
    for (let a = 0; a < width; a += 1) {
      const value = columns[a]?.[i] as number;
      for (let b = a; b < width; b += 1) into[at] = (into[at++] as number) - value * (columns[b]?.[i] as number);
    }
  }
  // Column 1 of the triangle is the genotype: [0,1], then row 1.
  for (let b = 0; b < width; b += 1)
    into[b === 0 ? 1 : width + b - 1] = inner(genotype, b === 1 ? genotype : (columns[b] as Float64Array));
}

/** Copies of the individuals of a design, zero where missing, and who is missing. */
export function called(copies: Uint8Array, individuals: Int32Array): { genotype: Float64Array; missing: number[] } {
  const genotype = new Float64Array(individuals.length);
  const missing: number[] = [];
  for (let i = 0; i < individuals.length; i += 1) {
    const value = copies[individuals[i] as number] as number;
    if (value === 3) missing.push(i);
    else genotype[i] = value;
  }
  return { genotype, missing };
}

/** Σ aᵢ·bᵢ in four lanes. */
export function inner(a: Float64Array, b: Float64Array): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const even = a.length - (a.length % 4);
  for (let i = 0; i < even; i += 4) {
    s0 += (a[i] as number) * (b[i] as number);
    s1 += (a[i + 1] as number) * (b[i + 1] as number);
    s2 += (a[i + 2] as number) * (b[i + 2] as number);
    s3 += (a[i + 3] as number) * (b[i + 3] as number);
  }
  for (let i = even; i < a.length; i += 1) s0 += (a[i] as number) * (b[i] as number);
  return s0 + s1 + (s2 + s3);
}

/** Upper triangle of products of columns. */
export function triangle(columns: readonly Float64Array[], n: number): Float64Array {
  const sums = new Float64Array(triangleSize(columns.length));
  let at = 0;
  for (const [a, first] of columns.entries())
    for (const second of columns.slice(a)) {
      let sum = 0;
      for (let i = 0; i < n; i += 1) sum += (first[i] as number) * (second[i] as number);
      sums[at++] = sum;
    }
  return sums;
}
