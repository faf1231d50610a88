import { joinVectors } from '../compare/blocks.ts';
import type { Vector } from '../field/field.ts';
import type { Shares } from '../rep3/rep3.ts';
import type { Seat } from '../rep3/seat.ts';
import { columnOf, type Split } from './split.ts';

/** Who is a case (1) and who a control (0), as secrets. */
export const giveStatus = (seat: Seat, split: Split, own: ArrayLike<number> | undefined): Promise<Shares | undefined> =>
  seat.give(split.phenotypes, own && BigUint64Array.from(own, BigInt), split.individuals);

/**
 * Counts of alleles of some variants in cases and controls: inner products of one institution's genotypes with the other's status,
 * checked before they are given on and opened by nobody here. In the order of `associationOf`.
 * @param own of who holds the genotypes: copies of the counted allele, a row a variant, then alleles called, likewise
 */
export async function splitCounts(
  seat: Seat,
  split: Split,
  status: Shares | undefined,
  own: Vector | undefined,
  variants: number,
): Promise<Shares | undefined> {
  const { individuals: columns, genotypes } = split;
  const given = await seat.give(genotypes, own, 2 * variants * columns);
  if (!given || !status || !seat.node) return undefined;
  const { node, field } = seat;
  const machine = seat.machine();
  machine.assertBits([await machine.authenticate(status)]);
  const controls = node.sub(node.constant(field.fill(columns, 1n)), status);
  const groups = { mine: joinVectors([status.mine, controls.mine]), next: joinVectors([status.next, controls.next]) };
  const { x } = await machine.crossProducts(
    { rows: 2 * variants, columns, values: given },
    { rows: 2, columns, values: groups },
  );
  await machine.check();
  const [cases, others] = [columnOf(x, 2, 0), columnOf(x, 2, 1)];
  const order = (a: Vector, b: Vector): Vector =>
    joinVectors([a.subarray(0, variants), b.subarray(0, variants), a.subarray(variants), b.subarray(variants)]);
  return { mine: order(cases.mine, others.mine), next: order(cases.next, others.next) };
}

/** Rows for `splitCounts` from copies 0, 1, 2 and 3 = missing. */
export function countedRows(
  copies: (variant: number) => ArrayLike<number>,
  variants: number,
  individuals: number,
): Vector {
  const out = new BigUint64Array(2 * variants * individuals);
  for (let variant = 0; variant < variants; variant += 1) {
    const row = copies(variant);
    const [counted, called] = [variant * individuals, (variants + variant) * individuals];
    for (let i = 0; i < individuals; i += 1)
      if (row[i] !== 3) {
        out[counted + i] = BigInt(row[i] as number);
        out[called + i] = 2n;
      }
  }
  return out;
}
