import { createHash } from 'node:crypto';
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  canonicalJson,
  virusForecastRoutes,
  virusRoutes,
  type Client,
  type Route,
  type VirusBatch,
} from '@geneward/api';
import type { Text } from '@geneward/metadata';
import {
  addBatch,
  matPieces,
  readFasta,
  scoreLocked,
  treeOf,
  VirusProblem,
  type Assessed,
  type LockedForecast,
  type Scored,
  type Taken,
} from '@geneward/phylo';
import manifest from '../../package.json' with { type: 'json' };
import { exit, Stop } from '../exit.ts';
import { installed, loadDataset, whereIs, type Whereabouts } from './datasets.ts';
import { fileHash, hexOf, linesOf, openBytes } from './files.ts';
import { assessAll } from './pool.ts';
import { readCounts } from './tables.ts';

/** Something of a record that was made again: the same, another, or not to be told any more. */
export interface Checked {
  readonly what: string;
  readonly verdict: 'same' | 'other' | 'unknown';
  readonly note?: Text;
}

const compared = (what: string, found: string, recorded: string): Checked =>
  found === recorded
    ? { what, verdict: 'same', note: { en: recorded.slice(0, 16), zh: recorded.slice(0, 16) } }
    : { what, verdict: 'other', note: { en: `${found}, recorded is ${recorded}`, zh: `${found}，记录为 ${recorded}` } };

const gone = (what: string, withdrawn: number): Checked => ({
  what,
  verdict: 'unknown',
  note: {
    en: `${withdrawn} genomes were withdrawn since; without them this cannot be made again`,
    zh: `其后有 ${withdrawn} 条基因组被撤回，无法重新生成`,
  },
});

/** Says when another version than this one has made something: then it may come out otherwise for that reason. */
function madeBy(recorded: string): Checked {
  const here = `geneward ${manifest.version}`;
  return {
    what: 'program',
    verdict: recorded === here ? 'same' : 'unknown',
    note: { en: `${recorded}; this is ${here}`, zh: `${recorded}；本机为 ${here}` },
  };
}

async function download(
  client: Client,
  route: Route,
  params: object,
  path: string,
  query: object = {},
): Promise<string> {
  const { body } = await client.raw(route, { params, query });
  if (body) await pipeline(Readable.fromWeb(body), createWriteStream(path));
  else writeFileSync(path, '');
  return path;
}

/** The data set of a hash: the one of the product, an installed one, or that of the server. */
async function datasetOf(client: Client, hash: string, folder: string): Promise<Whereabouts> {
  const own = (await installed()).find((one) => one.hash === hash);
  if (own) return whereIs(`${own.id}@${own.version}`);
  const path = await download(client, virusRoutes.getVirusDatasetArchive, { dataset: hash }, join(folder, 'dataset'));
  const found = (await loadDataset({ kind: 'path', path })).hash;
  if (found !== hash) throw new Stop(exit.faults, `${hash}: ${found}`, 'GW7203');
  return { kind: 'path', path };
}

interface Told {
  readonly batch: VirusBatch;
  readonly sha256: string;
  readonly genomes: readonly Assessed[];
}

/** The genomes of a batch, fetched and told again here. */
async function tellAgain(client: Client, id: string, folder: string): Promise<Told> {
  const batch = await client.call(virusRoutes.getVirusBatch, { params: { batch: id } });
  const path = await download(client, virusRoutes.getVirusGenomes, { batch: id }, join(folder, `${id}.fasta`));
  const dataset = await datasetOf(client, batch.dataset, folder);
  const genomes: Assessed[] = [];
  const bytes = readFasta(openBytes(path).bytes);
  for await (const one of assessAll(bytes, { dataset, neighbours: 5 }, availableParallelism())) genomes.push(one);
  return { batch, sha256: fileHash(path), genomes };
}

const inputOf = ({ batch, sha256 }: Told): Checked =>
  batch.withdrawn > 0
    ? gone(`genomes ${batch.id}`, batch.withdrawn)
    : compared(`genomes ${batch.id}`, sha256, batch.sha256 ?? '');

/** Where it stood in the file, and what its table and its batch say. */
const besides = new Set(['line', 'findings', 'collected', 'place', 'use']);

/** What is told of a genome whatever stood before it in the file. */
const essence = (report: object): string =>
  canonicalJson(Object.fromEntries(Object.entries(report).filter(([key]) => !besides.has(key))));

/** Every accepted genome of a batch is told again. */
export async function verifyBatch(client: Client, id: string, folder: string): Promise<Checked[]> {
  const told = await tellAgain(client, id, folder);
  const path = join(folder, 'report.jsonl');
  await download(client, virusRoutes.getVirusReport, { batch: id }, path, { format: 'jsonl' });
  const recorded = new Map<string, string>();
  for await (const line of linesOf(path)) {
    if (line.trim() === '') continue;
    const report = JSON.parse(line) as { name: string; accepted: boolean };
    if (report.accepted) recorded.set(report.name, essence(report));
  }
  const here = told.genomes.filter(({ report }) => report.accepted);
  const differ = here.filter(({ report }) => essence(report) !== recorded.get(report.name));
  const missing = recorded.size - (here.length - differ.length);
  return [
    inputOf(told),
    {
      what: 'reports',
      verdict: differ.length === 0 && missing === 0 ? 'same' : 'other',
      note: {
        en: `${here.length - differ.length} of ${recorded.size} genomes are told alike${differ.length > 0 ? `; first other: ${differ[0]?.report.name}` : ''}`,
        zh: `${recorded.size} 条中 ${here.length - differ.length} 条一致${differ.length > 0 ? `；首个不一致：${differ[0]?.report.name}` : ''}`,
      },
    },
  ];
}

/** A state of a tree is made again, batch by batch, and its hashes are held against the record. */
export async function verifyTree(
  client: Client,
  dataset: string,
  { of, state }: { of: 'public' | 'own'; state?: number },
  folder: string,
): Promise<Checked[]> {
  const { hash } = await datasetNamed(client, dataset);
  const { states } = await client.call(virusRoutes.getVirusTree, { params: { dataset: hash }, query: { of } });
  const record = state === undefined ? states.at(-1) : states.find(({ number }) => number === state);
  if (!record) throw new Stop(exit.refused, `${dataset}: ${states.length} states`, 'virus_tree_missing');
  const where = await loadDataset(await datasetOf(client, hash, folder));
  let grown = treeOf(where);
  const inputs: Told[] = [];
  for (const id of record.batches) {
    const told = await tellAgain(client, id, folder);
    inputs.push(told);
    grown = await addBatch(grown, where, await takenIn(client, told, folder));
  }
  const sent = inputs.map(({ batch }) => ({ id: batch.id, sha256: batch.sha256 ?? null }));
  const inputsSha256 = hexOf(canonicalJson({ dataset: hash, batches: sent, without: record.without }));
  const withdrawn = inputs.reduce((sum, { batch }) => sum + batch.withdrawn, 0) - record.without.length;
  const tree = createHash('sha256');
  for (const piece of matPieces(grown.tree)) tree.update(piece);
  return [
    madeBy(record.program),
    ...inputs.map(inputOf),
    compared('inputs', inputsSha256, record.inputsSha256),
    withdrawn > 0 ? gone('tree', withdrawn) : compared('tree', tree.digest('hex'), record.treeSha256),
  ];
}

async function datasetNamed(client: Client, asked: string): Promise<{ hash: string }> {
  const { items } = await client.call(virusRoutes.listVirusDatasets, {});
  const found = items.findLast((one) => one.hash === asked || one.id === asked || `${one.id}@${one.version}` === asked);
  return found ?? { hash: asked };
}

/** The accepted genomes of a batch with the days and places of its table. */
async function takenIn(client: Client, { batch, genomes }: Told, folder: string): Promise<Taken[]> {
  const path = join(folder, `${batch.id}.tsv`);
  await download(client, virusRoutes.getVirusRecords, { batch: batch.id }, path);
  const rows = new Map<string, readonly string[]>();
  for await (const line of linesOf(path)) {
    const cells = line.split('\t');
    rows.set(cells[0] ?? '', cells);
  }
  return genomes.flatMap(({ report: { name }, sample }) => {
    if (!sample) return [];
    const [, from = '', to = '', place = ''] = rows.get(name) ?? [];
    return [{ name, sample, ...(from !== '' && { from, to }), ...(place !== '' && { place }) }];
  });
}

const countColumns = { date: 'date', place: 'place', lineage: 'lineage', count: 'count' };

/** A locked forecast is made again from its counts, and its score from its truth. */
export async function verifyForecast(client: Client, id: string, folder: string): Promise<Checked[]> {
  const view = await client.call(virusForecastRoutes.getVirusForecast, { params: { forecast: id } });
  if (view.sha256 === undefined) throw new Stop(exit.refused, `${id}: ${view.state}`, 'virus_forecast_not_locked');
  const fetched = (file: string): Promise<string> =>
    download(client, virusForecastRoutes.getVirusForecastFile, { forecast: id, file }, join(folder, file));
  const locked = await fetched('forecast.json');
  const first = [madeBy(view.program ?? ''), compared('forecast.json', fileHash(locked), view.sha256)];
  if (view.state === 'replaced') return [...first, gone('counts.tsv', view.withdrawn)];
  const counts = await fetched('counts.tsv');
  const truth = view.truthSha256 === undefined ? undefined : await fetched('truth.tsv');
  return [
    ...first,
    compared('counts.tsv', fileHash(counts), view.countsSha256 ?? ''),
    ...(truth === undefined ? [] : [compared('truth.tsv', fileHash(truth), view.truthSha256 ?? '')]),
    ...(await madeAgain(locked, counts, truth, view.score)),
  ];
}

async function madeAgain(
  locked: string,
  counts: string,
  truth: string | undefined,
  recorded: Scored | undefined,
): Promise<Checked[]> {
  const rows = await readCounts(counts, countColumns);
  const lock = JSON.parse(readFileSync(locked, 'utf8')) as LockedForecast;
  try {
    const scored = scoreLocked(lock, rows, truth === undefined ? [] : await readCounts(truth, countColumns));
    const made: Checked = { what: 'forecast', verdict: 'same' };
    return recorded ? [made, { what: 'score', verdict: alike(scored, recorded) ? 'same' : 'other' }] : [made];
  } catch (error) {
    if (!(error instanceof VirusProblem)) throw error;
    return [{ what: 'forecast', verdict: 'other', note: { en: error.message, zh: error.message } }];
  }
}

/** How far figures may differ between machines. */
const lastDigit = 1e-9;

const alike = (one: Scored, other: Scored): boolean =>
  (['forecast', 'naive'] as const).every((side) =>
    (['outcomes', 'genomes', 'brier', 'energy', 'cover50', 'cover80', 'cover95'] as const).every(
      (name) => Math.abs(one[side][name] - other[side][name]) <= lastDigit,
    ),
  );
