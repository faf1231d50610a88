import type { Context } from '../../platform/context.ts';

/** An object's life as the caller may see it. */
export interface Traced {
  readonly object: string;
  readonly accession: string | undefined;
  readonly type: string;
  /** The caller may see every act, not only those that whoever may read the object may see. */
  readonly whole: boolean;
  /** The object itself and what belongs to it. */
  readonly subjects: readonly { readonly kind: string; readonly id: string }[];
}

/** What the ledger asks of modules above it; composition passes it in. */
export interface LedgerPorts {
  /** What belongs to an object, by accession or id. Refuses like any other reading of it. */
  readonly trace: (context: Context, object: string) => Promise<Traced>;
}
