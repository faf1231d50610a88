import { unpack } from '../inputs/genotypes.ts';
import { newtonStep, noCoefficient, scoreTest, waldTest, type Coefficient } from '../statistics/regression.ts';
import { fromTriangle, triangleSize } from '../statistics/symmetric.ts';
import { loadPanel, type Cohort } from './cohort.ts';
import { called, inner } from './linear.ts';
import { realBits, standardise, type Design } from './design.ts';
import { sumInPieces, type Sum } from './sum.ts';

export interface LogisticRow {
  readonly scoreChiSquare: number;
  readonly scoreP: number;
  /** The full model, for variants whose score test is at or below the threshold. */
  readonly full?: Coefficient;
}

const most = 25;
const converged = 1e-8;
const separated = 30;

/**
 * Logistic regression of a 0/1 outcome on each variant with covariates (PLINK --logistic): a score test of all, and the
 * full model by Newton's method for those with a score P ≤ `threshold` (1 fits all). Every step opens sums only.
 */
export async function logisticRegression(
  cohort: Cohort,
  outcome: Float64Array,
  covariates: readonly Float64Array[],
  sum: Sum,
  threshold = 1,
): Promise<LogisticRow[]> {
  const design = await standardise(outcome, covariates, { binary: true }, sum);
  const n = design.individuals.length;
  const base = [new Float64Array(n).fill(1), ...design.covariates];
  const null_ = await fitNull(base, design, sum);
  if (!null_) return cohort.panel.map(() => ({ scoreChiSquare: Number.NaN, scoreP: Number.NaN }));
  const { packed, rowBytes } = await loadPanel(cohort);
  const genotype = (variant: number, into: Uint8Array) =>
    unpack(packed.subarray(variant * rowBytes, (variant + 1) * rowBytes), cohort.individuals, into);
  const copies = new Uint8Array(cohort.individuals);
  const p = base.length;
  const width = 2 + p + triangleSize(p);
  const local = new Float64Array(cohort.panel.length * width);
  const fitted = weighted(base, weights(base, null_.beta, design.outcome));
  for (let variant = 0; variant < cohort.panel.length; variant += 1)
    scoreSums(genotype(variant, copies), design, base, fitted, local.subarray(variant * width, (variant + 1) * width));
  const total = await sumInPieces(sum, 'score test', local, realBits);
  const rows: LogisticRow[] = cohort.panel.map((_, variant) =>
    scoreRow(total.subarray(variant * width, (variant + 1) * width), p),
  );
  const chosen = rows.flatMap(({ scoreP }, variant) => (scoreP <= threshold ? [variant] : []));
  const full = await fitFull(
    chosen,
    { design, base, start: null_.beta, genotype, scratch: { copies, scaled: new Float64Array(n) } },
    sum,
  );
  return rows.map((row, variant) => {
    const coefficient = full.get(variant);
    return coefficient ? { ...row, full: coefficient } : row;
  });
}

function scoreRow(total: Float64Array, p: number): LogisticRow {
  const step = newtonStep(fromTriangle(total, p, 2 + p), new Float64Array(p));
  if (!step) return { scoreChiSquare: Number.NaN, scoreP: Number.NaN };
  const result = scoreTest({
    u: total[0] as number,
    gg: total[1] as number,
    gx: total.subarray(2, 2 + p),
    covariance: step.covariance,
  });
  return { scoreChiSquare: result.chiSquare, scoreP: result.p };
}

/** y - μ and μ(1 - μ) of every individual. */
export function weights(columns: readonly Float64Array[], beta: ArrayLike<number>, outcome: Float64Array) {
  const residual = new Float64Array(outcome.length);
  const weight = new Float64Array(outcome.length);
  const eta = new Float64Array(outcome.length);
  for (const [k, column] of columns.entries()) {
    const slope = beta[k] as number;
    for (let i = 0; i < eta.length; i += 1) eta[i] = (eta[i] as number) + slope * (column[i] as number);
  }
  for (let i = 0; i < outcome.length; i += 1) {
    const mean = 1 / (1 + Math.exp(-(eta[i] as number)));
    residual[i] = (outcome[i] as number) - mean;
    weight[i] = mean * (1 - mean);
  }
  return { residual, weight };
}

/** The model of covariates alone; undefined where it has no maximum. */
export async function fitNull(base: readonly Float64Array[], design: Design, sum: Sum) {
  const p = base.length;
  const beta = new Float64Array(p);
  for (let round = 0; round < most; round += 1) {
    const { residual, weight } = weights(base, beta, design.outcome);
    const local = new Float64Array(p + triangleSize(p));
    for (let i = 0; i < residual.length; i += 1)
      addIndividual(local, p, (k) => base[k]?.[i] as number, residual[i] as number, weight[i] as number);
    const total = await sum('null model', local, realBits);
    const step = newtonStep(fromTriangle(total, p, p), total.subarray(0, p));
    if (!step) return undefined;
    for (let k = 0; k < p; k += 1) beta[k] = (beta[k] as number) + (step.step[k] as number);
    if (step.step.every((value) => Math.abs(value) < converged)) return { beta, covariance: step.covariance };
  }
  return undefined;
}

/** Adds one individual's score and information: p values, then the triangle. */
function addIndividual(
  into: Float64Array,
  p: number,
  x: (k: number) => number,
  residual: number,
  weight: number,
): void {
  let at = p;
  for (let a = 0; a < p; a += 1) {
    const xa = x(a);
    into[a] = (into[a] as number) + xa * residual;
    const scaled = xa * weight;
    for (let b = a; b < p; b += 1) into[at] = (into[at++] as number) + scaled * x(b);
  }
}

/** What the score sums of all variants have in common: W·X and X'WX over everybody. */
interface Weighted {
  readonly residual: Float64Array;
  readonly weight: Float64Array;
  readonly columns: readonly Float64Array[];
  readonly whole: Float64Array;
}

function weighted(base: readonly Float64Array[], fitted: { residual: Float64Array; weight: Float64Array }): Weighted {
  const columns = base.map((column) => column.map((value, i) => value * (fitted.weight[i] as number)));
  const whole = columns.flatMap((scaled, a) => base.slice(a).map((column) => inner(scaled, column)));
  return { ...fitted, columns, whole: Float64Array.from(whole) };
}

/** U, g'Wg, g'WX and X'WX over those who are called. */
function scoreSums(
  copies: Uint8Array,
  design: Design,
  base: readonly Float64Array[],
  { residual, weight, columns, whole }: Weighted,
  into: Float64Array,
): void {
  const p = base.length;
  const { genotype, missing } = called(copies, design.individuals);
  into[0] = inner(genotype, residual);
  let square = 0;
  for (let i = 0; i < genotype.length; i += 1) square += (genotype[i] as number) ** 2 * (weight[i] as number);
  into[1] = square;
  for (let a = 0; a < p; a += 1) into[2 + a] = inner(genotype, columns[a] as Float64Array);
  into.set(whole, 2 + p);
  for (const i of missing) {
    let at = 2 + p;
    for (let a = 0; a < p; a += 1) {
      const scaled = columns[a]?.[i] as number;
      for (let b = a; b < p; b += 1) into[at] = (into[at++] as number) - scaled * (base[b]?.[i] as number);
    }
  }
}

interface Fitting {
  readonly design: Design;
  readonly base: readonly Float64Array[];
  readonly start: Float64Array;
  readonly genotype: (variant: number, into: Uint8Array) => Uint8Array;
  /** Room that every variant uses anew. */
  readonly scratch: { readonly copies: Uint8Array; readonly scaled: Float64Array };
}

/** Newton's method for the chosen variants side by side: one addition a step for all that have not settled. */
async function fitFull(chosen: readonly number[], fitting: Fitting, sum: Sum): Promise<Map<number, Coefficient>> {
  const p = fitting.base.length + 1;
  const width = p + triangleSize(p);
  const beta = new Map(chosen.map((variant) => [variant, Float64Array.from([...fitting.start, 0])]));
  const results = new Map<number, Coefficient>();
  let open = [...chosen];
  for (let round = 0; round < most && open.length > 0; round += 1) {
    const local = new Float64Array(open.length * width);
    for (const [at, variant] of open.entries())
      variantSums(variant, beta.get(variant) ?? fitting.start, fitting, local.subarray(at * width, (at + 1) * width));
    const total = await sumInPieces(sum, 'full model', local, realBits);
    const rest: number[] = [];
    for (const [at, variant] of open.entries()) {
      const own = total.subarray(at * width, (at + 1) * width);
      const current = beta.get(variant) ?? new Float64Array(p);
      const step = newtonStep(fromTriangle(own, p, p), own.subarray(0, p));
      if (!step) results.set(variant, noCoefficient);
      else {
        for (let k = 0; k < p; k += 1) current[k] = (current[k] as number) + (step.step[k] as number);
        if (step.step.every((value) => Math.abs(value) < converged))
          results.set(variant, settled(current[p - 1] as number, step.covariance[p * p - 1] as number));
        else rest.push(variant);
      }
    }
    open = rest;
  }
  // What has not settled has no finite estimate (separation): not available, as in PLINK.
  for (const variant of open) results.set(variant, noCoefficient);
  return results;
}

/**
 * Where a genotype separates cases from controls the likelihood has no maximum: the weights vanish and the variance
 * grows without bound. A finite estimate rests on at least one case and one control and keeps an error of a few units.
 */
const settled = (beta: number, variance: number): Coefficient =>
  variance > separated ** 2 ? noCoefficient : waldTest(beta, variance);

/** Score and information of one variant's model at `beta`: column by column, who is missing with weight zero. */
function variantSums(variant: number, beta: Float64Array, fitting: Fitting, into: Float64Array): void {
  const { design, base, scratch } = fitting;
  const { genotype, missing } = called(fitting.genotype(variant, scratch.copies), design.individuals);
  const columns = [...base, genotype];
  const { residual, weight } = weights(columns, beta, design.outcome);
  for (const i of missing) {
    residual[i] = 0;
    weight[i] = 0;
  }
  const { scaled } = scratch;
  let at = columns.length;
  for (const [a, column] of columns.entries()) {
    into[a] = inner(column, residual);
    for (let i = 0; i < scaled.length; i += 1) scaled[i] = (column[i] as number) * (weight[i] as number);
    for (let b = a; b < columns.length; b += 1) into[at++] = inner(scaled, columns[b] as Float64Array);
  }
}
