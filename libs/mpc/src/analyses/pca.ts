import { countRow, maskOf, unpack } from '../inputs/genotypes.ts';
import { combine, inner, orthonormal, startBlock } from '../statistics/subspace.ts';
import { eigen } from '../statistics/symmetric.ts';
import { loadPanel, type Cohort } from './cohort.ts';
import { sumInPieces, type Sum } from './sum.ts';

export interface PrincipalComponents {
  /** Of the relationship matrix ZZ'/m over the whole panel, largest first; m counts also what does not vary, as PLINK does. */
  readonly eigenvalues: Float64Array;
  /** Coordinates of this institution's own individuals: individuals × components, unit length over the pooled cohort. */
  readonly own: Float64Array;
  /** Variants that vary and took part. */
  readonly variants: number;
  readonly rounds: number;
}

/** Bits for sums of products with orthonormal blocks. */
const bits = 34;

/**
 * Principal components of the pooled cohort by randomised block Krylov iteration (Musco and Musco 2015, algorithm 2) on
 * Z = (g - 2p)/√(2p(1-p)) with missing genotypes at the mean (PLINK --pca). Each round opens one m×k block Z'ZQ, a
 * function of everybody; an individual's coordinates stay with its institution.
 */
export async function principalComponents(
  cohort: Cohort,
  components: number,
  sum: Sum,
  { seed = 1, rounds = 14, extra = 4 } = {},
): Promise<PrincipalComponents> {
  const m = cohort.panel.length;
  const n = cohort.individuals;
  const k = Math.min(components + extra, m);
  const { packed, rowBytes } = await loadPanel(cohort);
  const standard = await standardForms(packed, rowBytes, cohort, sum);
  const width = k * rounds;
  const basis = new Float64Array(width * m);
  const images = new Float64Array(width * m);
  const projected = new Float64Array(width * n);
  let next: Float64Array = startBlock(m, k, seed);
  for (let round = 0; round < rounds; round += 1) {
    basis.set(next, round * k * m);
    // Orthonormal to all blocks before it; those are so already and stay as they are.
    const block = orthonormal(basis.subarray(0, (round + 1) * k * m), m, round * k).subarray(round * k * m);
    basis.set(block, round * k * m);
    const own = project(packed, rowBytes, n, standard, block, k);
    projected.set(own, round * k * n);
    next = await sumInPieces(sum, 'subspace', backProject(packed, rowBytes, n, standard, own, k), bits);
    images.set(next, round * k * m);
  }
  // Rayleigh-Ritz within the whole Krylov space.
  const { values, vectors } = eigen(symmetrised(inner(basis, images, m), width), width);
  const directions = combine(projected, n, vectors, components);
  const own = new Float64Array(n * components);
  for (let c = 0; c < components; c += 1)
    for (let i = 0; i < n; i += 1)
      own[i * components + c] = (directions[c * n + i] as number) / Math.sqrt(values[c] as number);
  const variants = standard.scale.reduce((count, value) => count + (value > 0 ? 1 : 0), 0);
  return { eigenvalues: values.slice(0, components).map((value) => value / m), own, variants, rounds };
}

/** Pooled mean 2p and 1/√(2p(1-p)) of each variant; scale 0 where it does not vary. */
async function standardForms(packed: Uint8Array, rowBytes: number, cohort: Cohort, sum: Sum) {
  const everybody = maskOf(Array.from({ length: cohort.individuals }, () => true));
  const counts = new Float64Array(cohort.panel.length * 2);
  for (let variant = 0; variant < cohort.panel.length; variant += 1) {
    const [two, one, none] = countRow(packed, variant * rowBytes, everybody);
    counts.set([2 * two + one, two + one + none], variant * 2);
  }
  const total = await sumInPieces(sum, 'allele frequencies', counts);
  const mean = new Float64Array(cohort.panel.length);
  const scale = new Float64Array(cohort.panel.length);
  for (let variant = 0; variant < mean.length; variant += 1) {
    const average = (total[2 * variant] as number) / (total[2 * variant + 1] as number);
    const variance = average * (1 - average / 2);
    mean[variant] = average;
    scale[variant] = variance > 0 ? 1 / Math.sqrt(variance) : 0;
  }
  return { mean, scale };
}

type Standard = Awaited<ReturnType<typeof standardForms>>;

/** Z·Q: individuals × k, column by column. */
function project(packed: Uint8Array, rowBytes: number, n: number, standard: Standard, block: Float64Array, k: number) {
  const m = standard.scale.length;
  const result = new Float64Array(n * k);
  eachRow(packed, rowBytes, n, standard, (variant, z) => {
    for (let c = 0; c < k; c += 1) {
      const weight = block[c * m + variant] as number;
      for (let i = 0; i < n; i += 1) result[c * n + i] = (result[c * n + i] as number) + weight * (z[i] as number);
    }
  });
  return result;
}

/** Z'·P: m × k. */
function backProject(
  packed: Uint8Array,
  rowBytes: number,
  n: number,
  standard: Standard,
  projected: Float64Array,
  k: number,
) {
  const m = standard.scale.length;
  const result = new Float64Array(m * k);
  eachRow(packed, rowBytes, n, standard, (variant, z) => {
    for (let c = 0; c < k; c += 1) {
      let sum = 0;
      for (let i = 0; i < n; i += 1) sum += (projected[c * n + i] as number) * (z[i] as number);
      result[c * m + variant] = sum;
    }
  });
  return result;
}

function eachRow(
  packed: Uint8Array,
  rowBytes: number,
  n: number,
  { mean, scale }: Standard,
  visit: (variant: number, z: Float64Array) => void,
): void {
  const copies = new Uint8Array(n);
  const z = new Float64Array(n);
  for (let variant = 0; variant < scale.length; variant += 1) {
    const weight = scale[variant] as number;
    if (weight === 0) continue;
    unpack(packed.subarray(variant * rowBytes, (variant + 1) * rowBytes), n, copies);
    for (let i = 0; i < n; i += 1)
      z[i] = copies[i] === 3 ? 0 : ((copies[i] as number) - (mean[variant] as number)) * weight;
    visit(variant, z);
  }
}

function symmetrised(matrix: Float64Array, k: number): Float64Array {
  const result = matrix.slice();
  for (let i = 0; i < k; i += 1)
    for (let j = 0; j < k; j += 1)
      result[i * k + j] = ((matrix[i * k + j] as number) + (matrix[j * k + i] as number)) / 2;
  return result;
}
