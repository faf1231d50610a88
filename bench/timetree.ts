import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  align,
  dayOf,
  fitClock,
  gapCosts,
  gradientDates,
  improveTree,
  indexReference,
  leafDates,
  marginalDates,
  parseGenome,
  parsimonyOf,
  placeSamples,
  placesOf,
  readDate,
  sampleOf,
  sarsCov2Clock,
  sarsCov2Masks,
  TreeBuilder,
  type Tree,
} from '@geneward/phylo';
import type { Figure } from './figure.ts';

const data = resolve(import.meta.dirname, '../../shared/data/virus');

/**
 * 418 genomes of 2020, from the packed FASTA to a tree with dates and places; beside it mafft and iqtree2 -fast (Debian packages),
 * and TreeTime (what augur refine runs); it takes minutes and is left out with `GENEWARD_BENCH_TREETIME=0`.
 */
export async function run(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'geneward-bench-'));
  try {
    const began = performance.now();
    const { tree, root, low, high, gradient } = await datedTree(
      readFileSync(join(data, 'ncov-2020/example_sequences.fasta.gz')),
    );
    const seconds = (performance.now() - began) / 1000;
    console.log(
      `root ${root.toFixed(3)} (${dayOf(root)}), 90 % ${low.toFixed(3)}-${high.toFixed(3)}; by gradient ${gradient.toFixed(3)}; ${parsimonyOf(tree)} mutations`,
    );
    const aligned = join(folder, 'aligned.fasta');
    writeFileSync(
      join(folder, 'genomes.fasta'),
      gunzipSync(readFileSync(join(data, 'ncov-2020/example_sequences.fasta.gz'))),
    );
    const mafft = timed(
      'mafft',
      [
        '--quiet',
        '--thread',
        '2',
        '--auto',
        '--keeplength',
        '--addfragments',
        join(folder, 'genomes.fasta'),
        join(data, 'sars-cov-2/reference.fasta'),
      ],
      aligned,
    );
    const iqtree = timed('iqtree2', [
      '-s',
      aligned,
      '-fast',
      '-m',
      'GTR',
      '-nt',
      '2',
      '-quiet',
      '-redo',
      '--prefix',
      join(folder, 'iq'),
    ]);
    const treetime = process.env['GENEWARD_BENCH_TREETIME'] !== '0' ? peerDates(folder, aligned) : undefined;
    return [
      {
        name: 'timetree.418',
        value: round(seconds),
        unit: 's',
        better: 'lower',
        target: 30,
        ...(mafft !== undefined &&
          iqtree !== undefined && {
            peer: `mafft, iqtree2 -fast${treetime === undefined ? ', no dates' : ', treetime'}`,
            peerValue: round(mafft + iqtree + (treetime ?? 0)),
          }),
      },
      {
        name: 'timetree.418.root',
        value: Math.round(root * 1000) / 1000,
        unit: 'decimal year, target 2019.85 to 2020.0',
        better: 'lower',
        target: 2020,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function datedTree(
  packed: Uint8Array,
): Promise<{ tree: Tree; root: number; low: number; high: number; gradient: number }> {
  const lines = readFileSync(join(data, 'sars-cov-2/reference.fasta'), 'utf8').split('\n');
  const genome = parseGenome(lines.slice(1).join(''));
  const index = indexReference(genome);
  const costs = gapCosts(genome.length, [], 'right');
  const builder = new TreeBuilder();
  builder.add(-1, 'reference');
  const bare = builder.done({ name: 'MN908947', genome });
  const samples = gunzipSync(packed)
    .toString()
    .split('>')
    .slice(1)
    .map((record) => {
      const [head = '', ...letters] = record.split('\n');
      const found = align(index, costs, letters.join(''));
      if ('rule' in found) throw new Error(`${head}: ${found.rule.code}`);
      return sampleOf(head.split(/\s/u)[0] ?? '', found.genome, genome);
    });
  const placed = await placeSamples(bare, samples, { masks: sarsCov2Masks });
  const { tree } = improveTree(placed.tree, { radius: 8 });
  const rows = readFileSync(join(data, 'ncov-2020/example_metadata.tsv'), 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'));
  const byName = new Map(rows.map((row) => [row[0], row]));
  const dates = leafDates(tree, (name) => readDate(byName.get(name)?.[4] ?? '', name));
  const clock = fitClock(tree, dates, { known: sarsCov2Clock });
  const found = marginalDates(tree, dates, clock);
  const countries = [...new Set(rows.map((row) => row[6] ?? ''))].sort();
  const codes = Int32Array.from(tree.parent, (_, node) =>
    countries.indexOf(byName.get(tree.names.at(node))?.[6] ?? '-'),
  );
  placesOf(tree, { kind: 'category', codes, values: countries }, { date: found.date });
  const gradient = gradientDates(tree, dates, clock);
  return {
    tree,
    root: found.date[0] ?? 0,
    low: found.low[0] ?? 0,
    high: found.high[0] ?? 0,
    gradient: gradient[0] ?? 0,
  };
}

function peerDates(folder: string, aligned: string): number | undefined {
  const lines = readFileSync(join(data, 'ncov-2020/example_metadata.tsv'), 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'));
  writeFileSync(join(folder, 'dates.csv'), ['name,date', ...lines.map((row) => `${row[0]},${row[4]}`)].join('\n'));
  return timed('treetime', [
    '--tree',
    join(folder, 'iq.treefile'),
    '--aln',
    aligned,
    '--dates',
    join(folder, 'dates.csv'),
    '--clock-rate',
    '0.0008',
    '--clock-std-dev',
    '0.0004',
    '--coalescent',
    'skyline',
    '--keep-root',
    '--outdir',
    join(folder, 'treetime'),
  ]);
}

/** Runs a peer and gives its seconds; undefined when it is not installed. */
function timed(program: string, args: string[], output?: string): number | undefined {
  const began = performance.now();
  const { status, error, stdout } = spawnSync(program, args, { maxBuffer: 2 ** 30, encoding: 'utf8' });
  if (error) {
    console.log(`${program} is not installed`);
    return undefined;
  }
  if (output !== undefined) writeFileSync(output, stdout);
  const seconds = (performance.now() - began) / 1000;
  console.log(`${program}: ${seconds.toFixed(1)} s, ended with ${status}`);
  return seconds;
}

const round = (value: number): number => Math.round(value * 10) / 10;
