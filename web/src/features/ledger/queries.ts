import { ledgerRoutes } from '@geneward/api';
import { useMutation, useQuery } from '@tanstack/react-query';
import { api } from '../../app/client.ts';

export const useLife = (object: string) =>
  useQuery({
    queryKey: ['life', object],
    queryFn: ({ signal }) => api().call(ledgerRoutes.objectLife, { params: { object }, signal }),
  });

/** The policy that the archive itself works by. */
export const usePolicyOfArchive = () =>
  useMutation({ mutationFn: async () => (await api().call(ledgerRoutes.ledgerStatus, {})).policy });
