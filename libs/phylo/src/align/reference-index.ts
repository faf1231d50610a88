import { isBase } from '../tree/mutation.ts';

/** Length of the words that are looked up: 2 bits a base fill one 32-bit word. */
export const wordLength = 16;

/** Where each word of a reference stands, when it stands there once. */
export interface ReferenceIndex {
  readonly genome: Uint8Array;
  /** 0-based start of a word, -1 when it is not there or more than once. */
  find(word: number): number;
}

const twice = -2;

/** @param genome one set of bases a byte */
export function indexReference(genome: Uint8Array): ReferenceIndex {
  let slots = 64;
  while (slots < 2 * genome.length) slots *= 2;
  const words = new Uint32Array(slots);
  const places = new Int32Array(slots).fill(-1);
  const slotOf = (word: number): number => {
    let slot = (Math.imul(word, 0x9e3779b1) >>> 7) & (slots - 1);
    while (places[slot] !== -1 && words[slot] !== word) slot = (slot + 1) & (slots - 1);
    return slot;
  };
  eachWord(genome, 0, genome.length, (word, at) => {
    const slot = slotOf(word);
    places[slot] = places[slot] === -1 ? at : twice;
    words[slot] = word;
    return at + 1;
  });
  return {
    genome,
    find(word) {
      const place = places[slotOf(word)] as number;
      return place < 0 ? -1 : place;
    },
  };
}

/** 2-bit code of a set with one base: A 0, C 1, G 2, T 3. */
const codes = Uint8Array.from({ length: 16 }, (_, set) => (isBase(set) ? 31 - Math.clz32(set) : 0));

/**
 * Goes over all words without ambiguous bases in [from, to).
 * @param visit gets a word and its start, and says where to look on: at or before the start goes on with the next one
 */
export function eachWord(
  genome: Uint8Array,
  from: number,
  to: number,
  visit: (word: number, at: number) => number,
): void {
  let word = 0;
  let known = 0;
  for (let at = from; at < to; at += 1) {
    const set = genome[at] as number;
    if (!isBase(set)) {
      known = 0;
      continue;
    }
    word = ((word << 2) | (codes[set] as number)) >>> 0;
    known += 1;
    if (known < wordLength) continue;
    const start = at - wordLength + 1;
    const next = visit(word, start);
    if (next <= start + 1) continue;
    // Further on, words begin anew.
    known = 0;
    at = next - 1;
  }
}
