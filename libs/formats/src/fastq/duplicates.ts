/** Finds names that may occur twice, in bounded memory. */
export interface DuplicateFilter {
  /** Takes the two hashes of a name in. */
  add(first: number, second: number): void;
  /** Tells of the names that were taken in last, too. */
  end(): void;
}

/** Names that are remembered exactly by 64 bits of hash before the filter takes over. */
const exactNames = 2 ** 20;
/** 64 MiB of bits: 1 % false alarms at fifty million names, which the exact second pass then clears. */
const filterWords = 2 ** 24;
const blockWords = 16;
const probes = 5;
/** Names that are looked up together: their places in memory are fetched at the same time, for most are in no cache. */
const together = 64;

/**
 * Remembers hashes: the first million in a growing hash table, from then on in a Bloom filter whose probes stay
 * within one cache line (blocked Bloom filter: Putze, Sanders, Singler 2009).
 * @param met told of every name that was seen before, never wrongly no, rarely wrongly yes, and a little later
 */
export function duplicateFilter(met: (first: number, second: number) => void): DuplicateFilter {
  let slots = 1024;
  let table = new Uint32Array(2 * slots);
  let used = 0;
  let filter: Uint32Array | undefined;

  const insert = (first: number, second: number): boolean => {
    // Slots with both words 0 are free, so that a hash of (0, 0) becomes (0, 1).
    const tag = first === 0 && second === 0 ? 1 : second;
    for (let slot = first & (slots - 1); ; slot = (slot + 1) & (slots - 1)) {
      const a = table[2 * slot] as number;
      const b = table[2 * slot + 1] as number;
      if (a === first && b === tag) return true;
      if (a !== 0 || b !== 0) continue;
      table[2 * slot] = first;
      table[2 * slot + 1] = tag;
      used += 1;
      return false;
    }
  };

  const grow = () => {
    const old = table;
    slots *= 2;
    used = 0;
    table = new Uint32Array(2 * slots);
    for (let at = 0; at < old.length; at += 2) {
      const first = old[at] as number;
      const second = old[at + 1] as number;
      if (first !== 0 || second !== 0) insert(first, second);
    }
  };

  const becomeFilter = () => {
    const words = new Uint32Array(filterWords);
    for (let at = 0; at < table.length; at += 2) {
      const first = table[at] as number;
      const second = table[at + 1] as number;
      if (first !== 0 || second !== 0) probe(words, first, second);
    }
    table = new Uint32Array(0);
    filter = words;
    return words;
  };

  const seen = (first: number, second: number): boolean => {
    if (filter !== undefined) return probe(filter, first, second);
    if (used >= exactNames) return probe(becomeFilter(), first, second);
    if (2 * used >= slots) grow();
    return insert(first, second);
  };

  const waiting = new Uint32Array(2 * together);
  let count = 0;
  /** Written and never read: so that the fetching is not left out. */
  const fetched = new Uint32Array(1);
  const flush = () => {
    let any = 0;
    for (let at = 0; at < count; at += 1) {
      const first = waiting[2 * at] as number;
      any |= (filter === undefined ? table[2 * (first & (slots - 1))] : filter[blockOf(first)]) as number;
    }
    fetched[0] = any;
    for (let at = 0; at < count; at += 1) {
      const first = waiting[2 * at] as number;
      const second = waiting[2 * at + 1] as number;
      if (seen(first, second)) met(first, second);
    }
    count = 0;
  };

  return {
    add(first, second) {
      waiting[2 * count] = first;
      waiting[2 * count + 1] = second;
      count += 1;
      if (count === together) flush();
    },
    end: flush,
  };
}

const blockOf = (first: number): number => (first & (filterWords / blockWords - 1)) * blockWords;

/** Sets the bits of a hash within its block and tells whether all were set before. */
function probe(words: Uint32Array, first: number, second: number): boolean {
  const block = blockOf(first);
  let rest = second;
  let step = Math.imul(first ^ second, 0x9e3779b1) >>> 0;
  let seen = true;
  for (let at = 0; at < probes; at += 1) {
    const word = block + (rest & (blockWords - 1));
    const bit = 1 << ((rest >>> 4) & 31);
    if (((words[word] as number) & bit) === 0) {
      seen = false;
      words[word] = (words[word] as number) | bit;
    }
    rest = ((rest + step) >>> 9) ^ Math.imul(rest, 0x85ebca6b);
    step = (step + 0x7f4a7c15) >>> 0;
  }
  return seen;
}
