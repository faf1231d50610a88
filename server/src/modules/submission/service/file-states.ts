import type { QueryOf, ReplyOf, submissionRoutes } from '@geneward/api';
import { z } from 'zod';
import type { Context } from '../../../platform/context.ts';
import { record } from '../../../platform/audit.ts';
import type { Db, Tx } from '../../../platform/db.ts';
import { positionOf } from '../../../platform/page.ts';
import type { FileRow } from '../../files/index.ts';
import { awaiting } from '../store-check.ts';
import type { SubmissionRow } from '../store.ts';
import { matches, stateOf, type Match } from './check-submission-files.ts';
import { openFor } from './open.ts';

type FilePage = ReplyOf<typeof submissionRoutes.listSubmissionFiles>;

/** How many declared files there are, have come whole, and are faulty or other than declared. */
export async function countArrived(
  db: Db,
  row: SubmissionRow,
): Promise<{ declared: number; arrived: number; faulty: number }> {
  const counts = { declared: 0, arrived: 0, faulty: 0 };
  for await (const some of matches(db, row))
    for (const match of some) {
      counts.declared += 1;
      const state = stateOf(match);
      if (state === 'stored' || state === 'claimed') counts.arrived += 1;
      if (state === 'faulty' || state === 'mismatch') counts.faulty += 1;
    }
  return counts;
}

/** A position in the files of a submission: object and place in it. */
const position = z.string().regex(/^[0-9a-f-]{36}:\d{1,5}$/);

/** Files that a submission names, with their live state. */
export async function listFiles(
  context: Context,
  submission: string,
  query: QueryOf<typeof submissionRoutes.listSubmissionFiles>,
): Promise<FilePage> {
  const row = await openFor(context, submission, 'submission:read');
  const [object, ordinal] = positionOf(query.after, position)?.split(':') ?? [];
  const from = object === undefined ? undefined : { object, ordinal: Number(ordinal) };
  const items: FilePage['items'] = [];
  let last = '';
  for await (const some of matches(context.db, row, from))
    for (const match of some) {
      if (query.state !== undefined && stateOf(match) !== query.state) continue;
      if (items.length === query.limit) return { items, next: Buffer.from(last).toString('base64url') };
      items.push(fileView(match));
      last = `${match.declared.object_id}:${match.declared.ordinal}`;
    }
  return { items };
}

function fileView(match: Match): FilePage['items'][number] {
  const { declared, file } = match;
  return {
    object: declared.object_id,
    type: declared.type,
    alias: declared.alias,
    name: declared.name,
    format: declared.format,
    ...(declared.md5 !== null && { md5: declared.md5 }),
    ...(declared.sha256 !== null && { sha256: declared.sha256 }),
    ...(declared.unencrypted_md5 !== null && { unencryptedMd5: declared.unencrypted_md5 }),
    ...(declared.read_types.length > 0 && { readTypes: declared.read_types }),
    state: stateOf(match),
    ...(file && { file: file.id, ...(file.size !== null && { size: file.size }) }),
  };
}

/** Notes that a file has come that open submissions name. */
export async function fileArrived(tx: Tx, context: Context, file: FileRow): Promise<void> {
  for (const { submission_id: id, objects } of await awaiting(tx, file.person_id, file.name))
    await record(tx, context, {
      type: 'submission.file_matched',
      object: { kind: 'submission', id },
      content: { file: file.id, objects },
    });
}
