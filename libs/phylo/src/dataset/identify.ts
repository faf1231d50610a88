import { eachWord } from '../align/reference-index.ts';

/** Words of a genome that a sketch keeps: every fourth by hash. */
const kept = 4;

/** A genome as the words of 16 bases that it has, either strand as one; comparing two takes no alignment. */
export type Sketch = ReadonlySet<number>;

/** Source: Roberts et al. 2004 (canonical words); Ondov et al. 2016 (Mash), sampling by hash. */
export function sketchOf(genome: Uint8Array): Sketch {
  const words = new Set<number>();
  eachWord(genome, 0, genome.length, (word, at) => {
    const canonical = Math.min(word, otherStrand(word));
    if ((Math.imul(canonical, 0x9e3779b1) >>> 16) % kept === 0) words.add(canonical);
    return at + 1;
  });
  return words;
}

/** The reverse complement of a word of 16 bases of two bits: A 0, C 1, G 2, T 3. */
function otherStrand(word: number): number {
  let turned = ~word;
  turned = ((turned >>> 2) & 0x33333333) | ((turned & 0x33333333) << 2);
  turned = ((turned >>> 4) & 0x0f0f0f0f) | ((turned & 0x0f0f0f0f) << 4);
  turned = ((turned >>> 8) & 0x00ff00ff) | ((turned & 0x00ff00ff) << 8);
  return ((turned >>> 16) | (turned << 16)) >>> 0;
}

/** How much of a genome each known virus explains. */
export interface Likeness {
  readonly id: string;
  /** Share of the genome's words that the reference has, 0 to 1. */
  readonly share: number;
}

/** The share below which a genome is none of the known viruses. */
export const leastLikeness = 0.05;

/** Which virus this is: the most alike first; empty when it is none of them, or says too little. */
export function identify(
  genome: Uint8Array,
  known: readonly { readonly id: string; readonly sketch: Sketch }[],
): Likeness[] {
  const words = sketchOf(genome);
  if (words.size === 0) return [];
  return known
    .map(({ id, sketch }) => {
      let shared = 0;
      for (const word of words) if (sketch.has(word)) shared++;
      return { id, share: shared / words.size };
    })
    .filter(({ share }) => share >= leastLikeness)
    .sort((a, b) => b.share - a.share || (a.id < b.id ? -1 : 1));
}
