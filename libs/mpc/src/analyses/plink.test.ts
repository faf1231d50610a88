import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cohortOf } from './cohort.ts';
import { caseControl, type CaseControlRow } from './case-control.ts';
import { indicatorsOf, kinship } from './kinship.ts';
import { linearRegression } from './linear.ts';
import { logisticRegression } from './logistic.ts';
import { principalComponents } from './pca.ts';
import { intersectVariants } from '../inputs/harmonise.ts';
import { hardyWeinbergExact } from '../statistics/hardy-weinberg.ts';
import { institution, plinkFiles, readStudy, type Study } from '../test/hapmap.ts';
import { agrees, havePlink, referenceFolder } from '../test/plink.ts';
import { plainSums } from '../test/plain-sum.ts';
import { haveData } from '../test/shared-data.ts';

/** HapMap3 CHB against JPT over three institutions, against PLINK on everybody together. */
describe.skipIf(!haveData || !havePlink)('three institutions agree with PLINK on the pooled cohort', () => {
  const folder = referenceFolder();
  let study: Study;
  let quantity: Float64Array;
  let covariates: Float64Array[];

  beforeAll(async () => {
    study = await readStudy();
    const { bed, bim, fam } = plinkFiles(study);
    folder.write('all.bed', bed);
    folder.write('all.bim', bim);
    folder.write('all.fam', fam);
    // A made-up quantity and covariates with structure, a missing value each, and digits that text keeps.
    const wave = (i: number, k: number) => Number((Math.sin(i * k + k) * 2 + ((i * 7919 * k) % 101) / 40).toFixed(4));
    quantity = Float64Array.from(study.samples, (_, i) => (i === 5 ? Number.NaN : 170 + wave(i, 3) * 4));
    covariates = [2, 5].map((k) =>
      Float64Array.from(study.samples, (_, i) => (i === 17 * k ? Number.NaN : wave(i, k))),
    );
    const table = (columns: readonly Float64Array[]) =>
      study.samples
        .map(({ family, id }, i) =>
          [family, id, ...columns.map((column) => (Number.isNaN(column[i]) ? 'NA' : column[i]))].join(' '),
        )
        .join('\n');
    folder.write('quantity.txt', `FID IID Q\n${table([quantity])}\n`);
    folder.write('covariates.txt', `FID IID C1 C2\n${table(covariates)}\n`);
  });
  afterAll(() => folder.remove());

  /** Runs the same code at three institutions. */
  async function together<T>(
    work: (place: ReturnType<typeof institution>, cohort: ReturnType<typeof cohortOf>, which: 0 | 1 | 2) => Promise<T>,
  ) {
    const places = ([0, 1, 2] as const).map((which) => institution(study, which));
    return Promise.all(
      places.map((place, which) => work(place, cohortOf(place.genotypes, study.variants), which as 0 | 1 | 2)),
    );
  }

  const disagreeing = (rows: readonly boolean[]) => rows.flatMap((agree, at) => (agree ? [] : [at]));

  it('case and control: CHISQ, OR, P, frequencies, trend and Hardy-Weinberg of every variant', async () => {
    const sums = plainSums(3);
    const results = await together((place, cohort, which) =>
      caseControl(cohort, place.of(study.status), sums[which] as (typeof sums)[0]),
    );
    const rows = results[0] as CaseControlRow[];
    expect(results[1]).toEqual(rows);
    folder.run('plink1.9', '--bfile', 'all', '--keep-allele-order', '--assoc', '--allow-no-sex', '--out', 'assoc');
    folder.run(
      'plink1.9',
      '--bfile',
      'all',
      '--keep-allele-order',
      '--model',
      'trend-only',
      '--allow-no-sex',
      '--out',
      'trend',
    );
    folder.run('plink1.9', '--bfile', 'all', '--keep-allele-order', '--hardy', '--allow-no-sex', '--out', 'hwe');
    const assoc = folder.table('assoc.assoc');
    expect(assoc).toHaveLength(rows.length);
    expect(
      disagreeing(
        assoc.map((line, at) => {
          const row = rows[at] as CaseControlRow;
          return (
            agrees(row.chiSquare, line['CHISQ']) &&
            agrees(row.oddsRatio, line['OR']) &&
            agrees(row.p, line['P']) &&
            agrees(row.caseFrequency, line['F_A']) &&
            agrees(row.controlFrequency, line['F_U'])
          );
        }),
      ),
    ).toEqual([]);
    const trend = new Map(folder.table('trend.model').map((line) => [line['SNP'], line]));
    expect(
      disagreeing(
        rows.map((row, at) => {
          const line = trend.get(study.variants[at]?.id);
          return agrees(row.trendChiSquare, line?.['CHISQ']) && agrees(row.trendP, line?.['P']);
        }),
      ),
    ).toEqual([]);
    const controls = folder.table('hwe.hwe').filter((line) => line['TEST'] === 'UNAFF');
    expect(disagreeing(controls.map((line, at) => agrees(rows[at]?.hardyWeinbergP ?? 0, line['P'])))).toEqual([]);
    expect(hardyWeinbergExact(14, 57, 50)).toBeCloseTo(0.842279756570793, 12);
  });

  it('linear regression with covariates: BETA, SE, P', async () => {
    const sums = plainSums(3);
    const [rows = []] = await together((place, cohort, which) =>
      linearRegression(cohort, place.of(quantity), covariates.map(place.of), sums[which] as (typeof sums)[0]),
    );
    const args = [
      '--bfile',
      'all',
      '--keep-allele-order',
      '--allow-no-sex',
      '--pheno',
      'quantity.txt',
      '--pheno-name',
      'Q',
    ];
    folder.run(
      'plink1.9',
      ...args,
      '--covar',
      'covariates.txt',
      '--linear',
      'hide-covar',
      '--ci',
      '0.95',
      '--out',
      'linear',
    );
    const lines = folder.table('linear.assoc.linear');
    expect(lines).toHaveLength(rows.length);
    expect(
      disagreeing(
        lines.map((line, at) => {
          const row = rows[at];
          return (
            row !== undefined &&
            agrees(row.beta, line['BETA']) &&
            agrees(row.error, line['SE']) &&
            agrees(row.p, line['P']) &&
            Number(line['NMISS']) === row.n
          );
        }),
      ),
    ).toEqual([]);
  });

  it('logistic regression with covariates: BETA, SE, P', async () => {
    const sums = plainSums(3);
    const [rows = []] = await together((place, cohort, which) =>
      logisticRegression(cohort, place.of(study.status), covariates.map(place.of), sums[which] as (typeof sums)[0]),
    );
    const args = [
      '--bfile',
      'all',
      '--keep-allele-order',
      '--allow-no-sex',
      '--covar',
      'covariates.txt',
      '--ci',
      '0.95',
    ];
    folder.run('plink1.9', ...args, '--logistic', 'hide-covar', 'beta', '--out', 'logistic');
    const lines = folder.table('logistic.assoc.logistic');
    expect(lines).toHaveLength(rows.length);
    expect(
      disagreeing(
        lines.map((line, at) => {
          const full = rows[at]?.full;
          // Not available here: no score, or separation, where PLINK prints the step at which it gave up.
          if (!full || Number.isNaN(full.beta)) return line['BETA'] === 'NA' || Number(line['SE']) > 30;
          // PLINK fits logistic models in single precision: a coefficient near zero has an absolute error of that size.
          const near = (own: number, printed?: string) =>
            agrees(own, printed) || Math.abs(own - Number(printed)) < 2e-6;
          return near(full.beta, line['BETA']) && near(full.error, line['SE']) && agrees(full.p, line['P']);
        }),
      ),
    ).toEqual([]);
  });

  it('principal components: eigenvalues and coordinates up to sign', async () => {
    const complete = (variant: number) => study.copies[variant]?.includes(3) === false;
    const { bed, bim, fam } = plinkFiles(study, complete);
    folder.write('complete.bed', bed);
    folder.write('complete.bim', bim);
    folder.write('complete.fam', fam);
    folder.run('plink2', '--bfile', 'complete', '--pca', '4', '--out', 'pca');
    const sums = plainSums(3);
    const panel = study.variants.filter((_, at) => complete(at));
    const results = await together((place, _, which) =>
      principalComponents(cohortOf(place.genotypes, panel), 4, sums[which] as (typeof sums)[0]),
    );
    const values = folder.read('pca.eigenval');
    const expected = new TextDecoder().decode(values).trim().split('\n');
    for (const [at, value] of expected.entries()) expect(agrees(results[0]?.eigenvalues[at] ?? 0, value)).toBe(true);
    const vectors = folder.table('pca.eigenvec');
    const own = (person: number, component: number) =>
      results[person % 3]?.own[Math.floor(person / 3) * 4 + component] ?? Number.NaN;
    for (const component of [0, 1]) {
      const printed = vectors.map((line) => Number(line[`PC${component + 1}`]));
      const sign = Math.sign(printed.reduce((sum, value, person) => sum + value * own(person, component), 0));
      for (const [person, value] of printed.entries())
        expect(Math.abs(sign * own(person, component) - value)).toBeLessThan(1e-4);
    }
  });

  it('KING-robust kinship of pairs', () => {
    folder.run('plink2', '--bfile', 'all', '--make-king-table', '--out', 'king');
    const person = new Map(study.samples.map(({ id }, at) => [id, at]));
    const indicators = study.samples.map((_, i) =>
      indicatorsOf(Uint8Array.from(study.copies, (row) => row[i] as number)),
    );
    const rows = folder.table('king.kin0');
    const wrong = rows.filter((line) => {
      const a = indicators[person.get(line['IID1'] ?? '') ?? -1];
      const b = indicators[person.get(line['IID2'] ?? '') ?? -1];
      return !a || !b || !agrees(kinship(a, b), line['KINSHIP']);
    });
    expect(rows.length).toBeGreaterThan(10_000);
    expect(wrong).toEqual([]);
  });

  it('finds the common panel whatever strand and allele the institutions report', () => {
    const lists = ([0, 1, 2] as const).map((which) => {
      const place = institution(study, which);
      return place.genotypes;
    });
    expect(lists.map(({ samples }) => samples.length).reduce((a, b) => a + b)).toBe(study.samples.length);
    const own = study.variants.slice(0, 500);
    expect(intersectVariants([study.variants, own.slice(100)])).toEqual(own.slice(100));
  });
});
