import { chiSquareTail, normalTwoSided } from './tails.ts';

export interface Effect {
  readonly beta: number;
  readonly error: number;
}

export interface MetaAnalysis {
  readonly studies: number;
  readonly fixed: Effect & { readonly p: number };
  /** DerSimonian and Laird 1986. */
  readonly random: Effect & { readonly p: number };
  /** Between-study variance. */
  readonly tauSquare: number;
  /** Cochran's Q and its P with studies - 1 degrees of freedom. */
  readonly q: number;
  readonly heterogeneityP: number;
  /** Share of the variance that is between studies, in per cent (Higgins 2002). */
  readonly iSquare: number;
}

/** An inverse-variance estimate from Σw and Σwβ. */
export function pooledEffect(weight: number, weighted: number): Effect & { readonly p: number } {
  const [beta, error] = [weighted / weight, 1 / Math.sqrt(weight)];
  return { beta, error, p: normalTwoSided(beta / error) };
}

/** Q, I² and the variance between studies (DerSimonian and Laird 1986, equation 8) from Σw, Σ(w/Σw)² and Σw(β - fixed)². */
export function heterogeneity({
  studies,
  weight,
  shares,
  q,
}: {
  studies: number;
  weight: number;
  shares: number;
  q: number;
}): Pick<MetaAnalysis, 'tauSquare' | 'q' | 'heterogeneityP' | 'iSquare'> {
  const df = studies - 1;
  return {
    tauSquare: df > 0 ? Math.max(0, (q - df) / (weight * (1 - shares))) : 0,
    q,
    heterogeneityP: df > 0 ? chiSquareTail(q, df) : Number.NaN,
    iSquare: df > 0 && q > 0 ? Math.max(0, (100 * (q - df)) / q) : 0,
  };
}

/** Inverse-variance meta-analysis of effects in the clear, fixed and random (METAL STDERR scheme; DerSimonian and Laird). */
export function metaAnalysis(effects: readonly Effect[]): MetaAnalysis {
  const usable = effects.filter(({ beta, error }) => Number.isFinite(beta) && error > 0 && Number.isFinite(error));
  const over = (value: (one: Effect) => number) => usable.reduce((sum, one) => sum + value(one), 0);
  const weight = over(({ error }) => 1 / error ** 2);
  const fixed = pooledEffect(
    weight,
    over(({ beta, error }) => beta / error ** 2),
  );
  const spread = heterogeneity({
    studies: usable.length,
    weight,
    shares: over(({ error }) => (1 / error ** 2 / weight) ** 2),
    q: over(({ beta, error }) => ((beta - fixed.beta) / error) ** 2),
  });
  const v = ({ error }: Effect) => 1 / (error ** 2 + spread.tauSquare);
  return {
    studies: usable.length,
    fixed,
    random: pooledEffect(
      over(v),
      over((one) => v(one) * one.beta),
    ),
    ...spread,
  };
}
