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
  const hashes = new Set<number>();
  let level = 0;
  let bound = 2 ** bits;
  return {
    hashes,
    get level() {
      return level;
    },
    add(first, second) {
      const hash = first * 2 ** 20 + (second >>> 12);
      if (hash >= bound) return;
      hashes.add(hash);
      while (hashes.size > size) {
        level += 1;
        bound /= 2;
        for (const kept of hashes) if (kept >= bound) hashes.delete(kept);
      }
    },
  };
}

/** The sketch as it would be had it been sampled at a coarser level. */
export function hashesAtLevel(sketch: NameSketch, level: number): ReadonlySet<number> {
  if (level <= sketch.level) return sketch.hashes;
  const bound = 2 ** (bits - level);
  return new Set([...sketch.hashes].filter((hash) => hash < bound));
}
