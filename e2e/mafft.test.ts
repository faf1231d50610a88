import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { align, gapCosts, indexReference, parseGenome, readAnnotation } from '@geneward/phylo';
import { expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../shared/data/virus/sars-cov-2/', import.meta.url));
const records = (text: string): [name: string, letters: string][] =>
  text
    .split('>')
    .slice(1)
    .map((record) => {
      const [name = '', ...lines] = record.split(/\r?\n/);
      return [name.trim(), lines.join('').trim()];
    });

/** Ends that sequencing leaves uncertain; nothing there is used for descent. */
const masked = (position: number) => position < 50 || position >= 29_850;
/** Letters beside a gap within which two programs may place it differently. */
const besideGap = 60;

it('finds the mutations that mafft finds, apart from the masked ends and where a gap lies', () => {
  const reference = records(readFileSync(`${folder}reference.fasta`, 'utf8'))[0]?.[1] ?? '';
  const genome = parseGenome(reference);
  const genes = readAnnotation(readFileSync(`${folder}genome_annotation.gff3`, 'utf8'), genome.length);
  const index = indexReference(genome);
  const costs = gapCosts(genome.length, genes, 'right');
  const told = execFileSync(
    'mafft',
    [
      '--thread',
      '2',
      '--quiet',
      '--6merpair',
      '--keeplength',
      '--addfragments',
      `${folder}sequences.fasta`,
      `${folder}reference.fasta`,
    ],
    { encoding: 'utf8', maxBuffer: 2 ** 28 },
  );
  const theirs = new Map(records(told));
  let same = 0;
  const different: string[] = [];
  for (const [name, letters] of records(readFileSync(`${folder}sequences.fasta`, 'utf8'))) {
    const ours = align(index, costs, letters);
    if ('rule' in ours) throw new Error(`${name}: ${ours.rule.code}`);
    const other = parseGenome((theirs.get(name) ?? '').toUpperCase());
    for (let at = ours.start; at < ours.end; at += 1) {
      const [a, b] = [ours.genome[at] ?? 15, other[at] ?? 15];
      const differs = (set: number) => set !== 0 && (set & (genome[at] ?? 15)) === 0;
      if (!differs(a) && !differs(b)) continue;
      const near = (aligned: Uint8Array) => aligned.subarray(Math.max(0, at - besideGap), at + besideGap).includes(0);
      if (a === b) same += 1;
      else if (!masked(at) && !near(ours.genome) && !near(other)) different.push(`${name} ${at + 1}`);
    }
  }
  expect(different).toEqual([]);
  expect(same).toBeGreaterThan(9000);
});
