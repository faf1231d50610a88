import { blocks, join } from '../compare/blocks.ts';
import { enough } from '../disclosure/small-cells.ts';
import type { Vector } from '../field/field.ts';
import type { Verified } from '../mac/verified.ts';
import type { Shares } from '../rep3/rep3.ts';
import { mostAlleles, type AllelicSums, type Margins } from './allelic-chi-square.ts';

/** Sums of the variants that were released; zero in both where `released` is zero. */
export interface SuppressedSums extends AllelicSums {
  readonly released: Vector;
}

/**
 * {@link allelicChiSquare} in which a variant is only released when all four cells of its table have `minimum` alleles or more.
 * The cells are compared as secrets; of a suppressed variant nothing is opened but that it is suppressed.
 * @throws RangeError with more than 65,000 alleles
 */
export async function suppressedChiSquare(
  machine: Verified,
  secret: { readonly cases: Shares; readonly controls: Shares },
  { cases: r1, controls: r2 }: Margins,
  minimum: bigint,
): Promise<SuppressedSums> {
  const n = r1 + r2;
  if (r1 <= 0n || r2 <= 0n || n > mostAlleles)
    throw new RangeError(`1 to ${mostAlleles} alleles in both groups together`);
  const { field } = machine.node;
  const { length } = secret.cases.mine;
  const a = await machine.authenticate(secret.cases);
  const c = await machine.authenticate(secret.controls);
  const rest = (x: typeof a, whole: bigint) =>
    machine.addConstant(machine.scale(x, field.fill(length, -1n)), field.fill(length, whole));
  const keep = await enough(machine, [a, c, rest(a, r1), rest(c, r2)], minimum);
  const t = machine.sub(machine.scale(a, field.fill(length, r2)), machine.scale(c, field.fill(length, r1)));
  const all = machine.add(a, c);
  const sums = await machine.mul(join([t, all]), join([t, rest(all, n)]));
  const [difference, spread] = blocks(await machine.mul(sums, join([keep, keep])), length);
  if (!difference || !spread) throw new RangeError('no variants');
  await machine.check();
  return {
    difference: await machine.open(difference),
    spread: await machine.open(spread),
    released: await machine.open(keep),
  };
}
