import { expect, it } from 'vitest';
import {
  fieldP61,
  fromSigned,
  memoryNets,
  negative,
  ownInput,
  p61,
  rep3,
  takeInput,
  verified,
  type Net,
  type Tamper,
} from '../index.ts';
import { allOf, host } from '../test/parties.ts';

const runs = 30;
const bins = 16;

/** Words of field elements that a node receives while signs are computed, over many runs with fresh seeds, by 16 equal bins. */
async function view(node: number, values: readonly bigint[]): Promise<Uint32Array> {
  const seen = new Uint32Array(bins);
  for (let run = 0; run < runs; run += 1) {
    const watch: Tamper = (message, { to }) => {
      // Seeds and hashes have 16 and 32 bytes; vectors here have five elements or more.
      if (to === node && message.length >= 40)
        for (const word of new BigUint64Array(message.slice().buffer)) {
          const bin = Number((word * BigInt(bins)) / p61);
          seen[bin] = (seen[bin] ?? 0) + 1;
        }
      return message;
    };
    const seed = (net: Net, purpose: number) => host.sha256(Uint8Array.of(net.me, purpose, run)).slice(0, 16);
    await allOf(memoryNets(3, watch), async (net) => {
      const machine = verified(await rep3(net, host, fieldP61, seed(net, 1)), () => host.sha256(seed(net, 2)));
      const input = fromSigned(values, fieldP61);
      const shares =
        net.me === 0
          ? await ownInput(machine.node, input, seed(net, 3))
          : await takeInput(machine.node, 0, input.length);
      const signs = await negative(machine, await machine.authenticate(shares));
      await machine.check();
      return machine.open(signs);
    });
  }
  return seen;
}

/** Pearson's statistic against the uniform law; 15 degrees of freedom, above 50 once in 80,000 times. */
const unevenness = (seen: Uint32Array): number => {
  const expected = seen.reduce((sum, count) => sum + count, 0) / bins;
  return seen.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
};

// Every secret bit is 0 or 1 and every value small: what a node sees must be spread over the whole field all the same.
it.each([0, 1, 2])('what node %i sees is uniform whatever the data are', async (node) => {
  for (const values of [
    [0n, 0n, 0n, 0n, 0n],
    [-1n, 5n, 1n << 40n, -(1n << 50n), 12n],
  ]) {
    const seen = await view(node, values);
    expect(seen.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(50_000);
    expect(unevenness(seen)).toBeLessThan(50);
  }
});
