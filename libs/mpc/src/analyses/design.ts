import { describe, powerSums } from '../statistics/descriptive.ts';
import type { Sum } from './sum.ts';

/** Binary places of sums of standardised values: 2^30 leaves 30 bits for their size. */
export const realBits = 30;

/** One institution's outcome and covariates: individuals × variables; individuals with a missing value are left out. */
export interface Design {
  /** Rows of the source that take part. */
  readonly individuals: Int32Array;
  /** Standardised by the pooled mean and deviation (a 0/1 outcome is left as it is). */
  readonly outcome: Float64Array;
  readonly covariates: readonly Float64Array[];
  /** Pooled number of individuals. */
  readonly n: number;
  readonly outcomeDeviation: number;
}

/** Standardises over all institutions: two additions of counts and power sums, so that numbers stay small in the field. */
export async function standardise(
  outcome: Float64Array,
  covariates: readonly Float64Array[],
  options: { binary: boolean },
  sum: Sum,
): Promise<Design> {
  const whole: number[] = [];
  for (let i = 0; i < outcome.length; i += 1)
    if (![outcome, ...covariates].some((values) => Number.isNaN(values[i]))) whole.push(i);
  const individuals = Int32Array.from(whole);
  const taken = [outcome, ...covariates].map((values) => Float64Array.from(individuals, (i) => values[i] as number));
  const moments = await pooledMoments(taken, sum);
  const standard = taken.map((values, k) => {
    const { mean, deviation } = moments[k] ?? { mean: 0, deviation: 1 };
    const spread = deviation > 0 ? deviation : 1;
    return values.map((value) => (value - mean) / spread);
  });
  return {
    individuals,
    outcome: (options.binary ? taken[0] : standard[0]) ?? new Float64Array(0),
    covariates: standard.slice(1),
    n: moments[0]?.n ?? 0,
    outcomeDeviation: options.binary ? 1 : (moments[0]?.deviation ?? Number.NaN),
  };
}

/** Number, mean and spread of variables over all institutions: two additions. */
export async function pooledMoments(variables: readonly Float64Array[], sum: Sum) {
  const bits = 10;
  const means = await momentsOf(
    variables,
    variables.map(() => 0),
    bits,
    sum,
  );
  // The second pass is about the pooled means: no digits are lost to a large mean.
  return momentsOf(
    variables,
    means.map(({ mean }) => (Number.isFinite(mean) ? mean : 0)),
    bits,
    sum,
  );
}

async function momentsOf(variables: readonly Float64Array[], origins: readonly number[], bits: number, sum: Sum) {
  const local = variables.flatMap((values, k) => {
    const { n, sum: first, squares } = powerSums(values, origins[k]);
    return [n, first, squares];
  });
  const total = await sum('means and deviations', Float64Array.from(local), bits);
  return variables.map((_, k) =>
    describe({ n: total[3 * k] ?? 0, sum: total[3 * k + 1] ?? 0, squares: total[3 * k + 2] ?? 0 }, origins[k]),
  );
}
