import { startHarmonising, type AmbiguousPolicy } from '../inputs/harmonise.ts';
import type { Variant } from '../inputs/genotypes.ts';
import type { Effects } from '../inputs/table/effects.ts';
import { heterogeneity, pooledEffect, type MetaAnalysis } from '../statistics/meta-analysis.ts';
import { realBits } from './design.ts';
import { sumInPieces, type Sum } from './sum.ts';

/**
 * Meta-analysis of every variant over the institutions' own estimates, fixed and random effects. Opens, for each variant, how many
 * have one, Σw and Σwβ with w = 1/SE²; then Σ(w/Σw)² and Σw(β - fixed)²; then Σv and Σvβ with v = 1/(SE² + τ²): three additions.
 */
export async function jointMetaAnalysis(
  panel: readonly Variant[],
  effects: Effects,
  sum: Sum,
  policy: AmbiguousPolicy = 'exclude',
): Promise<MetaAnalysis[]> {
  const own = matched(panel, effects, policy);
  const each = (
    width: number,
    values: (beta: number, error: number, at: number) => readonly number[],
  ): Float64Array => {
    const local = new Float64Array(panel.length * width);
    for (let at = 0; at < panel.length; at += 1) {
      const [beta, error] = [own.beta[at] as number, own.error[at] as number];
      if (!Number.isNaN(beta)) local.set(values(beta, error, at), at * width);
    }
    return local;
  };
  const first = await sumInPieces(
    sum,
    'weights',
    each(3, (b, se) => [1, 1 / se ** 2, b / se ** 2]),
    realBits,
  );
  const fixed = (at: number) => pooledEffect(first[3 * at + 1] ?? 0, first[3 * at + 2] ?? 0);
  const second = await sumInPieces(
    sum,
    'heterogeneity',
    each(2, (b, se, at) => [(1 / se ** 2 / (first[3 * at + 1] ?? 0)) ** 2, (b - fixed(at).beta) ** 2 / se ** 2]),
    realBits,
  );
  const spread = (at: number) =>
    heterogeneity({
      studies: Math.round(first[3 * at] ?? 0),
      weight: first[3 * at + 1] ?? 0,
      shares: second[2 * at] ?? 0,
      q: second[2 * at + 1] ?? 0,
    });
  const spreads = panel.map((_, at) => spread(at));
  const third = await sumInPieces(
    sum,
    'random effects',
    each(2, (b, se, at) => {
      const v = 1 / (se ** 2 + (spreads[at]?.tauSquare ?? 0));
      return [v, v * b];
    }),
    realBits,
  );
  return panel.map((_, at) => ({
    studies: Math.round(first[3 * at] ?? 0),
    fixed: fixed(at),
    random: pooledEffect(third[2 * at] ?? 0, third[2 * at + 1] ?? 0),
    ...spread(at),
  }));
}

/** An institution's estimates in the order of the panel; an exchanged allele turns the sign. */
function matched(panel: readonly Variant[], { variants, beta, error }: Effects, policy: AmbiguousPolicy) {
  const own = { beta: new Float64Array(panel.length).fill(Number.NaN), error: new Float64Array(panel.length) };
  const match = startHarmonising(panel, policy);
  for (const [at, variant] of variants.entries()) {
    const result = match(variant);
    if (typeof result === 'string') continue;
    own.beta[result.panel] = (result.swap ? -1 : 1) * (beta[at] as number);
    own.error[result.panel] = error[at] as number;
  }
  return own;
}
