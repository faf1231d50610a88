import type { Resource } from '@geneward/api';
import type { Db } from '../../../platform/db.ts';
import type { Claim } from '../../files/index.ts';
import { objectResource, resourceOf } from '../resource.ts';
import { objectByName, standingOfFile } from '../store-object.ts';
import { findSubmission } from '../store.ts';

/**
 * What holds a file, as access decides on it: the data of an object are read by the rules of the object. A file that only a
 * proposed version names is as far as its submission, however public the object is.
 */
export async function holderOf(db: Db, { kind, id }: Claim, file: string): Promise<Resource | undefined> {
  if (kind === 'object') {
    const row = await objectByName(db, id);
    if (!row) return undefined;
    const resource = objectResource(row);
    if (row.current_version === null || row.status === 'withdrawn' || row.status === 'destroyed') return resource;
    const standing = await standingOfFile(db, row.id, file);
    return standing === 'accepted' ? resource : { ...resource, status: standing };
  }
  if (kind !== 'submission') return undefined;
  const row = await findSubmission(db, id);
  return row && resourceOf('submission', row);
}
