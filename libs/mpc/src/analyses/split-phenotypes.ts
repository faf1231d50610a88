import { standardise, type Design } from './design.ts';
import { fitNull, weights } from './logistic.ts';
import type { Sum } from './sum.ts';

/** What an institution with phenotypes makes of them by itself, one value an individual. */
export interface SplitPhenotypes {
  /** Of the model without a variant; of a linear one with mean square 1. */
  readonly residual: Float64Array;
  readonly weight: Float64Array;
  /** W^½ times an orthonormal basis of W^½[1, covariates]. */
  readonly basis: readonly Float64Array[];
  /** What a residual of 1 is in the outcome's own unit. */
  readonly deviation: number;
}

/** Of nobody but oneself. */
const alone: Sum = (_, values) => Promise.resolve(values);

/**
 * The model without a variant, of complete phenotypes: least squares, or logistic by Newton's method.
 * @returns undefined where covariates are combinations of each other, or outcome and covariates leave nothing to explain
 */
export async function splitPhenotypes(
  model: 'linear' | 'logistic',
  outcome: Float64Array,
  covariates: readonly Float64Array[],
): Promise<SplitPhenotypes | undefined> {
  const design = await standardise(outcome, covariates, { binary: model === 'logistic' }, alone);
  const ones = new Float64Array(outcome.length).fill(1);
  const base = [ones, ...design.covariates];
  if (model === 'logistic') return logistic(base, design);
  const basis = orthonormal(base);
  if (!basis) return undefined;
  const residual = design.outcome.slice();
  for (const column of basis) takeOff(residual, column);
  const spread = Math.sqrt(product(residual, residual) / residual.length);
  if (!(spread > 1e-9)) return undefined;
  const deviation = spread * design.outcomeDeviation;
  return { residual: residual.map((value) => value / spread), weight: ones, basis, deviation };
}

async function logistic(base: readonly Float64Array[], design: Design): Promise<SplitPhenotypes | undefined> {
  const null_ = await fitNull(base, design, alone);
  if (!null_) return undefined;
  const { residual, weight } = weights(base, null_.beta, design.outcome);
  const roots = weight.map(Math.sqrt);
  const by = (column: Float64Array) => column.map((value, i) => value * (roots[i] as number));
  const basis = orthonormal(base.map(by));
  return basis && { residual, weight, basis: basis.map(by), deviation: 1 };
}

const product = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);

function takeOff(from: Float64Array, unit: Float64Array): void {
  const size = product(from, unit);
  for (let i = 0; i < from.length; i += 1) from[i] = (from[i] as number) - size * (unit[i] as number);
}

/** Gram and Schmidt, twice for the digits. */
function orthonormal(columns: readonly Float64Array[]): Float64Array[] | undefined {
  const basis: Float64Array[] = [];
  for (const column of columns) {
    const rest = column.slice();
    for (let turn = 0; turn < 2; turn += 1) for (const unit of basis) takeOff(rest, unit);
    const size = Math.sqrt(product(rest, rest));
    if (!(size > 1e-6 * Math.sqrt(product(column, column)))) return undefined;
    basis.push(rest.map((value) => value / size));
  }
  return basis;
}
