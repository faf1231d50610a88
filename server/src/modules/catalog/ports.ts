import type { ArchiveObject, ObjectGraph } from '@geneward/api';
import type { Context } from '../../platform/context.ts';
import type { Db, Tx } from '../../platform/db.ts';
import type { IndexedObject } from './entry.ts';

/** What the catalogue needs from the modules below it; composition passes it in. */
export interface CatalogPorts {
  /** Objects as they are now; those that are gone are missing. */
  readonly objectsToIndex: (db: Db, ids: readonly string[]) => Promise<IndexedObject[]>;
  /** Ids of all objects in order of id, from after the given one. */
  readonly objectIds: (db: Db, after: string | undefined, limit: number) => Promise<string[]>;
  /** Objects that stand directly on the given ones and take fields from them. */
  readonly dependents: (tx: Tx, ids: readonly string[]) => Promise<string[]>;
  /** The object as the caller may read it; refuses like any other reading of it. */
  readonly readObject: (context: Context, name: string) => Promise<ArchiveObject>;
  readonly objectGraph: (context: Context, name: string) => Promise<ObjectGraph>;
  readonly organisationNames: (
    db: Db,
    ids: readonly string[],
  ) => Promise<ReadonlyMap<string, { readonly en: string; readonly zh: string }>>;
}
