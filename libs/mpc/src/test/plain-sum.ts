import { fromIntegers, toIntegers, type Sum } from '../analyses/sum.ts';

/** The addition of a secure sum in the clear, over the same integers: `parties` calls meet, each gets the total. */
export function plainSums(parties: number): Sum[] {
  let gathered: BigInt64Array[] = [];
  let release: (total: BigInt64Array) => void;
  let waiting = new Promise<BigInt64Array>((resolve) => (release = resolve));
  return Array.from({ length: parties }, (): Sum => async (_, values, bits) => {
    gathered.push(toIntegers(values, bits));
    const mine = waiting;
    if (gathered.length === parties) {
      const total = new BigInt64Array(values.length);
      for (const one of gathered) for (const [at, value] of one.entries()) total[at] = (total[at] ?? 0n) + value;
      gathered = [];
      const done = release;
      waiting = new Promise((resolve) => (release = resolve));
      done(total);
    }
    return fromIntegers(await mine, bits);
  });
}
