import type { Masks, Sample } from '../placement/sample.ts';
import { unknown, writeGenome } from '../tree/mutation.ts';

/**
 * A genome in the coordinates of the reference, one letter a place: what is not known, deleted or says nothing about descent is N. Two such
 * genomes differ at as many places as distances over secret shares count, whichever institution wrote them.
 */
export function alignedGenome(sample: Sample, reference: Uint8Array, masks: Masks = { ranges: [] }): string {
  const genome = reference.slice();
  for (const [position, set] of sample.differences) genome[position] = set;
  for (const [from, to] of [...(sample.missing ?? []), ...masks.ranges]) genome.fill(unknown, from, to);
  return writeGenome(genome);
}
