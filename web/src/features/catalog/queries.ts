import { catalogRoutes, objectRoutes } from '@geneward/api';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, currentLanguage } from '../../app/client.ts';
import type { SearchState } from './search-state.ts';

/** Results page by page; facets and total come with the first. */
export const useSearchResults = (state: SearchState) =>
  useInfiniteQuery({
    queryKey: ['search', state, currentLanguage()],
    initialPageParam: '',
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) =>
      api().call(catalogRoutes.search, {
        query: { ...mutable(state), limit: 20, ...(pageParam && { after: pageParam, facets: 'false' }) },
        signal,
      }),
    getNextPageParam: (last) => last.next,
  });

/** Arrays as the contract takes them. */
const mutable = ({ q, sort, ...ticked }: SearchState) => ({
  ...(q !== undefined && { q }),
  ...(sort !== undefined && { sort }),
  ...Object.fromEntries(Object.entries(ticked).map(([name, values]) => [name, [...values]])),
});

export const useCompletions = (typed: string) =>
  useQuery({
    queryKey: ['complete', typed],
    enabled: typed.trim().length > 1,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => api().call(catalogRoutes.complete, { query: { q: typed.slice(0, 100) }, signal }),
  });

export const useLanding = (accession: string) =>
  useQuery({
    queryKey: ['landing', accession, currentLanguage()],
    queryFn: ({ signal }) => api().call(catalogRoutes.landing, { params: { accession }, signal }),
  });

export const useVersions = (object: string) =>
  useQuery({
    queryKey: ['versions', object],
    queryFn: ({ signal }) => api().call(objectRoutes.listVersions, { params: { object }, query: {}, signal }),
  });

export const useChanges = (object: string, from: number, to: number, wanted: boolean) =>
  useQuery({
    queryKey: ['changes', object, from, to],
    enabled: wanted && from > 0,
    queryFn: ({ signal }) => api().call(objectRoutes.diffVersions, { params: { object }, query: { from, to }, signal }),
  });

export const useStatistics = () =>
  useQuery({
    queryKey: ['statistics', currentLanguage()],
    queryFn: ({ signal }) => api().call(catalogRoutes.statistics, { signal }),
  });
