import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allelicChiSquare,
  chiSquareOf,
  dealInput,
  fieldP61,
  memoryNets,
  ownInput,
  p61,
  plainField,
  rep3,
  takeInput,
  verified,
  type Net,
  type Tamper,
} from '../index.ts';
import { allOf, host, machineOf, nodeOf, seedOf, threeNodes, together } from '../test/parties.ts';

const cases = BigUint64Array.of(30n, 0n, 12n, 60n, 25n);
const controls = BigUint64Array.of(10n, 0n, 12n, 55n, 60n);
const margins = { cases: fieldP61.fill(5, 60n), controls: fieldP61.fill(5, 80n) };

/** The chi-square of node 0's cases and node 1's controls. */
async function study(net: Net) {
  const machine = await machineOf(net);
  const { node } = machine;
  const own = async (dealer: number, values: typeof cases) =>
    net.me === dealer ? ownInput(node, values, seedOf(40 + dealer)) : takeInput(node, dealer, values.length);
  const a = await own(0, cases);
  const c = await own(1, controls);
  return allelicChiSquare(machine, { cases: a, controls: c }, margins);
}

describe('three nodes', () => {
  it('multiply, add, take inner products and show the right thing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.bigInt({ min: 0n, max: p61 - 1n }), fc.bigInt({ min: 0n, max: p61 - 1n })), {
          minLength: 1,
          maxLength: 12,
        }),
        async (pairs) => {
          const [x, y] = [0, 1].map((side) => BigUint64Array.from(pairs, (pair) => pair[side] ?? 0n)) as [
            BigUint64Array,
            BigUint64Array,
          ];
          const plain = plainField(p61);
          const results = await allOf(threeNodes(), async (net) => {
            const node = await nodeOf(net);
            const a = net.me === 2 ? await ownInput(node, x, seedOf(1)) : await takeInput(node, 2, x.length);
            const b = node.constant(y);
            const product = await node.mul(a, node.add(b, a));
            const inner = await node.innerProducts([
              [a, b],
              [b, b],
            ]);
            return [await node.open(product, 'output'), await node.open(inner, 'output')];
          });
          for (const result of results)
            expect(result).toEqual([
              plain.mul(x, plain.add(x, y)),
              BigUint64Array.of(plain.dot(x, y), plain.dot(y, y)),
            ]);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('take inputs of institutions that compute nothing', async () => {
    const results = await allOf(memoryNets(5), async (net) => {
      if (net.me > 2) {
        dealInput(net, host, fieldP61, fieldP61.fill(3, BigInt(net.me)), seedOf(net.me));
        return undefined;
      }
      const node = await rep3(net, host, fieldP61);
      const sum = node.add(await takeInput(node, 3, 3), await takeInput(node, 4, 3));
      return node.open(sum, 'output');
    });
    expect(results.slice(0, 3)).toEqual([7n, 7n, 7n].map((value) => fieldP61.fill(3, value)));
  });

  it('refuse a dealer whose parts make no sum', async () => {
    const nets = memoryNets(4, (message, { from, to, nth }) =>
      from === 3 && to === 1 && nth === 1 ? message.fill(1) : message,
    );
    const results = await together(nets, async (net) => {
      if (net.me === 3) return dealInput(net, host, fieldP61, fieldP61.fill(3, 5n), seedOf(3));
      return takeInput(await rep3(net, host, fieldP61), 3, 3);
    });
    expect(results[2]).toMatchObject({ status: 'rejected', reason: { code: 'input_mismatch' } });
  });
});

describe('the verified machine', () => {
  it('computes an allelic chi-square that equals the one in the clear, to the last bit', async () => {
    const results = await allOf(threeNodes(), study);
    const difference = cases.map((a, at) => (a * 80n - (controls[at] ?? 0n) * 60n) ** 2n);
    const spread = cases.map((a, at) => (a + (controls[at] ?? 0n)) * (140n - a - (controls[at] ?? 0n)));
    for (const result of results) expect(result).toEqual({ difference, spread });
    const [first = { difference, spread }] = results;
    const chiSquares = chiSquareOf(first, margins);
    expect(chiSquares[0]).toBeCloseTo((140 * 1800 ** 2) / (60 * 80 * 40 * 100), 12);
    expect(chiSquares[1]).toBeNaN();
  });

  it('opens nothing unchecked, and multiplies nothing afterwards', async () => {
    await allOf(threeNodes(), async (net) => {
      const machine = await machineOf(net);
      const a = await machine.authenticate(machine.node.random(2));
      expect(() => machine.open(a)).toThrow('before it is checked');
      await machine.check();
      await expect(machine.mul(a, a)).rejects.toThrow('multiplies no more');
      return machine.open(a);
    });
  });

  it('refuses more alleles than its field can square', async () => {
    const big = { cases: fieldP61.fill(1, 40_000n), controls: fieldP61.fill(1, 40_000n) };
    await allOf(threeNodes(), async (net) => {
      const machine = await machineOf(net);
      const x = machine.node.random(1);
      await expect(allelicChiSquare(machine, { cases: x, controls: x }, big)).rejects.toThrow(RangeError);
    });
  });
});

describe('a cheating node', () => {
  /** Messages that each node sends in the study. */
  const counts = async () => {
    const sent = new Map<string, number>();
    await allOf(
      threeNodes((message, { from, to, nth }) => (sent.set(`${from} ${to}`, nth + 1), message)),
      study,
    );
    return sent;
  };
  const bends: Readonly<Record<string, (message: Uint8Array) => Uint8Array | undefined>> = {
    'adds to': (message) => {
      message[0] = (message[0] ?? 0) ^ 1;
      return message;
    },
    'adds to the end of': (message) => {
      message[message.length - 2] = (message.at(-2) ?? 0) ^ 1;
      return message;
    },
    cuts: (message) => message.subarray(1),
    drops: () => undefined,
    blanks: (message) => (message.every((byte) => byte === 0) ? message.fill(1) : message.fill(0)),
  };

  it('is caught before anything is opened, whichever message it bends', async () => {
    const expected = await allOf(threeNodes(), study);
    let tried = 0;
    for (const [way, messages] of await counts()) {
      const [from, to] = way.split(' ').map(Number);
      for (let target = 0; target < messages; target += 1)
        for (const [how, bend] of Object.entries(bends)) {
          const tamper: Tamper = (message, at) =>
            at.from === from && at.to === to && at.nth === target ? bend(message) : message;
          const results = await together(threeNodes(tamper), study);
          tried += 1;
          // Whoever got a result got the right one (a bent key or last message may harm the cheat alone); never a wrong one.
          const wrong = results.filter(
            (result, party) =>
              result.status === 'fulfilled' &&
              party !== from &&
              JSON.stringify(result.value, text) !== JSON.stringify(expected[0], text),
          );
          expect(wrong, `node ${from} ${how} message ${target} to ${to}`).toEqual([]);
        }
    }
    expect(tried).toBeGreaterThan(300);
  });

  it('gains nothing from a node that is killed at any message', async () => {
    const expected = await allOf(threeNodes(), study);
    const messages = Math.max(...(await counts()).values());
    for (let last = 0; last < messages; last += 1) {
      const tamper: Tamper = (message, { from, nth }) => (from === 1 && nth >= last ? undefined : message);
      const results = await together(threeNodes(tamper), study);
      // Cut off before its last message, somebody lacks the result; nobody has a wrong one.
      const got = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      expect(got.length).toBeLessThan(3);
      for (const value of got) expect(value).toEqual(expected[0]);
    }
  });

  it('escapes in a small field about as often as the proof allows, so that the check is what catches it', async () => {
    const field = plainField(31n);
    const runs = 2000;
    let escaped = 0;
    for (let run = 0; run < runs; run += 1) {
      // Message 2 of node 1 to node 0 is its part of the second product.
      const nets = memoryNets(3, (message, { from, to, nth }) => {
        if (from !== 1 || to !== 0 || nth !== 2) return message;
        const words = new BigUint64Array(message.slice().buffer);
        words[0] = ((words[0] ?? 0n) + 1n) % 31n;
        return new Uint8Array(words.buffer);
      });
      const results = await together(nets, async (net) => {
        const machine = verified(await rep3(net, host, field));
        const a = await machine.authenticate(machine.node.constant(BigUint64Array.of(5n)));
        const product = await machine.mul(a, a);
        await machine.check();
        return machine.open(product);
      });
      if (results[0]?.status === 'fulfilled') escaped += 1;
    }
    const share = escaped / runs;
    // The error shows unless one of its two weights is zero, the key is, or the mask of the check is: 1 - (30/31)^4 = 12.3 %.
    // Four standard deviations of 2,000 runs are 2.9 points.
    expect(share).toBeGreaterThan(0.09);
    expect(share).toBeLessThan(0.155);
  });

  it('sees sizes and order of messages that no data change', async () => {
    const schedule = async (values: readonly bigint[]) => {
      const sizes: string[] = [];
      await allOf(
        threeNodes((message, { from, to, nth }) => (sizes.push(`${from} ${to} ${nth} ${message.length}`), message)),
        async (net) => {
          const machine = await machineOf(net);
          const x =
            net.me === 0
              ? await ownInput(machine.node, BigUint64Array.from(values), seedOf(7))
              : await takeInput(machine.node, 0, values.length);
          const a = await machine.authenticate(x);
          const b = await machine.mul(a, a);
          await machine.check();
          return machine.open(b);
        },
      );
      return sizes.toSorted();
    };
    expect(await schedule([0n, 0n, 0n])).toEqual(await schedule([p61 - 1n, 1n, 123_456n]));
  });
});

const text = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}n` : value);
