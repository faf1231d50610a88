import { numbersOf, type Vector } from '../field/field.ts';
import type { Machine } from '../mac/machine.ts';
import type { Shares } from '../rep3/rep3.ts';

/** Alleles called in cases and in controls of each variant, which everybody may know: two a called individual. */
export interface Margins {
  readonly cases: Vector;
  readonly controls: Vector;
}

/** T² and C·(n - C) of each variant: all that a chi-square test of a 2 x 2 table needs beside the margins. */
export interface AllelicSums {
  readonly difference: Vector;
  readonly spread: Vector;
}

/** Counts of the alternate allele in cases and in controls, still secret. */
export interface SecretCounts {
  readonly cases: Shares;
  readonly controls: Shares;
}

/** Alleles at most: T = a·R₂ - c·R₁ is below n²/4, and its square has to stay below p/2. */
export const mostAlleles = 65_000;

/** @throws RangeError with more than 65,000 alleles, where T² does not fit into the field */
export function checkMargins({ cases, controls }: Margins): void {
  const [r1, r2] = [numbersOf(cases), numbersOf(controls)];
  if (r1.some((called, at) => called + (r2[at] as number) > mostAlleles))
    throw new RangeError(`${mostAlleles} alleles at most in both groups together`);
}

/**
 * Chi-square of alternate alleles in cases (a) against controls (c), of many variants at once. With public margins T is linear in
 * the secret counts, so that a test takes two secret products: chi² = n·T² / (R₁·R₂·C·(n - C)), C = a + c. Nothing but T² and
 * C·(n - C) is opened: which allele is the commoner one, and in which group, stays hidden.
 * @throws RangeError with more than 65,000 alleles, where T² does not fit into the field
 */
export async function allelicChiSquare(machine: Machine, secret: SecretCounts, margins: Margins): Promise<AllelicSums> {
  checkMargins(margins);
  const { t, all, rest } = await terms(machine, secret, margins);
  const [difference, spread] = await machine.mulAll([
    [t, t.x],
    [all, rest.x],
  ]);
  await machine.check();
  if (!difference || !spread) throw new RangeError('no variants');
  const [first = t.x.mine, second = t.x.mine] = await machine.openAll([difference, spread]);
  return { difference: first, spread: second };
}

/** T, C and n - C under the key. */
export async function terms(machine: Machine, { cases: a, controls: c }: SecretCounts, margins: Margins) {
  const { node } = machine;
  const { field } = node;
  const secretT = node.sub(node.scale(a, margins.controls), node.scale(c, margins.cases));
  const secretAll = node.add(a, c);
  const [t, all] = await machine.authenticateAll([secretT, secretAll]);
  if (!t || !all) throw new RangeError('no variants');
  const minus = field.fill(a.mine.length, -1n);
  return { t, all, rest: machine.addConstant(machine.scale(all, minus), field.add(margins.cases, margins.controls)) };
}

type Four = [Float64Array, Float64Array, Float64Array, Float64Array];

/** The statistic from what was opened; NaN where no variant varies. */
export function chiSquareOf({ difference, spread }: AllelicSums, { cases, controls }: Margins): Float64Array {
  const [t2, spreads, inCases, inControls] = [difference, spread, cases, controls].map(numbersOf) as Four;
  return t2.map((value, at) => {
    const [r1, r2] = [inCases[at] as number, inControls[at] as number];
    return ((r1 + r2) * (value / (r1 * r2))) / (spreads[at] as number);
  });
}
