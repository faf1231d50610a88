import { Abort } from '../error.ts';
import type { Field, Vector } from '../field/field.ts';
import type { Net } from '../link/net.ts';
import { fromWire, toWire } from '../link/wire.ts';
import { same } from '../prg/coins.ts';
import type { Crypto } from '../prg/crypto.ts';
import { derive, prg, seedLength } from '../prg/prg.ts';
import { nodes, type Rep3, type Shares } from './rep3.ts';

/**
 * Gives secret values to the three nodes: x₀ and x₁ are made from seeds, x₂ = x - x₀ - x₁ travels whole to the two nodes that
 * hold it.
 * @param seed 16 bytes, used for this input only
 */
export function dealInput(
  net: Pick<Net, 'send'>,
  crypto: Crypto,
  field: Field,
  values: Vector,
  seed: Uint8Array,
): void {
  const seeds = [derive(crypto, seed, 'share 0'), derive(crypto, seed, 'share 1')] as const;
  const [first, second] = seeds.map((one) => prg(crypto, field, one).elements(values.length));
  if (!first || !second) return;
  const third = toWire(field.sub(field.sub(values, first), second));
  for (const [node, parts] of [
    [0, [seeds[0], seeds[1]]],
    [1, [seeds[1], third]],
    [2, [third, seeds[0]]],
  ] as const)
    for (const part of parts) net.send(node, part);
}

/** What a node deals itself. */
interface Own {
  readonly values: Vector;
  readonly seed: Uint8Array;
}

/**
 * Takes the values of many dealers, each as many. A node compares with its neighbour what both of them got, so that a dealer cannot
 * give values that no sum explains. A node that is a dealer gives its own here; its own parts do not travel.
 * @throws Abort `input_mismatch`
 */
export async function takeInputs(node: Rep3, dealers: readonly number[], length: number, own?: Own): Promise<Shares[]> {
  const { me, net, crypto, field } = node;
  const phase = 'input';
  const kept: Uint8Array[] = [];
  if (own)
    dealInput(
      { send: (to, part) => (to === me ? void kept.push(part) : net.send(to, part)) },
      crypto,
      field,
      own.values,
      own.seed,
    );
  const parts: { mine: Uint8Array; next: Uint8Array }[] = [];
  for (const dealer of dealers) {
    const [mine, next] = dealer === me ? kept : [await net.receive(dealer), await net.receive(dealer)];
    if (!mine || !next) throw new RangeError('a dealer without values');
    parts.push({ mine, next });
  }
  const hashOf = (which: 'mine' | 'next') => {
    const all = new Uint8Array(32 * parts.length);
    for (const [at, part] of parts.entries()) all.set(crypto.sha256(part[which]), 32 * at);
    return crypto.sha256(all);
  };
  net.send((me + 1) % nodes, hashOf('next'));
  if (!same(await net.receive((me + nodes - 1) % nodes), hashOf('mine'))) throw new Abort('input_mismatch', phase);
  const vectorOf = (part: Uint8Array, share: number): Vector => {
    if (share === 2) return fromWire(part, length, field, phase);
    if (part.length !== seedLength) throw new Abort('message_length', phase);
    return prg(crypto, field, part).elements(length);
  };
  return parts.map(({ mine, next }) => ({ mine: vectorOf(mine, me), next: vectorOf(next, (me + 1) % nodes) }));
}

/** The values of one dealer that is not this node. */
export async function takeInput(node: Rep3, dealer: number, length: number): Promise<Shares> {
  const [shares] = await takeInputs(node, [dealer], length);
  if (!shares) throw new RangeError('no dealer');
  return shares;
}

/** The same for a node that deals itself. */
export async function ownInput(node: Rep3, values: Vector, seed: Uint8Array): Promise<Shares> {
  const [shares] = await takeInputs(node, [node.me], values.length, { values, seed });
  if (!shares) throw new RangeError('no dealer');
  return shares;
}
