import { createHash } from 'node:crypto';
import type { VirusDataset } from '@geneward/api';
import {
  findInstalled,
  installedAs,
  madeUpDataset,
  readDataset,
  unpackDataset,
  VirusProblem,
  type Dataset,
  type DatasetFiles,
  type Installed,
} from '@geneward/phylo';
import type { BlobStore } from '../../platform/blobs.ts';
import type { Db } from '../../platform/db.ts';
import { Problem } from '../../platform/problem.ts';
import { datasetRows } from './store.ts';

export const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

/** Most bytes of a data set as it is sent. */
export const datasetBytes = 256 * 1024 ** 2;

const madeUpTerms = { source: 'Geneward', license: 'CC0-1.0', terms: '' };
let madeUp: Promise<Dataset> | undefined;
const readMadeUp = () => (madeUp ??= readDataset(madeUpDataset(), sha256));

/** Data sets that were read lately: reading a large tree takes seconds. */
const read = new Map<string, Promise<Dataset>>();
const keep = 4;

/** All data sets that an installation has; the made-up one is always among them. */
export async function listInstalled(db: Db): Promise<(Installed & { builtIn: boolean; blobKey?: string })[]> {
  const rows = await datasetRows(db);
  return [
    { ...installedAs(await readMadeUp(), madeUpTerms), builtIn: true },
    ...rows.map(({ content, blob_key }) => ({ ...content, builtIn: false, blobKey: blob_key })),
  ];
}

/** A data set as it is told: where its bytes lie is nobody's business. */
export function datasetView(installed: Installed & { builtIn: boolean }): VirusDataset {
  const { id, name, version, hash, shortcuts, source, license, terms, length, nodes, builtIn } = installed;
  return { id, name, version, hash, shortcuts, source, license, terms, length, nodes, builtIn };
}

/** The data set that a name means. @throws Problem virus_dataset_unknown */
export async function findDataset(db: Db, asked: string): Promise<Installed & { builtIn: boolean; blobKey?: string }> {
  const index = await listInstalled(db);
  try {
    const { hash } = findInstalled(index, asked);
    const found = index.find((one) => one.hash === hash);
    if (found) return found;
  } catch (error) {
    if (!(error instanceof VirusProblem)) throw error;
  }
  const known = [...new Set(index.map(({ id, version }) => `${id}@${version}`))].toSorted().join(', ');
  throw new Problem('virus_dataset_unknown', { params: { name: asked, known } });
}

/** The files of a data set as they were installed. */
export async function datasetFiles(db: Db, blobs: BlobStore, hash: string): Promise<DatasetFiles> {
  const { builtIn, blobKey } = await findDataset(db, hash);
  if (builtIn || blobKey === undefined) return madeUpDataset();
  const chunks: Uint8Array[] = [];
  for await (const chunk of await blobs.open(blobKey)) chunks.push(chunk);
  return unpackDataset(Buffer.concat(chunks));
}

/** A data set ready for use; kept for the next one who asks. */
export async function openDataset(db: Db, blobs: BlobStore, hash: string): Promise<Dataset> {
  const found = await findDataset(db, hash);
  if (found.builtIn) return readMadeUp();
  const known = read.get(found.hash);
  if (known) return known;
  const opened = datasetFiles(db, blobs, found.hash).then((files) => readDataset(files, sha256));
  read.set(found.hash, opened);
  opened.catch(() => read.delete(found.hash));
  const [oldest] = read.keys();
  if (read.size > keep && oldest !== undefined) read.delete(oldest);
  return opened;
}
