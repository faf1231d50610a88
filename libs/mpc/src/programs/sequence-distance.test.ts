import { expect, it } from 'vitest';
import { closePairs, encodeSequence, ownInput, sequenceDistances, takeInput, type Net, type Tamper } from '../index.ts';
import { allOf, machineOf, seedOf, threeNodes, together } from '../test/parties.ts';

const ours = ['ACGTACGTNN', 'ACGAACGTAC'];
const theirs = ['ACGTACGTAC', 'TCGTAC-TAC', 'nnnnnnnnnn'];

const apart = (a: string, b: string): bigint => {
  let count = 0n;
  for (const [at, base] of a.split('').entries()) {
    const other = b[at] ?? '';
    if ('ACGT'.includes(base) && 'ACGT'.includes(other) && base !== other) count += 1n;
  }
  return count;
};
const expected = BigUint64Array.from(ours.flatMap((a) => theirs.map((b) => apart(a, b))));

/** Node 0 has some genomes, node 1 the others. */
async function study(net: Net) {
  const machine = await machineOf(net);
  const given = async (dealer: number, sequences: readonly string[]) => {
    const secrets = [];
    for (const [at, sequence] of sequences.entries()) {
      const values = encodeSequence(sequence);
      const shares =
        net.me === dealer
          ? await ownInput(machine.node, values, seedOf(50 + 10 * dealer + at))
          : await takeInput(machine.node, dealer, values.length);
      secrets.push(await machine.authenticate(shares));
    }
    return secrets;
  };
  const distances = await sequenceDistances(machine, await given(0, ours), await given(1, theirs));
  const close = await closePairs(machine, distances, 0n);
  await machine.check();
  return { distances: await machine.open(distances), close: await machine.open(close) };
}

it('distances of two institutions equal those in the clear; unknown places count for nothing', async () => {
  for (const { distances, close } of await allOf(threeNodes(), study)) {
    expect(distances).toEqual(expected);
    expect(close).toEqual(expected.map((distance) => (distance === 0n ? 1n : 0n)));
  }
});

it('a falsified inner product is caught before a distance is opened', async () => {
  let bent = false;
  // The first message of 2 x 12 elements: the inner products and their counterparts under the key.
  const tamper: Tamper = (message, { from, to }) => {
    if (bent || from !== 1 || to !== 0 || message.length !== 24 * 8) return message;
    bent = true;
    message[8] = (message[8] ?? 0) ^ 1;
    return message;
  };
  const results = await together(threeNodes(tamper), study);
  expect(bent).toBe(true);
  for (const result of [results[0], results[2]]) expect(result).toMatchObject({ status: 'rejected' });
});
