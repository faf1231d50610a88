/**
 * Exact test of Hardy-Weinberg equilibrium: the sum of the probabilities of all heterozygote counts that are no likelier
 * than the observed one, given the alleles (Wigginton, Cutler, Abecasis 2005). Counts of individuals; 1 when there are none.
 */
export function hardyWeinbergExact(hom1: number, het: number, hom2: number): number {
  const n = hom1 + het + hom2;
  if (n === 0) return 1;
  const rare = 2 * Math.min(hom1, hom2) + het;
  // The likeliest count has the parity of the rare alleles.
  let middle = Math.floor((rare * (2 * n - rare)) / (2 * n));
  if (middle % 2 !== rare % 2) middle += 1;
  const relative = new Map<number, number>([[middle, 1]]);
  walk(middle, rare, n, -2, relative);
  walk(middle, rare, n, 2, relative);
  // Where rounding leaves the observed count apart from its mirror image, both belong to the tail (as PLINK has it).
  const observed = (relative.get(het) ?? 0) * (1 + 1e-10);
  let total = 0;
  let tail = 0;
  for (const probability of relative.values()) {
    total += probability;
    if (probability <= observed) tail += probability;
  }
  return Math.min(1, tail / total);
}

/** Relative probabilities outward from the middle by the ratio of neighbours (Wigginton et al. equation 2). */
function walk(middle: number, rare: number, n: number, step: 2 | -2, into: Map<number, number>): void {
  let probability = 1;
  for (let het = middle; ; het += step) {
    const homRare = (rare - het) / 2;
    const homCommon = n - het - homRare;
    probability *=
      step < 0
        ? (het * (het - 1)) / (4 * (homRare + 1) * (homCommon + 1))
        : (4 * homRare * homCommon) / ((het + 2) * (het + 1));
    const next = het + step;
    if (next < 0 || next > rare || probability === 0) return;
    into.set(next, probability);
  }
}
