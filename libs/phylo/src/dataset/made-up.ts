import { random, type Random } from '@geneward/formats';
import { dayOf } from '../timetree/dates.ts';
import { writeAuspice } from '../tree-formats/auspice.ts';
import { pack, setOf, writeGenome } from '../tree/mutation.ts';
import { differencesOf } from '../tree/states.ts';
import { isLeaf, TreeBuilder, type Category, type Tree } from '../tree/tree.ts';
import type { DatasetFiles } from './files.ts';

/** The virus that comes with the product: invented, so that everything works without a network and nobody's terms apply. */
export const madeUpName = 'made-up-virus';

/** Its content hash: a change of the simulator is a new release of the data set. */
export const madeUpHash = 'b060b72f4d24bca4e9d182f9356b20cbd9e7864ef92a66ee02bc3f651f62faa9';

const length = 4200;
const genes = [
  { name: 'P', from: 150, codons: 480 },
  { name: 'S', from: 1700, codons: 520 },
  { name: 'N', from: 3400, codons: 220 },
] as const;
/** Substitutions a site and year. */
const clock = 3e-3;
const leaves = 90;
const places = {
  Aria: [38.5, -28.2],
  Boreas: [62, -7],
  Calda: [-8, 13],
  Doria: [1.3, 103.8],
  Estia: [-36.8, 174.7],
} as const;
const sense = allCodons().filter((codon) => !['TAA', 'TAG', 'TGA'].includes(codon));

/**
 * Makes the data set anew, file by file, the same each time: a genome of 4,200 bases with three genes, a tree of 90 dated samples in five places and a few
 * clades, examples to try (one the other way round, one mostly N), a table of where and when they were taken, and daily counts in which one clade grows.
 */
export function madeUpDataset(): DatasetFiles {
  const numbers = random(20_261_101);
  const genome = madeUpGenome(numbers);
  const tree = madeUpTree(genome, numbers);
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  const { fasta, table } = examples(tree, numbers);
  return new Map([
    ['CHANGELOG.md', encode('# 2026-11-01\n\nFirst release.\n')],
    ['README.md', encode(readme)],
    ['counts.tsv', encode(madeUpCounts(numbers))],
    ['genome_annotation.gff3', encode(annotation())],
    ['metadata.tsv', encode(table)],
    ['pathogen.json', encode(`${JSON.stringify(pathogen, undefined, 2)}\n`)],
    ['reference.fasta', encode(`>MADEUP.1\n${writeGenome(genome)}\n`)],
    ['sequences.fasta', encode(fasta)],
    ['tree.json', encode(`${writeAuspice(tree, meta)}\n`)],
  ]);
}

function allCodons(): string[] {
  return ['A', 'C', 'G', 'T'].flatMap((a) =>
    ['A', 'C', 'G', 'T'].flatMap((b) => ['A', 'C', 'G', 'T'].map((c) => a + b + c)),
  );
}

function madeUpGenome(numbers: Random): Uint8Array {
  const letters = Array.from({ length }, () => 'ACGT'.charAt(numbers.below(4)));
  for (const { from, codons } of genes)
    for (let codon = 0; codon < codons; codon++) {
      const written =
        codon === 0 ? 'ATG' : codon === codons - 1 ? 'TAA' : (sense[numbers.below(sense.length)] ?? 'GCT');
      for (let step = 0; step < 3; step++) letters[from + 3 * codon + step] = written.charAt(step);
    }
  return Uint8Array.from(letters, (letter) => setOf(letter.charCodeAt(0)));
}

const annotation = (): string =>
  [
    '##gff-version 3',
    `##sequence-region MADEUP.1 1 ${length}`,
    ...genes.map(
      ({ name, from, codons }) =>
        `MADEUP.1\tmade up\tCDS\t${from + 1}\t${from + 3 * codons}\t.\t+\t0\tID=cds-${name};Name=${name}`,
    ),
    '',
  ].join('\n');

/** Whether a base lies in the last codon of a gene, or a change would write a stop into one: those are left alone. */
function harmless(genome: Uint8Array, position: number, after: number): boolean {
  const gene = genes.find(({ from, codons }) => position >= from && position < from + 3 * codons);
  if (!gene) return true;
  const codon = Math.floor((position - gene.from) / 3);
  if (codon === 0 || codon === gene.codons - 1) return false;
  const start = gene.from + 3 * codon;
  const bases = genome.slice(start, start + 3);
  bases[position - start] = after;
  return sense.includes(writeGenome(bases));
}

function madeUpTree(genome: Uint8Array, numbers: Random): Tree {
  const builder = new TreeBuilder();
  const rows: { date: number; place: number; clade: string }[] = [];
  const kinds = Object.keys(places);
  const todo = [{ parent: -1, leaves, genome, date: 2024, place: 0, clade: 'A' }];
  const cladesUnder = new Map<string, number>();
  let sample = 0;
  for (let one = todo.pop(); one; one = todo.pop()) {
    const leaf = one.leaves === 1;
    const waited = one.parent < 0 ? 0 : 0.02 + 0.2 * numbers.next();
    const date = one.date + waited;
    const place = numbers.next() < 0.15 ? numbers.below(kinds.length) : one.place;
    const own = one.genome.slice();
    const changes = one.parent < 0 ? [] : mutate(own, poisson(clock * length * waited, numbers), numbers);
    // A large part of what is left, with mutations of its own, is a clade.
    const splits =
      !leaf && one.leaves >= 10 && one.leaves <= 40 && changes.length > 1 && one.clade.split('.').length < 3;
    const next = (cladesUnder.get(one.clade) ?? 0) + 1;
    const clade = splits ? `${one.clade}.${next}` : one.clade;
    if (splits) cladesUnder.set(one.clade, next);
    const node = builder.add(
      one.parent,
      leaf
        ? `MADE/${kinds[place]}/${String(++sample).padStart(3, '0')}/${Math.floor(date)}`
        : `NODE_${String(builder.length).padStart(7, '0')}`,
    );
    for (const change of changes) builder.mutate(change);
    rows.push({ date, place, clade });
    if (leaf) continue;
    const share = Math.max(1, Math.min(one.leaves - 1, Math.round(one.leaves * (0.2 + 0.6 * numbers.next()))));
    for (const part of [share, one.leaves - share])
      todo.push({ parent: node, leaves: part, genome: own, date, place, clade });
  }
  const isTip = (node: number): boolean => builder.names.at(node).startsWith('MADE/');
  builder.attributes.set('num_date', {
    kind: 'quantity',
    numbers: Float64Array.from(rows, ({ date }) => Math.round(date * 1e4) / 1e4),
  });
  builder.attributes.set('clade_membership', category(rows.map(({ clade }) => clade)));
  builder.attributes.set('country', category(rows.map(({ place }) => kinds[place] ?? '')));
  builder.attributes.set('date', category(rows.map(({ date }, node) => (isTip(node) ? dayOf(date) : ''))));
  return builder.done({ name: 'MADEUP.1', genome });
}

function mutate(genome: Uint8Array, count: number, numbers: Random): number[] {
  const changes: number[] = [];
  const used = new Set<number>();
  while (changes.length < count) {
    const position = 60 + numbers.below(length - 120);
    const after = 1 << numbers.below(4);
    const before = genome[position] as number;
    if (after === before || used.has(position) || !harmless(genome, position, after)) continue;
    used.add(position);
    changes.push(pack(position, before, after));
    genome[position] = after;
  }
  return changes.sort((a, b) => a - b);
}

/** Source: Knuth, The Art of Computer Programming 2, 3.4.1. */
function poisson(mean: number, numbers: Random): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = numbers.next(); product > limit; product *= numbers.next()) count++;
  return count;
}

function category(list: readonly string[]): Category {
  const values = [...new Set(list.filter((value) => value !== ''))].sort();
  return { kind: 'category', values, codes: Int32Array.from(list, (value) => values.indexOf(value)) };
}

function examples(tree: Tree, numbers: Random): { fasta: string; table: string } {
  const tips = [...tree.parent.keys()].filter((node) => isLeaf(tree, node));
  const lines: string[] = [];
  const rows = ['strain\tdate\tcountry'];
  for (let at = 0; at < 12; at++) {
    const tip = tips[Math.floor((at * tips.length) / 12)] ?? 0;
    const genome = tree.reference.genome.slice();
    for (const [position, set] of differencesOf(tree, tip)) genome[position] = set;
    mutate(genome, numbers.below(4), numbers);
    const name = `EXAMPLE/${at + 1}`;
    let bases = writeGenome(genome);
    if (at === 4) bases = otherStrand(bases);
    if (at === 8) bases = `${'N'.repeat(2000)}${bases.slice(2000, 2840)}${'N'.repeat(length - 2840)}`;
    lines.push(`>${name}`, bases);
    const dates = tree.attributes.get('num_date');
    const countries = tree.attributes.get('country');
    const date = dates?.kind === 'quantity' ? dayOf((dates.numbers[tip] ?? 2025) + 0.03) : '';
    const country = countries?.kind === 'category' ? (countries.values[countries.codes[tip] ?? -1] ?? '') : '';
    rows.push([name, at === 6 ? `${date.slice(0, 7)}-XX` : date, country].join('\t'));
  }
  return { fasta: `${lines.join('\n')}\n`, table: `${rows.join('\n')}\n` };
}

const otherStrand = (bases: string): string =>
  Array.from(bases, (base) => 'ACGT'.charAt('TGCA'.indexOf(base)))
    .reverse()
    .join('');

/** Counts of 90 days to the end of 2025 in five places: A.2 grows by a third a week against A.1. */
function madeUpCounts(numbers: Random): string {
  const slopes = { A: -0.15, 'A.1': 0, 'A.2': 0.3 };
  const rows = ['date\tplace\tlineage\tcount'];
  const last = Date.UTC(2025, 11, 31) / 86_400_000;
  for (const place of Object.keys(places)) {
    const level = Object.fromEntries(
      Object.keys(slopes).map((name) => [name, numbers.next() - (name === 'A.2' ? 3 : 0)]),
    );
    for (let day = last - 89; day <= last; day++) {
      const weights = Object.entries(slopes).map(
        ([name, slope]) => [name, Math.exp((level[name] ?? 0) + (slope * (day - last + 89)) / 7)] as const,
      );
      const sum = weights.reduce((total, [, weight]) => total + weight, 0);
      for (const [name, weight] of weights) {
        const count = poisson((6 * weight) / sum, numbers);
        if (count > 0)
          rows.push([new Date(day * 86_400_000).toISOString().slice(0, 10), place, name, count].join('\t'));
      }
    }
  }
  return `${rows.join('\n')}\n`;
}

const pathogen = {
  schemaVersion: '3.0.0',
  alignmentParams: { excessBandwidth: 9, terminalBandwidth: 100, gapAlignmentSide: 'left', minSeedCover: 0.1 },
  compatibility: { cli: '3.0.0-alpha.0', web: '3.0.0-alpha.0' },
  defaultCds: 'S',
  files: {
    changelog: 'CHANGELOG.md',
    examples: 'sequences.fasta',
    genomeAnnotation: 'genome_annotation.gff3',
    pathogenJson: 'pathogen.json',
    readme: 'README.md',
    reference: 'reference.fasta',
    treeJson: 'tree.json',
  },
  qc: {
    missingData: { enabled: true, missingDataThreshold: 400, scoreBias: 40 },
    mixedSites: { enabled: true, mixedSitesThreshold: 10 },
    privateMutations: { enabled: true, typical: 8, cutoff: 24 },
    snpClusters: { enabled: true, windowSize: 100, clusterCutOff: 6, scoreWeight: 50 },
    frameShifts: { enabled: true },
    stopCodons: { enabled: true },
  },
  version: { updatedAt: '2026-11-01T00:00:00Z', tag: '2026-11-01--00-00-00Z' },
  attributes: { name: 'Made-up virus', 'reference name': 'MADEUP.1', 'reference accession': 'MADEUP.1' },
  shortcuts: [madeUpName],
  geneward: { clock: { rate: clock, sd: clock / 4 } },
};

const meta = {
  title: 'Made-up virus',
  updated: '2026-11-01',
  panels: ['tree', 'map'],
  geo_resolutions: [
    {
      key: 'country',
      demes: Object.fromEntries(
        Object.entries(places).map(([place, [latitude, longitude]]) => [place, { latitude, longitude }]),
      ),
    },
  ],
  colorings: [{ key: 'clade_membership', title: 'Clade', type: 'categorical' }],
  extensions: {
    nextclade: {
      clade_node_attrs: [],
      placement_mask_ranges: [
        { begin: 0, end: 50 },
        { begin: length - 50, end: length },
      ],
    },
  },
};

const readme = `# Made-up virus

Invented by the simulator of Geneward (libs/phylo, dataset/made-up.ts). Genome, samples, dates, counts and places are not real. CC0-1.0.
`;
