import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  expectHash,
  findInstalled,
  installedAs,
  madeUpDataset,
  madeUpName,
  readDataset,
  readReference,
  sketchOf,
  type Dataset,
  type DatasetFiles,
  type Installed,
  type Sketch,
  type Terms,
} from '@geneward/phylo';
import { settingsFolder } from '../session.ts';
import { datasetFilesAt, sha256 } from './files.ts';

/** Where a data set is read from: the one of the product, an installed one with the hash that it must have, or any folder or archive. */
export type Whereabouts =
  | { readonly kind: 'made-up' }
  | { readonly kind: 'installed'; readonly folder: string; readonly hash: string }
  | { readonly kind: 'path'; readonly path: string };

const folder = (): string => join(settingsFolder(), 'virus');
const madeUpTerms: Terms = { source: 'Geneward', license: 'CC0-1.0', terms: 'Invented; no terms.' };

/** Every data set that is there, the made-up one first. */
export async function installed(): Promise<Installed[]> {
  const own = installedAs(await readDataset(madeUpDataset(), sha256), madeUpTerms);
  const entries = existsSync(folder()) ? readdirSync(folder()).filter((name) => name.endsWith('.json')) : [];
  return [own, ...entries.sort().map((name) => JSON.parse(readFileSync(join(folder(), name), 'utf8')) as Installed)];
}

const placeOf = ({ id, version }: Pick<Installed, 'id' | 'version'>): string => join(folder(), `${id}@${version}`);

/** Where the data set of a name is; a path that exists is taken as it is. */
export async function whereIs(asked: string): Promise<Whereabouts> {
  if (existsSync(asked)) return { kind: 'path', path: asked };
  const found = findInstalled(await installed(), asked);
  return found.id === madeUpName && !existsSync(placeOf(found))
    ? { kind: 'made-up' }
    : { kind: 'installed', folder: placeOf(found), hash: found.hash };
}

const filesAt = (where: Whereabouts): Promise<DatasetFiles> | DatasetFiles =>
  where.kind === 'made-up' ? madeUpDataset() : datasetFilesAt(where.kind === 'installed' ? where.folder : where.path);

/** Reads a data set, and makes sure that an installed one is what was installed. */
export async function loadDataset(where: Whereabouts): Promise<Dataset> {
  const dataset = await readDataset(await filesAt(where), sha256);
  if (where.kind === 'installed') expectHash(dataset.hash, where.hash);
  return dataset;
}

/** Sketches of the references of all installed data sets. */
export async function knownViruses(): Promise<{ id: string; sketch: Sketch }[]> {
  const all = await installed();
  const places = await Promise.all(all.map(({ id, version }) => whereIs(`${id}@${version}`)));
  return Promise.all(
    places.map(async (where, at) => ({
      id: all[at]?.id ?? '',
      sketch: sketchOf((await readReference(await filesAt(where))).genome),
    })),
  );
}

/** Installs a data set: all its files beside an entry with its hash and terms. The same one again changes its terms only. */
export async function install(source: string, terms: Terms, expected?: string): Promise<Installed> {
  const files = await datasetFilesAt(source);
  const dataset = await readDataset(files, sha256);
  if (expected !== undefined) expectHash(dataset.hash, expected);
  const entry = installedAs(dataset, terms);
  const place = placeOf(entry);
  const partial = `${place}.partial`;
  rmSync(partial, { recursive: true, force: true });
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(partial, path)), { recursive: true });
    writeFileSync(join(partial, path), bytes);
  }
  rmSync(place, { recursive: true, force: true });
  renameSync(partial, place);
  writeFileSync(`${place}.json`, `${JSON.stringify(entry, undefined, 2)}\n`);
  return entry;
}
