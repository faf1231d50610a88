import type { FieldDefinition, VcfType } from './reserved.ts';

const float = /^[-+]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?|inf(?:inity)?|nan)$/i;
const integer = /^[-+]?\d+$/;
const cigar = /^(?:\d+[MIDNSHPX=])+$/;

export const isFloat = (text: string): boolean => float.test(text);
export const isCigar = (text: string): boolean => cigar.test(text);

/** Whether a single value is of the type; a missing one always is. */
export function hasType(value: string, type: VcfType): boolean {
  if (value === '.') return true;
  return wellFormed[type](value);
}

const wellFormed: Readonly<Record<VcfType, (value: string) => boolean>> = {
  Integer: (value) => integer.test(value),
  Float: isFloat,
  Character: (value) => Array.from(value).length === 1,
  String: (value) => value !== '',
  Flag: () => false,
};

/** What numbers of values may depend on. */
export interface Cardinality {
  /** Undefined when ALT is missing: then nothing that counts alleles is checked. */
  readonly alternates: number | undefined;
  /** Undefined when no genotype tells it. */
  readonly ploidy: number | undefined;
}

/** How many values a field must have, undefined when any number will do. */
export function expectedCount({ number }: FieldDefinition, { alternates, ploidy }: Cardinality): number | undefined {
  switch (number) {
    case 'A':
      return alternates;
    case 'R':
      return alternates === undefined ? undefined : alternates + 1;
    case 'G':
      return ploidy === undefined || alternates === undefined ? undefined : genotypes(alternates + 1, ploidy);
    case 'P':
      return ploidy;
    default:
      return /^\d+$/.test(number) ? Number(number) : undefined;
  }
}

/** Unordered genotypes of `ploidy` chromosomes over `alleles`: C(alleles + ploidy - 1, ploidy). */
function genotypes(alleles: number, ploidy: number): number {
  let count = 1;
  for (let chosen = 1; chosen <= ploidy; chosen += 1) count = (count * (alleles + chosen - 1)) / chosen;
  return Math.round(count);
}

/** Chromosomes that a GT value tells, undefined when it is missing or malformed. */
export function ploidyOf(genotype: string): number | undefined {
  return genotype === '.' || genotype === '' ? undefined : genotype.replace(/^[/|]/, '').split(/[/|]/).length;
}
