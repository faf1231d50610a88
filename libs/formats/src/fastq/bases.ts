import { kernelRoom } from './scan.ts';
import type { Tally } from './statistics.ts';

/** Per base: 1 for G and C, 256 for an ambiguous one, 65,536 for none at all. Summed over at most 255 bases. */
const baseClass = new Int32Array(256).fill(65536);
for (const base of 'ATU') for (const form of [base, base.toLowerCase()]) baseClass[form.charCodeAt(0)] = 0;
for (const base of 'GC') for (const form of [base, base.toLowerCase()]) baseClass[form.charCodeAt(0)] = 1;
for (const base of 'RYSWKMBDHVN.-') for (const form of [base, base.toLowerCase()]) baseClass[form.charCodeAt(0)] = 256;

/** Whether a byte stands for a base, be it an ambiguous one. */
export const isBase = (byte: number): boolean => (baseClass[byte] ?? 65536) < 65536;

/** Tallies G, C and ambiguous bases; answers how many bytes are no bases. */
export function countBases(tally: Tally, bytes: Uint8Array, start: number, end: number): number {
  const room = kernelRoom();
  if (bytes === room?.text) {
    const wrong = room.bases(start, end);
    tally.gc += room.answers[1] as number;
    tally.ambiguous += room.answers[2] as number;
    return wrong;
  }
  let wrong = 0;
  for (let from = start; from < end; from += 255) {
    const to = Math.min(end, from + 255);
    let sum = 0;
    for (let at = from; at < to; at += 1) sum += baseClass[bytes[at] as number] as number;
    tally.gc += sum & 255;
    tally.ambiguous += (sum >>> 8) & 255;
    wrong += sum >>> 16;
  }
  return wrong;
}
