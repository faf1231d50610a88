import { histogram, type Description } from '../statistics/descriptive.ts';
import { pooledMoments } from './design.ts';
import type { Sum } from './sum.ts';

/** A clinical variable of one institution; `edges` are the agreed bounds of its histogram. */
export interface Variable {
  readonly values: Float64Array;
  readonly edges?: readonly number[];
}

/** Number, mean and spread of each variable over all institutions, and the counts of its bins. Opens these and nothing else. */
export async function describeVariables(
  variables: readonly Variable[],
  sum: Sum,
): Promise<(Description & { readonly bins: readonly number[] })[]> {
  const moments = await pooledMoments(
    variables.map(({ values }) => values),
    sum,
  );
  const local = variables.flatMap(({ values, edges }) => (edges ? histogram(values, edges).bins : []));
  const total = local.length > 0 ? await sum('histograms', Float64Array.from(local), 0) : new Float64Array(0);
  let at = 0;
  return moments.map((description, k) => {
    const width = Math.max(0, (variables[k]?.edges?.length ?? 1) - 1);
    return { ...description, bins: [...total.subarray(at, (at += width))] };
  });
}
