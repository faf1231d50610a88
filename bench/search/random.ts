/** Repeatable random numbers in [0, 1): mulberry32. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Draws from a list so that the k-th is drawn 1/(k+q) as often: how words, species and countries are spread. */
export function zipf<T>(items: readonly T[], random: () => number, q = 2): () => T {
  const sums = new Float64Array(items.length);
  let total = 0;
  for (let k = 0; k < items.length; k += 1) sums[k] = total += 1 / (k + 1 + q);
  return () => {
    const at = random() * total;
    let low = 0;
    for (let high = items.length - 1; low < high;) {
      const middle = (low + high) >>> 1;
      if ((sums[middle] ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    return items[low] as T;
  };
}
