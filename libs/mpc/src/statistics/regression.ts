import { invert, times } from './symmetric.ts';
import { chiSquareTail, normalTwoSided, studentTwoSided } from './tails.ts';

/** One coefficient of a regression; NaN where the model cannot be fitted (PLINK prints NA). */
export interface Coefficient {
  readonly beta: number;
  readonly error: number;
  /** t for linear, z for logistic regression. */
  readonly statistic: number;
  readonly p: number;
}

export const noCoefficient: Coefficient = {
  beta: Number.NaN,
  error: Number.NaN,
  statistic: Number.NaN,
  p: Number.NaN,
};

/**
 * Least squares from sums over the pooled individuals: X'X (p×p), X'y, y'y and their number. Returns the coefficient in
 * column `at`, tested against Student's t with n - p degrees of freedom (PLINK --linear).
 */
export function linearFromSums(
  sums: { xx: Float64Array; xy: Float64Array; yy: number; n: number },
  at: number,
): Coefficient {
  const p = sums.xy.length;
  const df = sums.n - p;
  const inverse = df > 0 ? invert(sums.xx, p) : undefined;
  if (!inverse) return noCoefficient;
  const betas = times(inverse, sums.xy, p);
  let residual = sums.yy;
  for (let i = 0; i < p; i += 1) residual -= (betas[i] as number) * (sums.xy[i] as number);
  const beta = betas[at] as number;
  const error = Math.sqrt((Math.max(0, residual) / df) * (inverse[at * p + at] as number));
  const statistic = beta / error;
  return { beta, error, statistic, p: studentTwoSided(statistic, df) };
}

/** One Newton step of logistic regression from X'WX and the score X'(y - μ); undefined where the information is singular. */
export function newtonStep(
  information: Float64Array,
  score: ArrayLike<number>,
): { step: Float64Array; covariance: Float64Array } | undefined {
  const p = score.length;
  const covariance = invert(information, p);
  return covariance && { step: times(covariance, score, p), covariance };
}

/** Wald's test of a logistic coefficient (PLINK --logistic). */
export function waldTest(beta: number, variance: number): Coefficient {
  const error = Math.sqrt(variance);
  const statistic = beta / error;
  return { beta, error, statistic, p: normalTwoSided(statistic) };
}

/**
 * Score test of adding a column g to a fitted logistic model (Rao 1948): U = g'(y - μ), V = g'Wg - g'WX (X'WX)⁻¹ X'Wg.
 * One degree of freedom; NaN where g is a combination of X.
 */
export function scoreTest(sums: { u: number; gg: number; gx: Float64Array; covariance: Float64Array }): {
  chiSquare: number;
  p: number;
} {
  const p = sums.gx.length;
  const projected = times(sums.covariance, sums.gx, p);
  let variance = sums.gg;
  for (let i = 0; i < p; i += 1) variance -= (projected[i] as number) * (sums.gx[i] as number);
  if (!(variance > 1e-9 * sums.gg)) return { chiSquare: Number.NaN, p: Number.NaN };
  const chiSquare = sums.u ** 2 / variance;
  return { chiSquare, p: chiSquareTail(chiSquare) };
}
