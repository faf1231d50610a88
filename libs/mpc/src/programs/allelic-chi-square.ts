import type { Vector } from '../field/field.ts';
import type { Verified } from '../mac/verified.ts';
import type { Shares } from '../rep3/rep3.ts';

/** Sizes that everybody may know: alleles of cases and of controls, two an individual. */
export interface Margins {
  readonly cases: bigint;
  readonly controls: bigint;
}

/** T² and C·(n - C) of each variant: all that a chi-square test of a 2 x 2 table needs beside the margins. */
export interface AllelicSums {
  readonly difference: Vector;
  readonly spread: Vector;
}

/** Alleles at most: T = a·R₂ - c·R₁ is below n²/4, and its square has to stay below p/2. */
export const mostAlleles = 65_000n;

/**
 * Chi-square of alternate alleles in cases (a) against controls (c), of many variants at once. With public margins T is linear in
 * the secret counts, so that a test takes two secret products: chi² = n·T² / (R₁·R₂·C·(n - C)), C = a + c. Nothing but T² and
 * C·(n - C) is opened: which allele is the commoner one, and in which group, stays hidden.
 * @throws RangeError with more than 65,000 alleles, where T² does not fit into the field
 */
export async function allelicChiSquare(
  machine: Verified,
  secret: { readonly cases: Shares; readonly controls: Shares },
  { cases: r1, controls: r2 }: Margins,
): Promise<AllelicSums> {
  const n = r1 + r2;
  if (r1 <= 0n || r2 <= 0n || n > mostAlleles)
    throw new RangeError(`1 to ${mostAlleles} alleles in both groups together`);
  const { field } = machine.node;
  const { length } = secret.cases.mine;
  const a = await machine.authenticate(secret.cases);
  const c = await machine.authenticate(secret.controls);
  const t = machine.sub(machine.scale(a, field.fill(length, r2)), machine.scale(c, field.fill(length, r1)));
  const all = machine.add(a, c);
  const rest = machine.addConstant(machine.scale(all, field.fill(length, -1n)), field.fill(length, n));
  const difference = await machine.mul(t, t);
  const spread = await machine.mul(all, rest);
  await machine.check();
  return { difference: await machine.open(difference), spread: await machine.open(spread) };
}

/** The statistic from what was opened; NaN where no variant varies. */
export function chiSquareOf({ difference, spread }: AllelicSums, { cases, controls }: Margins): Float64Array {
  const n = Number(cases + controls);
  const margins = Number(cases) * Number(controls);
  return Float64Array.from(difference, (t2, at) => (n * Number(t2)) / (margins * Number(spread[at] ?? 0n)));
}
