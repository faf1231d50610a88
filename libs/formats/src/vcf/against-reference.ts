import type { Findings } from '../findings.ts';
import type { VcfHeader } from './meta.ts';
import type { VcfRecord } from './record.ts';
import type { Reference } from './reference.ts';
import { vcfRules } from './rules.ts';

/** What each letter of IUPAC may stand for; N stands for itself, as a base that is not known. */
const letters: Readonly<Record<string, string>> = {
  R: 'AG',
  Y: 'CT',
  S: 'CG',
  W: 'AT',
  K: 'GT',
  M: 'AC',
  B: 'CGT',
  D: 'AGT',
  H: 'ACT',
  V: 'ACG',
};
const shown = 60;
/** Contigs that are told once. */
const remembered = 10_000;

/**
 * Holds each record against the reference: its contig is there, it lies within it, and REF has the bases that stand there
 * (section 1.6.1, REF). Letters other than A, C, G, T and N may be written as one of their bases.
 */
export function againstReference(reference: Reference, header: VcfHeader, findings: Findings) {
  const unknown = new Set<string>();
  let begun = false;
  const compareLengths = () => {
    begun = true;
    for (const [contig, declared] of header.contigs) {
      const actual = reference.lengthOf(contig);
      if (declared !== undefined && actual !== undefined && declared !== actual)
        findings.add(vcfRules.referenceLength, {}, contig, { contig, declared, actual });
    }
  };
  return {
    add({ contig, position, ref }: VcfRecord, line: number): void {
      if (!begun) compareLengths();
      const length = reference.lengthOf(contig);
      if (length === undefined) {
        if (unknown.has(contig) || unknown.size >= remembered) return;
        unknown.add(contig);
        findings.add(vcfRules.referenceContig, { line, column: 1 }, contig, { contig });
        return;
      }
      // The positions before the first and behind the last base are those of the telomeres.
      const telomere = position === 0 || position === length + 1;
      if (!Number.isSafeInteger(position) || telomere || !/^[ACGTN]+$/i.test(ref)) return;
      const end = position - 1 + ref.length;
      if (end > length) {
        findings.add(vcfRules.referenceEnd, { line }, String(position), { contig, end, length });
        return;
      }
      const expected = reference.bases(contig, position - 1, end).toUpperCase();
      if (!fits(ref.toUpperCase(), expected))
        findings.add(vcfRules.referenceDiffers, { line }, ref, {
          contig,
          position,
          ref: ref.slice(0, shown),
          expected: expected.slice(0, shown),
        });
    },
  };
}

function fits(ref: string, expected: string): boolean {
  if (ref === expected) return true;
  for (let at = 0; at < ref.length; at += 1) {
    const [base = '', there = ''] = [ref[at], expected[at]];
    if (base !== there && !(letters[there] ?? '').includes(base)) return false;
  }
  return true;
}
