import type { FastifyRequest } from 'fastify';
import type { Context, Principal } from '../../platform/context.ts';
import type { Db, Tx } from '../../platform/db.ts';
import type { Resource } from '../access/index.ts';
import type { Claim, FileRow } from './store.ts';

/** What the files module needs from beside and above; composition passes it in. */
export interface FilesPorts {
  /** Asks again who is calling: credentials may end while an upload goes on. */
  readonly authenticate: (request: FastifyRequest) => Promise<Principal>;
  /** Told, with the transaction, of every file that has come, so that sheets find theirs by name. */
  readonly fileArrived: (tx: Tx, context: Context, file: FileRow) => Promise<void>;
  /** The object or submission that holds a file, as access decides on the file; its data are read by its rules. */
  readonly holder: (db: Db, claim: Claim, file: string) => Promise<Resource | undefined>;
}
