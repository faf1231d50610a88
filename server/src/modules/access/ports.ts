import type { Label } from '@geneward/api';
import type { Tx } from '../../platform/db.ts';
import type { SignedDowngrade } from './rules.ts';

/** What access asks of modules above it; composition passes it in. */
export interface AccessPorts {
  /**
   * Lowers the label of an object when the signed downgrade covers it, with the transaction of the signature.
   * Gives the label from now on, or nothing when there is no such object.
   */
  readonly lowerLabel: (tx: Tx, object: string, downgrade: SignedDowngrade) => Promise<Label | undefined>;
}
