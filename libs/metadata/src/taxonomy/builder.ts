import { grown } from './growing.ts';
import type { NameKind } from './name-table.ts';
import { nameTableBuilder } from './name-table.ts';
import type { Taxonomy } from './taxonomy.ts';
import { taxonomyFrom } from './taxonomy.ts';

/** Collects taxa, then answers. Identifiers are used as indexes, so callers bound them. */
export interface TaxonomyBuilder {
  node(id: number, parent: number, rank: string): void;
  name(id: number, name: string, kind: NameKind): void;
  merge(from: number, into: number): void;
  remove(id: number): void;
  finish(version: string, complete: boolean): Taxonomy;
}

/** Starts an empty taxonomy. Throws `RangeError` from `node` when there are more than 255 ranks. */
export function taxonomyBuilder(): TaxonomyBuilder {
  let parents = new Int32Array(1 << 10);
  let ranks = new Uint8Array(1 << 10);
  let scientific = new Int32Array(1 << 10);
  const rankNames: string[] = [];
  const rankIndex = new Map<string, number>();
  const names = nameTableBuilder();
  const merged = new Map<number, number>();
  const deletions = new Set<number>();
  let size = 0;

  const indexOfRank = (rank: string): number => {
    const known = rankIndex.get(rank);
    if (known !== undefined) return known;
    if (rankNames.length > 255) throw new RangeError('more than 255 ranks');
    rankIndex.set(rank, rankNames.length);
    return rankNames.push(rank) - 1;
  };

  return {
    node: (id, parent, rank) => {
      parents = grown(parents, id + 1);
      ranks = grown(ranks, id + 1);
      parents[id] = parent;
      ranks[id] = indexOfRank(rank);
      size++;
    },
    name: (id, name, kind) => {
      const index = names.add(name, id, kind);
      if (kind !== 'scientific name') return;
      scientific = grown(scientific, id + 1);
      scientific[id] = index + 1;
    },
    merge: (from, into) => void merged.set(from, into),
    remove: (id) => void deletions.add(id),
    finish: (version, complete) =>
      taxonomyFrom({
        version,
        complete,
        parents,
        ranks,
        rankNames,
        scientific,
        names: names.finish(),
        merged,
        deletions,
        size,
      }),
  };
}
