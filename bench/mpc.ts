import * as crypto from 'node:crypto';
import {
  allelicChiSquare,
  fieldP61,
  lessThan,
  memoryNets,
  nodeCrypto,
  ownInput,
  rep3,
  secureSum,
  seedLength,
  takeInput,
  unchecked,
  verified,
  type Net,
} from '@geneward/mpc';
import type { Figure } from './figure.ts';

const host = nodeCrypto(crypto);
const variants = 100_000;
const products = 1_000_000;
const comparisons = 10_000;

/**
 * The protocols of three parties in one process, over memory: processor time of one party, as each has a processor of its own
 * where it is used. No network and no waiting for others, so that
 * this is not yet the time of a study between machines.
 */
export async function run(): Promise<Figure[]> {
  const figures: Figure[] = [];
  const tell = (name: string, value: number, unit: string, better: 'higher' | 'lower', target?: number) =>
    figures.push({ name: `mpc.${name}`, value: round(value), unit, better, ...(target !== undefined && { target }) });

  const values = BigUint64Array.from({ length: products }, (_, at) => BigInt(at) * 1_234_567n);
  tell('kernel.mul', products / (await best(async () => void fieldP61.mul(values, values))) / 1e6, 'M/s', 'higher');
  tell(
    'multiply.semi-honest',
    products /
      (await parties(async (net) => {
        const node = await rep3(net, host, fieldP61);
        const x = node.random(products);
        return () => node.mul(x, x);
      })) /
      1e6,
    'M/s',
    'higher',
    10,
  );
  tell(
    'multiply.malicious',
    products /
      (await parties(async (net) => {
        const machine = verified(await rep3(net, host, fieldP61));
        const x = await machine.authenticate(machine.node.random(products));
        return async () => {
          await machine.mul(x, x);
          await machine.check();
        };
      })) /
      1e6,
    'M/s',
    'higher',
    4,
  );
  tell(
    'compare.malicious',
    comparisons /
      (await parties(async (net) => {
        const machine = verified(await rep3(net, host, fieldP61));
        const x = await machine.authenticate(machine.node.constant(fieldP61.fill(comparisons, 7n)));
        return async () => {
          await lessThan(machine, x, 5n);
          await machine.check();
        };
      })),
    'comparisons/s',
    'higher',
    20_000,
  );
  tell(
    'compare.semi-honest',
    (20 * comparisons) /
      (await parties(async (net) => {
        const machine = unchecked(await rep3(net, host, fieldP61));
        const x = await machine.authenticate(machine.node.constant(fieldP61.fill(20 * comparisons, 7n)));
        return () => lessThan(machine, x, 5n);
      })),
    'comparisons/s',
    'higher',
    200_000,
  );
  const counts = BigUint64Array.from({ length: variants }, (_, at) => BigInt(at % 400));
  tell(
    'chi-square.malicious',
    await parties(async (net) => async () => {
      const machine = verified(await rep3(net, host, fieldP61));
      const own = (dealer: number) =>
        net.me === dealer
          ? ownInput(machine.node, counts, host.random(seedLength))
          : takeInput(machine.node, dealer, variants);
      const [first, second, third] = [await own(0), await own(1), await own(2)];
      const cases = machine.node.add(first, second);
      const margin = fieldP61.fill(variants, 1000n);
      await allelicChiSquare(machine, { cases, controls: third }, { cases: margin, controls: margin });
    }),
    's',
    'lower',
  );
  tell(
    'sum.3-parties',
    products /
      (await parties(async (net) => {
        const sum = await secureSum(net, host, fieldP61);
        return () => sum.add('sum', values);
      })) /
      1e6,
    'M/s',
    'higher',
  );
  return figures;
}

/** Seconds of processor time that the timed part takes one party: a third of what all three take together; the best of three. */
async function parties(prepare: (net: Net) => Promise<() => Promise<unknown>>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round_ = 0; round_ < 3; round_ += 1) {
    const acts = await Promise.all(memoryNets(3).map(prepare));
    const began = process.cpuUsage();
    await Promise.all(acts.map((act) => act()));
    const { user, system } = process.cpuUsage(began);
    least = Math.min(least, (user + system) / 3e6);
  }
  return least;
}

async function best(work: () => Promise<void>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < 5; at += 1) {
    const began = performance.now();
    await work();
    least = Math.min(least, (performance.now() - began) / 1000);
  }
  return least;
}

const round = (value: number): number => Math.round(value * 100) / 100;
