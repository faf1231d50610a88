import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import type { Parts } from '../../../platform/parts.ts';
import { isNamed } from '../store.ts';

/** Bytes that no row names are left alone this long: a write and its row are minutes apart at most. */
const grace = 86_400_000;

/** The job by the clock: removes what a crash has left under the name of this module. */
export async function sweep(context: Context, { blobs }: Pick<Parts, 'blobs'>): Promise<void> {
  const before = new Date(context.now().getTime() - grace);
  for await (const { key, at } of blobs.list('virus')) {
    // A key is never used again: unnamed once is unnamed for ever.
    if (at >= before || (await isNamed(context.db, key))) continue;
    await blobs.delete(key);
    await record(context.db, context, { type: 'virus.blob_removed', content: { key } });
  }
}
