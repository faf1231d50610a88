import { ledgerRoutes, type LedgerAct } from '@geneward/api';
import { useMutation, useQuery } from '@tanstack/react-query';
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
