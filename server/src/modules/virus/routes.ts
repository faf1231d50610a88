import { virusForecastRoutes, virusRoutes, virusSourceRoutes } from '@geneward/api';
import { bind, type Server } from '../../platform/http.ts';
import type { Parts } from '../../platform/parts.ts';
import { disposition } from '../files/index.ts';
import { deleteAlert, listAlerts, saveAlert } from './service/alerts.ts';
import { getBatch, listBatches, openBatch, putGenomes, putRecords } from './service/batch.ts';
import { getArchive, getGenomes, getRecords } from './service/content.ts';
import { installDataset, listDatasets } from './service/datasets.ts';
import { askForecast, forecastScores, getForecast, getForecastFile, listForecasts } from './service/forecasts.ts';
import { frequencies, lineages, mutations } from './service/figures.ts';
import { getGenome, listGenomes, withdrawGenome } from './service/genomes.ts';
import { getReport } from './service/report.ts';
import { addSource, listSources, lookNow, setActive } from './service/sources.ts';
import { getDiff, getTree, view } from './service/views.ts';

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
    async getVirusReport({ context, params, query, reply }) {
      const { name, type, body } = await getReport(context, parts, params.batch, query.format);
      return reply.type(type).header('content-disposition', disposition(name)).send(body);
    },
    async getVirusGenomes({ context, params, reply }) {
      const { name, type, body } = await getGenomes(context, parts, params.batch);
      return reply.type(type).header('content-disposition', disposition(name)).send(body);
    },
    async getVirusRecords({ context, params, reply }) {
      const { name, type, body } = await getRecords(context, params.batch);
      return reply.type(type).header('content-disposition', disposition(name)).send(body);
    },
    async getVirusDatasetArchive({ context, params, reply }) {
      const { name, type, body } = await getArchive(context, parts, params.dataset);
      return reply.type(type).header('content-disposition', disposition(name)).send(body);
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
  bind(server, virusForecastRoutes, {
    lockVirusForecast: ({ context, body }) => askForecast(context, body),
    listVirusForecasts: ({ context, query }) => listForecasts(context, query),
    getVirusForecast: ({ context, params }) => getForecast(context, params.forecast),
    async getVirusForecastFile({ context, params, reply }) {
      const { name, type, body } = await getForecastFile(context, params.forecast, params.file);
      return reply.type(type).header('content-disposition', disposition(name)).send(body);
    },
    virusScores: ({ context, query }) => forecastScores(context, query),
  });
  bind(server, virusSourceRoutes, {
    addVirusSource: ({ context, body }) => addSource(context, parts, body),
    listVirusSources: ({ context }) => listSources(context),
    fetchVirusSource: ({ context, params }) => lookNow(context, params.source),
    setVirusSource: ({ context, params, body }) => setActive(context, params.source, body.active),
  });
}
