import { Readable } from 'node:stream';
import type { QueryOf, virusRoutes } from '@geneward/api';
import type { Context } from '../../../platform/context.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem } from '../../../platform/problem.ts';
import { batchFor } from '../access.ts';
import { openDataset } from '../datasets.ts';
import { htmlReport, jsonReport, tsvReport } from '../report.ts';
import { reportsOf } from '../store.ts';

const mediaTypes = {
  tsv: 'text/tab-separated-values; charset=utf-8',
  jsonl: 'application/x-ndjson; charset=utf-8',
  html: 'text/html; charset=utf-8',
} as const;

/** The report of a batch as a file: tables and lines stream, the page is made whole. */
export async function getReport(
  context: Context,
  { blobs }: Pick<Parts, 'blobs'>,
  id: string,
  format: QueryOf<typeof virusRoutes.getVirusReport>['format'],
): Promise<{ name: string; type: string; body: string | Readable }> {
  const batch = await batchFor(context, id, 'genomes:read');
  if (batch.state !== 'done') throw new Problem('virus_batch_unfinished', { params: { state: batch.state } });
  const dataset = await openDataset(context.db, blobs, batch.dataset);
  const told = reportsOf(context.db, batch.id);
  const body =
    format === 'html'
      ? await htmlReport(batch, dataset, told, context.language)
      : Readable.from(format === 'tsv' ? tsvReport(dataset, told) : jsonReport(batch, told, context.language));
  return { name: `${batch.title}.${format}`, type: mediaTypes[format], body };
}
