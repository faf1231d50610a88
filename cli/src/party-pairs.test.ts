import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobSpecification } from '@geneward/api';
import { describe, expect, it } from 'vitest';
import { madeCohort, plinkFiles, pooled } from './testing/cohort.ts';
import { commitFiles, consortium, outputOf, specification, studyOf, type Institution } from './testing/consortium.ts';
import { emptyFolder } from './testing/run.ts';

/** In CI it has to be there: the test then fails rather than being left out. */
const havePlink = existsSync('/usr/bin/plink2') || process.env['CI'] !== undefined;
if (!havePlink && process.env['CI'] === 'true') throw new Error('plink2 is not installed');

type Security = NonNullable<JobSpecification['security']>;

describe('kinship between institutions', () => {
  // The second institution has the first two people of the first one again: duplicates.
  const first = madeCohort(600, 7, 11);
  const more = madeCohort(600, 4, 12);
  const second = {
    phenotypes: [...first.phenotypes.slice(0, 2), ...more.phenotypes],
    copies: more.copies.map((row, at) => [...(first.copies[at] ?? []).slice(0, 2), ...row]),
  };
  const cohorts = [first, second];

  async function job(analysis: JobSpecification['analysis'], security: Security) {
    const places = await consortium(['alpha', 'beta', 'notary']);
    const commitments = await Promise.all(
      places.map((place, at) => commitFiles(place, cohorts[at] ? plinkFiles(cohorts[at], `p${at}-`) : {})),
    );
    const { parties } = specification(places, commitments, analysis);
    const result = await studyOf(places, commitments, analysis, {
      parties: parties.map((party) => (party.name === 'notary' ? { ...party, role: 'helper' as const } : party)),
      security,
    });
    return { places, result };
  }

  it.skipIf(!havePlink).each(['malicious', 'semi-honest'] as const)(
    'equals PLINK for every pair, %s',
    async (security) => {
      const folder = emptyFolder();
      for (const [role, content] of Object.entries(plinkFiles(pooled(cohorts), 'all')))
        writeFileSync(join(folder, `all.${role}`), content);
      execFileSync('/usr/bin/plink2', ['--bfile', 'all', '--make-king-table', '--out', 'all'], {
        cwd: folder,
        stdio: 'ignore',
      });
      const [head = '', ...lines] = readFileSync(join(folder, 'all.kin0'), 'utf8').trim().split('\n');
      const names = head.replace('#', '').split('\t');
      const printed = new Map(
        lines.map((line) => {
          const fields = line.split('\t');
          const of = (name: string) => fields[names.indexOf(name)] ?? '';
          return [[of('IID1'), of('IID2')].toSorted().join(' '), Number(of('KINSHIP'))];
        }),
      );
      const { places, result } = await job({ kind: 'kinship', release: 'coefficient' }, security);
      expect(result.rows).toHaveLength(7 * 6);
      for (const [one, i, other, j, kinship, degree] of result.rows) {
        expect([one, other]).toEqual(['alpha', 'beta']);
        const pair = [`all${Number(i) - 1}`, `all${7 + Number(j) - 1}`].toSorted().join(' ');
        expect(Math.abs(Number(kinship) - (printed.get(pair) ?? Number.NaN))).toBeLessThan(1e-6);
        expect(degree === 'duplicate').toBe(Number(i) === Number(j) && Number(i) <= 2);
      }
      expect(outputOf(places[1] as Institution, 'own.tsv')).toContain('1\tp1-0\n2\tp1-1\n');
    },
  );

  it.each(['malicious', 'semi-honest'] as const)(
    'opens only who is related where the job says so, %s',
    async (security) => {
      const { result } = await job({ kind: 'kinship', release: 'related', threshold: 0.3535 }, security);
      expect(result.columns).toEqual(['PARTY1', 'N1', 'PARTY2', 'N2']);
      expect(result.rows).toEqual([
        ['alpha', 1, 'beta', 1],
        ['alpha', 2, 'beta', 2],
      ]);
    },
  );
});

describe('genomes of three institutions', () => {
  const genomes = [['ACGTACGTNN', 'ACGAACGTAC'], ['ACGTACGTAC', 'TCGTAC-TAC', 'nnnnnnnnnn'], ['ACGAACGTAC']];
  const fasta = (list: readonly string[], at: number) =>
    list.map((sequence, k) => `>g${at}${k} x\n${sequence.slice(0, 6)}\n${sequence.slice(6)}\n`).join('');
  const apart = (a: string, b: string) =>
    a.split('').filter((base, at) => 'ACGT'.includes(base) && 'ACGT'.includes(b[at] ?? '') && base !== b[at]).length;

  async function job(analysis: JobSpecification['analysis']) {
    const places = await consortium(['alpha', 'beta', 'gamma']);
    const commitments = await Promise.all(
      places.map((place, at) => commitFiles(place, { fasta: fasta(genomes[at] ?? [], at) })),
    );
    return studyOf(places, commitments, analysis, { security: 'malicious' });
  }
  const pairs = [0, 1, 2].flatMap((a) =>
    [0, 1, 2]
      .filter((b) => b > a)
      .flatMap((b) =>
        (genomes[a] ?? []).flatMap((x, i) => (genomes[b] ?? []).map((y, j) => ({ a, i, b, j, distance: apart(x, y) }))),
      ),
  );
  const names = ['alpha', 'beta', 'gamma'];

  it('have the distances that they have in the clear', async () => {
    const { rows } = await job({ kind: 'sequence-distance', release: 'distance' });
    expect(rows).toEqual(pairs.map(({ a, i, b, j, distance }) => [names[a], i + 1, names[b], j + 1, distance]));
  });

  it('tell who is close, and nothing else', async () => {
    const { rows } = await job({ kind: 'sequence-distance', release: 'close', most: 0 });
    expect(rows).toEqual(
      pairs.filter(({ distance }) => distance === 0).map(({ a, i, b, j }) => [names[a], i + 1, names[b], j + 1]),
    );
  });
});
