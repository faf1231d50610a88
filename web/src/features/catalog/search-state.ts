import { facetNames, searchSort, type FacetName, type SearchSort } from '@geneward/api';

/** What is asked, as it stands in the address of the page. */
export type SearchState = { readonly q?: string; readonly sort?: SearchSort } & {
  readonly [K in FacetName]?: readonly string[];
};

/** Reads an address; what does not belong there is left out. */
export function readSearch(given: Record<string, unknown>): SearchState {
  const sort = searchSort.safeParse(given['sort']);
  const ticked = facetNames.flatMap((name) => {
    const values = [given[name]]
      .flat()
      .flatMap((value) =>
        typeof value === 'string' || typeof value === 'number' ? [String(value).slice(0, 200)] : [],
      );
    return values.length > 0 ? [[name, values.slice(0, 20)]] : [];
  });
  const q = typeof given['q'] === 'string' || typeof given['q'] === 'number' ? String(given['q']).slice(0, 500) : '';
  return {
    ...(q !== '' && { q }),
    ...(sort.success && sort.data !== 'relevance' && { sort: sort.data }),
    ...Object.fromEntries(ticked),
  };
}

/** Whether nothing is typed and nothing ticked. */
export const isUntouched = (state: SearchState): boolean =>
  state.q === undefined && facetNames.every((name) => state[name] === undefined);

/** The same search with one value of a facet ticked or no more. */
export function toggleFacet(state: SearchState, name: FacetName, value: string): SearchState {
  const values = state[name] ?? [];
  const left = values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
  const { [name]: _, ...rest } = state;
  return left.length > 0 ? { ...rest, [name]: left } : rest;
}
