/**
 * Edit distance with transposition of neighbours (optimal string alignment), given up as soon as it must exceed `limit`;
 * then `limit + 1` is returned.
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let best = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
      let cost = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + (same ? 0 : 1));
      const swapped =
        i > 1 && j > 1 && a.charCodeAt(i - 1) === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === b.charCodeAt(j - 1);
      if (swapped) cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
      if (cost < best) best = cost;
    }
    if (best > limit) return limit + 1;
    before = above;
    above = row;
  }
  return Math.min(above[b.length] ?? 0, limit + 1);
}

/** How far a slip may lead: one letter in short words, up to three in long ones. */
export const slip = (word: string): number => (word.length <= 3 ? 0 : word.length <= 5 ? 1 : word.length <= 12 ? 2 : 3);

/** The nearest of `candidates` to a mistyped word, or nothing when none is near. Case is for the caller to fold. */
export function near(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > 200) return undefined;
  let limit = slip(word);
  let found: string | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(word, candidate, limit);
    if (distance > limit || (distance === limit && found !== undefined)) continue;
    found = candidate;
    if (distance === 0) return candidate;
    limit = distance;
  }
  return found;
}
