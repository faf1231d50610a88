import { reverseComplement, simulateGenome, type Genome } from './genome.ts';
import { random, type Random } from './random.ts';

/** How a simulated sequencer works. */
export interface ReadOptions {
  readonly seed?: number;
  /** Number of read pairs. */
  readonly pairs: number;
  /** Bases per read. */
  readonly length?: number;
  /** Mean length of the sequenced fragment; it varies by a tenth (standard deviation). */
  readonly fragment?: number;
  /** Instrument, run and flowcell as they stand in the names. */
  readonly instrument?: string;
}

/** One template: both mates as whole FASTQ records. */
export interface ReadPair {
  readonly forward: Uint8Array;
  readonly reverse: Uint8Array;
}

const encoder = new TextEncoder();
const letters = [65, 67, 71, 84] as const;
const offset = 33;

/**
 * Sequences a genome (or one made from a seed) as a paired Illumina run would: Casava 1.8 names, qualities that fall
 * towards the end, and substitutions as often as the qualities say. The same input gives the same reads.
 */
export function* simulateReads(origin: Genome | number, options: ReadOptions): Generator<ReadPair> {
  const genome = typeof origin === 'number' ? simulateGenome(origin, 50_000) : origin;
  const { seed = 1, pairs, length = 150, fragment = 350, instrument = 'SIM01:1:GENEWARD' } = options;
  const numbers = random(seed);
  const size = genome.bases.length;
  const readLength = Math.min(length, size);
  for (let pair = 0; pair < pairs; pair += 1) {
    const spread = (numbers.next() + numbers.next() + numbers.next() - 1.5) * 2;
    const span = Math.max(readLength, Math.min(size, Math.round(fragment * (1 + 0.1 * spread))));
    const start = numbers.below(size - span + 1);
    const template = genome.bases.subarray(start, start + span);
    const strand = numbers.next() < 0.5 ? template : reverseComplement(template);
    const [lane, tile, x] = [1 + (pair % 4), 1101 + (Math.floor(pair / 4) % 96), 1000 + Math.floor(pair / 384)];
    const name = `${instrument}:${lane}:${tile}:${x}:${1000 + numbers.below(20_000)}`;
    yield {
      forward: sequence(`${name} 1:N:0:ACGTACGT`, strand.slice(0, readLength), numbers),
      reverse: sequence(`${name} 2:N:0:ACGTACGT`, reverseComplement(strand.subarray(span - readLength)), numbers),
    };
  }
}

/** Writes one record; `bases` is changed where the sequencer errs. */
function sequence(name: string, bases: Uint8Array, numbers: Random): Uint8Array {
  const { length } = bases;
  const qualities = new Uint8Array(length);
  for (let at = 0; at < length; at += 1) {
    const decay = 38 - 10 * (at / length) ** 2;
    const quality = Math.max(2, Math.min(40, Math.round(decay - 6 * numbers.next() ** 4 * numbers.next() * 6)));
    qualities[at] = offset + quality;
    if (numbers.next() < 10 ** (-quality / 10)) bases[at] = letters[numbers.below(4)] ?? 65;
  }
  const head = encoder.encode(`@${name}\n`);
  const record = new Uint8Array(head.length + 2 * length + 4);
  record.set(head);
  record.set(bases, head.length);
  record.set([10, 43, 10], head.length + length);
  record.set(qualities, head.length + length + 3);
  record[record.length - 1] = 10;
  return record;
}
