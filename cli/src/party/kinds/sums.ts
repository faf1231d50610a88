import type { JobSpecification } from '@geneward/api';
import {
  caseControl,
  cohortOf,
  describeVariables,
  jointMetaAnalysis,
  linearRegression,
  logisticRegression,
  principalComponents,
  rowBytesOf,
  survivalAnalysis,
  type Sum,
} from '@geneward/mpc';
import type { Inputs } from '../inputs.ts';
import type { Peer } from '../mesh.ts';
import { commonPanel } from '../panel.ts';
import type { Policy } from '../policy.ts';
import { PartyProblem } from '../problem.ts';
import { finite, variantTable, type Own, type Result } from '../result.ts';

interface Together {
  readonly peers: readonly Peer[];
  readonly sum: Sum;
  readonly policy: Policy;
}

/** The kinds that are functions of sums over everybody (layer A). */
export async function overSums(
  job: JobSpecification,
  inputs: Inputs,
  { peers, sum, policy }: Together,
): Promise<{ result: Result; own?: Own }> {
  const [individuals = 0] = await sum('individuals', Float64Array.of(inputs.individuals), 0);
  if (individuals < job.thresholds.individuals) throw new PartyProblem('too-few-individuals');
  const { analysis } = job;
  if (analysis.kind === 'survival') return { result: await survival(job, inputs, sum, individuals) };
  if (analysis.kind === 'describe') return { result: await description(job, inputs, sum, individuals) };
  const panel = await commonPanel(job, policy.name, inputs.variants, peers);
  if (analysis.kind === 'meta-analysis') {
    const rows = inputs.effects ? await jointMetaAnalysis(panel, inputs.effects, sum, job.ambiguous) : [];
    const columns = ['STUDIES', 'BETA', 'SE', 'P', 'BETA_R', 'SE_R', 'P_R', 'Q', 'Q_P', 'I2', 'TAU2'];
    return {
      result: variantTable('meta-analysis', individuals, columns, panel, (at) => {
        const row = rows[at];
        if (!row) return columns.map(() => Number.NaN);
        const { fixed, random } = row;
        return [
          row.studies,
          fixed.beta,
          fixed.error,
          fixed.p,
          random.beta,
          random.error,
          random.p,
          row.q,
          row.heterogeneityP,
          row.iSquare,
          row.tauSquare,
        ];
      }),
    };
  }
  if (!inputs.genotypes) throw new PartyProblem('input-unusable', 'no genotypes');
  const cohort = cohortOf(inputs.genotypes, panel, job.ambiguous);
  const memory = panel.length * (rowBytesOf(cohort.individuals) + 8 * elementsOf(job));
  if (memory > policy.limits.memoryBytes) throw new PartyProblem('too-large-for-memory');
  if (analysis.kind === 'case-control') {
    const rows = await caseControl(cohort, inputs.values(analysis.status), sum);
    const columns = ['F_A', 'F_U', 'CHISQ', 'P', 'OR', 'TREND_CHISQ', 'TREND_P', 'HWE_P'];
    return {
      result: variantTable('case-control', individuals, columns, panel, (at) => {
        const row = rows[at];
        if (!row) return columns.map(() => Number.NaN);
        const small = [...Object.values(row.cases), ...Object.values(row.controls)].some(
          (count: number) => count > 0 && count < job.thresholds.cell,
        );
        const { caseFrequency, controlFrequency, chiSquare, p, oddsRatio } = row;
        const values = [caseFrequency, controlFrequency, chiSquare, p, oddsRatio, row.trendChiSquare, row.trendP];
        return [...values, row.hardyWeinbergP].map((value) => (small ? Number.NaN : value));
      }),
    };
  }
  if (analysis.kind === 'linear') {
    const covariates = analysis.covariates.map(inputs.values);
    const rows = await linearRegression(cohort, inputs.values(analysis.outcome), covariates, sum);
    return {
      result: variantTable('linear', individuals, ['NMISS', 'BETA', 'SE', 'STAT', 'P'], panel, (at) => {
        const row = rows[at];
        return row ? [row.n, row.beta, row.error, row.statistic, row.p] : [];
      }),
    };
  }
  if (analysis.kind === 'logistic') {
    const covariates = analysis.covariates.map(inputs.values);
    const rows = await logisticRegression(cohort, inputs.values(analysis.status), covariates, sum, analysis.threshold);
    return {
      result: variantTable(
        'logistic',
        individuals,
        ['SCORE_CHISQ', 'SCORE_P', 'BETA', 'SE', 'STAT', 'P'],
        panel,
        (at) => {
          const { scoreChiSquare = Number.NaN, scoreP = Number.NaN, full } = rows[at] ?? {};
          const fit = full
            ? [full.beta, full.error, full.statistic, full.p]
            : Array.from({ length: 4 }, () => Number.NaN);
          return [scoreChiSquare, scoreP, ...fit];
        },
      ),
    };
  }
  if (analysis.kind !== 'pca') throw new PartyProblem('bad-specification');
  const { components } = analysis;
  const { eigenvalues, own } = await principalComponents(cohort, components, sum);
  return {
    result: {
      kind: 'pca',
      individuals,
      columns: ['PC', 'EIGENVALUE'],
      rows: Array.from(eigenvalues, (value, at) => [at + 1, value]),
      summary: { variants: panel.length },
    },
    own: {
      columns: ['IID', ...Array.from({ length: components }, (_, at) => `PC${at + 1}`)],
      rows: inputs.samples.map(({ id }, at) => [id, ...own.subarray(at * components, (at + 1) * components)]),
    },
  };
}

/** Eight-byte elements a variant that an analysis holds at its widest. */
function elementsOf({ analysis }: JobSpecification): number {
  if (analysis.kind === 'pca') return 28 * (analysis.components + 4);
  if (analysis.kind === 'linear' || analysis.kind === 'logistic')
    return (analysis.covariates.length + 3) * (analysis.covariates.length + 4);
  return 12;
}

async function survival(job: JobSpecification, inputs: Inputs, sum: Sum, individuals: number): Promise<Result> {
  const { analysis } = job;
  if (analysis.kind !== 'survival') throw new PartyProblem('bad-specification');
  const [time, event, group] = [analysis.time, analysis.event, analysis.group].map(inputs.values);
  if (!time || !event || !group) throw new PartyProblem('input-unusable');
  const { curves, test } = await survivalAnalysis({ time, event, group }, analysis.grid, analysis.groups, sum);
  return {
    kind: 'survival',
    individuals,
    columns: ['GROUP', 'TIME', 'AT_RISK', 'EVENTS', 'SURVIVAL', 'SE'],
    rows: curves.flatMap((curve, g) =>
      curve.map((point) =>
        point.events < job.thresholds.cell
          ? [g, point.time, null, null, null, null]
          : [g, point.time, point.atRisk, point.events, point.survival, finite(point.error)],
      ),
    ),
    summary: { logRankChiSquare: finite(test.chiSquare), logRankP: finite(test.p), df: test.df },
  };
}

/** One row a variable, then one a bin of its histogram; small numbers are left out of what is released. */
async function description(job: JobSpecification, inputs: Inputs, sum: Sum, individuals: number): Promise<Result> {
  const { analysis, thresholds } = job;
  if (analysis.kind !== 'describe') throw new PartyProblem('bad-specification');
  const variables = analysis.columns.map(({ column, edges }) => ({
    values: inputs.values(column),
    ...(edges && { edges }),
  }));
  const described = await describeVariables(variables, sum);
  const large = (count: number) => (count > 0 && count < thresholds.cell ? null : count);
  return {
    kind: 'describe',
    individuals,
    columns: ['VARIABLE', 'FROM', 'TO', 'N', 'MEAN', 'SD', 'SE'],
    rows: described.flatMap(({ n, mean, deviation, meanError, bins }, at) => {
      const { column = '', edges = [] } = analysis.columns[at] ?? {};
      const moments = n < Math.max(thresholds.cell, 1) ? [null, null, null] : [mean, deviation, meanError].map(finite);
      return [
        [column, null, null, large(n), ...moments],
        ...bins.map((count, bin) => [
          column,
          edges[bin] ?? null,
          edges[bin + 1] ?? null,
          large(count),
          null,
          null,
          null,
        ]),
      ];
    }),
    summary: {},
  };
}
