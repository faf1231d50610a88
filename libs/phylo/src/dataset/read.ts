import type { AlignOptions } from '../align/align.ts';
import { readAnnotation, type Cds } from '../call/annotation.ts';
import type { Masks } from '../placement/sample.ts';
import type { QcRules } from '../qc/qc.ts';
import { datasetRules } from '../rules/dataset.ts';
import { VirusProblem } from '../rules/problem.ts';
import { readFasta } from '../sequence/fasta.ts';
import { sarsCov2Clock } from '../timetree/clock.ts';
import { readAuspice } from '../tree-formats/auspice.ts';
import type { Tree } from '../tree/tree.ts';
import { contentHash, rootOf, type DatasetFiles, type Sha256 } from './files.ts';

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What tells one data set from another, and which of its states it is. */
export interface DatasetName {
  /** Short name without blanks: the first shortcut, or made from the name. */
  readonly id: string;
  readonly name: string;
  /** The tag of the release; of one without a tag, the first twelve digits of its hash. */
  readonly version: string;
  readonly hash: string;
  readonly shortcuts: readonly string[];
}

/** A virus by configuration: everything that genomes are aligned, called, judged and placed with. */
export interface Dataset extends DatasetName {
  readonly reference: Tree['reference'];
  readonly annotation: readonly Cds[];
  readonly tree: Tree | undefined;
  /** `meta` of the Auspice tree, kept for the way back. */
  readonly meta: Json;
  readonly align: AlignOptions;
  readonly gapSide: 'left' | 'right';
  readonly qc: QcRules;
  /** Mutations that are typical of clades: `241T`. */
  readonly labels: ReadonlySet<string>;
  readonly masks: Masks;
  /** Attributes of nodes that name lineages beside `clade_membership`. */
  readonly lineages: readonly string[];
  /** Substitutions a site and year, where the data set tells. */
  readonly clock: { readonly rate: number; readonly sd: number } | undefined;
  /** Latitude and longitude of the places of its map, by attribute and value. */
  readonly places: ReadonlyMap<string, ReadonlyMap<string, readonly [latitude: number, longitude: number]>>;
}

/**
 * Reads a data set of the layout of Nextclade 3: `pathogen.json` and the files that it names. Source: docs.nextstrain.org, “Nextclade datasets”.
 * Throws {@link VirusProblem} with the file as its place.
 */
export async function readDataset(given: DatasetFiles, sha256: Sha256): Promise<Dataset> {
  const files = rootOf(given);
  const pathogen = jsonOf(files, 'pathogen.json');
  const reference = await referenceOf(fileOf(files, pathogen, 'reference'));
  const annotationText = fileOf(files, pathogen, 'genomeAnnotation');
  const treeText = fileOf(files, pathogen, 'treeJson');
  const auspice = treeText && readAuspice(decode(treeText), reference);
  const hash = contentHash(files, sha256);
  const meta = auspice?.meta ?? {};
  const extension = isObject(meta['extensions']) ? meta['extensions']['nextclade'] : undefined;
  return {
    ...nameOf(pathogen, hash),
    hash,
    reference,
    annotation: annotationText ? readAnnotation(decode(annotationText), reference.genome.length) : [],
    tree: auspice?.tree,
    meta,
    ...alignmentOf(pathogen['alignmentParams']),
    qc: isObject(pathogen['qc']) ? pathogen['qc'] : {},
    labels: labelsOf(pathogen['mutLabels']),
    masks: masksOf(extension),
    lineages: lineagesOf(extension),
    clock: clockOf(pathogen['geneward'], reference.name),
    places: placesOf(meta['geo_resolutions']),
  };
}

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const problemIn = (file: string, reason: string) => new VirusProblem(datasetRules.json, { file, reason }, { file });

function jsonOf(files: DatasetFiles, file: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(decode(files.get(file) ?? new Uint8Array(0)));
  } catch (error) {
    throw problemIn(file, error instanceof Error ? error.message : 'no JSON');
  }
  if (!isObject(value)) throw problemIn(file, 'it is no object');
  return value;
}

function nameOf(pathogen: Json, hash: string): Omit<DatasetName, 'hash'> {
  const attributes = isObject(pathogen['attributes']) ? pathogen['attributes'] : {};
  const name = typeof attributes['name'] === 'string' ? attributes['name'] : 'virus';
  const shortcuts = Array.isArray(pathogen['shortcuts'])
    ? pathogen['shortcuts'].filter((one) => typeof one === 'string')
    : [];
  const version = isObject(pathogen['version']) ? pathogen['version']['tag'] : undefined;
  const id = (shortcuts[0] ?? name)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, '-')
    .replaceAll(/^-|-$/gu, '');
  const tag = typeof version === 'string' ? version.replaceAll(/[^\w.+-]/gu, '-').slice(0, 80) : '';
  return { id: id || 'virus', name, version: tag === '' || /^\.+$/u.test(tag) ? hash.slice(0, 12) : tag, shortcuts };
}

/** The reference alone, for knowing which virus a genome is of. Throws as {@link readDataset} does. */
export async function readReference(given: DatasetFiles): Promise<Tree['reference']> {
  const files = rootOf(given);
  return referenceOf(fileOf(files, jsonOf(files, 'pathogen.json'), 'reference'));
}

/** A file that pathogen.json names; undefined when it names none. */
function fileOf(
  files: DatasetFiles,
  pathogen: Json,
  key: 'reference' | 'treeJson' | 'genomeAnnotation',
): Uint8Array | undefined {
  const file = isObject(pathogen['files']) ? pathogen['files'][key] : undefined;
  if (file === undefined) return undefined;
  if (typeof file !== 'string') throw problemIn('pathogen.json', `files.${key} is no name`);
  const bytes = files.get(file);
  if (!bytes) throw new VirusProblem(datasetRules.missing, { file }, { file });
  return bytes;
}

async function referenceOf(bytes: Uint8Array | undefined): Promise<Tree['reference']> {
  if (!bytes) throw new VirusProblem(datasetRules.missing, { file: 'reference' }, { file: 'pathogen.json' });
  const records = await Array.fromAsync(readFasta([bytes]));
  const [first] = records;
  if (records.length !== 1 || !first)
    throw new VirusProblem(datasetRules.reference, { count: records.length }, { file: 'reference' });
  if (first.problem) throw first.problem;
  return { name: first.name, genome: first.bases };
}

function alignmentOf(params: unknown): Pick<Dataset, 'align' | 'gapSide'> {
  const told = isObject(params) ? params : {};
  const number = (key: string) => (typeof told[key] === 'number' ? { [key]: told[key] } : {});
  return {
    align: { ...number('minSeedCover'), ...number('excessBandwidth'), ...number('terminalBandwidth') },
    gapSide: told['gapAlignmentSide'] === 'right' ? 'right' : 'left',
  };
}

const labelsOf = (labels: unknown): ReadonlySet<string> =>
  new Set(isObject(labels) && isObject(labels['nucMutLabelMap']) ? Object.keys(labels['nucMutLabelMap']) : []);

/** Ranges of Nextclade are 0-based, the end exclusive. */
function masksOf(extension: unknown): Masks {
  const ranges = isObject(extension) ? extension['placement_mask_ranges'] : undefined;
  if (!Array.isArray(ranges)) return { ranges: [] };
  return {
    ranges: ranges.flatMap((range) =>
      isObject(range) && typeof range['begin'] === 'number' && typeof range['end'] === 'number'
        ? [[range['begin'], range['end']] as const]
        : [],
    ),
  };
}

const lineagesOf = (extension: unknown): string[] =>
  (isObject(extension) && Array.isArray(extension['clade_node_attrs']) ? extension['clade_node_attrs'] : []).flatMap(
    (one: unknown) => (isObject(one) && typeof one['name'] === 'string' ? [one['name']] : []),
  );

/** `"geneward": {"clock": {"rate", "sd"}}` is our addition to the layout; Nextclade passes it over. SARS-CoV-2 has its clock without. */
function clockOf(own: unknown, reference: string): Dataset['clock'] {
  const clock = isObject(own) ? own['clock'] : undefined;
  if (!isObject(clock) || typeof clock['rate'] !== 'number' || !(clock['rate'] > 0))
    return reference.startsWith('MN908947') ? sarsCov2Clock : undefined;
  return { rate: clock['rate'], sd: typeof clock['sd'] === 'number' ? clock['sd'] : clock['rate'] / 2 };
}

function placesOf(resolutions: unknown): Dataset['places'] {
  const places = new Map<string, ReadonlyMap<string, readonly [number, number]>>();
  for (const one of Array.isArray(resolutions) ? resolutions : []) {
    if (!isObject(one) || typeof one['key'] !== 'string' || !isObject(one['demes'])) continue;
    const demes = Object.entries(one['demes']).flatMap(([place, at]) =>
      isObject(at) && typeof at['latitude'] === 'number' && typeof at['longitude'] === 'number'
        ? [[place, [at['latitude'], at['longitude']] as const] as const]
        : [],
    );
    places.set(one['key'], new Map(demes));
  }
  return places;
}
