import { join, blocks } from '../compare/blocks.ts';
import { lessThan } from '../compare/negative.ts';
import type { Authenticated, Machine } from '../mac/machine.ts';

/**
 * One for each row whose cells all reach the minimum, else zero, still secret: what may be opened is multiplied by it, so that a
 * small cell never leaves the protocol. A cell of zero is small too: that nobody has a variant is a statement about everybody.
 * @param cells of one length each: the cells of a table, one row a variant
 */
export async function enough(
  machine: Machine,
  cells: readonly Authenticated[],
  minimum: bigint,
): Promise<Authenticated> {
  const [first] = cells;
  if (!first || minimum < 1n) throw new RangeError('cells and a minimum of one at least');
  const { field } = machine.node;
  const { length } = first.x.mine;
  const small = blocks(await lessThan(machine, join(cells), minimum), length);
  const large = small.map((one) =>
    machine.addConstant(machine.scale(one, field.fill(length, -1n)), field.fill(length, 1n)),
  );
  let keep = large[0];
  for (const one of large.slice(1)) keep = keep && (await machine.mul(keep, one));
  if (!keep) throw new RangeError('no cells');
  return keep;
}
