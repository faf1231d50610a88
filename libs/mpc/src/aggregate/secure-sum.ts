import { Abort } from '../error.ts';
import { fromSigned, toSigned, type Field, type Vector } from '../field/field.ts';
import { exchange, others, type Net } from '../link/net.ts';
import { fromWire, toWire } from '../link/wire.ts';
import type { Crypto } from '../prg/crypto.ts';
import { derive, prg, seedLength } from '../prg/prg.ts';

/**
 * Layer A: adds vectors of any number of institutions, two at least; everybody gets the total and nobody anything else. Each pair
 * shares a seed, and each party adds what its seeds with higher parties make and takes off what those with lower ones make, so
 * that the masks cancel in the total (Bonawitz et al. 2017, section 4, without drop-outs). A view of any coalition is uniform but
 * for the total of the others. With two parties that total is the partner's own vector.
 *
 * Private against partners who follow the protocol; one who does not can falsify the total, not learn more.
 */
export interface SecureSum {
  /** @throws Abort; RangeError when the values do not fit */
  add(phase: string, values: Vector): Promise<Vector>;
  /** Signed integers below 2^60 in magnitude, totals too. */
  addIntegers(phase: string, values: BigInt64Array): Promise<BigInt64Array>;
}

/**
 * Agrees on the seeds of all pairs; the lower party of a pair draws them.
 * @param seed 16 bytes that this party's randomness is made from, so that an auditor can replay it; fresh ones by default
 */
export async function secureSum(
  net: Net,
  crypto: Crypto,
  field: Field,
  seed: Uint8Array = crypto.random(seedLength),
): Promise<SecureSum> {
  if (net.parties < 2) throw new RangeError('a sum needs two parties at least');
  for (const to of others(net)) if (to > net.me) net.send(to, derive(crypto, seed, `pair ${net.me} ${to}`));
  const streams = await Promise.all(
    others(net).map(async (partner) => {
      const shared = partner > net.me ? derive(crypto, seed, `pair ${net.me} ${partner}`) : await net.receive(partner);
      if (shared.length !== seedLength) throw new Abort('message_length', 'seeds');
      return { partner, stream: prg(crypto, field, shared) };
    }),
  );

  const add = async (phase: string, values: Vector): Promise<Vector> => {
    let masked = values;
    for (const { partner, stream } of streams) {
      const mask = stream.elements(values.length);
      masked = partner > net.me ? field.add(masked, mask) : field.sub(masked, mask);
    }
    const shares = await exchange(net, () => toWire(masked), toWire(masked));
    return shares
      .map((share) => fromWire(share, values.length, field, phase))
      .reduce((total, share) => field.add(total, share));
  };
  return {
    add,
    addIntegers: async (phase, values) => toSigned(await add(phase, fromSigned(values, field)), field),
  };
}
