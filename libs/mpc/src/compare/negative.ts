import type { Vector } from '../field/field.ts';
import { p61 } from '../field/p61.ts';
import { fromWire, toWire } from '../link/wire.ts';
import type { Authenticated, Machine } from '../mac/machine.ts';
import type { Rep3, Shares } from '../rep3/rep3.ts';
import { negativeByWords } from './words.ts';

/** Integers that can be compared are below 2^58 in magnitude. */
export const comparableBits = 58;

const bits = 61;

/**
 * One where a secret integer is below zero, else zero, as secrets. The caller sees to it that |x| < 2^58.
 *
 * Of y = 4x node 0 knows s = y₀ + y₁, nodes 1 and 2 know t = y₂ ("local share conversion", Araki et al. 2018, section 5.3, with two
 * numbers in place of three). As integers s + t = y + k·p with 0 <= k <= 2 whichever representatives are taken, and with
 * p = 2^61 - 1 bit 60 of s + t + 3 is the sign of x: for x >= 0 the sum is k·2^61 + (4x + 3 - k), for x < 0 it is
 * (k + 1)·2^61 - (4|x| + k - 2). Bits of t are shared without a message, bits of s by node 0, who proves that they are bits and
 * that they make s. The addition is done bit by bit in the field, so that the check of all products covers every gate.
 *
 * Nine rounds, 173 products a comparison and 92 more under the key. Where nothing is checked, words of bits do (`words.ts`).
 */
export async function negative(machine: Machine, value: Authenticated): Promise<Authenticated> {
  const { node } = machine;
  const { field } = node;
  if (field.prime !== p61) throw new RangeError('comparison is for p = 2^61 - 1');
  if (machine.security === 'semi-honest') return machine.authenticate(await negativeByWords(node, value.x));
  const { s, t } = await operands(machine, value);
  const last = bits - 1;

  // Only upper places of the first level of the tree, and the last, need t under the key.
  const upper = t.map((_, place) => place % 2 === 1 || place === last);
  const secured = await machine.authenticateAll([...s, ...t.filter((_, place) => upper[place])]);
  const sBits = secured.slice(0, bits);
  const tBits = secured.slice(bits);
  machine.assertBits(sBits);
  const generate = await machine.mulAll(sBits.map((bit, place) => [bit, t[place] ?? bit.x] as const));
  const places = generate.map((g, place): Place => {
    const own = sBits[place] ?? g;
    if (upper[place]) return { g, p: exclusive(machine, own, tBits.shift() ?? own, g) };
    // Nothing is multiplied by the part under the key of a lower place.
    const p = node.sub(node.add(own.x, t[place] ?? own.x), node.add(g.x, g.x));
    return { g, p: { x: p, rx: p } };
  });
  const top = places.pop()?.p;
  const carry = await lastCarry(machine, places);
  if (!top) throw new RangeError('nothing to compare');
  return exclusive(machine, top, carry, await machine.mul(carry, top));
}

/** One where a secret integer is below a public bound. */
export const lessThan = (machine: Machine, value: Authenticated, bound: bigint): Promise<Authenticated> => {
  const { field } = machine.node;
  return negative(machine, machine.addConstant(value, field.fill(value.x.mine.length, -bound)));
};

/** Bits of s and of t + 3, place by place, with what node 0 has to prove. */
async function operands(machine: Machine, value: Authenticated): Promise<{ s: Shares[]; t: Shares[] }> {
  const { node } = machine;
  const { field, me } = node;
  const { length } = value.x.mine;
  const none = field.fill(length, 0n);
  const y = node.scale(value.x, field.fill(length, 4n));
  const s = split(
    await fromFirst(node, me === 0 ? bitsOf(field.add(y.mine, y.next), 0n) : undefined, bits * length),
    length,
  );
  machine.assertZero([
    ...s.map((x, place) => ({ x, factor: 1n << BigInt(place) })),
    { x: { mine: me === 2 ? none : y.mine, next: me === 1 ? none : y.next }, factor: p61 - 1n },
  ]);
  const third = me === 2 ? y.mine : me === 1 ? y.next : undefined;
  const known = third ? bitsOf(third, 3n) : field.fill(bits * length, 0n);
  const zeros = third ? field.fill(bits * length, 0n) : known;
  return { s, t: split({ mine: me === 2 ? known : zeros, next: me === 1 ? known : zeros }, length) };
}

/** Values that node 0 has, as secrets in one message: x₀ is made by the key of nodes 0 and 2, x₁ = x - x₀ goes to node 1, x₂ = 0. */
async function fromFirst(node: Rep3, values: Vector | undefined, length: number): Promise<Shares> {
  const { me, field, net } = node;
  const { mine, next } = node.random(length);
  if (values) {
    const second = field.sub(values, mine);
    net.send(1, toWire(second));
    return { mine, next: second };
  }
  const none = field.fill(length, 0n);
  if (me === 1) return { mine: fromWire(await net.receive(0), length, field, 'bits'), next: none };
  return { mine: none, next };
}

interface Place {
  readonly g: Authenticated;
  readonly p: Authenticated;
}

/** (g, p) of neighbours, lower and upper: (gᵤ + pᵤ·gₗ, pᵤ·pₗ), level by level (Brent and Kung 1982); the lowest needs no p. */
async function lastCarry(machine: Machine, places: readonly Place[]): Promise<Authenticated> {
  let level = places;
  while (level.length > 1) {
    const pairs: (readonly [Place, Place])[] = [];
    for (let at = 0; at + 1 < level.length; at += 2) {
      const [lower, upper] = [level[at], level[at + 1]];
      if (lower && upper) pairs.push([lower, upper]);
    }
    const products = await machine.mulAll([
      ...pairs.map(([lower, upper]) => [upper.p, lower.g.x] as const),
      ...pairs.slice(1).map(([lower, upper]) => [upper.p, lower.p.x] as const),
    ]);
    const merged = pairs.map(([lower, upper], at): Place => {
      const g = machine.add(upper.g, products[at] ?? upper.g);
      return { g, p: at === 0 ? lower.p : (products[pairs.length + at - 1] ?? upper.p) };
    });
    level = level.length % 2 === 1 ? [...merged, ...level.slice(-1)] : merged;
  }
  const [only] = level;
  if (!only) throw new RangeError('nothing to add');
  return only.g;
}

/** a + b - 2ab, the exclusive or of bits. */
const exclusive = (machine: Machine, a: Authenticated, b: Authenticated, product: Authenticated): Authenticated =>
  machine.sub(machine.add(a, b), machine.add(product, product));

const split = ({ mine, next }: Shares, length: number): Shares[] =>
  Array.from({ length: bits }, (_, place) => ({
    mine: mine.subarray(place * length, (place + 1) * length),
    next: next.subarray(place * length, (place + 1) * length),
  }));

/** The 61 low bits of each word with something added, place by place. */
function bitsOf(words: Vector, more: bigint): Vector {
  const out = new BigUint64Array(bits * words.length);
  const low = new Uint32Array(out.buffer);
  const raised = more === 0n ? words : words.map((word) => word + more);
  const halves = new Uint32Array(raised.buffer, raised.byteOffset, 2 * raised.length);
  for (let place = 0; place < bits; place += 1) {
    const [half, shift] = [place >> 5, place & 31];
    const from = 2 * place * words.length;
    for (let at = 0; at < words.length; at += 1) low[from + 2 * at] = ((halves[2 * at + half] as number) >>> shift) & 1;
  }
  return out;
}
