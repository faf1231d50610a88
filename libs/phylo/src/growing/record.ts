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

/** How many of each a diff tells. */
export const countsOf = ({ added, moved, renamed, refused }: UpdateDiff): UpdateRecord['counts'] => ({
  added: added.length,
  moved: moved.length,
  renamed: renamed.length,
  refused: refused.length,
});
