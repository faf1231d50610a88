import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobResult } from '@geneward/api';
import { beforeAll, describe, expect, it } from 'vitest';
import { madeCohort, plinkFiles, pooled } from './testing/cohort.ts';
import {
  approveAt,
  commitFiles,
  consortium,
  outputOf,
  runAt,
  specification,
  studyOf,
  type Institution,
} from './testing/consortium.ts';
import { emptyFolder } from './testing/run.ts';

/** In CI it has to be there: the test then fails rather than being left out. */
const havePlink = existsSync('/usr/bin/plink1.9') || process.env['CI'] !== undefined;
if (!havePlink && process.env['CI'] === 'true') throw new Error('plink1.9 is not installed');

// Unbalanced on purpose, one of a single person.
const cohorts = [madeCohort(120, 90, 1), madeCohort(120, 31, 2), madeCohort(120, 1, 3)];

const column = ({ columns, rows }: JobResult, name: string) => rows.map((row) => row[columns.indexOf(name)]);

describe('an association over shares', () => {
  /** PLINK on everybody together, by column. */
  let assoc: Record<string, string>[];
  beforeAll(() => {
    const folder = emptyFolder();
    for (const [role, content] of Object.entries(plinkFiles(pooled(cohorts), 'all')))
      writeFileSync(join(folder, `all.${role}`), content);
    if (!havePlink) return;
    const args = ['--bfile', 'all', '--assoc', '--keep-allele-order', '--allow-no-sex', '--out', 'all'];
    execFileSync('/usr/bin/plink1.9', args, { cwd: folder, stdio: 'ignore' });
    const [head = '', ...lines] = readFileSync(join(folder, 'all.assoc'), 'utf8').trim().split('\n');
    const names = head.trim().split(/\s+/);
    assoc = lines.map((line) =>
      Object.fromEntries(
        line
          .trim()
          .split(/\s+/)
          .map((text, at) => [names[at] ?? '', text]),
      ),
    );
  });

  const agrees = (own: unknown, printed = 'NA') =>
    typeof own === 'number'
      ? Math.abs(own - Number(printed)) <= 0.51e-3 * Math.abs(Number(printed)) + 1e-12
      : !Number.isFinite(Number(printed));

  it.skipIf(!havePlink).each(['malicious', 'semi-honest'] as const)(
    'equals PLINK for every variant, %s, with a helper that has no data',
    async (security) => {
      const places = await consortium(['alpha', 'beta', 'gamma', 'notary']);
      const files = cohorts.map((cohort, at) => plinkFiles(cohort, `p${at}-`));
      const commitments = await Promise.all(places.map((place, at) => commitFiles(place, files[at] ?? {})));
      const job = specification(places, commitments, { kind: 'association', status: 'fam', release: 'counts' });
      const parties = job.parties.map((party) =>
        party.name === 'notary' ? { ...party, role: 'helper' as const } : party,
      );
      const result = await studyOf(places, commitments, job.analysis, {
        parties,
        security,
        nodes: ['notary', 'alpha', 'beta'],
      });
      expect(result.individuals).toBe(122);
      expect(result.rows).toHaveLength(assoc.length);
      for (const name of ['CHISQ', 'P', 'OR', 'F_A', 'F_U']) {
        const own = column(result, name);
        const wrong = assoc.flatMap((line, at) =>
          agrees(own[at], line[name]) ? [] : [`${line['SNP'] ?? ''} ${name} ${String(own[at])} ${line[name] ?? ''}`],
        );
        expect(wrong).toEqual([]);
      }
    },
  );

  it('suppresses variants with a small cell before anything is opened, and opens no counts where only the statistic is released', async () => {
    const places = await consortium(['alpha', 'beta', 'gamma']);
    const commitments = await Promise.all(
      places.map((place, at) =>
        commitFiles(place, plinkFiles(cohorts[at] ?? { copies: [], phenotypes: [] }, `p${at}-`)),
      ),
    );
    const cell = 5;
    const result = await studyOf(
      places,
      commitments,
      { kind: 'association', status: 'fam', release: 'statistic' },
      {
        security: 'malicious',
        thresholds: { individuals: 1, cell },
      },
    );
    const { copies, phenotypes } = pooled(cohorts);
    const expected = copies.map((row) => {
      const of = (group: number) => {
        const called = row.filter((value, i) => phenotypes[i] === group && value !== 3);
        const counted = called.reduce((sum, value) => sum + value, 0);
        return [counted, 2 * called.length - counted];
      };
      return [...of(2), ...of(1)].every((count) => count >= cell);
    });
    expect(column(result, 'CHISQ').map((value) => value !== null)).toEqual(expected);
    expect(new Set([...column(result, 'OR'), ...column(result, 'F_A')])).toEqual(new Set([null]));
    expect(result.summary['suppressed']).toBe(expected.filter((shown) => !shown).length);
    expect(expected.filter(Boolean).length).toBeGreaterThan(20);
  });

  it('is refused where the policy asks for more security, and ends when there are too few individuals', async () => {
    const places = await consortium(['alpha', 'beta', 'gamma'], (policy) => (policy['security'] = 'malicious'));
    const commitments = await Promise.all(
      places.map((place, at) =>
        commitFiles(place, plinkFiles(cohorts[at] ?? { copies: [], phenotypes: [] }, `p${at}-`)),
      ),
    );
    const analysis = { kind: 'association', status: 'fam', release: 'counts' } as const;
    const lax = specification(places, commitments, analysis, { security: 'semi-honest' });
    expect(() => approveAt(places[0] as Institution, lax)).toThrow(
      expect.objectContaining({ code: 'security-too-low' }),
    );
    const job = specification(places, commitments, analysis, {
      security: 'malicious',
      thresholds: { individuals: 123, cell: 0 },
    });
    for (const place of places) approveAt(place, job);
    const ended = await Promise.all(places.map(runAt));
    expect(ended.map(({ code }) => code)).toEqual([3, 3, 3]);
    expect(ended.map(({ err }) => err).join('')).toContain('too-few-individuals');
  });
});

describe('two institutions', () => {
  const ids = [
    ['P1', 'P2', 'P3', '李4', 'P5'],
    ['P9', '李4', 'P2', 'P7'],
  ];
  const table = (list: readonly string[]) => `IID\tx\n${list.map((id, at) => `${id}\t${at}`).join('\n')}\n`;

  it.each([true, false])('learn whom they have in common, under a key of their own: %s', async (keyed) => {
    const places = await consortium(
      ['alpha', 'beta'],
      (policy) => {
        if (keyed) policy['identifierKey'] = 'identifier.key';
      },
      keyed ? { 'identifier.key': 'a key that only these two have' } : {},
    );
    const commitments = await Promise.all(
      places.map((place, at) => commitFiles(place, { table: table(ids[at] ?? []) })),
    );
    const result = await studyOf(places, commitments, { kind: 'overlap', reveal: 'items' });
    expect(result.rows).toEqual([
      ['alpha', 5, 2],
      ['beta', 4, 2],
    ]);
    expect(outputOf(places[0] as Institution, 'own.tsv')).toBe('IID\nP2\n李4\n');
    expect(outputOf(places[1] as Institution, 'own.tsv')).toBe('IID\n李4\nP2\n');
  });

  it('learn only how many where the job says so', async () => {
    const places = await consortium(['alpha', 'beta']);
    const commitments = await Promise.all(
      places.map((place, at) => commitFiles(place, { table: table(ids[at] ?? []) })),
    );
    const result = await studyOf(places, commitments, { kind: 'overlap', reveal: 'cardinality' });
    expect(result.summary['common']).toBe(2);
    expect(existsSync(join((places[0] as Institution).folder, 'out', 'own.tsv'))).toBe(false);
  });
});

describe('functions of sums', () => {
  it('meta-analysis over effects that each institution brings', async () => {
    const places = await consortium(['alpha', 'beta', 'gamma']);
    const head = 'CHR BP SNP A1 A2 BETA SE N\n';
    const tables = [
      `${head}1 100 rs1 A C 0.30 0.10 500\n1 200 rs2 A G 0.10 0.20 500\n1 300 rs3 G T NA NA 500\n`,
      `${head}1 100 rs1 C A -0.10 0.10 300\n1 200 rs2 A G 0.12 0.10 300\n1 300 rs3 G T 0.5 0.25 300\n`,
      `${head}1 100 rs1 T G 0.60 0.20 200\n1 200 rs2 A G 0.05 0.15 200\n1 300 rs3 G T 0.7 0 200\n`,
    ];
    const commitments = await Promise.all(places.map((place, at) => commitFiles(place, { effects: tables[at] ?? '' })));
    const result = await studyOf(places, commitments, { kind: 'meta-analysis' });
    expect(result.individuals).toBe(1000);
    expect(column(result, 'STUDIES')).toEqual([3, 3, 1]);
    // By hand, rs1: weights 100, 100, 25, effects 0.3, 0.1 (the counted allele exchanged), 0.6 (the other strand).
    const fixed = (30 + 10 + 15) / 225;
    const q = 100 * (0.3 - fixed) ** 2 + 100 * (0.1 - fixed) ** 2 + 25 * (0.6 - fixed) ** 2;
    const tau = (q - 2) / (225 - (100 ** 2 + 100 ** 2 + 25 ** 2) / 225);
    const v = [0.01, 0.01, 0.04].map((variance) => 1 / (variance + tau));
    const random = ((v[0] ?? 0) * 0.3 + (v[1] ?? 0) * 0.1 + (v[2] ?? 0) * 0.6) / v.reduce((a, b) => a + b);
    const [first] = result.rows;
    const of = (name: string) => Number(first?.[result.columns.indexOf(name)]);
    expect(of('BETA')).toBeCloseTo(fixed, 7);
    expect(of('SE')).toBeCloseTo(1 / 15, 7);
    expect(of('Q')).toBeCloseTo(q, 6);
    expect(of('I2')).toBeCloseTo((100 * (q - 2)) / q, 5);
    expect(of('BETA_R')).toBeCloseTo(random, 6);
  });

  it('description and histogram of a variable, small bins left out', async () => {
    const places = await consortium(['alpha', 'beta']);
    const values = [
      [31, 45, 52, 'NA', 67],
      [22, 38, 41, 59, 71, 44],
    ];
    const table = (list: readonly unknown[]) =>
      `IID\tage\n${list.map((value, at) => `p${at}\t${String(value)}`).join('\n')}\n`;
    const commitments = await Promise.all(
      places.map((place, at) => commitFiles(place, { table: table(values[at] ?? []) })),
    );
    const result = await studyOf(
      places,
      commitments,
      { kind: 'describe', columns: [{ column: 'age', edges: [20, 30, 40, 50, 60, 80] }] },
      { thresholds: { individuals: 2, cell: 2 } },
    );
    const ages = values.flat().filter((value) => typeof value === 'number');
    const mean = ages.reduce((a, b) => a + b, 0) / ages.length;
    expect(result.rows[0]?.[3]).toBe(10);
    expect(Number(result.rows[0]?.[4])).toBeCloseTo(mean, 6);
    expect(result.rows.slice(1).map((row) => row[3])).toEqual([null, 2, 3, 2, 2]);
  });
});
