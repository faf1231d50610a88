import { isBase, letterOf, unknown } from '../tree/mutation.ts';
import { VirusProblem } from '../rules/problem.ts';
import { treeRules } from '../rules/tree.ts';

/**
 * A genome to be placed: where it differs from the reference, by rising 0-based position, as sets of bases
 * (15 is unknown, others with more than one bit ambiguous), and stretches of which nothing is known, end exclusive.
 */
export interface Sample {
  readonly name: string;
  readonly differences: readonly (readonly [position: number, set: number])[];
  readonly missing?: readonly (readonly [from: number, to: number])[];
}

/** Positions that say nothing about descent. Source: facts of the data set; SARS-CoV-2: first 50 and last 54 bases. */
export interface Masks {
  readonly ranges: readonly (readonly [from: number, to: number])[];
}

/** SARS-CoV-2 on MN908947.3: sequencing ends. */
export const sarsCov2Masks: Masks = {
  ranges: [
    [0, 50],
    [29_850, 29_903],
  ],
};

/** A sample from an aligned genome (reference coordinates, one letter a base); gaps are unknown for descent. */
export function sampleOf(name: string, aligned: Uint8Array, reference: Uint8Array): Sample {
  if (aligned.length !== reference.length)
    throw new VirusProblem(treeRules.position, { position: aligned.length, length: reference.length }, name);
  const differences: [number, number][] = [];
  const missing: [number, number][] = [];
  for (let at = 0; at < aligned.length; at++) {
    const set = aligned[at] ?? unknown;
    if (set === unknown || set === 0) {
      const last = missing.at(-1);
      if (last && last[1] === at) last[1] = at + 1;
      else missing.push([at, at + 1]);
    } else if (set !== reference[at]) differences.push([at, set]);
  }
  return { name, differences, missing };
}

/** The canonical text of what a sample says; equal texts are the same genome, and its order is the order of placing. */
export function keyOf(sample: Sample): string {
  const known = sample.differences.filter(([, set]) => set !== unknown);
  const parts = known.map(([position, set]) => `${String(position).padStart(8, '0')}${letterOf(set)}`);
  const missing = (sample.missing ?? []).map(([from, to]) => `${from}-${to}`);
  const single = sample.differences.filter(([, set]) => set === unknown).map(([position]) => position);
  return `${parts.join(' ')}|${missing.join(',')}|${single.join(',')}`;
}

/** How much is not known, in bases: samples that say more are placed first. */
export function unknownIn(sample: Sample): number {
  let count = 0;
  for (const [from, to] of sample.missing ?? []) count += to - from;
  for (const [, set] of sample.differences) if (!isBase(set)) count++;
  return count;
}
