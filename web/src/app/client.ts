import { ApiProblem, createClient } from '@geneward/api';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import i18n from 'i18next';

/** Languages of the pages. */
export type Language = 'en' | 'zh';
export const currentLanguage = (): Language => (i18n.language === 'zh' ? 'zh' : 'en');

/** The API in the reader's language; the session is in a cookie that scripts cannot read. */
export const api = () => createClient({ baseUrl: '', language: currentLanguage() });

/** A session that has ended is noticed by any answer. */
const noteEnd = (error: Error) => {
  if (error instanceof ApiProblem && error.code === 'unauthenticated') queries.setQueryData(['me'], null);
};

export const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noteEnd }),
  mutationCache: new MutationCache({ onError: noteEnd }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // What the server refuses it refuses again; a server that cannot be reached may come back.
      retry: (count, error) => count < 2 && !(error instanceof ApiProblem && error.body.status < 500),
    },
  },
});
