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

/** The sums over studies that meta-analysis needs, each linear in what one institution knows: w, w², wβ, wβ² with w = 1/SE². */
export function metaSums({ beta, error }: Effect): [count: number, w: number, ww: number, wb: number, wbb: number] {
  const w = 1 / error ** 2;
  return Number.isFinite(w) && Number.isFinite(beta) ? [1, w, w * w, w * beta, w * beta * beta] : [0, 0, 0, 0, 0];
}

/** Inverse-variance meta-analysis of effects, fixed and random (METAL STDERR scheme; DerSimonian and Laird). */
export function metaAnalysis(effects: readonly Effect[]): MetaAnalysis {
  const usable = effects.filter(({ beta, error }) => Number.isFinite(beta) && error > 0 && Number.isFinite(error));
  const total = [0, 0, 0, 0, 0];
  for (const one of usable) for (const [at, value] of metaSums(one).entries()) total[at] = (total[at] ?? 0) + value;
  const [studies, w, ww, wb, wbb] = total as [number, number, number, number, number];
  const fixed = effect(wb / w, 1 / Math.sqrt(w));
  const q = Math.max(0, wbb - (wb * wb) / w);
  const df = studies - 1;
  const tauSquare = df > 0 ? Math.max(0, (q - df) / (w - ww / w)) : 0;
  let v = 0;
  let vb = 0;
  for (const { beta, error } of usable) {
    v += 1 / (error ** 2 + tauSquare);
    vb += beta / (error ** 2 + tauSquare);
  }
  return {
    studies,
    fixed,
    random: effect(vb / v, 1 / Math.sqrt(v)),
    tauSquare,
    q,
    heterogeneityP: df > 0 ? chiSquareTail(q, df) : Number.NaN,
    iSquare: df > 0 && q > 0 ? Math.max(0, (100 * (q - df)) / q) : 0,
  };
}

const effect = (beta: number, error: number) => ({ beta, error, p: normalTwoSided(beta / error) });
