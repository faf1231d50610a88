import type { Tx } from '../../platform/db.ts';

/** What the submission module tells to modules above it; composition passes these in. */
export interface SubmissionPorts {
  /**
   * Called with the transaction that created or changed objects, or removed drafts of them (an id may be gone).
   * At most 1,000 ids come at once.
   */
  readonly objectsChanged: (tx: Tx, ids: readonly string[]) => Promise<void>;
}
