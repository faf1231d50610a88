import fc from 'fast-check';
import { expect, it } from 'vitest';
import { analysisSum, fieldP61, memoryNets, recorded, secureSum } from '../index.ts';
import { allOf, host, seedOf } from '../test/parties.ts';

it('gives every party the total of all, whatever their number', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 2, max: 6 }),
      fc.array(fc.bigInt({ min: -(2n ** 50n), max: 2n ** 50n }), { maxLength: 20 }),
      async (parties, values) => {
        const own = (party: number) => BigInt64Array.from(values, (value) => value + BigInt(party));
        const totals = await allOf(memoryNets(parties), async (net) => {
          const sum = await secureSum(net, host, fieldP61);
          await sum.addIntegers('first', own(net.me));
          return sum.addIntegers('second', own(net.me));
        });
        const expected = BigInt64Array.from(
          values,
          (value) => value * BigInt(parties) + BigInt((parties * (parties - 1)) / 2),
        );
        for (const total of totals) expect(total).toEqual(expected);
      },
    ),
    { numRuns: 30 },
  );
});

it('shows what looks the same whatever is added', async () => {
  // The masked vector of one party, a thousand times each for two very different inputs: both are uniform over 16 bins.
  const spread = async (value: bigint) => {
    const bins = Array.from({ length: 16 }, () => 0);
    const seen: Uint8Array[] = [];
    const nets = memoryNets(3, (message, { from, to }) => {
      if (from === 0 && to === 2 && message.length > 16) seen.push(message);
      return message;
    });
    await allOf(nets, async (net) => {
      const sum = await secureSum(net, host, fieldP61, seedOf(net.me + 3));
      return sum.add('one', fieldP61.fill(4000, net.me === 0 ? value : 7n));
    });
    for (const word of new BigUint64Array((seen[0] ?? new Uint8Array(0)).slice().buffer))
      bins[Number(word >> 57n)] = (bins[Number(word >> 57n)] ?? 0) + 1;
    return bins;
  };
  for (const value of [0n, fieldP61.prime - 1n]) {
    const bins = await spread(value);
    const chiSquare = bins.reduce((sum, count) => sum + (count - 250) ** 2 / 250, 0);
    // 15 degrees of freedom: beyond 45 with probability 8e-5, and the seeds are fixed.
    expect(chiSquare).toBeLessThan(45);
  }
});

it('comes to one transcript at both ends, the same at every replay', async () => {
  const run = () =>
    allOf(memoryNets(3), async (net) => {
      const link = recorded(net, host.sha256);
      const sum = await secureSum(link, host, fieldP61, seedOf(net.me));
      await sum.add('counts', fieldP61.fill(10, BigInt(net.me)));
      return link.transcripts();
    });
  const [first, again] = [await run(), await run()];
  expect(first).toEqual(again);
  for (const [me, transcripts] of first.entries())
    for (const { partner, sent } of transcripts)
      expect(first[partner]?.find((one) => one.partner === me)?.received).toEqual(sent);
});

it('needs a partner, and refuses shares of another length or out of the field', async () => {
  await expect(allOf(memoryNets(1), (net) => secureSum(net, host, fieldP61))).rejects.toThrow(RangeError);
  for (const bend of [(m: Uint8Array) => m.subarray(8), (m: Uint8Array) => m.fill(255)]) {
    const nets = memoryNets(2, (message, { nth }) => (nth === 1 ? bend(message) : message));
    const run = allOf(nets, async (net) => {
      const sum = await secureSum(net, host, fieldP61);
      await sum.add('warm', fieldP61.fill(2, 1n));
      return sum.add('counts', fieldP61.fill(2, 1n));
    });
    await expect(run).rejects.toThrow(/message_length|out_of_range/);
  }
});

it('adds real numbers at a scale, for the analyses', async () => {
  const totals = await allOf(memoryNets(3), async (net) => {
    const sum = analysisSum(await secureSum(net, host, fieldP61));
    return sum('moments', Float64Array.of(0.5, -1.25 * net.me, 1e6), 30);
  });
  for (const total of totals) expect([...total]).toEqual([1.5, -3.75, 3e6]);
});
