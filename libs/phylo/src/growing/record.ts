import type { Terms } from '../dataset/installed.ts';
import type { UpdateDiff } from '../placement/update.ts';

/** A file or value with the hash that names it. */
export interface Hashed {
  readonly name: string;
  readonly sha256: string;
}

/** What one update did, from what and with what, so that anybody can do it again. Its canonical JSON is hashed into the next one. */
export interface UpdateRecord {
  readonly type: 'geneward.virus.update';
  readonly version: 1;
  /** From 1. */
  readonly number: number;
  /** Hash of the record before; empty at the first. */
  readonly previous: string;
  /** The day as of which it was made, YYYY-MM-DD. */
  readonly asOf: string;
  readonly program: { readonly name: string; readonly version: string };
  readonly dataset: { readonly id: string; readonly version: string; readonly hash: string };
  readonly inputs: readonly Hashed[];
  /** Where the genomes of this batch come from and what may be done with them: the terms of every sample that it added. */
  readonly terms: Terms;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  /** Hashes of the states before and after. */
  readonly before: string;
  readonly after: string;
  /** Hash of the canonical JSON of the diff. */
  readonly diff: string;
  readonly counts: {
    readonly added: number;
    readonly moved: number;
    readonly renamed: number;
    readonly refused: number;
  };
}

/** One term and the samples that are under it. */
export interface TermsOf {
  readonly terms: Terms;
  readonly samples: number;
}

/** The terms of all that a growing tree holds, each once with its number of samples: what every figure made from it must say. */
export function termsOf(
  start: Terms & { readonly samples: number },
  updates: readonly Pick<UpdateRecord, 'terms' | 'counts'>[],
): TermsOf[] {
  const byText = new Map<string, TermsOf>();
  const add = ({ source, license, terms }: Terms, samples: number): void => {
    const key = JSON.stringify([source, license, terms]);
    byText.set(key, { terms: { source, license, terms }, samples: (byText.get(key)?.samples ?? 0) + samples });
  };
  add(start, start.samples);
  for (const { terms, counts } of updates) if (counts.added > 0) add(terms, counts.added);
  return [...byText.values()];
}

/** How many of each a diff tells. */
export const countsOf = ({ added, moved, renamed, refused }: UpdateDiff): UpdateRecord['counts'] => ({
  added: added.length,
  moved: moved.length,
  renamed: renamed.length,
  refused: refused.length,
});
