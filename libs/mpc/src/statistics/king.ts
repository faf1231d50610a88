/** What a pair of individuals shares, over variants at which both are called. */
export interface PairCounts {
  /** Both heterozygous. */
  readonly hetHet: number;
  /** Opposite homozygotes. */
  readonly ibs0: number;
  /** Heterozygous in the first, in the second. */
  readonly het1: number;
  readonly het2: number;
}

/** KING-robust kinship between families (Manichaikul et al. 2010, equation 11); NaN where one has no heterozygote. */
export function kingRobust({ hetHet, ibs0, het1, het2 }: PairCounts): number {
  const least = Math.min(het1, het2);
  return least === 0 ? Number.NaN : (hetHet - 2 * ibs0) / (2 * least) + 0.5 - (het1 + het2) / (4 * least);
}

/** Degree of relationship by the usual bounds 2^-(k+1.5) (Manichaikul et al. 2010, table 1). */
export function degree(kinship: number): 'duplicate' | 'first' | 'second' | 'third' | 'unrelated' {
  if (kinship > 2 ** -1.5) return 'duplicate';
  if (kinship > 2 ** -2.5) return 'first';
  if (kinship > 2 ** -3.5) return 'second';
  return kinship > 2 ** -4.5 ? 'third' : 'unrelated';
}
