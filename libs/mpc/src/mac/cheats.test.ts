import { expect, it } from 'vitest';
import {
  allelicChiSquare,
  associationOf,
  countedRows,
  dealInput,
  fieldP61,
  givePhenotypes,
  giveStatus,
  lessThan,
  memoryNets,
  p61,
  shiftedRows,
  splitCounts,
  splitPhenotypes,
  splitSums,
  takeInput,
  takeSeat,
  type Split,
  type Machine,
  type Net,
  type Shares,
  type Tamper,
} from '../index.ts';
import { allOf, host, machineOf, seedOf, together } from '../test/parties.ts';

type Message = Uint8Array;
const none: Shares = { mine: new BigUint64Array(0), next: new BigUint64Array(0) };
type Study = (net: Net) => Promise<unknown>;

/** What a corrupt node may do to a message that it sends; `past` are those that it sent on the same line before. */
type Cheat = (message: Message, past: readonly Message[], random: () => number) => Message | undefined;

const atWord = (message: Message, word: number, change: (value: bigint) => bigint): Message => {
  const whole = message.slice();
  if (whole.length % 8 !== 0 || whole.length === 0) {
    whole[whole.length - 1] = (whole.at(-1) ?? 0) ^ 1;
    return whole;
  }
  const words = new BigUint64Array(whole.buffer);
  const at = word % words.length;
  words[at] = BigInt.asUintN(64, change(words[at] ?? 0n));
  return whole;
};

const cheats: Readonly<Record<string, Cheat>> = {
  'adds one to the first element': (message) => atWord(message, 0, (value) => (value + 1n) % p61),
  'adds something to any element': (message, _, random) =>
    atWord(
      message,
      Math.floor(random() * 1000),
      (value) => (value + BigInt(Math.floor(random() * 2 ** 50)) + 1n) % p61,
    ),
  'takes the negative': (message) => atWord(message, 0, (value) => (p61 - (value % p61)) % p61),
  'sends what is no element': (message) => atWord(message, 0, () => p61),
  'replays an earlier message': (message, past) =>
    past.findLast(({ length }) => length === message.length) ?? past.at(-1) ?? message.map((byte) => byte ^ 1),
  'exchanges two elements': (message) => {
    const whole = message.slice();
    if (whole.length < 16) return atWord(message, 0, (value) => (value + 1n) % p61);
    whole.copyWithin(0, whole.length - 8);
    whole.set(message.subarray(0, 8), whole.length - 8);
    return whole;
  },
  'sends nothing but zeros': (message) => new Uint8Array(message.length),
  'sends noise': (message, _, random) => {
    const noise = Uint8Array.from(message, () => Math.floor(random() * 256));
    for (let at = 7; at < noise.length; at += 8) noise[at] = (noise[at] ?? 0) & 15;
    return noise;
  },
  'cuts it short': (message) => message.subarray(0, Math.max(0, message.length - 8)),
  'sends more': (message) => {
    const whole = new Uint8Array(message.length + 8);
    whole.set(message);
    return whole;
  },
  drops: () => undefined,
};

/** A study on inputs of party 3, which is honest and computes nothing. */
const study =
  (inputs: readonly BigUint64Array[], compute: (machine: Machine, secrets: Shares[]) => Promise<unknown>): Study =>
  async (net) => {
    if (net.me === dealer) {
      for (const [at, values] of inputs.entries()) dealInput(net, host, fieldP61, values, seedOf(40 + at));
      return undefined;
    }
    const machine = await machineOf(net);
    const secrets: Shares[] = [];
    for (const { length } of inputs) secrets.push(await takeInput(machine.node, dealer, length));
    return compute(machine, secrets);
  };
const dealer = 3;

const chiSquare = study(
  [BigUint64Array.of(30n, 12n), BigUint64Array.of(10n, 55n)],
  (machine, [cases = none, controls = none]) =>
    allelicChiSquare(machine, { cases, controls }, { cases: fieldP61.fill(2, 60n), controls: fieldP61.fill(2, 80n) }),
);

const matrix = study(
  [BigUint64Array.of(1n, 2n, 3n, 4n, 5n, 6n), BigUint64Array.of(7n, 8n, 9n)],
  async (machine, [a = none, b = none]) => {
    const sums = await machine.crossProducts({ rows: 2, columns: 3, values: a }, { rows: 1, columns: 3, values: b });
    const square = await machine.mul(sums, sums);
    await machine.check();
    return machine.open(square);
  },
);

const comparison = study([BigUint64Array.of(4n)], async (machine, [value = none]) => {
  const small = await lessThan(machine, await machine.authenticate(value), 5n);
  await machine.check();
  return machine.open(small);
});

/** Genotypes and phenotypes of the honest party 3: counts and sums of a study whose data lie apart. */
const split: Study = async (net) => {
  const own = net.me === dealer;
  const seed = seedOf(net.me + 60);
  const seat = await takeSeat(net, host, fieldP61, { security: 'malicious', dealers: [dealer], seed });
  const parts: Split = { genotypes: dealer, phenotypes: dealer, individuals: 4 };
  const copies = () => [0, 2, 3, 1];
  const status = await giveStatus(seat, parts, own ? [1, 0, 0, 1] : undefined);
  const counts = await splitCounts(seat, parts, status, own ? countedRows(copies, 1, 4) : undefined, 1);
  const table = await associationOf(seat, counts, 1, { release: 'counts', minimum: 0 });
  const phenotypes = await splitPhenotypes('linear', Float64Array.of(1, 5, 2, 4), []);
  const secret = await givePhenotypes(seat, parts, 1, own ? phenotypes : undefined);
  const rows = own ? shiftedRows(copies, 1, 4, fieldP61) : undefined;
  const { score, information } = await splitSums(seat, parts, secret, 1, rows, 1);
  return [table.oddsRatio, table.chiSquare, table.caseFrequency, score, information].map((one) => [...one]);
};

const text = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part));

/** Every message of every line, to one receiver or (where both get one at that place) to both, under every cheat. */
async function suite(
  act: Study,
  rounds: number,
): Promise<{ wrong: string[]; runs: number; stopped: number; silent: Set<string> }> {
  const lengths = new Map<string, number>();
  const expected = await allOf(
    memoryNets(4, (message, { from, to, nth }) => {
      if (from !== dealer) lengths.set(`${from} ${to}`, nth + 1);
      return message;
    }),
    act,
  );
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const right = text(expected[0]);
  const outcome = { wrong: [] as string[], runs: 0, stopped: 0, silent: new Set(Object.keys(cheats)) };
  for (let round = 0; round < rounds; round += 1)
    for (const [line, count] of lengths) {
      const [from = 0, to = 0] = line.split(' ').map(Number);
      for (let target = 0; target < count; target += 1)
        for (const [how, cheat] of Object.entries(cheats))
          for (const both of round === 0 ? [false] : [false, true]) {
            const past: Message[] = [];
            const tamper: Tamper = (message, at) => {
              if (at.from !== from || (at.to !== to && !both)) return message;
              if (at.to === to) past.push(message.slice());
              return at.nth === target ? cheat(message, past.slice(0, -1), random) : message;
            };
            const results = await together(memoryNets(4, tamper), act);
            outcome.runs += 1;
            for (const [party, result] of results.entries()) {
              if (party === from || party === dealer) continue;
              if (result.status === 'rejected') {
                outcome.stopped += 1;
                outcome.silent.delete(how);
              } else if (text(result.value) !== right)
                outcome.wrong.push(`node ${from} ${how}: message ${target} to ${to}`);
            }
          }
    }
  return outcome;
}

// Whoever got a result got the right one: what a cheat changes is either caught before the outcome is opened or harms only itself.
it('nobody honest accepts a wrong result in ten thousand runs, whichever message a node bends in whatever way', async () => {
  const outcomes = [
    await suite(chiSquare, 6),
    await suite(matrix, 2),
    await suite(comparison, 1),
    await suite(split, 1),
  ];
  const runs = outcomes.reduce((sum, outcome) => sum + outcome.runs, 0);
  expect(runs).toBeGreaterThan(10_000);
  for (const { wrong, stopped, silent, runs: own } of outcomes) {
    expect(wrong).toEqual([]);
    expect(silent.size).toBe(0);
    expect(stopped).toBeGreaterThan(own);
  }
}, 600_000);
