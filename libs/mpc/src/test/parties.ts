import * as crypto from 'node:crypto';
import {
  fieldP61,
  memoryNets,
  nodeCrypto,
  rep3,
  verified,
  type Net,
  type Rep3,
  type Tamper,
  type Machine,
} from '../index.ts';

export const host = nodeCrypto(crypto);

/** Lets all parties run at once; the results by party, or why each stopped. */
export async function together<T>(
  nets: readonly Net[],
  act: (net: Net) => Promise<T>,
): Promise<PromiseSettledResult<T>[]> {
  // A party that waits for one that has stopped would wait for ever: whoever stops is followed by all, once they have read what is there.
  let stop: (error: unknown) => void = () => undefined;
  const stopped = new Promise<never>((_, fail) => (stop = fail));
  stopped.catch(() => undefined);
  return Promise.allSettled(
    nets.map((net) => {
      const work = act(net);
      work.catch((error: unknown) => setImmediate(() => stop(error)));
      return Promise.race([work, stopped]);
    }),
  );
}

/** The same where everything goes well. */
export async function allOf<T>(nets: readonly Net[], act: (net: Net) => Promise<T>): Promise<T[]> {
  const results = await together(nets, act);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

export const seedOf = (n: number): Uint8Array => new Uint8Array(16).fill(n);

/** Three nodes with fixed seeds. */
export const threeNodes = (tamper?: Tamper): readonly Net[] => memoryNets(3, tamper);
export const nodeOf = (net: Net): Promise<Rep3> => rep3(net, host, fieldP61, seedOf(net.me + 1));
export const machineOf = async (net: Net): Promise<Machine> =>
  verified(await nodeOf(net), () => new Uint8Array(32).fill(net.me + 9));
