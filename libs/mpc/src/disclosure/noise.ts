/**
 * Discrete Laplace noise for integer results and the account of what has been spent. P(X = x) is proportional to exp(-|x| ε / Δ)
 * (Ghosh, Roughgarden, Sundararajan 2009), which is ε-differentially private for a query of L1 sensitivity Δ. Sampled exactly with
 * integer arithmetic as in Canonne, Kamath, Steinke 2020, algorithms 1 and 2: no floating point, so no attack on its rounding.
 */
export interface LaplaceScale {
  /** L1 sensitivity Δ: the most that all outputs together change by one person. An allele count changes by 2. */
  readonly sensitivity: bigint;
  /** ε as a fraction, so that it is exact. */
  readonly epsilon: { readonly numerator: bigint; readonly denominator: bigint };
}

/** Uniform integers from 0 to below `bound`, from a source of bytes that nobody can guess. */
export type Uniform = (bound: bigint) => bigint;

/** Uniform integers by rejection. */
export const uniformFrom =
  (random: (length: number) => Uint8Array): Uniform =>
  (bound) => {
    if (bound < 1n) throw new RangeError('bound: one at least');
    const bytes = Math.ceil(bound.toString(2).length / 8) + 8;
    const space = 1n << BigInt(8 * bytes);
    for (;;) {
      const value = random(bytes).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
      if (value < space - (space % bound)) return value % bound;
    }
  };

/** True with probability exp(-n/d), n and d at least 0 and 1 (Canonne et al., algorithm 1). */
export function bernoulliExp(uniform: Uniform, n: bigint, d: bigint): boolean {
  let rest = n;
  while (rest > d) {
    if (!atMostOne(uniform, 1n, 1n)) return false;
    rest -= d;
  }
  return atMostOne(uniform, rest, d);
}

function atMostOne(uniform: Uniform, n: bigint, d: bigint): boolean {
  let k = 1n;
  while (uniform(d * k) < n) k += 1n;
  return k % 2n === 1n;
}

/** One draw of the discrete Laplace distribution of scale Δ/ε (Canonne et al., algorithm 2). */
export function discreteLaplace(uniform: Uniform, { sensitivity, epsilon }: LaplaceScale): bigint {
  const [t, s] = [sensitivity * epsilon.denominator, epsilon.numerator];
  if (t < 1n || s < 1n) throw new RangeError('sensitivity and epsilon: above zero');
  for (;;) {
    const u = uniform(t);
    if (!bernoulliExp(uniform, u, t)) continue;
    let v = 0n;
    while (bernoulliExp(uniform, 1n, 1n)) v += 1n;
    const magnitude = (u + t * v) / s;
    const negative = uniform(2n) === 1n;
    if (negative && magnitude === 0n) continue;
    return negative ? -magnitude : magnitude;
  }
}

/** ε spent on one set of inputs, in millionths; basic composition: what is spent adds up (Dwork and Roth 2014, theorem 3.14). */
export interface Budget {
  readonly limit: bigint;
  readonly spent: readonly { readonly job: string; readonly epsilon: bigint }[];
}

/** The budget with a job added, or why not. A job is charged once. */
export function spend(
  budget: Budget,
  job: string,
  epsilon: bigint,
): { readonly ok: true; readonly budget: Budget } | { readonly ok: false; readonly left: bigint } {
  if (epsilon <= 0n) throw new RangeError('epsilon: above zero');
  if (budget.spent.some((entry) => entry.job === job)) return { ok: true, budget };
  const left = budget.limit - budget.spent.reduce((sum, entry) => sum + entry.epsilon, 0n);
  if (epsilon > left) return { ok: false, left };
  return { ok: true, budget: { ...budget, spent: [...budget.spent, { job, epsilon }] } };
}
