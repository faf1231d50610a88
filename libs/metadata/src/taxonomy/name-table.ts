import { grown } from './growing.ts';

/** What a name is to its taxon, most binding first. */
export const nameKinds = ['scientific name', 'synonym', 'equivalent name', 'common name', 'other name'] as const;
export type NameKind = (typeof nameKinds)[number];

/** Several million names in a few typed arrays: UTF-8 bytes end to end, a hash table over their lower-case forms. */
export interface NameTable {
  readonly count: number;
  text(index: number): string;
  owner(index: number): number;
  kind(index: number): NameKind;
  /** Index of a name in any case, or -1. Of equal names the most binding kind wins. */
  find(name: string): number;
  /** Indexes of names that could lie within `limit` edits of a lower-case word: by length, first letter and the letters they have. */
  candidates(word: string, limit: number): Iterable<number>;
}

export interface NameTableBuilder {
  add(name: string, owner: number, kind: NameKind): number;
  finish(): NameTable;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** FNV-1a over UTF-16 units of the lower-case name. */
function hash(folded: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < folded.length; i++) h = Math.imul(h ^ folded.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** One bit for each of 32 classes of characters that occur: names within k edits differ in 2k bits at most. */
function letters(folded: string): number {
  let mask = 0;
  for (let i = 0; i < folded.length; i++) mask |= 1 << (folded.charCodeAt(i) & 31);
  return mask;
}

function bits(mask: number): number {
  let n = mask - ((mask >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Collects names, then freezes them into a table. */
export function nameTableBuilder(): NameTableBuilder {
  let bytes = new Uint8Array(1 << 16);
  let starts = new Uint32Array(1 << 10);
  let lengths = new Uint8Array(1 << 10);
  let masks = new Int32Array(1 << 10);
  let hashes = new Uint32Array(1 << 10);
  let owners = new Int32Array(1 << 10);
  let kinds = new Uint8Array(1 << 10);
  let used = 0;
  let count = 0;

  const add = (name: string, owner: number, kind: NameKind): number => {
    bytes = grown(bytes, used + name.length * 3);
    starts = grown(starts, count + 2);
    lengths = grown(lengths, count + 1);
    masks = grown(masks, count + 1);
    hashes = grown(hashes, count + 1);
    owners = grown(owners, count + 1);
    kinds = grown(kinds, count + 1);
    const folded = name.toLowerCase();
    starts[count] = used;
    lengths[count] = Math.min(255, folded.length);
    masks[count] = letters(folded);
    hashes[count] = hash(folded);
    owners[count] = owner;
    kinds[count] = nameKinds.indexOf(kind);
    used += encoder.encodeInto(name, bytes.subarray(used)).written;
    starts[count + 1] = used;
    return count++;
  };

  const finish = (): NameTable => {
    const size = 2 ** Math.ceil(Math.log2(Math.max(4, count * 2)));
    const slots = new Uint32Array(size);
    for (let i = 0; i < count; i++) {
      let at = (hashes[i] ?? 0) & (size - 1);
      while (slots[at] !== 0) at = (at + 1) & (size - 1);
      slots[at] = i + 1;
    }
    const text = (i: number): string => decoder.decode(bytes.subarray(starts[i] ?? 0, starts[i + 1] ?? 0));
    return {
      count,
      text,
      owner: (i) => owners[i] ?? 0,
      kind: (i) => nameKinds[kinds[i] ?? 0] ?? 'other name',
      find: (name) => {
        const folded = name.toLowerCase();
        const wanted = hash(folded);
        let best = -1;
        for (let at = wanted & (size - 1); slots[at] !== 0; at = (at + 1) & (size - 1)) {
          const i = (slots[at] ?? 0) - 1;
          if (hashes[i] !== wanted || text(i).toLowerCase() !== folded) continue;
          if (best < 0 || (kinds[i] ?? 0) < (kinds[best] ?? 0)) best = i;
        }
        return best;
      },
      *candidates(word, limit) {
        const mask = letters(word);
        const length = Math.min(255, word.length);
        const initial = (encoder.encode(word)[0] ?? 0) | 0x20;
        for (let i = 0; i < count; i++) {
          if (Math.abs((lengths[i] ?? 0) - length) > limit || bits((masks[i] ?? 0) ^ mask) > 2 * limit) continue;
          if (((bytes[starts[i] ?? 0] ?? 0) | 0x20) === initial) yield i;
        }
      },
    };
  };

  return { add, finish };
}
