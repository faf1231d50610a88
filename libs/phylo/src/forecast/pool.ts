import type { CountTable } from './counts.ts';

/** Adds vectors of whole numbers of all partners and gives everybody the total: a secure sum, or a plain one. */
export type SumOfAll = (counts: Float64Array) => Promise<Float64Array>;

/**
 * The counts of all partners together, over a design that they agreed on. Growth, forecast and warnings depend on counts through this table only and the sum
 * is of whole numbers, so partners that add securely get the figures of pooled data to the last digit. Everybody learns the totals, nobody whose they are.
 */
export async function pooledCounts(own: CountTable, sum: SumOfAll): Promise<CountTable> {
  const counts = await sum(own.counts);
  if (counts.length !== own.counts.length) throw new RangeError('the partners do not fit over one design');
  return { design: own.design, counts };
}
