import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { htmlReport, jobResult, resultTsv, type JobReceipt, type JobView } from '@geneward/api';
import type { FastifyReply } from 'fastify';
import { record } from '../../../platform/audit.ts';
import type { Storage } from '../../../platform/blobs.ts';
import type { Config } from '../../../platform/config.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import { Problem } from '../../../platform/problem.ts';
import { arriving } from '../../files/index.ts';
import { resultBytes } from '../rules.ts';
import * as store from '../store.ts';
import { viewOf } from '../views.ts';
import { jobFor, lockFor, refOf } from './open-job.ts';

const folder = 'results';

interface Place {
  readonly blobs: Storage;
  readonly config: Config;
}

/** Keeps the result for those whom the parties agreed on. Only the very bytes that all parties signed are taken. */
export async function putResult(context: Context, place: Place, id: string, bytes: Readable): Promise<JobView> {
  const job = await jobFor(context, id, 'job:report');
  if (!store.specificationOf(job.row).outputs) throw new Problem('result_not_agreed');
  if (job.row.state !== 'sealed') throw new Problem('job_not_sealed');
  if (job.row.result_key !== null) {
    bytes.resume();
    return viewOf(job);
  }
  const { key, size, sha256 } = await keep(place, id, bytes);
  try {
    if (sha256 !== job.row.result_sha256) throw new Problem('result_differs');
    const { view, unused } = await transaction(context.db, async (tx) => {
      const now = await lockFor(tx, id);
      if (now.row.state !== 'sealed') throw new Problem('job_not_sealed');
      if (now.row.result_key !== null) return { view: viewOf(now), unused: true };
      await store.updateJob(tx, id, { result_key: key, result_size: String(size) });
      await store.insertMoments(tx, id, [{ at: context.now(), type: 'result' }]);
      await record(tx, context, {
        type: 'compute.result_kept',
        object: refOf(now.row),
        content: { specification: now.row.specification_sha256, result: sha256, size: String(size) },
      });
      return { view: viewOf(await lockFor(tx, id)), unused: false };
    });
    if (unused) await place.blobs.delete(key);
    return view;
  } catch (error) {
    // When the database cannot tell, a commit may have gone through: then the bytes stay.
    const known = await store.knownResultKeys(context.db, [key]).catch(() => new Set([key]));
    if (!known.has(key)) await place.blobs.delete(key);
    throw error;
  }
}

async function keep({ blobs, config }: Place, job: string, bytes: Readable) {
  const key = `${folder}/${job}/${randomUUID()}`;
  const hash = createHash('sha256');
  async function* hashed() {
    const idleSeconds = config.http.uploadIdleSeconds;
    for await (const chunk of arriving(bytes, { idleSeconds, limit: BigInt(resultBytes), onBytes: () => undefined })) {
      hash.update(chunk);
      yield chunk;
    }
  }
  try {
    const { size } = await blobs.put(key, hashed());
    return { key, size, sha256: hash.digest('hex') };
  } catch (error) {
    if (error instanceof Problem && error.code === 'file_too_large')
      throw new Problem('result_too_large', { params: { limit: resultBytes } });
    throw error;
  }
}

type Format = 'json' | 'tsv' | 'html';
const types: Readonly<Record<Format, string>> = {
  json: 'application/json',
  tsv: 'text/tab-separated-values; charset=utf-8',
  html: 'text/html; charset=utf-8',
};

/** Removes results that no job names, which a crash in the middle of their arrival has left. */
export async function sweepResults(context: Context, { blobs }: Pick<Place, 'blobs'>): Promise<void> {
  const before = context.now().getTime() - 3_600_000;
  for await (const { key, at } of blobs.list(folder))
    if (at.getTime() < before && !(await store.knownResultKeys(context.db, [key])).has(key)) await blobs.delete(key);
}

/** The result as a recipient wants it; reading it is an act. */
export async function sendResult(
  context: Context,
  { blobs }: Pick<Place, 'blobs'>,
  given: { job: string; format: Format },
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { row } = await jobFor(context, given.job, 'job:read_result');
  if (row.result_key === null || row.result_sha256 === null) throw new Problem('result_not_here');
  const bytes = await blobs.open(row.result_key);
  await record(context.db, context, {
    type: 'compute.result_read',
    object: refOf(row),
    content: { specification: row.specification_sha256, result: row.result_sha256, format: given.format },
  });
  const name = `job-${row.specification_sha256.slice(0, 12)}.${given.format}`;
  reply.type(types[given.format]).header('content-disposition', `attachment; filename="${name}"`);
  if (given.format === 'json') return reply.send(Readable.from(bytes));
  const result = jobResult.parse(JSON.parse(await textOf(bytes)));
  return reply.send(
    given.format === 'tsv' ? resultTsv(result) : htmlReport(store.specificationOf(row), result, context.language),
  );
}

async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

/** The receipt of a sealed job: all that anybody needs to check it, and nothing of the data. */
export async function getReceipt(context: Context, id: string): Promise<JobReceipt> {
  const { row } = await jobFor(context, id, 'job:read');
  if (!row.receipt) throw new Problem('job_not_sealed');
  return row.receipt;
}
