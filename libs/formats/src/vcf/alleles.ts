import type { VcfVersion } from './version.ts';

const bases = /^[ACGTN]+$/i;
/** `t[p[`, `t]p]`, `]p]t`, `[p[t` with the mate position as `contig:pos` or `<contig>:pos` (5.4). */
const breakend =
  /^(?:(?:[ACGTN]+|\.)(?:\[[^\s[\]]+:\d+\[|\][^\s[\]]+:\d+\])|(?:\[[^\s[\]]+:\d+\[|\][^\s[\]]+:\d+\])(?:[ACGTN]+|\.))$/i;
const singleBreakend = /^(?:\.[ACGTN]+|[ACGTN]+\.)$/i;
const symbolic = /^<[^\s,<>]+>$/;

/** Whether REF is a string of bases. */
export const isReference = (ref: string): boolean => bases.test(ref);

/** Whether one alternate allele has a form that the specification knows. */
export function isAlternate(allele: string, version: VcfVersion): boolean {
  return (
    bases.test(allele) ||
    symbolic.test(allele) ||
    (allele === '*' && version >= 2) ||
    breakend.test(allele) ||
    singleBreakend.test(allele)
  );
}

/** A variant without the bases that both alleles share, so that different ways of writing it become one. */
export function trimmed(position: number, ref: string, alt: string): { position: number; key: string } | undefined {
  if (!bases.test(alt)) return undefined;
  let [refEnd, altEnd, start] = [ref.length, alt.length, 0];
  while (refEnd > 0 && altEnd > 0 && same(ref, refEnd - 1, alt, altEnd - 1)) {
    refEnd -= 1;
    altEnd -= 1;
  }
  while (start < refEnd && start < altEnd && same(ref, start, alt, start)) start += 1;
  const key = `${position + start} ${ref.slice(start, refEnd)} ${alt.slice(start, altEnd)}`;
  return { position: position + start, key: key.toUpperCase() };
}

const same = (a: string, i: number, b: string, j: number) => a[i]?.toUpperCase() === b[j]?.toUpperCase();
