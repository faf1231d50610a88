import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { openLabel, type UseTerms, type VirusDataset } from '@geneward/api';
import { expectHash, installedAs, readDataset, unpackDataset, VirusProblem } from '@geneward/phylo';
import { record } from '../../../platform/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/db.ts';
import type { Parts } from '../../../platform/parts.ts';
import { Problem } from '../../../platform/problem.ts';
import { authorize } from '../../access/index.ts';
import { arriving } from '../../files/index.ts';
import { datasetBytes, datasetView, findDataset, listInstalled, sha256 } from '../datasets.ts';
import { findingIn } from '../report.ts';
import { insertDataset } from '../store.ts';

const installation = { kind: 'installation', id: 'installation', label: openLabel } as const;

/** Data sets hold no records of anybody here: everybody may know which ones there are. */
export async function listDatasets(context: Context): Promise<{ items: VirusDataset[] }> {
  return { items: (await listInstalled(context.db)).map(datasetView) };
}

/** Installs a data set from an archive; the same content again changes nothing. */
export async function installDataset(
  context: Context,
  { blobs, config }: Pick<Parts, 'blobs' | 'config'>,
  bytes: Readable,
  given: UseTerms & { hash?: string | undefined },
): Promise<VirusDataset> {
  authorize(context, 'dataset:install', installation);
  const { principal } = context;
  if (principal.kind !== 'person') throw new Problem('unauthenticated');
  const chunks: Uint8Array[] = [];
  const limits = {
    idleSeconds: config.http.uploadIdleSeconds,
    limit: BigInt(datasetBytes),
    onBytes: () => undefined,
  };
  for await (const chunk of arriving(bytes, limits)) chunks.push(chunk);
  const archive = Buffer.concat(chunks);
  const dataset = await reading(context, async () => {
    const read = await readDataset(unpackDataset(archive), sha256);
    if (given.hash !== undefined) expectHash(read.hash, given.hash);
    return read;
  });
  const content = installedAs(dataset, given);
  const key = `virus/datasets/${dataset.hash}-${randomUUID()}`;
  await blobs.put(
    key,
    (async function* () {
      yield archive;
    })(),
  );
  const fresh = await transaction(context.db, async (tx) => {
    const made = await insertDataset(tx, {
      hash: dataset.hash,
      content: JSON.stringify(content),
      blob_key: key,
      installed_at: context.now(),
      installed_by: principal.id,
    });
    if (made)
      await record(tx, context, {
        type: 'virus.dataset_installed',
        content: { hash: dataset.hash, id: dataset.id, version: dataset.version },
      });
    return made;
  });
  if (!fresh) await blobs.delete(key);
  return datasetView(await findDataset(context.db, dataset.hash));
}

/** A fault of the data set as the problem that tells it. */
async function reading<T>(context: Context, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof VirusProblem)) throw error;
    const { message, mend } = findingIn(error.finding, context.language);
    throw new Problem('virus_dataset_refused', {
      params: { reason: `${error.code}: ${message}`, mend },
      place: plain(error.place),
    });
  }
}

const plain = (place: object): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(place).filter(([, value]) => typeof value === 'string' || typeof value === 'number'),
  );
