import type { Choice } from '../checklist/checklist.ts';
import { near } from '../suggest/distance.ts';

/** A term with the names under which other archives know it, where they differ. */
export interface Term extends Choice {
  /** What to write for an archive that spells the term otherwise; `null` where it has no such term. */
  readonly targets?: Readonly<Partial<Record<Target, string | null>>>;
}

/** Archives that terms are written for. */
export type Target = 'ena' | 'ncbi' | 'ddbj';

/** A controlled list as dated data: lists drift between the tools of one archive, so they are never code. */
export interface Vocabulary<T extends Term = Term> {
  readonly name: string;
  readonly version: string;
  readonly source: string;
  readonly terms: readonly T[];
}

/** How a submitted value relates to a list. */
export type Match<T> =
  | { readonly kind: 'exact'; readonly term: T }
  /** Another case, spacing or synonym of a term. */
  | { readonly kind: 'variant'; readonly term: T }
  | { readonly kind: 'none'; readonly near?: T };

/** Folds case, spaces, underscores and hyphens, so that `Illumina miSeq` meets `Illumina MiSeq`. */
export const foldTerm = (value: string): string =>
  value
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_-]+/gu, ' ')
    .trim();

/** Prepares a list for matching: exact term first, then variants, then the nearest one. */
export function termReader<T extends Choice>(terms: readonly T[]): (value: string) => Match<T> {
  const exact = new Map(terms.map((term) => [term.value, term]));
  const folded = new Map<string, T>();
  for (const term of terms) if (!folded.has(foldTerm(term.value))) folded.set(foldTerm(term.value), term);
  for (const term of terms)
    for (const name of [...(term.synonyms ?? []), ...(term.label ? [term.label.en, term.label.zh] : [])])
      if (!folded.has(foldTerm(name))) folded.set(foldTerm(name), term);
  const spellings = [...folded.keys()];
  return (value) => {
    const term = exact.get(value);
    if (term) return { kind: 'exact', term };
    const folding = foldTerm(value);
    const variant = folded.get(folding);
    if (variant) return { kind: 'variant', term: variant };
    const neighbour = folded.get(near(folding, spellings) ?? '');
    return neighbour ? { kind: 'none', near: neighbour } : { kind: 'none' };
  };
}

/** What to write for another archive: its own spelling, the term itself, or `null` when it cannot say it. */
export function termFor(term: Term, target: Target): string | null {
  const written = term.targets?.[target];
  return written === undefined ? term.value : written;
}
