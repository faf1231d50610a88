import type { Context } from '../../../platform/context.ts';
import { sheetPrefix, type Intake } from '../intake.ts';
import { knownSheetKeys } from '../store.ts';

/** Bytes of a sheet and the row that names them are seconds apart; what is older and unnamed was left by a crash. */
const graceMs = 24 * 3_600_000;

/** Removes kept bytes of sheets that no row names any more. Keys are never used twice, so unnamed once is unnamed for ever. */
export async function sweepSheets(context: Context, { blobs }: Intake): Promise<void> {
  const before = new Date(context.now().getTime() - graceMs);
  let old: string[] = [];
  const remove = async () => {
    const known = await knownSheetKeys(context.db, old);
    for (const key of old) if (!known.has(key)) await blobs.delete(key);
    old = [];
  };
  for await (const { key, at } of blobs.list(sheetPrefix)) {
    if (at < before) old.push(key);
    if (old.length >= 500) await remove();
  }
  await remove();
}
