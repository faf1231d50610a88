import { random } from './random.ts';

/** An invented genome for demonstrations and measurements. */
export interface Genome {
  readonly name: string;
  /** Upper-case A, C, G and T as ASCII bytes. */
  readonly bases: Uint8Array;
}

const [a, c, g, t] = [65, 67, 71, 84];
/** Share of a genome that repeats what stood before, as real genomes do. */
const repeatShare = 0.05;
const repeatLength = 300;

/** Makes a genome of `length` bases with the given share of G and C; the same seed gives the same genome. */
export function simulateGenome(seed: number, length: number, gc = 0.42): Genome {
  const numbers = random(seed);
  const bases = new Uint8Array(length);
  let at = 0;
  while (at < length) {
    if (at > 10 * repeatLength && numbers.next() < repeatShare / repeatLength) {
      const from = numbers.below(at - repeatLength);
      bases.set(bases.subarray(from, from + Math.min(repeatLength, length - at)), at);
      at += Math.min(repeatLength, length - at);
      continue;
    }
    const draw = numbers.next();
    bases[at] = draw < gc ? (draw < gc / 2 ? g : c) : draw < gc + (1 - gc) / 2 ? a : t;
    at += 1;
  }
  return { name: `simulated_${seed}`, bases };
}

const complements = new Uint8Array(256);
for (const [base, other] of ['AT', 'TA', 'CG', 'GC']) complements[base?.charCodeAt(0) ?? 0] = other?.charCodeAt(0) ?? 0;

/** The other strand, read in its own direction. */
export function reverseComplement(bases: Uint8Array): Uint8Array {
  return bases.map((_, at) => complements[bases[bases.length - 1 - at] ?? 0] ?? 0);
}

/** The genome as FASTA text with lines of 70 bases. */
export function genomeFasta({ name, bases }: Genome): string {
  const text = new TextDecoder().decode(bases);
  return `>${name}\n${text.replace(/.{1,70}/g, '$&\n')}`;
}
