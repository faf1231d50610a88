import { Abort } from '../error.ts';
import type { Field, Vector } from '../field/field.ts';
import { bytesOf, fromWire, toWire } from '../link/wire.ts';
import type { Net } from '../link/net.ts';
import { same } from '../prg/coins.ts';
import type { Crypto } from '../prg/crypto.ts';
import { derive, prg, seedLength, type Prg } from '../prg/prg.ts';

/** Compute nodes; they are the parties 0, 1 and 2 of a net, which may have more that give inputs and take outputs. */
export const nodes = 3;

/**
 * One node's part of secret values x = x₀ + x₁ + x₂: node i holds xᵢ and xᵢ₊₁ (Araki et al. 2016, section 2.1). One node alone
 * sees uniform noise; two together see everything.
 */
export interface Shares {
  readonly mine: Vector;
  readonly next: Vector;
}

/** Rows of secrets, one after the other. */
export interface Rows {
  readonly rows: number;
  readonly columns: number;
  readonly values: Shares;
}

/** Replicated secret sharing among three nodes, semi-honest by itself: what is multiplied is checked by `mac/`. */
export interface Rep3 {
  readonly me: number;
  readonly field: Field;
  readonly net: Net;
  readonly crypto: Crypto;
  /** Values that nobody knows, without a message (PRSS). */
  random(length: number): Shares;
  /** Public values. */
  constant(values: Vector): Shares;
  add(x: Shares, y: Shares): Shares;
  sub(x: Shares, y: Shares): Shares;
  /** Times public values. */
  scale(x: Shares, factor: Vector): Shares;
  /** One round, one element a product and node. */
  mul(x: Shares, y: Shares): Promise<Shares>;
  /** Products of many pairs of vectors in one round. */
  mulAll(pairs: readonly (readonly [Shares, Shares])[]): Promise<Shares[]>;
  /** Inner products of pairs of vectors: one element a pair, whatever their length. */
  innerProducts(pairs: readonly (readonly [Shares, Shares])[]): Promise<Shares>;
  /** Inner products of each row of one matrix with each of another, row by row: one element a pair. */
  crossProducts(a: Rows, b: Rows): Promise<Shares>;
  /** Bytes that this node has in common with the one before it, and with the one after it. */
  readonly common: { readonly mine: Prg; readonly next: Prg };
  /** Shows values to all three nodes. @throws Abort `open_mismatch` when two nodes show different things */
  open(x: Shares, phase: string): Promise<Vector>;
}

const previous = (party: number) => (party + nodes - 1) % nodes;
const following = (party: number) => (party + 1) % nodes;

/**
 * Sets three nodes up: node i draws a key and gives it to node i-1, so that each two neighbours have one in common.
 * @param seed 16 bytes that this node's randomness is made from
 */
export async function rep3(
  net: Net,
  crypto: Crypto,
  field: Field,
  seed: Uint8Array = crypto.random(seedLength),
): Promise<Rep3> {
  const { me } = net;
  if (me >= nodes || net.parties < nodes) throw new RangeError('nodes are the parties 0, 1 and 2');
  const own = derive(crypto, seed, `rep3 ${me}`);
  net.send(previous(me), own);
  const given = await net.receive(following(me));
  if (given.length !== seedLength) throw new Abort('message_length', 'keys');
  const stream = (purpose: string) => ({
    mine: prg(crypto, field, derive(crypto, own, purpose)),
    next: prg(crypto, field, derive(crypto, given, purpose)),
  });
  const [zeros, randoms] = [stream('zero'), stream('random')];

  /** From a sum of three parts back to replicated shares, under αᵢ with α₀ + α₁ + α₂ = 0. */
  const reshare = async (part: Vector, phase: string): Promise<Shares> => {
    const mine = field.masked(part, zeros.mine.words(part.length), zeros.next.words(part.length));
    net.send(previous(me), toWire(mine));
    return { mine, next: fromWire(await net.receive(following(me)), part.length, field, phase) };
  };
  const both = (x: Shares, y: Shares, act: (a: Vector, b: Vector) => Vector): Shares => ({
    mine: act(x.mine, y.mine),
    next: act(x.next, y.next),
  });

  return {
    me,
    field,
    net,
    crypto,
    random: (length) => ({ mine: randoms.mine.elements(length), next: randoms.next.elements(length) }),
    constant(values) {
      const none = field.fill(values.length, 0n);
      return { mine: me === 0 ? values : none, next: me === nodes - 1 ? values : none };
    },
    add: (x, y) => both(x, y, (a, b) => field.add(a, b)),
    sub: (x, y) => both(x, y, (a, b) => field.sub(a, b)),
    scale: (x, factor) => ({ mine: field.mul(x.mine, factor), next: field.mul(x.next, factor) }),
    mul: (x, y) => reshare(field.cross(x.mine, x.next, y.mine, y.next), 'multiply'),
    async mulAll(pairs) {
      const parts = new BigUint64Array(pairs.reduce((sum, [x]) => sum + x.mine.length, 0));
      let at = 0;
      for (const [x, y] of pairs) {
        const end = at + x.mine.length;
        field.cross(x.mine, x.next, y.mine, y.next, parts.subarray(at, end));
        at = end;
      }
      const { mine, next } = await reshare(parts, 'multiply');
      at = 0;
      return pairs.map(([x]) => {
        const from = at;
        at += x.mine.length;
        return { mine: mine.subarray(from, at), next: next.subarray(from, at) };
      });
    },
    innerProducts(pairs) {
      const sums = pairs.map(([x, y]) => {
        const whole = field.add(y.mine, y.next);
        return (field.dot(x.mine, whole) + field.dot(x.next, y.mine)) % field.prime;
      });
      return reshare(BigUint64Array.from(sums), 'inner products');
    },
    crossProducts(a, b) {
      // x·(y + y') + x'·y, as two products of matrices.
      const whole = field.add(b.values.mine, b.values.next);
      const first = field.crossDots(a.values.mine, whole, a.columns);
      return reshare(field.add(first, field.crossDots(a.values.next, b.values.mine, a.columns)), 'matrix');
    },
    common: stream('common'),
    async open(x, phase) {
      const { length } = x.mine;
      net.send(following(me), toWire(x.mine));
      net.send(previous(me), crypto.sha256(bytesOf(x.next)));
      const missing = await net.receive(previous(me));
      const told = await net.receive(following(me));
      if (!same(crypto.sha256(missing), told)) throw new Abort('open_mismatch', phase);
      return field.add(field.add(x.mine, x.next), fromWire(missing, length, field, phase));
    },
  };
}
