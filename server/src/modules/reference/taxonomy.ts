import {
  builtInTaxonomy,
  editDistance,
  slip,
  type NamedTaxon,
  type NameKind,
  type Taxon,
  type Taxonomy,
} from '@geneward/metadata';
import type { Db } from '../../platform/db.ts';
import { currentRelease, namesFolded, namesLike, pastTaxa, withAncestors, type NameRow } from './store-taxon.ts';

/** Kinds of names as the database orders them. */
export const nameKinds: readonly NameKind[] = [
  'scientific name',
  'synonym',
  'equivalent name',
  'common name',
  'other name',
];

/** The organisms of an installation, as validators ask for them. */
export interface Organisms {
  readonly taxonomy: Taxonomy;
  /** Fetches what will be asked for; what was not fetched is not known. */
  prepare(db: Db, names: Iterable<string>, ids: Iterable<number>): Promise<void>;
}

/** Names after which what was fetched is forgotten, so that memory stays small. */
const namesKept = 50_000;
let kept: { readonly release: string; readonly organisms: Organisms; readonly names: () => number } | undefined;

/** The loaded taxonomy where there is one, else the built-in one. */
export async function organisms(db: Db): Promise<Organisms> {
  const release = await currentRelease(db);
  if (!release) return builtIn;
  // The hash tells the content: what one reader has fetched holds for all.
  if (kept?.release === release.sha256 && kept.names() < namesKept) return kept.organisms;
  const asked = { names: new Set<string>(), ids: new Set<number>() };
  const fresh = loadedOrganisms(release, asked);
  kept = { release: release.sha256, organisms: fresh, names: () => asked.names.size + asked.ids.size };
  return fresh;
}

const builtIn: Organisms = {
  get taxonomy() {
    return builtInTaxonomy();
  },
  prepare: async () => undefined,
};

/**
 * A taxonomy that holds only what was asked for: two million taxa stay in the database, a sheet names a few of them. Every name
 * and identifier is fetched once.
 */
function loadedOrganisms(
  release: { id: number; taxa: number; sha256: string },
  asked: { names: Set<string>; ids: Set<number> },
): Organisms {
  const taxa = new Map<number, Taxon>();
  const names = new Map<string, NameRow>();
  const past = new Map<number, number | null>();
  const near = new Map<string, NameRow[]>();

  const named = (row: NameRow): NamedTaxon | undefined => {
    const taxon = taxa.get(row.taxon_id);
    return taxon && { taxon, spelling: row.name, kind: nameKinds[row.kind] ?? 'other name' };
  };

  const lineage = (id: number): readonly Taxon[] => {
    const path: Taxon[] = [];
    for (let at = taxa.get(id); at && path.length < 120; at = at.parent === at.id ? undefined : taxa.get(at.parent))
      path.push(at);
    return path;
  };

  const fetchTaxa = async (db: Db, ids: readonly number[]) => {
    const missing = ids.filter((id) => !taxa.has(id));
    if (missing.length === 0) return;
    for (const { id, parent_id: parent, rank, name } of await withAncestors(db, release.id, missing))
      taxa.set(id, { id, name, rank, parent });
  };

  return {
    taxonomy: {
      version: release.sha256,
      complete: true,
      size: release.taxa,
      byId: (id) => taxa.get(id),
      byName: (name) => {
        const row = names.get(name.toLowerCase());
        return row && named(row);
      },
      lineage,
      within: (id, ancestor) => lineage(id).some((taxon) => taxon.id === ancestor),
      mergedInto: (id) => past.get(id) ?? undefined,
      deleted: (id) => past.get(id) === null,
      suggest: (name, count) => suggestions(near.get(name.trim().toLowerCase()) ?? [], name, count, named),
    },
    async prepare(db, newNames, newIds) {
      const folded = [...new Set([...newNames].map((name) => name.trim().toLowerCase()))].filter(
        (name) => name !== '' && !asked.names.has(name),
      );
      const ids = [...new Set(newIds)].filter((id) => !asked.ids.has(id));
      if (folded.length > 0) for (const row of await namesFolded(db, release.id, folded)) names.set(row.folded, row);
      await fetchTaxa(db, [...ids, ...folded.flatMap((name) => names.get(name)?.taxon_id ?? [])]);
      const unknownIds = ids.filter((id) => !taxa.has(id));
      if (unknownIds.length > 0)
        for (const { id, into_id } of await pastTaxa(db, release.id, unknownIds)) past.set(id, into_id);
      await fetchTaxa(
        db,
        [...past.values()].filter((id) => id !== null),
      );
      // A sheet that names hundreds of unknown organisms is not helped by suggestions for each.
      for (const name of folded.filter((one) => !names.has(one)).slice(0, 50)) {
        const rows = await namesLike(db, release.id, name, 10);
        near.set(name, rows);
        await fetchTaxa(
          db,
          rows.map((row) => row.taxon_id),
        );
      }
      // Marked last: another reader that asks meanwhile fetches for himself.
      for (const name of folded) asked.names.add(name);
      for (const id of ids) asked.ids.add(id);
    },
  };
}

function suggestions(
  rows: readonly NameRow[],
  name: string,
  count: number,
  named: (row: NameRow) => NamedTaxon | undefined,
): readonly NamedTaxon[] {
  const word = name.trim().toLowerCase();
  const limit = slip(word);
  const ranked = rows
    .map((row) => ({ row, distance: editDistance(word, row.folded, limit) }))
    .filter(({ distance }) => distance <= limit)
    .toSorted((a, b) => a.distance - b.distance || a.row.kind - b.row.kind);
  const found = new Map<number, NamedTaxon>();
  for (const { row } of ranked) {
    const one = named(row);
    if (one && !found.has(one.taxon.id)) found.set(one.taxon.id, one);
  }
  return [...found.values()].slice(0, count);
}
