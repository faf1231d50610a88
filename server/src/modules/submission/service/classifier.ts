import type { Label } from '@geneward/api';
import type { ArchiveRecord } from '@geneward/metadata';
import type { Db } from '../../../platform/db.ts';
import { organisms } from '../../reference/index.ts';
import { classify, organismsNamed } from '../classification.ts';

/** What classifies given records on the day of a moment, by the organisms that the installation has loaded. */
export async function classifierFor(
  db: Db,
  records: readonly ArchiveRecord[],
  now: Date,
): Promise<(record: ArchiveRecord) => Label> {
  const known = await organisms(db);
  const named = records.map(organismsNamed);
  await known.prepare(
    db,
    named.flatMap(({ names }) => names),
    named.flatMap(({ ids }) => ids),
  );
  const today = now.toISOString().slice(0, 10);
  return (record) => classify(record, today, known.taxonomy);
}
