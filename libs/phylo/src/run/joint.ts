/** How far one's own genome is from a genome of another institution, both by their number there. */
export interface FarApart {
  readonly own: number;
  readonly partner: string;
  readonly theirs: number;
  readonly distance: number;
}

/** The genomes of others that are nearest to each of one's own, the nearest first, ties in the order of institutions and numbers. */
export function nearestOfOthers(pairs: readonly FarApart[], most: number): ReadonlyMap<number, readonly FarApart[]> {
  const found = new Map<number, FarApart[]>();
  for (const pair of pairs) found.set(pair.own, [...(found.get(pair.own) ?? []), pair]);
  const order = (a: FarApart, b: FarApart): number =>
    a.distance - b.distance || (a.partner < b.partner ? -1 : a.partner > b.partner ? 1 : a.theirs - b.theirs);
  return new Map([...found].sort(([a], [b]) => a - b).map(([own, list]) => [own, list.sort(order).slice(0, most)]));
}
