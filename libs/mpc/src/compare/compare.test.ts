import { expect, it } from 'vitest';
import {
  fieldP61,
  fromSigned,
  lessThan,
  negative,
  ownInput,
  suppressedChiSquare,
  takeInput,
  unchecked,
  type Net,
  type Tamper,
} from '../index.ts';
import { allOf, machineOf, nodeOf, seedOf, threeNodes, together } from '../test/parties.ts';

const limit = (1n << 58n) - 1n;
const near = [0n, 1n, 2n, 3n, 4n, 5n, 63n, 64n, (1n << 31n) - 1n, 1n << 31n, (1n << 57n) - 1n, 1n << 57n, limit];

/** Signs of values that node 1 gives. */
const signs =
  (values: readonly bigint[], seed = 1) =>
  async (net: Net) => {
    const machine = await machineOf(net);
    const input = fromSigned(values, fieldP61);
    const shares =
      net.me === 1 ? await ownInput(machine.node, input, seedOf(seed)) : await takeInput(machine.node, 1, input.length);
    const result = await negative(machine, await machine.authenticate(shares));
    await machine.check();
    return machine.open(result);
  };

it('tells the sign at the edges, whatever the shares are', async () => {
  const values = [...near, ...near.map((value) => -value)];
  const expected = BigUint64Array.from(values, (value) => (value < 0n ? 1n : 0n));
  for (let seed = 1; seed <= 40; seed += 1)
    for (const result of await allOf(threeNodes(), signs(values, seed))) expect(result).toEqual(expected);
});

it('tells the same signs on words of bits, where nothing is checked', async () => {
  for (const count of [1, 31, 32, 33, 100]) {
    const values = Array.from({ length: count }, (_, at) => (at % 2 === 0 ? 1n : -1n) * (near[at % near.length] ?? 0n));
    const expected = BigUint64Array.from(values, (value) => (value < 0n ? 1n : 0n));
    for (let seed = 1; seed <= 10; seed += 1)
      for (const result of await allOf(threeNodes(), async (net) => {
        const machine = unchecked(await nodeOf(net));
        const input = fromSigned(values, fieldP61);
        const shares =
          net.me === 1 ? await ownInput(machine.node, input, seedOf(seed)) : await takeInput(machine.node, 1, count);
        const outcome = await negative(machine, await machine.authenticate(shares));
        await machine.check();
        return machine.open(outcome);
      }))
        expect(result).toEqual(expected);
  }
});

it('compares with a public bound', async () => {
  const results = await allOf(threeNodes(), async (net) => {
    const machine = await machineOf(net);
    const counts = machine.node.constant(BigUint64Array.of(0n, 4n, 5n, 6n, 1_000_000n));
    const result = await lessThan(machine, await machine.authenticate(counts), 5n);
    await machine.check();
    return machine.open(result);
  });
  for (const result of results) expect(result).toEqual(BigUint64Array.of(1n, 1n, 0n, 0n, 0n));
});

it('opens nothing of a variant with a small cell', async () => {
  const cases = BigUint64Array.of(30n, 4n, 5n, 57n, 20n);
  const controls = BigUint64Array.of(40n, 40n, 5n, 40n, 78n);
  const results = await allOf(threeNodes(), async (net) => {
    const machine = await machineOf(net);
    const { node } = machine;
    const secret = { cases: node.constant(cases), controls: node.constant(controls) };
    const margins = { cases: fieldP61.fill(5, 60n), controls: fieldP61.fill(5, 80n) };
    return suppressedChiSquare(machine, secret, margins, 5n);
  });
  const released = [true, false, true, false, false];
  for (const result of results) {
    expect(result.released).toEqual(BigUint64Array.from(released, (yes) => (yes ? 1n : 0n)));
    expect(result.difference).toEqual(
      cases.map((a, at) => (released[at] ? (a * 80n - (controls[at] ?? 0n) * 60n) ** 2n : 0n)),
    );
    expect(result.spread[1]).toBe(0n);
    expect(result.spread[0]).toBe(70n * 70n);
  }
});

it('a node that changes any message of a comparison makes nobody honest accept a wrong sign', async () => {
  const values = [-3n, 0n, 7n];
  const expected = BigUint64Array.of(1n, 0n, 0n);
  const messages: { from: number; nth: number; length: number }[] = [];
  const watch: Tamper = (message, { from, to, nth }) => {
    if (to === (from + 2) % 3) messages.push({ from, nth, length: message.length });
    return message;
  };
  await allOf(threeNodes(watch), signs(values));
  let stopped = 0;
  for (const { from, nth, length } of messages) {
    const change: Tamper = (message, at) => {
      if (at.from !== from || at.to !== (from + 2) % 3 || at.nth !== nth) return message;
      const changed = message.slice();
      changed[Math.floor(length / 16) * 8] = (changed[Math.floor(length / 16) * 8] ?? 0) ^ 1;
      return changed;
    };
    const results = await together(threeNodes(change), signs(values));
    const honest = results.filter((_, party) => party !== from);
    const got = honest.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    stopped += honest.length - got.length;
    for (const value of got) expect(value).toEqual(expected);
  }
  expect(messages.length).toBeGreaterThan(30);
  expect(stopped).toBeGreaterThan(messages.length);
});
