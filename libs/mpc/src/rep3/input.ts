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

/**
 * Takes a dealer's values. A node compares with its neighbour what both of them got, so that a dealer cannot give values that
 * no sum explains.
 * @throws Abort `input_mismatch`
 */
export async function takeInput(node: Rep3, dealer: Net['me'], length: number): Promise<Shares> {
  const { net } = node;
  return acceptInput(node, [await net.receive(dealer), await net.receive(dealer)], length);
}

/** The same for a node that deals itself: its own parts do not travel. */
export async function ownInput(node: Rep3, values: Vector, seed: Uint8Array): Promise<Shares> {
  const { me, net, crypto, field } = node;
  const kept: Uint8Array[] = [];
  dealInput(
    { send: (to, part) => (to === me ? void kept.push(part) : net.send(to, part)) },
    crypto,
    field,
    values,
    seed,
  );
  const [first = new Uint8Array(0), second = new Uint8Array(0)] = kept;
  return acceptInput(node, [first, second], values.length);
}

async function acceptInput(
  { me, net, crypto, field }: Rep3,
  [mine, next]: readonly [Uint8Array, Uint8Array],
  length: number,
): Promise<Shares> {
  const phase = 'input';
  net.send((me + 1) % nodes, crypto.sha256(next));
  const told = await net.receive((me + nodes - 1) % nodes);
  if (!same(told, crypto.sha256(mine))) throw new Abort('input_mismatch', phase);
  const vectorOf = (part: Uint8Array, share: number): Vector => {
    if (share === 2) return fromWire(part, length, field, phase);
    if (part.length !== seedLength) throw new Abort('message_length', phase);
    return prg(crypto, field, part).elements(length);
  };
  return { mine: vectorOf(mine, me), next: vectorOf(next, (me + 1) % nodes) };
}
