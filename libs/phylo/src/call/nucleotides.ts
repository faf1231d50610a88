import type { Aligned } from '../align/align.ts';
import type { Sample } from '../placement/sample.ts';
import { isBase, letterOf, nameMutation, pack, unknown } from '../tree/mutation.ts';

/** Where a genome differs from the reference. Positions are 0-based, ranges end exclusive. */
export interface Calls {
  /** Packed as in tree/mutation.ts, by rising position. */
  readonly substitutions: Uint32Array;
  /** Pairs from, to. */
  readonly deletions: Int32Array;
  /** Pairs from, to of unknown bases inside the aligned part. */
  readonly missing: Int32Array;
  /** Packed: where the genome has a letter for several bases. */
  readonly ambiguous: Uint32Array;
  readonly insertions: Aligned['insertions'];
  readonly start: number;
  readonly end: number;
}

/** Reads an alignment base by base. */
export function callNucleotides(alignment: Aligned, reference: Uint8Array): Calls {
  const { genome: aligned, start, end, insertions } = alignment;
  const substitutions: number[] = [];
  const ambiguous: number[] = [];
  const deletions: number[] = [];
  const missing: number[] = [];
  for (let at = start; at < end; at++) {
    const set = aligned[at] as number;
    const base = reference[at] as number;
    if (set === base && isBase(set)) continue;
    if (set === 0) extend(deletions, at);
    else if (set === unknown) extend(missing, at);
    else if (isBase(set)) substitutions.push(pack(at, base, set));
    else ambiguous.push(pack(at, base, set));
  }
  return {
    substitutions: Uint32Array.from(substitutions),
    deletions: Int32Array.from(deletions),
    missing: Int32Array.from(missing),
    ambiguous: Uint32Array.from(ambiguous),
    insertions,
    start,
    end,
  };
}

const extend = (ranges: number[], at: number): void => {
  if (ranges.at(-1) === at) ranges[ranges.length - 1] = at + 1;
  else ranges.push(at, at + 1);
};

/** Calls as the field writes them: `C241T`, `21765-21770`, `22204:GAG`; 1-based, ranges with both ends, an insertion after its position. */
export function nameCalls({ substitutions, deletions, missing, ambiguous, insertions }: Calls) {
  return {
    substitutions: [...substitutions].map(nameMutation),
    deletions: rangesOf(deletions),
    missing: rangesOf(missing),
    ambiguous: [...ambiguous].map(nameMutation),
    insertions: insertions.map(({ position, bases }) => `${position}:${[...bases].map(letterOf).join('')}`),
  };
}

const rangesOf = (pairs: Int32Array): string[] =>
  Array.from({ length: pairs.length / 2 }, (_, at) => {
    const [from = 0, to = 0] = pairs.subarray(2 * at, 2 * at + 2);
    return to - from === 1 ? String(to) : `${from + 1}-${to}`;
  });

/** The genome as placement wants it: deletions and both ends are unknown for descent. */
export function sampleOfCalls(name: string, calls: Calls, length: number): Sample {
  const packed = [...calls.substitutions, ...calls.ambiguous].sort((a, b) => a - b);
  const missing: [number, number][] = [];
  if (calls.start > 0) missing.push([0, calls.start]);
  for (const pairs of [calls.deletions, calls.missing])
    for (let at = 0; at < pairs.length; at += 2) missing.push([pairs[at] as number, pairs[at + 1] as number]);
  if (calls.end < length) missing.push([calls.end, length]);
  return {
    name,
    differences: packed.map((mutation) => [mutation >>> 8, mutation & 15] as const),
    missing: missing.sort((a, b) => a[0] - b[0]),
  };
}
