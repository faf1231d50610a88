/** A sample of the distinct names of a file, taken by hash: the same names are sampled in every file. */
export interface NameSketch {
  /** Only hashes below 2^(52 - level) are kept; level 0 keeps all, so that the sketch is exact. */
  readonly level: number;
  /** The kept hashes, each below 2^52. */
  readonly hashes: ReadonlySet<number>;
}

/** Names that a sketch keeps at most. Up to here it is exact; beyond, a share is estimated within ±0.5 % (2.5 σ). */
const sketchSize = 65_536;

const bits = 52;

/** Builds a sketch in constant memory (adaptive sampling, Flajolet 1990). The order of names does not matter. */
export function buildSketch(size: number = sketchSize): NameSketch & { add(first: number, second: number): void } {
  /** Open addressing; no hash is -1. At most half full. */
  let table = emptyTable(1024);
  let used = 0;
  let level = 0;
  let bound = 2 ** bits;

  const insert = (hash: number): void => {
    const mask = table.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      if (table[slot] === hash) return;
      if (table[slot] !== -1) continue;
      table[slot] = hash;
      used += 1;
      return;
    }
  };
  const again = (length: number): void => {
    const old = table;
    table = emptyTable(length);
    used = 0;
    for (const hash of old) if (hash !== -1 && hash < bound) insert(hash);
  };

  const thin = (): void => {
    if (used <= size) return;
    level += 1;
    bound /= 2;
    again(table.length);
    thin();
  };

  return {
    get hashes() {
      return new Set(table.filter((hash) => hash !== -1));
    },
    get level() {
      return level;
    },
    add(first, second) {
      const hash = first * 2 ** 20 + (second >>> 12);
      if (hash >= bound) return;
      insert(hash);
      thin();
      if (2 * used >= table.length) again(2 * table.length);
    },
  };
}

const emptyTable = (length: number): Float64Array => new Float64Array(length).fill(-1);

/** The sketch as it would be had it been sampled at a coarser level. */
export function hashesAtLevel(sketch: NameSketch, level: number): ReadonlySet<number> {
  if (level <= sketch.level) return sketch.hashes;
  const bound = 2 ** (bits - level);
  return new Set([...sketch.hashes].filter((hash) => hash < bound));
}
