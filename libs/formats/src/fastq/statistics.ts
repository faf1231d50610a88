import { kernelRoom } from './scan.ts';

/** How a file writes its qualities. `solexa` scores are log-odds and may be negative. */
export type QualityEncoding = 'phred+33' | 'phred+64' | 'solexa+64';

/** What a FASTQ file holds, counted while it is checked. */
export interface FastqStatistics {
  readonly reads: number;
  readonly bases: number;
  /** Share of G and C among the bases A, C, G, T and U, between 0 and 1. */
  readonly gc: number;
  /** Share of bases other than A, U, T, C and G, between 0 and 1. */
  readonly ambiguous: number;
  readonly encoding: QualityEncoding;
  readonly shortest: number;
  readonly longest: number;
  readonly meanLength: number;
  /** Mean Phred score over all bases. */
  readonly meanQuality: number;
  /** Reads whose mean score is at least 30. */
  readonly readsQ30: number;
  /** Mean score at the first 1,000 positions at most, over the first 100,000 reads and every sixteenth after them. */
  readonly qualityByPosition: readonly number[];
  /** Reads by length: exact to 1,023 bases, then eight classes in each doubling. `to` is inclusive. */
  readonly lengths: readonly { readonly from: number; readonly to: number; readonly reads: number }[];
}

/** Positions whose quality is told one by one. */
const positions = 1000;
const exactLengths = 1024;
const classesPerDoubling = 8;

/** The counters behind the statistics. Plain arrays, so that the inner loop can write to them directly. */
export interface Tally {
  reads: number;
  bases: number;
  gc: number;
  ambiguous: number;
  shortest: number;
  longest: number;
  /** Sum of quality characters, as bytes, and how many there were. */
  qualities: number;
  qualityBases: number;
  /** Reads by the rounded-down mean of their quality characters. */
  readonly meanCharacters: Float64Array;
  /** The least and the greatest valid quality character met. */
  lowest: number;
  highest: number;
  /** Reads in `sums` by length; longer ones count as `positions`. */
  readonly reaching: Float64Array;
  readonly sums: Float64Array;
  readonly counts: Float64Array;
  readonly lengths: Map<number, number>;
}

export function emptyTally(): Tally {
  return {
    reads: 0,
    bases: 0,
    gc: 0,
    ambiguous: 0,
    shortest: Number.POSITIVE_INFINITY,
    longest: 0,
    qualities: 0,
    qualityBases: 0,
    meanCharacters: new Float64Array(256),
    lowest: 255,
    highest: 0,
    reaching: new Float64Array(positions + 1),
    sums: new Float64Array(positions),
    counts: new Float64Array(exactLengths),
    lengths: new Map(),
  };
}

/** Counts the length of one read. */
export function tallyLength(tally: Tally, length: number): void {
  if (length < exactLengths) tally.counts[length] = (tally.counts[length] ?? 0) + 1;
  else {
    const bin = Math.floor(Math.log2(length / exactLengths) * classesPerDoubling);
    tally.lengths.set(bin, (tally.lengths.get(bin) ?? 0) + 1);
  }
  if (length < tally.shortest) tally.shortest = length;
  if (length > tally.longest) tally.longest = length;
}

/** The quality characters are `!` to `~`. */
export const [least, most] = [33, 126] as const;

/** Qualities by position are taken from every read up to here, then from every sixteenth. */
export const everyRead = 100_000;
export const sampleEvery = 16;

/** Adds the qualities of a read, whose sum and validity are known, to the sums by position. */
export function tallyQualities(tally: Tally, bytes: Uint8Array, start: number, end: number): void {
  const { sums } = tally;
  const length = Math.min(end - start, positions);
  for (let position = 0; position < length; position += 1)
    sums[position] = (sums[position] as number) + (bytes[start + position] as number);
  tally.reaching[length] = (tally.reaching[length] as number) + 1;
}

/** The sum of quality characters; -1 when one is none. Notes the least and the greatest of them. */
export function sumQualities(tally: Tally, bytes: Uint8Array, start: number, end: number): number {
  let sum = 0;
  let lowest = 255;
  let highest = 0;
  const room = kernelRoom();
  if (bytes === room?.text) {
    sum = room.sum(start, end);
    lowest = room.answers[3] as number;
    highest = room.answers[4] as number;
  } else
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at] as number;
      sum += byte;
      if (byte < lowest) lowest = byte;
      if (byte > highest) highest = byte;
    }
  if (lowest < least || highest > most) return -1;
  if (lowest < tally.lowest) tally.lowest = lowest;
  if (highest > tally.highest) tally.highest = highest;
  return sum;
}

/**
 * Tells the encoding by the range of characters met (Cock et al. 2010, doi:10.1093/nar/gkp1137): below `;` only
 * Phred+33 is possible; above `J` it is Solexa when `;`..`?` occur and Phred+64 when they do not.
 */
export function encodingOf(tally: Tally): QualityEncoding {
  const [least, most] = [59, 74];
  if (tally.lowest < least || tally.highest <= most) return 'phred+33';
  return tally.lowest < 64 ? 'solexa+64' : 'phred+64';
}

/** The statistics of all that was tallied. */
export function statisticsOf(tally: Tally): FastqStatistics {
  const encoding = encodingOf(tally);
  const offset = encoding === 'phred+33' ? 33 : 64;
  const { reads, bases } = tally;
  const qualityByPosition: number[] = [];
  let reaching = tally.reaching.reduce((sum, count) => sum + count, 0);
  for (let position = 0; position < Math.min(positions, tally.longest); position += 1) {
    reaching -= tally.reaching[position] ?? 0;
    qualityByPosition.push(reaching > 0 ? round((tally.sums[position] ?? 0) / reaching - offset) : 0);
  }
  return {
    reads,
    bases,
    gc: bases > tally.ambiguous ? tally.gc / (bases - tally.ambiguous) : 0,
    ambiguous: bases > 0 ? tally.ambiguous / bases : 0,
    encoding,
    shortest: reads > 0 ? tally.shortest : 0,
    longest: tally.longest,
    meanLength: reads > 0 ? bases / reads : 0,
    meanQuality: tally.qualityBases > 0 ? round(tally.qualities / tally.qualityBases - offset) : 0,
    readsQ30: tally.meanCharacters.subarray(offset + 30).reduce((sum, count) => sum + count, 0),
    qualityByPosition,
    lengths: lengthClasses(tally),
  };
}

function lengthClasses(tally: Tally): FastqStatistics['lengths'] {
  const exact = [...tally.counts].flatMap((reads, length) => (reads > 0 ? [{ from: length, to: length, reads }] : []));
  const classes = [...tally.lengths].sort(([a], [b]) => a - b);
  const edge = (bin: number) => Math.ceil(exactLengths * 2 ** (bin / classesPerDoubling));
  return [...exact, ...classes.map(([bin, reads]) => ({ from: edge(bin), to: edge(bin + 1) - 1, reads }))];
}

const round = (value: number) => Math.round(value * 1000) / 1000;
