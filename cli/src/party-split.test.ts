import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobResult, JobSpecification } from '@geneward/api';
import { beforeAll, describe, expect, it } from 'vitest';
import { madeCohort, plinkFiles } from './testing/cohort.ts';
import { approveAt, commitFiles, consortium, outputOf, runAt, specification, studyOf } from './testing/consortium.ts';
import { emptyFolder } from './testing/run.ts';

/** In CI it has to be there: the test then fails rather than being left out. */
const havePlink = existsSync('/usr/bin/plink1.9') || process.env['CI'] !== undefined;

const [individuals, variants] = [96, 72];
const cohort = madeCohort(variants, individuals, 5);
const noise = (seed: number) => {
  const value = Math.sin(seed * 12.9898) * 43_758.5453;
  return value - Math.floor(value);
};
const age = (i: number) => 30 + Math.round(40 * noise(i + 1));
const height = (i: number) => 150 + 0.1 * age(i) + 5 * (cohort.copies[6]?.[i] ?? 0) + 8 * noise(i + 500);
const disease = (i: number) => Number(noise(i + 900) + 0.2 * (cohort.copies[7]?.[i] ?? 0) > 0.6);
/** Whom the registry knows too, and with a height. */
const known = (i: number) => i % 8 !== 3;
const complete = (i: number) => known(i) && i % 16 !== 5;

// The registry has them in another order, and people whom the biobank does not have.
const people = [...cohort.phenotypes.keys()].filter(known).toReversed();
const table = [
  'IID\tage\theight\tdisease',
  ...people.map((i) => `g${i}\t${age(i)}\t${complete(i) ? height(i) : 'NA'}\t${disease(i)}`),
  ...[1, 2, 3].map((i) => `x${i}\t50\t170\t1`),
].join('\n');

const roles = ['genotypes', 'phenotypes', 'helper'] as const;

async function study(
  analysis: JobSpecification['analysis'],
  more: Partial<JobSpecification> = {},
  change: (policy: Record<string, unknown>, name: string) => void = () => undefined,
) {
  const places = await consortium(['biobank', 'registry', 'notary'], change, { 'shared.key': 'k'.repeat(32) });
  const files = [plinkFiles(cohort, 'g'), { table }, {}];
  const commitments = await Promise.all(places.map((place, at) => commitFiles(place, files[at] ?? {})));
  const job = specification(places, commitments, analysis);
  const parties = job.parties.map((party, at) => ({ ...party, role: roles[at] ?? 'helper' }));
  return { places, commitments, analysis, more: { parties, security: 'malicious' as const, ...more } };
}

const run = async (...given: Parameters<typeof study>): Promise<JobResult> => {
  const { places, commitments, analysis, more } = await study(...given);
  return studyOf(places, commitments, analysis, more);
};

const column = ({ columns, rows }: JobResult, name: string) => rows.map((row) => row[columns.indexOf(name)]);
const agrees = (own: unknown, printed = 'NA') =>
  typeof own === 'number'
    ? Math.abs(own - Number(printed)) <= 0.51e-3 * Math.abs(Number(printed)) + 1e-12
    : !Number.isFinite(Number(printed));

describe.skipIf(!havePlink)('genotypes at a biobank, phenotypes at a registry', () => {
  const folder = emptyFolder();
  /** PLINK on both together, a line a variant. */
  const plink = (args: readonly string[], output: string): Record<string, string>[] => {
    const common = ['--bfile', 'all', '--keep-allele-order', '--allow-no-sex', '--out', 'all'];
    execFileSync('/usr/bin/plink1.9', [...common, ...args], { cwd: folder, stdio: 'ignore' });
    const [head = '', ...lines] = readFileSync(join(folder, output), 'utf8').trim().split('\n');
    const names = head.trim().split(/\s+/);
    return lines.map((line) => {
      const cells = line.trim().split(/\s+/);
      return Object.fromEntries(names.map((name, at) => [name, cells[at] ?? '']));
    });
  };
  const whole = cohort.copies.map((row) => row.every((value, i) => !complete(i) || value !== 3));
  const differing = (result: JobResult, lines: Record<string, string>[], names: readonly string[], all: boolean) =>
    names.flatMap((name) => {
      const own = column(result, name);
      return lines.flatMap((line, at) =>
        (!all && whole[at] !== true) || agrees(own[at], line[name])
          ? []
          : [`${line['SNP'] ?? ''} ${name} ${String(own[at])} ${line[name] ?? ''}`],
      );
    });

  beforeAll(() => {
    for (const [role, content] of Object.entries(plinkFiles(cohort, 'g')))
      writeFileSync(join(folder, `all.${role}`), content);
    const each = (of: (i: number) => string | number) => people.map((i) => `g${i} g${i} ${of(i)}\n`).join('');
    writeFileSync(
      join(folder, 'status'),
      each((i) => 1 + disease(i)),
    );
    writeFileSync(
      join(folder, 'height'),
      each((i) => (complete(i) ? height(i) : -9)),
    );
    writeFileSync(join(folder, 'age'), each(age));
  });

  it.each(['malicious', 'semi-honest'] as const)(
    'an allelic test equals PLINK for every variant, %s',
    async (security) => {
      const result = await run({ kind: 'split-association', status: 'disease', release: 'counts' }, { security });
      expect(result.individuals).toBe(people.length);
      const lines = plink(['--assoc', '--pheno', 'status'], 'all.assoc');
      expect(result.rows).toHaveLength(lines.length);
      expect(differing(result, lines, ['CHISQ', 'P', 'OR', 'F_A', 'F_U'], true)).toEqual([]);
    },
  );

  it.each(['malicious', 'semi-honest'] as const)(
    'a linear regression with a covariate equals PLINK where no genotype is missing, %s',
    async (security) => {
      const result = await run(
        { kind: 'split-regression', model: 'linear', outcome: 'height', covariates: ['age'] },
        { security },
      );
      expect(result.individuals).toBe(people.filter(complete).length);
      const lines = plink(['--linear', 'hide-covar', '--pheno', 'height', '--covar', 'age'], 'all.assoc.linear');
      expect(result.rows).toHaveLength(lines.length);
      expect(whole.filter(Boolean).length).toBeGreaterThan(10);
      expect(differing(result, lines, ['BETA', 'STAT', 'P'], false)).toEqual([]);
      // A missing genotype takes the mean: near to leaving the individual out, and an answer wherever there is one.
      const tested = column(result, 'BETA').map((value) => value !== null);
      expect(tested).toEqual(lines.map((line) => Number.isFinite(Number(line['BETA']))));
    },
  );

  it('suppresses small cells, and individuals are found under a shared key', async () => {
    const keyed = (policy: Record<string, unknown>) => (policy['identifierKey'] = 'shared.key');
    const result = await run(
      { kind: 'split-association', status: 'disease', release: 'statistic' },
      { thresholds: { individuals: 10, cell: 5 } },
      keyed,
    );
    expect(result.summary['suppressed']).toBeGreaterThan(5);
    const small = cohort.copies.map((row) => {
      const cells = [0, 1].flatMap((group) => {
        const called = people.filter((i) => disease(i) === group && row[i] !== 3);
        const counted = called.reduce((sum, i) => sum + (row[i] ?? 0), 0);
        return [counted, 2 * called.length - counted];
      });
      return cells.some((cell) => cell < 5);
    });
    expect(column(result, 'CHISQ').map((value) => value === null)).toEqual(small);
  });

  it('ends when too few are common, or when covariates depend on each other', async () => {
    const ended = async (analysis: JobSpecification['analysis'], more: Partial<JobSpecification>) => {
      const made = await study(analysis, more);
      const job = specification(made.places, made.commitments, analysis, made.more);
      for (const place of made.places) approveAt(place, job);
      await Promise.all(made.places.map(runAt));
      return made.places.map((place) => (JSON.parse(outputOf(place, 'abort.json')) as { code: string }).code);
    };
    const few = await ended(
      { kind: 'split-association', status: 'disease', release: 'statistic' },
      { thresholds: { individuals: 1000, cell: 0 } },
    );
    expect(few).toContain('too-few-individuals');
    const twice = await ended(
      { kind: 'split-regression', model: 'linear', outcome: 'height', covariates: ['age', 'age'] },
      {},
    );
    expect(twice[1]).toBe('input-unusable');
    expect(twice).toHaveLength(3);
  });
});
