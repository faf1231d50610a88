import type { Vector } from '../field/field.ts';
import { p61 } from '../field/p61.ts';
import type { Authenticated, Verified } from '../mac/verified.ts';
import type { Shares } from '../rep3/rep3.ts';
import { blocks, join, joinVectors } from './blocks.ts';

/** Integers that can be compared are below 2^58 in magnitude. */
export const comparableBits = 58;

const bits = 61;

/**
 * One where a secret integer is below zero, else zero, as secrets. The caller sees to it that |x| < 2^58.
 *
 * The shares y₀, y₁, y₂ of y = 4x are each known to two nodes, which hence share the bits of each without a message ("local share
 * conversion", Araki et al. 2018, section 5.3). As integers y₀ + y₁ + y₂ = y + k·p, and with p = 2^61 - 1 bit 60 of
 * y₀ + y₁ + y₂ + 3 is the sign of x: for x >= 0 the sum is k·2^61 + (4x + 3 - k), for x < 0 it is k·2^61 - (4|x| + k - 3), with
 * 0 <= k <= 2 and 1 <= k <= 3. The addition is done bit by bit in the field, so that the check of all products covers every gate.
 *
 * 11 rounds, 482 products a comparison.
 */
export async function negative(machine: Verified, value: Authenticated): Promise<Authenticated> {
  const { node } = machine;
  const { field } = node;
  if (field.prime !== p61) throw new RangeError('comparison is for p = 2^61 - 1');
  const { length } = value.x.mine;
  const y = node.scale(value.x, field.fill(length, 4n));
  const words = [0, 1, 2].map((share) => bitsOf(node.me, y, share));
  const known = await machine.authenticate({
    mine: joinVectors(words.map(({ mine }) => mine)),
    next: joinVectors(words.map(({ next }) => next)),
  });
  const [a, b, c] = blocks(known, bits * length);
  if (!a || !b || !c) return known;

  // Three numbers to two: sum bits and carries of a full adder in each place.
  const ab = await machine.mul(a, b);
  const half = exclusive(machine, a, b, ab);
  const halfC = await machine.mul(half, c);
  const sums = blocks(exclusive(machine, half, c, halfC), length).slice(1);
  const carries = blocks(machine.add(ab, halfC), length).slice(0, -1);

  // Places 1 to 60 of the two numbers; the carry into place 60 by a tree over (generate, propagate).
  const [s, d] = [join(sums), join(carries)];
  const both = await machine.mul(s, d);
  const generate = blocks(both, length);
  const propagate = blocks(exclusive(machine, s, d, both), length);
  const top = propagate.at(-1);
  if (!top) return known;
  const carry = await lastCarry(
    machine,
    generate.slice(0, -1).map((g, at) => ({ g, p: propagate[at] ?? g })),
    length,
  );
  return exclusive(machine, top, carry, await machine.mul(top, carry));
}

/** One where a secret integer is below a public bound. */
export const lessThan = (machine: Verified, value: Authenticated, bound: bigint): Promise<Authenticated> => {
  const { field } = machine.node;
  return negative(machine, machine.addConstant(value, field.fill(value.x.mine.length, -bound)));
};

interface Place {
  readonly g: Authenticated;
  readonly p: Authenticated;
}

/** (g, p) of neighbours, lower and upper: (gᵤ + pᵤ·gₗ, pᵤ·pₗ), level by level (Brent and Kung 1982). */
async function lastCarry(machine: Verified, places: readonly Place[], length: number): Promise<Authenticated> {
  let level = places;
  while (level.length > 1) {
    const pairs: (readonly [Place, Place])[] = [];
    for (let at = 0; at + 1 < level.length; at += 2) {
      const [lower, upper] = [level[at], level[at + 1]];
      if (lower && upper) pairs.push([lower, upper]);
    }
    const uppers = pairs.map(([, upper]) => upper.p);
    const products = blocks(
      await machine.mul(
        join([...uppers, ...uppers]),
        join([...pairs.map(([lower]) => lower.g), ...pairs.map(([lower]) => lower.p)]),
      ),
      length,
    );
    const merged = pairs.map(([, upper], at): Place => {
      const [g, p] = [products[at], products[pairs.length + at]];
      if (!g || !p) throw new RangeError('a product is missing');
      return { g: machine.add(upper.g, g), p };
    });
    level = level.length % 2 === 1 ? [...merged, ...level.slice(-1)] : merged;
  }
  const [last] = level;
  if (!last) throw new RangeError('nothing to add');
  return last.g;
}

/** a + b - 2ab, the exclusive or of bits. */
function exclusive(machine: Verified, a: Authenticated, b: Authenticated, product: Authenticated): Authenticated {
  const { field } = machine.node;
  return machine.sub(machine.add(a, b), machine.scale(product, field.fill(product.x.mine.length, 2n)));
}

/** Bits of share number `share` of each element, place by place; 3 is added to share 0. Who does not hold it has zeros. */
function bitsOf(me: number, y: Shares, share: number): Shares {
  const spread = (held: Vector, holds: boolean): Vector => {
    const out = new BigUint64Array(bits * held.length);
    if (!holds) return out;
    const more = share === 0 ? 3n : 0n;
    held.forEach((word, at) => {
      let rest = word + more;
      for (let place = 0; place < bits; place += 1) {
        out[place * held.length + at] = rest & 1n;
        rest >>= 1n;
      }
    });
    return out;
  };
  return { mine: spread(y.mine, me === share), next: spread(y.next, (me + 1) % 3 === share) };
}
