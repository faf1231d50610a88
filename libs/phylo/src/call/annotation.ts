import { VirusProblem } from '../rules/problem.ts';
import { sequenceRules } from '../rules/sequence.ts';

/** A coding sequence: its parts in reading order, 0-based, end exclusive, on one strand. */
export interface Cds {
  readonly name: string;
  readonly reverse: boolean;
  readonly segments: readonly (readonly [from: number, to: number])[];
  /** Genome position of each of its bases, in reading order; a slip counts a base twice. */
  readonly positions: Int32Array;
}

interface Part {
  name: string;
  reverse: boolean;
  segments: [number, number][];
}

/**
 * Reads the coding sequences of a GFF3 file: CDS features, those of one ID (or name) joined in the order of reading, or `gene` features where
 * there is no CDS, as in older data sets. Throws `sequenceRules.annotationSyntax`, `sequenceRules.annotationRange`, `sequenceRules.annotationFrame`.
 */
export function readAnnotation(text: string, length: number): Cds[] {
  const features = { CDS: new Map<string, Part>(), gene: new Map<string, Part>() };
  for (const [index, row] of text.split(/\r?\n/u).entries()) {
    if (row.startsWith('##FASTA')) break;
    if (row.startsWith('#') || row.trim() === '') continue;
    const line = index + 1;
    const columns = row.split('\t');
    const [, , type = '', start = '', end = '', , strand = ''] = columns;
    const bad = (reason: string) => new VirusProblem(sequenceRules.annotationSyntax, { line, reason }, `line ${line}`);
    if (columns.length < 9) throw bad(`${columns.length} columns`);
    if (type !== 'CDS' && type !== 'gene') continue;
    const [from, to] = [Number(start) - 1, Number(end)];
    if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || to <= from) throw bad(`${start}-${end}`);
    const tags = tagsOf(columns[8] ?? '');
    const name = tags.get('Name') ?? tags.get('gene_name') ?? tags.get('gene') ?? tags.get('ID');
    if (name === undefined) throw bad('no name');
    if (to > length) throw new VirusProblem(sequenceRules.annotationRange, { name, end: to, length }, `line ${line}`);
    const key = tags.get('ID') ?? name;
    const part = features[type].get(key) ?? { name, reverse: strand === '-', segments: [] };
    part.segments.push([from, to]);
    features[type].set(key, part);
  }
  const chosen = features.CDS.size > 0 ? features.CDS : features.gene;
  return [...chosen.values()].map(cdsOf).sort((a, b) => first(a) - first(b) || (a.name < b.name ? -1 : 1));
}

const first = (cds: Cds): number => cds.positions[0] ?? 0;

function tagsOf(text: string): Map<string, string> {
  const tags = new Map<string, string>();
  for (const part of text.split(';')) {
    const split = part.indexOf('=');
    if (split > 0) tags.set(part.slice(0, split).trim(), unescape(part.slice(split + 1).trim()));
  }
  return tags;
}

const unescape = (text: string): string =>
  text.replaceAll(/%([0-9A-Fa-f]{2})/gu, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

function cdsOf({ name, reverse, segments }: Part): Cds {
  const length = segments.reduce((sum, [from, to]) => sum + to - from, 0);
  if (length % 3 !== 0) throw new VirusProblem(sequenceRules.annotationFrame, { name, length }, name);
  const positions = new Int32Array(length);
  const ordered = reverse ? segments.toSorted((a, b) => b[1] - a[1]) : segments.toSorted((a, b) => a[0] - b[0]);
  let at = 0;
  for (const [from, to] of ordered)
    for (let step = 0; step < to - from; step++) positions[at++] = reverse ? to - 1 - step : from + step;
  return { name, reverse, segments: ordered, positions };
}
