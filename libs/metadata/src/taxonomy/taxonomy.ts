import { editDistance, slip } from '../suggest/distance.ts';
import type { NameKind, NameTable } from './name-table.ts';

/** One node of the NCBI taxonomy. */
export interface Taxon {
  readonly id: number;
  /** Scientific name. */
  readonly name: string;
  readonly rank: string;
  readonly parent: number;
}

/** A name as somebody wrote it, and what it turned out to be. */
export interface NamedTaxon {
  readonly taxon: Taxon;
  /** The spelling in the taxonomy. */
  readonly spelling: string;
  readonly kind: NameKind;
}

/** Names and tree of organisms, in memory. Built from a taxdump or from the built-in set. */
export interface Taxonomy {
  /** Release of the dump, or of the built-in set. */
  readonly version: string;
  /** Whether it holds all of NCBI's names, so that what is missing does not exist. */
  readonly complete: boolean;
  readonly size: number;
  byId(id: number): Taxon | undefined;
  /** Finds a name in any case; a scientific name before synonyms and common names. */
  byName(name: string): NamedTaxon | undefined;
  /** The taxon and all above it, nearest first. */
  lineage(id: number): readonly Taxon[];
  /** Whether `id` is `ancestor` or below it. */
  within(id: number, ancestor: number): boolean;
  /** The identifier that a merged one was joined into. */
  mergedInto(id: number): number | undefined;
  deleted(id: number): boolean;
  /** Names near a mistyped one, nearest first. */
  suggest(name: string, count: number): readonly NamedTaxon[];
}

/** The arrays that a taxonomy is answered from; indexed by taxonomy identifier. */
export interface TaxonTables {
  readonly version: string;
  readonly complete: boolean;
  readonly parents: Int32Array;
  readonly ranks: Uint8Array;
  readonly rankNames: readonly string[];
  /** Index into `names` of the scientific name, plus one; zero where there is no such taxon. */
  readonly scientific: Int32Array;
  readonly names: NameTable;
  readonly merged: ReadonlyMap<number, number>;
  readonly deletions: ReadonlySet<number>;
  readonly size: number;
}

/** Deeper trees than this do not exist; a loop in a broken dump ends here. */
const deepest = 120;

/** A suggestion is a courtesy: it may not take longer than comparing this many names. */
const mostCompared = 10_000;

/** Answers questions from loaded tables. */
export function taxonomyFrom(tables: TaxonTables): Taxonomy {
  const { parents, ranks, rankNames, scientific, names } = tables;

  const byId = (id: number): Taxon | undefined => {
    const name = (scientific[id] ?? 0) - 1;
    if (name < 0) return undefined;
    return { id, name: names.text(name), rank: rankNames[ranks[id] ?? 0] ?? 'no rank', parent: parents[id] ?? 0 };
  };

  const named = (index: number): NamedTaxon | undefined => {
    const taxon = byId(names.owner(index));
    return taxon && { taxon, spelling: names.text(index), kind: names.kind(index) };
  };

  return {
    version: tables.version,
    complete: tables.complete,
    size: tables.size,
    byId,
    byName: (name) => {
      const index = names.find(name);
      return index < 0 ? undefined : named(index);
    },
    lineage: (id) => {
      const path: Taxon[] = [];
      for (let at = id; path.length < deepest;) {
        const taxon = byId(at);
        if (!taxon) break;
        path.push(taxon);
        if (taxon.parent === at) break;
        at = taxon.parent;
      }
      return path;
    },
    within: (id, ancestor) => {
      for (let at = id, depth = 0; depth < deepest && at > 0; depth++) {
        if (at === ancestor) return true;
        const parent = parents[at] ?? 0;
        if (parent === at) return false;
        at = parent;
      }
      return false;
    },
    mergedInto: (id) => tables.merged.get(id),
    deleted: (id) => tables.deletions.has(id),
    suggest: (name, count) => {
      const word = name.trim().toLowerCase();
      const limit = slip(word);
      if (limit === 0 || word.length > 120) return [];
      const near: { index: number; distance: number }[] = [];
      let compared = 0;
      for (const index of names.candidates(word, limit)) {
        if (++compared > mostCompared) break;
        const distance = editDistance(word, names.text(index).toLowerCase(), limit);
        if (distance <= limit) near.push({ index, distance });
      }
      near.sort((a, b) => a.distance - b.distance || a.index - b.index);
      const seen = new Set<number>();
      const suggestions: NamedTaxon[] = [];
      for (const { index } of near) {
        const candidate = named(index);
        if (!candidate || seen.has(candidate.taxon.id)) continue;
        seen.add(candidate.taxon.id);
        suggestions.push(candidate);
        if (suggestions.length === count) break;
      }
      return suggestions;
    },
  };
}

/** Whether samples may be of this taxon: a species, or something below one. */
export function submittable(taxonomy: Taxonomy, id: number): boolean {
  return taxonomy.lineage(id).some((taxon) => taxon.rank === 'species');
}

/** Whether a taxon stands for an environment instead of one organism: "soil metagenome". */
export const isMetagenome = (taxonomy: Taxonomy, taxon: Taxon): boolean =>
  taxonomy.within(taxon.id, 408169) || /\bmetagenome$/.test(taxon.name);
