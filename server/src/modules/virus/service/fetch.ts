import { createHash, randomUUID } from 'node:crypto';
import { openLabel } from '@geneward/api';
import { sourceRules, VirusProblem } from '@geneward/phylo';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import { enqueue } from '../../../platform/jobs.ts';
import type { Parts } from '../../../platform/parts.ts';
import { lookIntoArchive } from '../sources/archive.ts';
import { lookAtFeed } from '../sources/feed.ts';
import { lookIntoFolder } from '../sources/folder.ts';
import { addressFault } from '../sources/http.ts';
import type { Arrival, Gone, Look } from '../sources/look.ts';
import { lookAtPartner } from '../sources/partner.ts';
import * as store from '../store.ts';
import { withdrawAll } from './genomes.ts';

type Needs = Pick<Parts, 'blobs' | 'config'>;

/** The job by the clock: has every source looked at, each by a job of its own. */
export async function fetchAll(context: Context): Promise<void> {
  for (const source of await store.activeSources(context.db))
    await enqueue(
      context.db,
      'virus.fetch',
      { source },
      { key: `virus.fetch:${source}`, queue: `virus.fetch:${source}` },
    );
}

/**
 * The job: looks at a source, takes what is new and takes back what it took back. What has come stays when the rest does not, and the
 * next look goes on from there.
 */
export async function fetchSource(context: Context, parts: Needs, id: string): Promise<void> {
  const row = await store.findSource(context.db, id);
  if (!row?.active) return;
  const counts = { batches: 0, withdrawn: 0 };
  let fault: VirusProblem | undefined;
  try {
    for await (const item of lookAt(context, parts, row)) {
      if (item.kind === 'reached')
        await store.updateSource(context.db, id, { position: JSON.stringify(item.position) });
      else if (item.kind === 'gone') counts.withdrawn += await takeBack(context, row, item);
      else if (await take(context, parts, row, item)) counts.batches += 1;
    }
  } catch (error) {
    if (!(error instanceof VirusProblem)) throw error;
    fault = error;
  }
  await transaction(context.db, async (tx) => {
    const reason = fault ? JSON.stringify(fault.finding) : null;
    await store.updateSource(tx, id, { looked_at: context.now(), reason });
    const object = { kind: 'source', id };
    if (counts.batches + counts.withdrawn > 0)
      await record(tx, context, { type: 'virus.source_looked', object, content: counts });
    // The same fault again is no news.
    if (fault && fault.code !== row.reason?.code)
      await record(tx, context, {
        type: 'virus.source_failed',
        outcome: 'failed',
        object,
        content: { code: fault.code },
      });
  });
}

function lookAt(context: Context, { blobs, config }: Needs, row: store.SourceRow): Look {
  const taken = (external: string) => store.takenFrom(context.db, row.id, external);
  if (row.kind === 'archive') return lookIntoArchive(context, blobs, row, taken);
  if (row.kind === 'folder') return lookIntoFolder(config, row, context.now(), taken);
  // The settings may have changed since it was added.
  const reason = addressFault(row.address, config.virus.hosts);
  if (reason) return refused(row.address, reason.en);
  if (row.kind === 'feed') return lookAtFeed(row, blobs, () => store.namesFrom(context.db, row.id));
  return lookAtPartner(row, taken);
}

/** Makes a batch of what has come and leaves the telling to its job. @returns false when it had come before */
async function take(context: Context, { blobs }: Needs, row: store.SourceRow, arrival: Arrival): Promise<boolean> {
  const key = `virus/genomes/${randomUUID()}`;
  const hash = createHash('sha256');
  async function* hashed(): AsyncGenerator<Uint8Array> {
    for await (const chunk of arrival.fasta) {
      hash.update(chunk);
      yield chunk;
    }
  }
  const { size } = await blobs.put(key, hashed());
  const sha256 = hash.digest('hex');
  const made =
    size > 0n &&
    (await transaction(context.db, async (tx) => {
      const { organisation_id, person_id, dataset, shared, source, license, terms } = row;
      const id = await store.insertFetched(tx, {
        organisation_id,
        submitter_id: person_id,
        title: arrival.title.slice(0, 300),
        dataset,
        manner: shared ? 'public' : 'private',
        grade: openLabel.grade,
        categories: [],
        jurisdictions: [],
        source,
        license,
        terms,
        created_at: context.now(),
        blob_key: key,
        sha256,
        size: String(size),
        source_id: row.id,
        external: arrival.external,
        records: JSON.stringify(arrival.records),
      });
      if (id === undefined) return false;
      const object = { kind: 'genomes', id };
      await record(tx, context, { type: 'virus.batch_opened', object, content: { dataset, shared, license } });
      await record(tx, context, {
        type: 'virus.genomes_received',
        object,
        content: { sha256, size: String(size), dataset },
      });
      await enqueue(tx, 'virus.tell', { batch: id }, { key: `virus.tell:${id}` });
      return true;
    }));
  if (!made) await blobs.delete(key);
  return made;
}

async function takeBack(context: Context, row: store.SourceRow, gone: Gone): Promise<number> {
  return transaction(context.db, async (tx) => {
    const genomes = await store.standingFrom(tx, row.id, gone);
    return withdrawAll(tx, context, genomes, `${row.source}: ${gone.reason}`.slice(0, 1000));
  });
}

// oxlint-disable-next-line require-yield -- it ends at once
async function* refused(address: string, reason: string): Look {
  throw new VirusProblem(sourceRules.away, { address, reason });
}
