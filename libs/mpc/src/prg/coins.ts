import { Abort } from '../error.ts';
import { exchange, others, type Net } from '../link/net.ts';
import type { Crypto } from './crypto.ts';
import { seedLength } from './prg.ts';

/**
 * A seed that nobody has chosen: everybody commits to 16 bytes of their own, then shows them; the seed is the hash of all.
 * Commitments stand before anything is shown, so the last to speak cannot turn it (Blum 1983).
 * @param own randomness of this party, 32 bytes: half is shown, half hides it until then
 * @throws Abort `coin_mismatch`
 */
export async function tossCoins(net: Net, crypto: Crypto, own: Uint8Array = crypto.random(32)): Promise<Uint8Array> {
  const phase = 'coins';
  const commitments = await exchange(net, () => crypto.sha256(own), crypto.sha256(own));
  const shown = await exchange(net, () => own, own);
  const all = new Uint8Array(net.parties * 32);
  for (const [party, bytes] of shown.entries()) {
    if (bytes.length !== 32) throw new Abort('message_length', phase);
    all.set(bytes, party * 32);
  }
  for (const party of others(net)) {
    const told = crypto.sha256(shown[party] ?? new Uint8Array(0));
    if (!same(told, commitments[party])) throw new Abort('coin_mismatch', phase);
  }
  const seed = crypto.sha256(all);
  // A party that shows different bytes to different partners gives them different seeds: they compare.
  const seeds = await exchange(net, () => crypto.sha256(seed), crypto.sha256(seed));
  if (seeds.some((one) => !same(one, seeds[net.me]))) throw new Abort('coin_mismatch', phase);
  return seed.slice(0, seedLength);
}

export const same = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean => {
  if (!a || !b || a.length !== b.length) return false;
  let difference = 0;
  for (let at = 0; at < a.length; at += 1) difference |= (a[at] ?? 0) ^ (b[at] ?? 0);
  return difference === 0;
};
