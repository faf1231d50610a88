import type { SearchHit, SearchReply } from '@geneward/api';
import type { Context } from '../../../platform/context.ts';
import type { Db } from '../../../platform/db.ts';
import type { CatalogPorts } from '../ports.ts';
import type { EntryFound } from '../store-search.ts';
import type { FacetCounts } from '../tables.ts';

/** Rows of the index as results in the reader's language. */
export async function showEntries(
  db: Db,
  context: Context,
  ports: CatalogPorts,
  entries: readonly EntryFound[],
): Promise<SearchHit[]> {
  const names = await ports.organisationNames(db, [...new Set(entries.map((entry) => entry.organisation_id))]);
  return entries.map((entry) => ({
    id: entry.object_id,
    type: entry.type,
    alias: entry.alias,
    title: entry.title,
    organisation: entry.organisation_id,
    manner: entry.manner,
    status: entry.status,
    updatedAt: entry.updated_at.toISOString(),
    files: entry.files,
    bytes: entry.bytes,
    ...given({
      accession: entry.accession,
      organism: entry.organism,
      taxon: entry.taxon,
      country: entry.country,
      collectedOn: entry.collected_on,
      strategy: entry.strategy,
      platform: entry.platform,
      instrument: entry.instrument,
      organisationName: names.get(entry.organisation_id)?.[context.language],
      releasedAt: entry.released_at?.toISOString(),
    }),
  }));
}

/** Facets with the names of organisations beside their ids. */
export async function namedFacets(
  db: Db,
  context: Context,
  ports: CatalogPorts,
  facets: FacetCounts,
): Promise<NonNullable<SearchReply['facets']>['values']> {
  const { organisation = [] } = facets;
  if (organisation.length === 0) return facets;
  const names = await ports.organisationNames(
    db,
    organisation.map(({ value }) => value),
  );
  const named = organisation.map((one) => {
    const label = names.get(one.value)?.[context.language];
    return label === undefined ? one : { ...one, label };
  });
  return { ...facets, organisation: named };
}

type Given<T> = { [K in keyof T]?: NonNullable<T[K]> };
const given = <T extends object>(values: T): Given<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined)) as Given<T>;
