import { Abort } from '../error.ts';
import type { Field, Vector } from '../field/field.ts';
import type { Net } from '../link/net.ts';
import { fromWire, toWire } from '../link/wire.ts';
import type { Machine, Security } from '../mac/machine.ts';
import { unchecked } from '../mac/unchecked.ts';
import { verified } from '../mac/verified.ts';
import { same } from '../prg/coins.ts';
import type { Crypto } from '../prg/crypto.ts';
import { derive, seedLength } from '../prg/prg.ts';
import { dealInput, takeInputs } from './input.ts';
import { nodes, rep3, type Rep3, type Shares } from './rep3.ts';

/**
 * One party's place in a study on shares: it may compute (parties 0, 1 and 2 of the net), give data, or both; all get the result.
 * What a step gives back is undefined where the party does not compute.
 */
export interface Seat {
  readonly net: Net;
  readonly field: Field;
  readonly node: Rep3 | undefined;
  readonly security: Security;
  /** Values of one dealer as secrets; the dealer brings them. */
  give(dealer: number, values: Vector | undefined, length: number): Promise<Shares | undefined>;
  /** The sum of the vectors of all dealers as secrets. */
  pool(own: Vector | undefined, length: number): Promise<Shares | undefined>;
  /** A machine of its own for a part of the study. */
  machine(): Machine;
  /** What the nodes opened, for everybody. @throws Abort `open_mismatch` when they tell different things */
  publish(opened: readonly Vector[] | undefined, lengths: readonly number[]): Promise<Vector[]>;
}

/**
 * @param dealers parties that give data
 * @param seed 16 bytes that all randomness of this party is made from, so that an auditor can replay it
 */
export async function takeSeat(
  net: Net,
  crypto: Crypto,
  field: Field,
  {
    security,
    dealers,
    seed = crypto.random(seedLength),
  }: { security: Security; dealers: readonly number[]; seed?: Uint8Array },
): Promise<Seat> {
  const node = net.me < nodes ? await rep3(net, crypto, field, derive(crypto, seed, 'node')) : undefined;
  let [inputs, machines, coins] = [0, 0, 0];
  const freshSeed = () => derive(crypto, seed, `input ${(inputs += 1)}`);
  const take = async (from: readonly number[], own: Vector | undefined, length: number): Promise<Shares[]> => {
    const deals = from.includes(net.me);
    if (deals !== (own !== undefined) || (own && own.length !== length)) throw new RangeError('values of a dealer');
    if (node) return takeInputs(node, from, length, own && { values: own, seed: freshSeed() });
    if (own) dealInput(net, crypto, field, own, freshSeed());
    return [];
  };
  return {
    net,
    field,
    node,
    security,
    async give(dealer, values, length) {
      return (await take([dealer], values, length))[0];
    },
    async pool(own, length) {
      const [first, second, ...rest] = await take(dealers, own, length);
      if (!node || !first || !second) return first;
      const sum = node.add(first, second);
      for (const { mine, next } of rest) {
        field.add(sum.mine, mine, sum.mine);
        field.add(sum.next, next, sum.next);
      }
      return sum;
    },
    machine() {
      if (!node) throw new RangeError('this party does not compute');
      machines += 1;
      const own = derive(crypto, seed, `machine ${machines}`);
      if (security === 'semi-honest') return unchecked(node);
      return verified(node, () => crypto.sha256(derive(crypto, own, `coins ${(coins += 1)}`)));
    },
    async publish(opened, lengths) {
      const phase = 'result';
      const watching = Array.from({ length: net.parties - nodes }, (_, at) => nodes + at);
      if (opened) {
        for (const vector of opened)
          for (const to of watching) net.send(to, net.me === 0 ? toWire(vector) : crypto.sha256(toWire(vector)));
        return [...opened];
      }
      const told: Vector[] = [];
      for (const length of lengths) {
        const bytes = await net.receive(0);
        const hash = crypto.sha256(bytes);
        for (const other of [1, 2]) if (!same(await net.receive(other), hash)) throw new Abort('open_mismatch', phase);
        told.push(fromWire(bytes, length, field, phase));
      }
      return told;
    },
  };
}
