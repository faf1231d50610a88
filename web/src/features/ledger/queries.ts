import { ledgerRoutes, supervisionRoutes, type LedgerAct, type SupervisionFilter } from '@geneward/api';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { api } from '../../app/client.ts';

const youth = 10 * 60_000;
const isYoung = ({ at }: LedgerAct): boolean => Date.now() - Date.parse(at) < youth;

export const useLife = (object: string) =>
  useQuery({
    queryKey: ['life', object],
    queryFn: ({ signal }) => api().call(ledgerRoutes.objectLife, { params: { object }, signal }),
    // A young act rises by itself; an old one no more.
    refetchInterval: ({ state: { data } }) => (data?.items.some(isYoung) === true ? 5000 : false),
  });

/** The policy that the archive itself works by. */
export const usePolicyOfArchive = () =>
  useMutation({ mutationFn: async () => (await api().call(ledgerRoutes.ledgerStatus, {})).policy });

/** Acts as a regulator sees them, a page at a time. */
export const useSupervisedActs = (filter: SupervisionFilter) =>
  useInfiniteQuery({
    queryKey: ['supervision', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: after, signal }) =>
      api().call(supervisionRoutes.supervisedActs, {
        query: { ...filter, limit: 50, ...(after !== undefined && { after }) },
        signal,
      }),
    getNextPageParam: ({ next }) => next,
  });

export const usePlans = () =>
  useQuery({
    queryKey: ['plans'],
    queryFn: ({ signal }) => api().call(supervisionRoutes.planFindings, { query: { limit: 200 }, signal }),
  });
