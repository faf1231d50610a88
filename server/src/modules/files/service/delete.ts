import { authorize } from '../../access/index.ts';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import { enqueue } from '../../../platform/jobs.ts';
import { Problem } from '../../../platform/problem.ts';
import * as store from '../store.ts';
import { resourceOf } from './read.ts';

/** Removes an unclaimed file from its inbox; its bytes go when nothing else names them. */
export async function deleteFile(context: Context, id: string): Promise<void> {
  await transaction(context.db, async (tx) => {
    const file = await store.lockFile(tx, id);
    if (!file) throw new Problem('not_found');
    authorize(context, 'file:delete', resourceOf(file));
    if (file.claim_kind !== null) throw new Problem('file_claimed');
    if (file.state === 'receiving') throw new Problem('upload_in_progress', { place: { file: file.name } });
    await store.removeFile(tx, id);
    const { sha256 } = file;
    if (sha256) await enqueue(tx, 'files.discard', { sha256 });
    await record(tx, context, {
      type: 'files.deleted',
      object: { kind: 'file', id },
      content: { ...(sha256 && { sha256 }) },
    });
  });
}
