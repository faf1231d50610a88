import { enough } from '../disclosure/small-cells.ts';
import type { Vector } from '../field/field.ts';
import type { Machine } from '../mac/machine.ts';
import { checkMargins, terms, type AllelicSums, type Margins, type SecretCounts } from './allelic-chi-square.ts';

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
  machine: Machine,
  secret: SecretCounts,
  margins: Margins,
  minimum: bigint,
): Promise<SuppressedSums> {
  checkMargins(margins);
  const keep = await keepLarge(machine, secret, margins, minimum);
  const { t, all, rest } = await terms(machine, secret, margins);
  const [squares, spreads] = await machine.mulAll([
    [t, t.x],
    [all, rest.x],
  ]);
  if (!squares || !spreads) throw new RangeError('no variants');
  const [difference, spread] = await machine.mulAll([
    [squares, keep.x],
    [spreads, keep.x],
  ]);
  if (!difference || !spread) throw new RangeError('no variants');
  await machine.check();
  const [first, second, released] = await machine.openAll([difference, spread, keep]);
  if (!first || !second || !released) throw new RangeError('no variants');
  return { difference: first, spread: second, released };
}

/** Counts of the variants that were released, zero elsewhere. */
export interface ReleasedCounts {
  readonly cases: Vector;
  readonly controls: Vector;
  readonly released: Vector;
}

/** The counts themselves, of variants whose four cells have `minimum` alleles or more; with a minimum of zero, of all. */
export async function releasedCounts(
  machine: Machine,
  secret: SecretCounts,
  margins: Margins,
  minimum: bigint,
): Promise<ReleasedCounts> {
  const { field } = machine.node;
  const { length } = secret.cases.mine;
  const [a, c] = await machine.authenticateAll([secret.cases, secret.controls]);
  if (!a || !c) throw new RangeError('no variants');
  if (minimum === 0n) {
    await machine.check();
    const [cases = a.x.mine, controls = a.x.mine] = await machine.openAll([a, c]);
    return { cases, controls, released: field.fill(length, 1n) };
  }
  const keep = await keepLarge(machine, secret, margins, minimum);
  const [cases, controls] = await machine.mulAll([
    [a, keep.x],
    [c, keep.x],
  ]);
  if (!cases || !controls) throw new RangeError('no variants');
  await machine.check();
  const [first, second, released] = await machine.openAll([cases, controls, keep]);
  if (!first || !second || !released) throw new RangeError('no variants');
  return { cases: first, controls: second, released };
}

/** One where all four cells reach the minimum. */
async function keepLarge(machine: Machine, { cases, controls }: SecretCounts, margins: Margins, minimum: bigint) {
  const { node } = machine;
  const minus = node.field.fill(cases.mine.length, -1n);
  const rest = (x: typeof cases, whole: Vector) => node.add(node.scale(x, minus), node.constant(whole));
  const cells = [cases, controls, rest(cases, margins.cases), rest(controls, margins.controls)];
  return enough(machine, await machine.authenticateAll(cells), minimum);
}
