import { isAutosome } from './plink/text.ts';
import type { GenotypeBlock, Variant } from './genotypes.ts';

/** Why an institution's variant takes no part. */
export type Exclusion =
  | 'not-in-panel'
  | 'absent'
  | 'alleles-differ'
  | 'ambiguous-strand'
  | 'position-twice'
  | 'not-autosomal'
  | 'one-allele';

/** How an institution's variant meets the panel's: `swap` exchanges counted and other, `flip` takes the other strand. */
export interface Match {
  /** Index in the panel. */
  readonly panel: number;
  readonly swap: boolean;
  readonly flip: boolean;
}

/**
 * What is done with A/T and C/G variants, whose strand the alleles do not tell: `exclude`, or `trust` that every
 * institution reports the same strand.
 */
export type AmbiguousPolicy = 'exclude' | 'trust';

const complements: Readonly<Record<string, string>> = { A: 'T', C: 'G', G: 'C', T: 'A' };

/** The allele on the other strand: reversed complement; undefined for what is not written in A, C, G, T. */
export function otherStrand(allele: string): string | undefined {
  let result = '';
  for (let at = allele.length - 1; at >= 0; at -= 1) {
    const complement = complements[allele[at] ?? ''];
    if (complement === undefined) return undefined;
    result += complement;
  }
  return result;
}

/** Whether the two alleles are each other's complement. */
export const isAmbiguous = ({ counted, other }: Variant): boolean => otherStrand(counted) === other;

/** Where a variant lies, as the key under which institutions compare. */
export const placeOf = ({ chromosome, position }: Variant): string => `${chromosome}:${position}`;

/** Matches an institution's variants to an agreed panel by chromosome, position and alleles. Pure and in one pass. */
export function startHarmonising(panel: readonly Variant[], policy: AmbiguousPolicy = 'exclude') {
  const at = new Map<string, number>();
  const twice = new Set<string>();
  for (const [index, variant] of panel.entries()) {
    const place = placeOf(variant);
    if (at.has(place)) twice.add(place);
    at.set(place, index);
  }
  const taken = new Set<number>();
  return (variant: Variant): Match | Exclusion => {
    if (!isAutosome(variant.chromosome)) return 'not-autosomal';
    const place = placeOf(variant);
    const index = at.get(place);
    const wanted = index === undefined ? undefined : panel[index];
    if (index === undefined || !wanted) return 'not-in-panel';
    if (twice.has(place) || taken.has(index)) return 'position-twice';
    const match = matchAlleles(variant, wanted, policy);
    if (typeof match === 'string') return match;
    taken.add(index);
    return { panel: index, ...match };
  };
}

function matchAlleles(own: Variant, wanted: Variant, policy: AmbiguousPolicy): Omit<Match, 'panel'> | Exclusion {
  if ([wanted.counted, wanted.other].includes('0') || wanted.counted === wanted.other) return 'one-allele';
  if (policy === 'exclude' && isAmbiguous(wanted)) return 'ambiguous-strand';
  if (own.counted === '0' || own.other === '0') return matchOne(own, wanted);
  const same = (counted: string | undefined, other: string | undefined) =>
    counted === wanted.counted && other === wanted.other;
  if (same(own.counted, own.other)) return { swap: false, flip: false };
  if (same(own.other, own.counted)) return { swap: true, flip: false };
  const [counted, other] = [otherStrand(own.counted), otherStrand(own.other)];
  if (same(counted, other)) return { swap: false, flip: true };
  return same(other, counted) ? { swap: true, flip: true } : 'alleles-differ';
}

/** An institution that saw one allele only (0 stands for the other, as PLINK writes it) matches by that one. */
function matchOne(own: Variant, wanted: Variant): Omit<Match, 'panel'> | Exclusion {
  const seen = own.counted === '0' ? own.other : own.counted;
  if (seen === '0') return { swap: false, flip: false };
  for (const flip of [false, true]) {
    const allele = flip ? otherStrand(seen) : seen;
    const isCounted = allele === wanted.counted;
    if (isCounted || allele === wanted.other) return { swap: isCounted === (own.counted === '0'), flip };
  }
  return 'alleles-differ';
}

/** Exchanges two copies and none in a packed row; one copy and missing stay. */
export function swapRow(block: GenotypeBlock, row: number): void {
  const end = (row + 1) * block.rowBytes;
  for (let at = row * block.rowBytes; at < end; at += 1) {
    const byte = block.packed[at] as number;
    // 00 ↔ 11 where both bits of a pair are alike.
    const alike = ~(byte ^ (byte >> 1)) & 0x55;
    block.packed[at] = byte ^ (alike | (alike << 1));
  }
}

/**
 * The panel of a job from the lists that the institutions bring: places that all of them have, in the order and with the
 * alleles of the first, whatever the strand and which allele the others count.
 */
export function intersectVariants(
  lists: readonly (readonly Variant[])[],
  policy: AmbiguousPolicy = 'exclude',
): Variant[] {
  const [first = [], ...others] = lists;
  const own = startHarmonising(first, policy);
  const kept = new Set<number>();
  for (const variant of first) {
    const match = own(variant);
    if (typeof match !== 'string') kept.add(match.panel);
  }
  for (const list of others) {
    const match = startHarmonising(first, policy);
    const found = new Set<number>();
    for (const variant of list) {
      const result = match(variant);
      if (typeof result !== 'string') found.add(result.panel);
    }
    for (const index of kept) if (!found.has(index)) kept.delete(index);
  }
  return first.filter((_, index) => kept.has(index));
}

/** Samples that stand in more than one institution's list, by identifier; for lists that may be compared in the clear. */
export function sampleOverlap(lists: readonly (readonly string[])[]): string[] {
  const seen = new Map<string, number>();
  for (const list of lists) for (const id of new Set(list)) seen.set(id, (seen.get(id) ?? 0) + 1);
  return [...seen].filter(([, count]) => count > 1).map(([id]) => id);
}
