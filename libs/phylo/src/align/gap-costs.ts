import type { Cds } from '../call/annotation.ts';

/** Scores of an alignment, as Nextclade has them by default: gaps cost to open and nothing to extend. */
export const matchScore = 3;
export const mismatchScore = -1;

/** What opening a gap costs at each position of the reference: cheapest outside genes, dearest inside a codon. */
export interface GapCosts {
  readonly open: Uint8Array;
  /** Of equally good places of a gap, the leftmost or the rightmost. */
  readonly side: 'left' | 'right';
}

const prices = { outside: 6, codonStart: 7, insideCodon: 8 } as const;

/** Gap costs by position, of the coding sequences in either direction. Source: Nextclade 3, default alignment parameters. */
export function gapCosts(
  length: number,
  annotation: readonly Pick<Cds, 'positions' | 'reverse'>[],
  side: GapCosts['side'] = 'left',
): GapCosts {
  const open = new Uint8Array(length + 1).fill(prices.outside);
  for (const { positions, reverse } of annotation)
    for (let at = 0; at < positions.length; at += 1)
      open[positions[at] as number] = at % 3 === (reverse ? 2 : 0) ? prices.codonStart : prices.insideCodon;
  return { open, side };
}
