/** A variant with two alleles. */
export interface Variant {
  readonly chromosome: string;
  readonly id: string;
  /** Base pairs, counted from 1. */
  readonly position: number;
  /** The allele whose copies are counted: A1 of PLINK, ALT of VCF. */
  readonly counted: string;
  readonly other: string;
}

/** An individual of one institution. */
export interface Sample {
  readonly family: string;
  readonly id: string;
  readonly sex: 'male' | 'female' | 'unknown';
  /** As in the sixth column of .fam: 1 control, 2 case, or a quantity; NaN where missing. */
  readonly phenotype: number;
}

/**
 * Some consecutive variants, packed as in .bed: one row of ⌈samples/4⌉ bytes each, two bits an individual, lowest first:
 * 00 two copies of `counted`, 10 one copy, 11 none, 01 missing. Bits after the last individual mean nothing.
 */
export interface GenotypeBlock {
  readonly variants: readonly Variant[];
  readonly rowBytes: number;
  readonly packed: Uint8Array;
}

/** Genotypes of an institution, read in one pass with bounded memory. */
export interface Genotypes {
  readonly samples: readonly Sample[];
  /** May be called again for another pass where the source allows it. */
  blocks(): AsyncIterable<GenotypeBlock>;
}

export const rowBytesOf = (samples: number): number => Math.ceil(samples / 4);

/** The two bits for 0, 1, 2 copies and 3 = missing. */
export const bitsOf = [3, 2, 0, 1] as const;

/** Copies of the counted allele by the two bits; 3 = missing. */
const copies = [2, 3, 1, 0] as const;

/** One row as copies 0, 1, 2 and 3 = missing, one byte an individual. */
export function unpack(row: Uint8Array, samples: number, into: Uint8Array = new Uint8Array(samples)): Uint8Array {
  for (let i = 0; i < samples; i += 1)
    into[i] = copies[(((row[i >> 2] as number) >> ((i & 3) << 1)) & 3) as 0 | 1 | 2 | 3];
  return into;
}

/** A row from copies 0, 1, 2 and 3 = missing. */
export function pack(counts: ArrayLike<number>, into: Uint8Array): void {
  into.fill(0);
  for (let i = 0; i < counts.length; i += 1)
    into[i >> 2] = (into[i >> 2] as number) | (bitsOf[counts[i] as number as 0 | 1 | 2 | 3] << ((i & 3) << 1));
}

/** A set of individuals as a mask over packed rows: low bit of each pair set where the individual belongs. */
export function maskOf(members: ArrayLike<boolean | number>): Uint8Array {
  const mask = new Uint8Array(rowBytesOf(members.length));
  for (let i = 0; i < members.length; i += 1)
    if (members[i]) mask[i >> 2] = (mask[i >> 2] as number) | (1 << ((i & 3) << 1));
  return mask;
}

/** Counts of individuals in the mask with two and one copy, with none, and missing, by population count. */
export function countRow(
  packed: Uint8Array,
  offset: number,
  mask: Uint8Array,
): [two: number, one: number, none: number, missing: number] {
  let low = 0;
  let high = 0;
  let both = 0;
  let members = 0;
  for (let i = 0; i < mask.length; i += 4) {
    const word = wordAt(packed, offset + i, offset + mask.length);
    const member = wordAt(mask, i, mask.length);
    const l = word & member;
    const h = (word >>> 1) & member;
    low += ones(l);
    high += ones(h);
    both += ones(l & h);
    members += ones(member);
  }
  return [members - low - high + both, high - both, both, low - both];
}

const wordAt = (bytes: Uint8Array, at: number, end: number): number =>
  at + 4 <= end
    ? (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)
    : (bytes[at] as number) |
      ((at + 1 < end ? (bytes[at + 1] as number) : 0) << 8) |
      ((at + 2 < end ? (bytes[at + 2] as number) : 0) << 16);

/** Set bits of a word whose odd bits are zero. */
function ones(word: number): number {
  const nibbles = (word & 0x11111111) + ((word >>> 2) & 0x11111111);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
