import { Readable } from 'node:stream';
import type { Context } from '../../../platform/context.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem } from '../../../platform/problem.ts';
import { batchFor } from '../access.ts';
import { findDataset } from '../datasets.ts';
import { withoutRecords } from '../fasta.ts';
import { recordColumns, recordCells } from '../records.ts';
import * as store from '../store.ts';

type Needs = Pick<Parts, 'blobs'>;

interface Content {
  readonly name: string;
  readonly type: string;
  readonly body: Readable;
}

async function doneBatch(context: Context, id: string): Promise<store.BatchRow> {
  const batch = await batchFor(context, id, 'genomes:read');
  if (batch.state !== 'done') throw new Problem('virus_batch_unfinished', { params: { state: batch.state } });
  return batch;
}

/** The genomes of a batch, byte for byte as they came while none of them was withdrawn. */
export async function getGenomes(context: Context, { blobs }: Needs, id: string): Promise<Content> {
  const batch = await doneBatch(context, id);
  if (batch.blob_key === null) throw new Problem('not_found');
  const gone = await store.withdrawnPlaces(context.db, id);
  const bytes = await blobs.open(batch.blob_key);
  if (gone.size === 0) return { name: `${id}.fasta`, type: 'application/octet-stream', body: Readable.from(bytes) };
  return {
    name: `${id}.fasta`,
    type: 'text/x-fasta; charset=utf-8',
    body: Readable.from(withoutRecords(bytes, (record) => gone.has(record))),
  };
}

/** The table of a batch: what was told of each genome, and that one was withdrawn and why. */
export async function getRecords(context: Context, id: string): Promise<Content> {
  const batch = await doneBatch(context, id);
  async function* lines(): AsyncGenerator<string> {
    yield `${recordColumns.join('\t')}\n`;
    for await (const row of store.recordsOf(context.db, id)) yield `${recordCells(row, batch).join('\t')}\n`;
  }
  return {
    name: `${id}.tsv`,
    type: 'text/tab-separated-values; charset=utf-8',
    body: Readable.from(lines(), { objectMode: false }),
  };
}

/** A data set as it was sent. The made-up one has no archive: every program has it. */
export async function getArchive(context: Context, { blobs }: Needs, dataset: string): Promise<Content> {
  const { blobKey, id, version } = await findDataset(context.db, dataset);
  if (blobKey === undefined) throw new Problem('not_found');
  return {
    name: `${id}@${version}`,
    type: 'application/octet-stream',
    body: Readable.from(await blobs.open(blobKey)),
  };
}
