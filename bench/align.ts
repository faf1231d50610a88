import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { align, gapCosts, indexReference, parseGenome } from '@geneward/phylo';
import type { Figure } from './figure.ts';

const data = new URL('../../shared/data/virus/', import.meta.url);

/**
 * The 418 genomes of early 2020 against their reference, in one thread; beside it mafft and minimap2 (Debian packages, two
 * threads), each as a process. Needs the shared data.
 */
export async function run(): Promise<Figure[]> {
  const fasta = gunzipSync(readFileSync(new URL('ncov-2020/example_sequences.fasta.gz', data))).toString();
  const reference = readFileSync(new URL('sars-cov-2/reference.fasta', data), 'utf8');
  const genomes = lettersOf(fasta);
  const genome = parseGenome(lettersOf(reference)[0] ?? '');
  const index = indexReference(genome);
  const costs = gapCosts(genome.length, [], 'right');
  const ours = rate(genomes.length, () => {
    for (const letters of genomes) if ('rule' in align(index, costs, letters)) throw new Error('a genome was refused');
  });
  const folder = mkdtempSync(join(tmpdir(), 'geneward-bench-align-'));
  try {
    const told = runAll(folder, fasta, genomes.length);
    const [all, one] = [join(folder, 'all.fasta'), join(folder, 'reference.fasta')];
    writeFileSync(all, fasta);
    writeFileSync(one, reference);
    const peers: readonly [name: string, program: string, args: readonly string[]][] = [
      [
        'mafft --addfragments',
        'mafft',
        ['--thread', '2', '--quiet', '--6merpair', '--keeplength', '--addfragments', all, one],
      ],
      ['minimap2 asm20', 'minimap2', ['-t', '2', '-a', '-x', 'asm20', one, all]],
    ];
    const compared = peers.map(([peer, program, args]) => {
      const figure = { name: 'align.genomes', value: ours, unit: 'genomes/s', better: 'higher', target: 150 } as const;
      if (spawnSync(program, ['--version']).error) return figure;
      const peerValue = rate(genomes.length, () => void spawnSync(program, [...args], { maxBuffer: 2 ** 30 }));
      return { ...figure, peer, peerValue, ratio: Math.round((ours / peerValue) * 100) / 100 };
    });
    return [...compared, told];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How often the genomes are given, so that the start of the program is a small part. */
const times = 6;

/** Alignment, mutations, quality, clade, nearest node and neighbours of all, by the command line in two threads, its start included. */
function runAll(folder: string, fasta: string, count: number): Figure {
  const path = join(folder, 'many.fasta');
  writeFileSync(path, Array.from({ length: times }, (_, at) => fasta.replaceAll('>', `>${at}/`)).join(''));
  const cli = fileURLToPath(new URL('../cli/src/main.ts', import.meta.url));
  const dataset = fileURLToPath(new URL('sars-cov-2', data));
  const began = performance.now();
  const out = join(folder, 'run');
  execFileSync(
    process.execPath,
    [cli, 'virus', 'run', path, '--dataset', dataset, '--out', out, '--threads', '2', '--json'],
    { stdio: 'ignore', env: { ...process.env, GENEWARD_HOME: join(folder, 'home') } },
  );
  const seconds = (performance.now() - began) / 1000;
  return {
    name: 'align.run',
    value: Math.round((times * count) / seconds),
    unit: 'genomes/s, from FASTA to report',
    better: 'higher',
    target: 150,
  };
}

const lettersOf = (fasta: string): string[] =>
  fasta
    .split('>')
    .slice(1)
    .map((record) => record.split(/\r?\n/).slice(1).join('').trim());

function rate(count: number, work: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < 2; at += 1) {
    const began = performance.now();
    work();
    least = Math.min(least, performance.now() - began);
  }
  return Math.round((count / least) * 1000);
}
