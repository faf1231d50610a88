import { lineLimit, splitLines } from '../bytes/lines.ts';
import type { Bytes } from '../bytes/reader.ts';
import type { Findings } from '../findings.ts';
import { textRules } from '../layers/text-rules.ts';
import { feed, findingsFor, reportOf, type CheckOptions, type FileReport } from '../report.ts';
import { assemblyRules } from './rules.ts';

export interface ListOptions extends CheckOptions {
  /** Sequences of the FASTA file and objects of the AGP file, so that names can be looked up. */
  readonly known?: ReadonlySet<string>;
}

export interface ChromosomeListReport extends FileReport {
  /** Chromosome name by sequence. */
  readonly chromosomes: ReadonlyMap<string, string>;
}

const types = 'chromosome|plasmid|linkage_group|monopartite|segmented|multipartite';
const locations: ReadonlySet<string> = new Set([
  'macronuclear',
  'nucleomorph',
  'mitochondrion',
  'kinetoplast',
  'chloroplast',
  'chromoplast',
  'plastid',
  'virion',
  'phage',
  'proviral',
  'prophage',
  'viroid',
  'cyanelle',
  'apicoplast',
  'leucoplast',
  'proplastid',
  'hydrogenosome',
  'chromatophore',
]);
const reservedName = /^(?:chr|chrm|chrom|chromosome|linkage[ _-]?group|plasmid|un|unk|unknown|random)$/i;

/** Checks a chromosome list as ENA has it: sequence, name, type, location. */
export async function checkChromosomeList(source: Bytes, options: ListOptions = {}): Promise<ChromosomeListReport> {
  const findings = findingsFor(options);
  const chromosomes = new Map<string, string>();
  const names = new Set<string>();
  const report = await readRows(source, options, findings, (columns, line) => {
    const [sequence = '', name = '', type = '', location] = columns;
    const wrong = (field: string) => findings.add(assemblyRules.listColumns, { line }, columns.join('\t'), { field });
    if (columns.length < 3 || columns.length > 4) return wrong('columns');
    if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$/.test(name) || reservedName.test(name)) wrong('chromosome_name');
    if (!new RegExp(`^(?:(?:linear|circular)-)?(?:${types})$`, 'i').test(type)) wrong('chromosome_type');
    if (location !== undefined && !locations.has(location.toLowerCase())) wrong('chromosome_location');
    once(sequence, chromosomes, line, findings);
    once(name, names, line, findings);
    lookUp(sequence, options.known, line, findings);
    chromosomes.set(sequence, name);
    names.add(name);
  });
  return { ...report, chromosomes };
}

/** Checks an unlocalised list: sequences that belong to a chromosome without a known place on it. */
export async function checkUnlocalisedList(
  source: Bytes,
  options: ListOptions & { readonly chromosomes?: ReadonlySet<string> } = {},
): Promise<FileReport> {
  const findings = findingsFor(options);
  const seen = new Set<string>();
  return readRows(source, options, findings, (columns, line) => {
    const [sequence = '', chromosome = ''] = columns;
    if (columns.length !== 2 || chromosome === '')
      return findings.add(assemblyRules.listColumns, { line }, columns.join('\t'), { field: 'columns' });
    once(sequence, seen, line, findings);
    lookUp(sequence, options.known, line, findings);
    lookUp(chromosome, options.chromosomes, line, findings);
    seen.add(sequence);
  });
}

async function readRows(
  source: Bytes,
  options: CheckOptions,
  findings: Findings,
  row: (columns: readonly string[], line: number) => void,
): Promise<FileReport> {
  const splitter = splitLines({
    tooLong: (line) => findings.add(textRules.lineTooLong, { line }, undefined, { line, limit: lineLimit }),
    line(text, line) {
      if (text.trim() !== '')
        row(
          text
            .trimEnd()
            .split('\t')
            .map((field) => field.trim()),
          line,
        );
    },
  });
  const { compression, complete } = await feed(source, ['text'], splitter, findings, options);
  splitter.end(complete);
  return reportOf('text', compression, findings);
}

function once(name: string, taken: { has(name: string): boolean }, line: number, findings: Findings): void {
  if (taken.has(name)) findings.add(assemblyRules.listTwice, { line }, name, { name });
}

function lookUp(name: string, known: ReadonlySet<string> | undefined, line: number, findings: Findings): void {
  if (known?.has(name) === false) findings.add(assemblyRules.listUnknown, { line }, name, { name });
}
