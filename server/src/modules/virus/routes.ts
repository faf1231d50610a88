import { Readable } from 'node:stream';
import { virusRoutes } from '@geneward/api';
import { bind, type Server } from '../../platform/http.ts';
import type { Parts } from '../../platform/parts.ts';
import { Problem } from '../../platform/problem.ts';
import { disposition } from '../files/index.ts';
import { batchFor } from './access.ts';
import { openDataset } from './datasets.ts';
import { htmlReport, jsonReport, tsvReport } from './report.ts';
import { deleteAlert, listAlerts, saveAlert } from './service/alerts.ts';
import { getBatch, listBatches, openBatch, putGenomes, putRecords } from './service/batch.ts';
import { installDataset, listDatasets } from './service/datasets.ts';
import { frequencies, lineages, mutations } from './service/figures.ts';
import { getGenome, listGenomes, withdrawGenome } from './service/genomes.ts';
import { getDiff, getTree, view } from './service/views.ts';
import { reportsOf } from './store.ts';

const mediaTypes = {
  tsv: 'text/tab-separated-values; charset=utf-8',
  jsonl: 'application/x-ndjson; charset=utf-8',
  html: 'text/html; charset=utf-8',
} as const;

/** Puts the virus platform on the server. */
export function bindVirus(server: Server, parts: Parts): void {
  bind(server, virusRoutes, {
    listVirusDatasets: ({ context }) => listDatasets(context),
    installVirusDataset: ({ context, bytes, query }) => installDataset(context, parts, bytes, query),
    openVirusBatch: ({ context, body }) => openBatch(context, body),
    listVirusBatches: ({ context, query }) => listBatches(context, query),
    getVirusBatch: ({ context, params }) => getBatch(context, params.batch),
    putVirusRecords: ({ context, params, bytes }) => putRecords(context, parts, params.batch, bytes),
    putVirusGenomes: ({ context, params, bytes }) => putGenomes(context, parts, params.batch, bytes),
    async getVirusReport({ context, params, query: { format }, reply }) {
      const batch = await batchFor(context, params.batch, 'genomes:read');
      if (batch.state !== 'done') throw new Problem('virus_batch_unfinished', { params: { state: batch.state } });
      const dataset = await openDataset(context.db, parts.blobs, batch.dataset);
      const told = reportsOf(context.db, batch.id);
      const body =
        format === 'html'
          ? await htmlReport(batch, dataset, told, context.language)
          : Readable.from(format === 'tsv' ? tsvReport(dataset, told) : jsonReport(told, context.language));
      return reply
        .type(mediaTypes[format])
        .header('content-disposition', disposition(`${batch.title}.${format}`))
        .send(body);
    },
    listVirusGenomes: ({ context, query }) => listGenomes(context, query),
    getVirusGenome: ({ context, params }) => getGenome(context, params.genome),
    withdrawVirusGenome: ({ context, params, body }) => withdrawGenome(context, params.genome, body),
    virusFrequencies: ({ context, query }) => frequencies(context, query),
    virusMutations: ({ context, query }) => mutations(context, query),
    virusLineages: ({ context, query }) => lineages(context, query),
    getVirusTree: ({ context, params, query }) => getTree(context, parts, params.dataset, query),
    async virusView({ context, params, query, reply }) {
      const bytes = await view(context, parts, params.dataset, query);
      return reply
        .type('application/vnd.geneward.view')
        .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    },
    getVirusDiff: ({ context, params, query }) => getDiff(context, params.dataset, params.number, query.of),
    listVirusAlerts: ({ context }) => listAlerts(context),
    saveVirusAlert: ({ context, body }) => saveAlert(context, body),
    deleteVirusAlert: ({ context, params }) => deleteAlert(context, params.alert),
  });
}
