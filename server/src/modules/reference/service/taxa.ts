import type { ReplyOf, referenceRoutes, TaxonView } from '@geneward/api';
import { builtInTaxonomy, submittable, type Taxonomy } from '@geneward/metadata';
import type { Context } from '../../../platform/context.ts';
import { Problem } from '../../../platform/problem.ts';
import { commonNames, currentRelease, lastRelease, namesLike } from '../store-taxon.ts';
import { organisms } from '../taxonomy.ts';

type Routes = typeof referenceRoutes;

/** An organism by its identifier, with its line of descent. */
export async function getTaxon({ db }: Context, id: number): Promise<TaxonView> {
  const known = await organisms(db);
  await known.prepare(db, [], [id]);
  const { taxonomy } = known;
  const taxon = taxonomy.byId(id) ?? taxonomy.byId(taxonomy.mergedInto(id) ?? 0);
  if (!taxon) throw new Problem('not_found');
  const lineage = taxonomy.lineage(taxon.id).toReversed();
  const [view] = await views({ db }, taxonomy, [taxon.id]);
  if (!view) throw new Problem('not_found');
  return { ...view, lineage: lineage.map(({ id: above, name, rank }) => ({ id: above, name, rank })) };
}

/** Organisms whose names begin with the words given or are like them; those that a sample may name come first. */
export async function suggestTaxa(
  { db }: Pick<Context, 'db'>,
  name: string,
  limit: number,
): Promise<ReplyOf<Routes['suggestTaxa']>> {
  const known = await organisms(db);
  const release = await currentRelease(db);
  const ids = release
    ? (await namesLike(db, release.id, name.toLowerCase(), limit * 4)).map((row) => row.taxon_id)
    : builtInLike(name, limit * 4);
  const unique = [...new Set(ids)];
  await known.prepare(db, [], unique);
  const found = await views({ db }, known.taxonomy, unique);
  return { items: found.toSorted((a, b) => Number(b.submittable) - Number(a.submittable)).slice(0, limit) };
}

/** Exactly this name in the built-in set, and names near it. */
function builtInLike(name: string, limit: number): number[] {
  const taxonomy = builtInTaxonomy();
  const exact = taxonomy.byName(name);
  return [...(exact ? [exact] : []), ...taxonomy.suggest(name, limit)].map(({ taxon }) => taxon.id);
}

async function views(
  { db }: Pick<Context, 'db'>,
  taxonomy: Taxonomy,
  ids: readonly number[],
): Promise<Omit<TaxonView, 'lineage'>[]> {
  const release = await currentRelease(db);
  const common = release ? await commonNames(db, release.id, ids) : [];
  return ids.flatMap((id) => {
    const taxon = taxonomy.byId(id);
    if (!taxon) return [];
    const commonNamesOf = common.filter((row) => row.taxon_id === id).map((row) => row.name);
    return [
      { id, name: taxon.name, rank: taxon.rank, submittable: submittable(taxonomy, id), commonNames: commonNamesOf },
    ];
  });
}

/** Where the organisms come from, and what became of the last dump that was sent. */
export async function getTaxonomy({ db }: Context): Promise<ReplyOf<Routes['getTaxonomy']>> {
  const [current, last] = [await currentRelease(db), await lastRelease(db)];
  return {
    source: current ? 'taxdump' : 'built_in',
    taxa: current?.taxa ?? builtInTaxonomy().size,
    ...(current?.loaded_at && { loadedAt: current.loaded_at.toISOString() }),
    ...(last && {
      load: {
        state: last.state === 'retired' ? 'loaded' : last.state,
        sha256: last.sha256,
        ...(last.reason !== null && { reason: last.reason }),
        receivedAt: last.received_at.toISOString(),
      },
    }),
  };
}
