import type { Assessed, DatasetFiles } from '@geneward/phylo';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import { enqueue } from '../../../platform/jobs.ts';
import type { Parts } from '../../../platform/parts.ts';
import { assessGenomes } from '../assess.ts';
import { datasetFiles, findDataset, listInstalled } from '../datasets.ts';
import { program } from '../program.ts';
import * as store from '../store.ts';
import type { TakenAt } from '../tables.ts';

/**
 * The job: tells all about each genome of a batch. It may be run again; what an earlier try wrote stays, for the same genome and data
 * set give the same answer.
 */
export async function tellBatch(context: Context, { blobs }: Pick<Parts, 'blobs'>, id: string): Promise<void> {
  const { db } = context;
  const batch = await store.findBatch(db, id);
  if (!batch?.blob_key || (batch.state !== 'waiting' && batch.state !== 'running')) return;
  await store.updateBatch(db, id, { state: 'running' });
  const counts = { genomes: 0, accepted: 0 };
  const onRows = async (rows: readonly Assessed[]) => {
    const from = counts.genomes;
    await store.addGenomes(
      db,
      id,
      rows.map((one, at) => rowOf(one, from + at, batch.records)),
    );
    counts.genomes += rows.length;
    counts.accepted += rows.filter(({ report }) => report.accepted).length;
    await store.updateBatch(db, id, counts);
  };
  const input = {
    files: await datasetFiles(db, blobs, batch.dataset),
    others: await othersThan(context, blobs, batch.dataset),
  };
  const refused = await assessGenomes(input, await blobs.open(batch.blob_key), onRows);
  await transaction(db, async (tx) => {
    if (refused) {
      await store.updateBatch(tx, id, { state: 'failed', reason: JSON.stringify(refused), finished_at: context.now() });
      await record(tx, context, {
        type: 'virus.batch_failed',
        outcome: 'failed',
        object: { kind: 'genomes', id },
        content: { code: refused.code },
      });
      return;
    }
    await store.updateBatch(tx, id, { ...counts, state: 'done', finished_at: context.now() });
    await record(tx, context, {
      type: 'virus.batch_done',
      object: { kind: 'genomes', id },
      content: { ...counts, dataset: batch.dataset, inputSha256: batch.sha256, program },
    });
    await enqueue(tx, 'virus.grow', { batch: id }, { queue: 'virus.grow' });
    await enqueue(tx, 'virus.alert', { batch: id });
  });
}

/** The references of the other viruses here; a genome that is of none of the batch's is looked for among them. */
async function othersThan(
  { db }: Context,
  blobs: Parts['blobs'],
  hash: string,
): Promise<{ id: string; files: DatasetFiles }[]> {
  const { id } = await findDataset(db, hash);
  const newest = new Map((await listInstalled(db)).filter((one) => one.id !== id).map((one) => [one.id, one.hash]));
  return Promise.all([...newest].map(async ([other, of]) => ({ id: other, files: await datasetFiles(db, blobs, of) })));
}

function rowOf(
  { report, sample }: Assessed,
  place: number,
  records: Readonly<Record<string, TakenAt>>,
): store.NewGenome {
  const taken = Object.hasOwn(records, report.name) ? records[report.name] : undefined;
  const { substitutions = [], deletions = [], insertions = [] } = report.nucleotides ?? {};
  const lineages = [report.clade, ...Object.values(report.lineages ?? {})].flatMap((name) => name ?? []);
  return {
    place_in_batch: place,
    name: report.name,
    accepted: report.accepted,
    clade: report.clade ?? null,
    lineages: [...new Set(lineages)],
    collected_from: taken?.from ?? null,
    collected_to: taken?.to ?? null,
    place: taken?.place ?? null,
    quality: report.qc?.status ?? null,
    marks: [...substitutions, ...deletions, ...insertions, ...(report.aminoAcids ?? [])],
    report,
    sample: sample ?? null,
    source: taken?.use?.source ?? null,
    license: taken?.use?.license ?? null,
    terms: taken?.use?.terms ?? null,
  };
}
