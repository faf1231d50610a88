import type { BlobStore } from '../blobs.ts';
import type { Db } from '../db.ts';
import type { KeyService } from '../keys/key-service.ts';
import type { Log } from '../log.ts';
import type { Placement } from './placement.ts';

/** What sealed storage stands on. */
export interface StorageParts {
  readonly db: Db;
  readonly keys: KeyService;
  /** Stores by the name that the registry knows them by. */
  readonly stores: ReadonlyMap<string, BlobStore>;
  readonly placement: Placement;
  readonly log: Log;
  readonly now: () => Date;
}

/** Sealed bodies have a name of their own, so that what an earlier version has written in the clear can be told from them. */
export const ending = '.sealed';
export const bodyOf = (key: string): string => `${key}${ending}`;

/** A store that the registry names. Throws when the configuration does not know it. */
export function storeOf({ stores }: Pick<StorageParts, 'stores'>, name: string): BlobStore {
  const store = stores.get(name);
  if (!store) throw new Error(`the store ${name} is not configured any more, but objects lie in it`);
  return store;
}
