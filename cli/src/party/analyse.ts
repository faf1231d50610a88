import type { JobResult as Result, JobSpecification } from '@geneward/api';
import {
  caseControl,
  cohortOf,
  intersectVariants,
  linearRegression,
  logisticRegression,
  principalComponents,
  rowBytesOf,
  survivalAnalysis,
  type Cohort,
  type Sum,
  type Variant,
} from '@geneward/mpc';
import type { Inputs } from './inputs.ts';
import type { Peer } from './mesh.ts';
import type { Policy } from './policy.ts';
import { PartyProblem } from './problem.ts';
import { hashOf } from './records.ts';
import { agree, exchange } from './secure-sum.ts';

interface Together {
  readonly peers: readonly Peer[];
  readonly sum: Sum;
  readonly policy: Policy;
}

/** Runs the analysis of a job with the partners. */
export async function analyse(job: JobSpecification, inputs: Inputs, together: Together): Promise<Result> {
  const { sum } = together;
  const [individuals = 0] = await sum('individuals', Float64Array.of(inputs.samples.length), 0);
  if (individuals < job.thresholds.individuals) throw new PartyProblem('too-few-individuals');
  const { analysis } = job;
  if (analysis.kind === 'survival') return survival(job, inputs, sum, individuals);
  const cohort = await commonPanel(job, inputs, together);
  const memory = cohort.panel.length * (rowBytesOf(cohort.individuals) + 8 * elementsOf(job));
  if (memory > together.policy.limits.memoryBytes) throw new PartyProblem('too-large-for-memory');
  const place = ({ chromosome, position, id, counted, other }: Variant) => [chromosome, position, id, counted, other];
  const places = ['CHR', 'BP', 'SNP', 'A1', 'A2'];
  if (analysis.kind === 'case-control') {
    const rows = await caseControl(cohort, inputs.values(analysis.status), sum);
    const columns = [...places, 'F_A', 'F_U', 'CHISQ', 'P', 'OR', 'TREND_CHISQ', 'TREND_P', 'HWE_P'];
    return table(job, individuals, columns, cohort.panel, (variant, at) => {
      const row = rows[at];
      if (!row) return [...place(variant)];
      const small = [...Object.values(row.cases), ...Object.values(row.controls)].some(
        (count: number) => count > 0 && count < job.thresholds.cell,
      );
      const values = [
        row.caseFrequency,
        row.controlFrequency,
        row.chiSquare,
        row.p,
        row.oddsRatio,
        row.trendChiSquare,
        row.trendP,
        row.hardyWeinbergP,
      ];
      return [...place(variant), ...values.map((value) => (small ? Number.NaN : value))];
    });
  }
  if (analysis.kind === 'linear') {
    const rows = await linearRegression(
      cohort,
      inputs.values(analysis.outcome),
      analysis.covariates.map(inputs.values),
      sum,
    );
    return table(job, individuals, [...places, 'NMISS', 'BETA', 'SE', 'STAT', 'P'], cohort.panel, (variant, at) => {
      const row = rows[at];
      return [...place(variant), ...(row ? [row.n, row.beta, row.error, row.statistic, row.p] : [])];
    });
  }
  if (analysis.kind === 'logistic') {
    const status = inputs.values(analysis.status);
    const rows = await logisticRegression(
      cohort,
      status,
      analysis.covariates.map(inputs.values),
      sum,
      analysis.threshold,
    );
    const columns = [...places, 'SCORE_CHISQ', 'SCORE_P', 'BETA', 'SE', 'STAT', 'P'];
    return table(job, individuals, columns, cohort.panel, (variant, at) => {
      const { scoreChiSquare = Number.NaN, scoreP = Number.NaN, full } = rows[at] ?? {};
      const fit = full ? [full.beta, full.error, full.statistic, full.p] : Array.from({ length: 4 }, () => Number.NaN);
      return [...place(variant), scoreChiSquare, scoreP, ...fit];
    });
  }

  const { eigenvalues } = await principalComponents(cohort, analysis.components, sum);
  const rows = Array.from(eigenvalues, (value, at) => [at + 1, value]);
  return {
    kind: 'pca',
    individuals,
    columns: ['PC', 'EIGENVALUE'],
    rows,
    summary: { variants: cohort.panel.length },
  };
}

/** Eight-byte elements a variant that an analysis holds at its widest. */
function elementsOf({ analysis }: JobSpecification): number {
  if (analysis.kind === 'pca') return 28 * (analysis.components + 4);
  if (analysis.kind === 'linear' || analysis.kind === 'logistic')
    return (analysis.covariates.length + 3) * (analysis.covariates.length + 4);
  return 12;
}

/** The variants that all parties have, from their exchanged lists: places and alleles, no genotypes. */
async function commonPanel(job: JobSpecification, inputs: Inputs, { peers, policy }: Together): Promise<Cohort> {
  const list = inputs.variants.map(({ chromosome, position, id, counted, other }) => [
    chromosome,
    position,
    id,
    counted,
    other,
  ]);
  const received = await exchange(peers, Buffer.from(JSON.stringify(list)));
  const lists = job.parties.map(({ name }) =>
    name === policy.name ? inputs.variants : variantsOf(received[peers.findIndex((peer) => peer.name === name)]),
  );
  const panel = intersectVariants(lists, job.ambiguous);
  // A party that gave two partners two lists is noticed here, before anything is added.
  await agree(peers, Buffer.from(hashOf(panel), 'hex'));
  if (panel.length === 0 || !inputs.genotypes) throw new PartyProblem('nothing-in-common');
  return cohortOf(inputs.genotypes, panel, job.ambiguous);
}

/** A partner's list, held to its shape: it came from outside. */
function variantsOf(bytes: Buffer | undefined): Variant[] {
  let list: unknown;
  try {
    list = JSON.parse(bytes?.toString() ?? '');
  } catch {
    throw new PartyProblem('bad-frame');
  }
  if (!Array.isArray(list)) throw new PartyProblem('bad-frame');
  return list.map((entry: unknown) => {
    const [chromosome, position, id, counted, other] = Array.isArray(entry) ? (entry as unknown[]) : [];
    const texts = [chromosome, id, counted, other].every((text) => typeof text === 'string' && text.length < 1000);
    if (!texts || !Number.isSafeInteger(position)) throw new PartyProblem('bad-frame');
    return { chromosome, position, id, counted, other } as Variant;
  });
}

function table(
  job: JobSpecification,
  individuals: number,
  columns: readonly string[],
  panel: readonly Variant[],
  row: (variant: Variant, at: number) => (string | number)[],
): Result {
  const rows = panel.map((variant, at) =>
    row(variant, at).map((value) => (typeof value === 'number' && !Number.isFinite(value) ? null : value)),
  );
  return { kind: job.analysis.kind, individuals, columns, rows, summary: { variants: panel.length } };
}

async function survival(job: JobSpecification, inputs: Inputs, sum: Sum, individuals: number): Promise<Result> {
  const { analysis } = job;
  if (analysis.kind !== 'survival') throw new PartyProblem('bad-specification');
  const [time, event, group] = [analysis.time, analysis.event, analysis.group].map(inputs.values);
  if (!time || !event || !group) throw new PartyProblem('input-unusable');
  const { curves, test } = await survivalAnalysis({ time, event, group }, analysis.grid, analysis.groups, sum);
  const finite = (value: number) => (Number.isFinite(value) ? value : null);
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
