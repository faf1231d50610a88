import { createHash, randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { openLabel, type BodyOf, type ReplyOf, type virusRoutes } from '@geneward/api';
import { VirusProblem } from '@geneward/phylo';
import { z } from 'zod';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import { enqueue } from '../../../platform/jobs.ts';
import { pageFrom, positionOf } from '../../../platform/page.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem } from '../../../platform/problem.ts';
import { authorize } from '../../access/index.ts';
import { arriving } from '../../files/index.ts';
import { batchFor, readable } from '../access.ts';
import { findDataset } from '../datasets.ts';
import { readRecords } from '../records.ts';
import { findingIn } from '../report.ts';
import * as store from '../store.ts';

type BatchView = ReplyOf<typeof virusRoutes.getVirusBatch>;
type Needs = Pick<Parts, 'blobs' | 'config'>;

/** Most bytes of the genomes of one batch, as they are sent, and of their table. */
const genomeBytes = 50n * 1024n ** 3n;
const recordBytes = 200n * 1024n ** 2n;

/** A batch as a reader sees it. */
export function batchView({ language }: Context, row: store.BatchRow, withdrawn = 0): BatchView {
  const { id, title, dataset, source, license, terms, state, genomes, accepted, sha256, reason } = row;
  return {
    id,
    title,
    dataset,
    source,
    license,
    terms,
    state,
    genomes,
    accepted,
    withdrawn,
    fetched: row.source_id !== null,
    shared: row.manner === 'public',
    organisation: row.organisation_id,
    records: Object.keys(row.records).length,
    createdAt: row.created_at.toISOString(),
    ...(sha256 !== null && { sha256 }),
    ...(reason && { finding: findingIn(reason, language) }),
    ...(row.finished_at && { finishedAt: row.finished_at.toISOString() }),
  };
}

/** Opens a batch for the genomes of one source under one set of terms. */
export async function openBatch(context: Context, body: BodyOf<typeof virusRoutes.openVirusBatch>): Promise<BatchView> {
  const { principal } = context;
  if (principal.kind !== 'person') throw new Problem('unauthenticated');
  const manner = body.shared ? 'public' : 'private';
  const owned = { organisation: principal.organisation, owner: principal.id, status: 'open', manner } as const;
  authorize(context, 'genomes:send', { kind: 'genomes', id: 'new', ...owned, label: openLabel });
  const { hash } = await findDataset(context.db, body.dataset);
  return transaction(context.db, async (tx) => {
    const row = await store.insertBatch(tx, {
      organisation_id: principal.organisation,
      submitter_id: principal.id,
      title: body.title,
      dataset: hash,
      manner,
      grade: openLabel.grade,
      categories: [],
      jurisdictions: [],
      source: body.source,
      license: body.license,
      terms: body.terms,
      created_at: context.now(),
    });
    await record(tx, context, {
      type: 'virus.batch_opened',
      object: { kind: 'genomes', id: row.id },
      content: { dataset: hash, shared: body.shared, license: body.license },
    });
    return batchView(context, row);
  });
}

export async function getBatch(context: Context, id: string): Promise<BatchView> {
  const row = await batchFor(context, id, 'genomes:read');
  return batchView(context, row, (await store.withdrawnIn(context.db, [id])).get(id));
}

export async function listBatches(context: Context, query: { after?: string | undefined; limit: number }) {
  const rows = await store.listBatches(context.db, {
    scope: readable(context),
    after: positionOf(query.after, z.uuid()),
    limit: query.limit + 1,
  });
  const withdrawn = await store.withdrawnIn(
    context.db,
    rows.map(({ id }) => id),
  );
  return pageFrom(
    rows,
    query.limit,
    (row) => row.id,
    (row) => batchView(context, row, withdrawn.get(row.id)),
  );
}

/** Takes the table of dates and places; another one takes its place until the genomes come. */
export async function putRecords(context: Context, { config }: Needs, id: string, bytes: Readable): Promise<BatchView> {
  requireOpen(await batchFor(context, id, 'genomes:send'));
  const decoder = new TextDecoder();
  let text = '';
  const limits = { idleSeconds: config.http.uploadIdleSeconds, limit: recordBytes, onBytes: () => undefined };
  for await (const chunk of arriving(bytes, limits)) text += decoder.decode(chunk, { stream: true });
  const records = tabled(context, text);
  return transaction(context.db, async (tx) => {
    requireOpen(await batchFor({ ...context, db: tx }, id, 'genomes:send', true));
    return batchView(context, await store.updateBatch(tx, id, { records: JSON.stringify(records) }));
  });
}

function tabled(context: Context, text: string): ReturnType<typeof readRecords>['records'] {
  try {
    return readRecords(text).records;
  } catch (error) {
    if (!(error instanceof VirusProblem)) throw error;
    const { message, mend } = findingIn(error.finding, context.language);
    const { line } = error.place;
    throw new Problem('virus_records_refused', {
      params: { reason: `${error.code}: ${message}`, mend },
      ...(line !== undefined && { place: { line } }),
    });
  }
}

/** Takes the genomes and leaves the rest to a job. */
export async function putGenomes(
  context: Context,
  { blobs, config }: Needs,
  id: string,
  bytes: Readable,
): Promise<BatchView> {
  requireOpen(await batchFor(context, id, 'genomes:send'));
  const key = `virus/genomes/${id}-${randomUUID()}`;
  const hash = createHash('sha256');
  async function* hashed() {
    const limits = { idleSeconds: config.http.uploadIdleSeconds, limit: genomeBytes, onBytes: () => undefined };
    for await (const chunk of arriving(bytes, limits)) {
      hash.update(chunk);
      yield chunk;
    }
  }
  const { size } = await blobs.put(key, hashed());
  const sha256 = hash.digest('hex');
  try {
    return await transaction(context.db, async (tx) => {
      const batch = await batchFor({ ...context, db: tx }, id, 'genomes:send', true);
      requireOpen(batch);
      const row = await store.updateBatch(tx, id, { state: 'waiting', blob_key: key, sha256, size: String(size) });
      await record(tx, context, {
        type: 'virus.genomes_received',
        object: { kind: 'genomes', id },
        content: { sha256, size: String(size), dataset: batch.dataset },
      });
      await enqueue(tx, 'virus.tell', { batch: id }, { key: `virus.tell:${id}` });
      return batchView(context, row);
    });
  } catch (error) {
    if (error instanceof Problem && error.code !== 'database_unavailable') await blobs.delete(key);
    throw error;
  }
}

function requireOpen({ state }: store.BatchRow): void {
  if (state !== 'open') throw new Problem('virus_batch_closed');
}
