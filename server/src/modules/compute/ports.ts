import type { Db } from '../../platform/db.ts';

/** What joint analyses ask of other modules; composition passes it in. */
export interface ComputePorts {
  /** Ids of organisations by their codes; unknown codes are left out. */
  readonly organisationsByCode: (db: Db, codes: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}
