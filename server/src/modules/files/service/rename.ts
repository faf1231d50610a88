import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem } from '../../../platform/problem.ts';
import { authorize } from '../../access/index.ts';
import type { FilesPorts } from '../ports.ts';
import { setUploadName } from '../resumable-store.ts';
import * as store from '../store.ts';
import { resourceOf } from './read.ts';
import { found } from './resumable.ts';
import { mayUpload } from './sender.ts';
import { checkBefore } from './upload.ts';

/** Gives an unclaimed file another name; sheets that name the new one find it. Throws Problem `file_name_taken`. */
export async function renameFile(
  context: Context,
  id: string,
  name: string,
  parts: Parts,
  { fileArrived }: Pick<FilesPorts, 'fileArrived'>,
): Promise<store.FileRow> {
  checkName(context, name, parts);
  return transaction(context.db, async (tx) => {
    const file = await store.lockFile(tx, id);
    if (!file) throw new Problem('not_found');
    authorize(context, 'file:delete', resourceOf(file));
    if (file.claim_kind !== null) throw new Problem('file_claimed');
    if (file.state === 'receiving') throw new Problem('upload_in_progress', { place: { file: file.name } });
    if (file.name === name) return file;
    const owner = { organisation: file.organisation_id, person: file.person_id };
    const there = await store.lockInbox(tx, owner, name, file.sha256 ?? '');
    if (there.some((one) => one.name === name)) throw new Problem('file_name_taken', { params: { name } });
    await store.setName(tx, id, name);
    await record(tx, context, {
      type: 'files.renamed',
      object: { kind: 'file', id },
      content: { from: file.name, to: name },
    });
    const renamed = { ...file, name };
    await fileArrived(tx, context, renamed);
    return renamed;
  });
}

/** The same for an upload that is not finished. */
export async function renameUpload(context: Context, id: string, name: string, parts: Parts): Promise<void> {
  checkName(context, name, parts);
  await transaction(context.db, async (tx) => {
    const upload = await found(tx, context, id);
    if (upload.state !== 'open') throw new Problem('upload_over');
    await setUploadName(tx, mayUpload(context), id, name);
    await record(tx, context, {
      type: 'files.renamed',
      object: { kind: 'upload', id },
      content: { from: upload.name ?? '', to: name },
    });
  });
}

function checkName(context: Context, name: string, { config }: Parts): void {
  checkBefore({ name, declared: {} }, BigInt(config.limits.fileBytes), context);
}
