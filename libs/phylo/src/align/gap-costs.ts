/** Scores of an alignment, as Nextclade has them by default: gaps cost to open and nothing to extend. */
export const matchScore = 3;
export const mismatchScore = -1;

/** What opening a gap costs at each position of the reference: cheapest outside genes, dearest inside a codon. */
export interface GapCosts {
  readonly open: Uint8Array;
  /** Of equally good places of a gap, the leftmost or the rightmost. */
  readonly side: 'left' | 'right';
}

const costs = { outside: 6, codonStart: 7, insideCodon: 8 } as const;

/** @param genes coding segments, 0-based, end exclusive; `phase` bases of each come before its first whole codon */
export function gapCosts(
  length: number,
  genes: readonly { readonly start: number; readonly end: number; readonly phase: number }[],
  side: GapCosts['side'] = 'left',
): GapCosts {
  const open = new Uint8Array(length + 1).fill(costs.outside);
  for (const { start, end, phase } of genes)
    for (let at = start; at < end; at += 1)
      open[at] = (at - start - phase) % 3 === 0 ? costs.codonStart : costs.insideCodon;
  return { open, side };
}
