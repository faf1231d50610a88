/** Power sums of a variable about an agreed origin: what institutions add. */
export interface PowerSums {
  readonly n: number;
  readonly sum: number;
  readonly squares: number;
}

export interface Description {
  readonly n: number;
  readonly mean: number;
  /** With n - 1. */
  readonly variance: number;
  readonly deviation: number;
  readonly meanError: number;
}

/** Sums of x - origin; missing values (NaN) are left out. An origin near the mean keeps the squares small. */
export function powerSums(values: Iterable<number>, origin = 0): PowerSums {
  let n = 0;
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    n += 1;
    sum += value - origin;
    squares += (value - origin) ** 2;
  }
  return { n, sum, squares };
}

/** Mean and spread from the pooled sums. */
export function describe({ n, sum, squares }: PowerSums, origin = 0): Description {
  const mean = sum / n;
  const variance = n > 1 ? Math.max(0, squares - n * mean * mean) / (n - 1) : Number.NaN;
  return {
    n,
    mean: mean + origin,
    variance,
    deviation: Math.sqrt(variance),
    meanError: Math.sqrt(variance / n),
  };
}

/** Counts in [edge k, edge k+1), the last bin closed; `below` and `above` hold the rest. Edges ascend. */
export function histogram(values: Iterable<number>, edges: readonly number[]) {
  const bins = edges.slice(1).map(() => 0);
  let below = 0;
  let above = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    if (value < (edges[0] ?? Number.POSITIVE_INFINITY)) below += 1;
    else if (value > (edges.at(-1) ?? Number.NEGATIVE_INFINITY)) above += 1;
    else {
      const after = edges.findIndex((edge) => edge > value);
      const bin = after < 0 ? bins.length - 1 : after - 1;
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
  }
  return { below, bins, above };
}

/** A quantile read off pooled bins, linear within its bin; NaN where it lies outside them. */
export function quantile(bins: readonly number[], edges: readonly number[], share: number): number {
  const n = bins.reduce((sum, count) => sum + count, 0);
  let before = 0;
  for (const [at, count] of bins.entries()) {
    if (count > 0 && before + count >= share * n) {
      const from = edges[at] ?? Number.NaN;
      return from + (((edges[at + 1] ?? Number.NaN) - from) * (share * n - before)) / count;
    }
    before += count;
  }
  return Number.NaN;
}
