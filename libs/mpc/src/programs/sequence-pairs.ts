import { lessThan } from '../compare/negative.ts';
import type { Vector } from '../field/field.ts';
import type { Seat } from '../rep3/seat.ts';
import { linearForm, pairSums, pairsOf } from './pairs.ts';
import { encodeSequence } from './sequence-distance.ts';

/** Two genomes of two institutions; `distance` is absent where only closeness is released. */
export interface SequencePair {
  readonly institutions: readonly [number, number];
  readonly sequences: readonly [number, number];
  readonly distance?: number;
}

/** Places in one go. */
const blockPlaces = 1024;

/**
 * Numbers of different places between all aligned genomes of different institutions: places that both know less those where they
 * agree, both inner products. Opened are the distances, or only which are at most `most`.
 * @param study genomes are of `length` places, all of one alignment
 */
export async function sequenceStudy(
  seat: Seat,
  study: {
    readonly dealers: readonly number[];
    readonly rows: readonly number[];
    readonly length: number;
    readonly own: readonly string[] | undefined;
  },
  release: { readonly release: 'distance' } | { readonly release: 'close'; readonly most: number },
): Promise<SequencePair[]> {
  const { dealers, rows, length, own } = study;
  const machine = seat.node && seat.machine();
  const widthOf = (block: number) => Math.min(blockPlaces, length - block * blockPlaces);
  const each = (sign: bigint) =>
    Array.from({ length: 4 }, (_, base) => Array.from({ length: 4 }, (__, k) => (k === base ? sign : 0n)));
  const known = [1n, 1n, 1n, 1n];
  const sums = await pairSums(seat, machine, {
    dealers,
    rows,
    blocks: Array.from({ length: Math.ceil(length / blockPlaces) }, (_, block) => 4 * widthOf(block)),
    own: (block) => own && encoded(own, block * blockPlaces, widthOf(block)),
    left: [(matrix, at) => linearForm(matrix, at, [known, ...each(-1n)])],
    right: (matrix, at) => linearForm(matrix, at, [known, ...each(1n)]),
  });
  const lengths = pairsOf(rows.length).map(([a, b]) => (rows[a] ?? 0) * (rows[b] ?? 0));
  let outcomes: Vector[] | undefined;
  if (machine && sums) {
    const distances = sums.flat();
    const shown = [];
    for (const one of distances)
      shown.push(release.release === 'close' ? await lessThan(machine, one, BigInt(release.most) + 1n) : one);
    await machine.check();
    outcomes = await machine.openAll(shown);
  }
  const told = await seat.publish(outcomes, lengths);
  return told.flatMap((vector, pair) => {
    const institutions = pairsOf(rows.length)[pair] ?? [0, 0];
    const others = rows[institutions[1]] ?? 0;
    return Array.from(vector, (value, at): SequencePair[] => {
      const sequences = [Math.floor(at / others), at % others] as const;
      if (release.release === 'distance') return [{ institutions, sequences, distance: Number(value) }];
      return value === 1n ? [{ institutions, sequences }] : [];
    }).flat();
  });
}

function encoded(sequences: readonly string[], from: number, places: number): Vector {
  const out = new BigUint64Array(sequences.length * 4 * places);
  for (const [row, sequence] of sequences.entries())
    out.set(encodeSequence(sequence.slice(from, from + places)), row * 4 * places);
  return out;
}
