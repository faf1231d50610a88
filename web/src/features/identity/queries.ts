import { ApiProblem, identityRoutes, type Profile } from '@geneward/api';
import { useMutation, useQuery } from '@tanstack/react-query';
import { api, currentLanguage, queries } from '../../app/client.ts';

/** Who is signed in; null for nobody. */
export const useMe = () =>
  useQuery({
    queryKey: ['me'],
    staleTime: 60_000,
    queryFn: async (): Promise<Profile | null> => {
      try {
        return await api().call(identityRoutes.me, {});
      } catch (error) {
        if (error instanceof ApiProblem && error.code === 'unauthenticated') return null;
        throw error;
      }
    },
  });

/** What one may see changes with who one is: everything is asked again. */
function become(profile: Profile | null): void {
  queries.setQueryData(['me'], profile);
  void queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'me' });
}

export const useSignIn = () =>
  useMutation({
    mutationFn: (body: { email: string; password: string }) => api().call(identityRoutes.signIn, { body }),
    onSuccess: become,
  });

export const useSignOut = () =>
  useMutation({
    mutationFn: () => api().call(identityRoutes.signOut, {}),
    onSuccess: () => become(null),
  });

/** What a one-time link is for. */
export const useLink = (secret: string) =>
  useQuery({
    queryKey: ['link', secret],
    enabled: secret !== '',
    retry: false,
    queryFn: () => api().call(identityRoutes.readLink, { body: { secret } }),
  });

/** What a person fills in to use a one-time link. */
export interface LinkForm {
  readonly purpose: 'bootstrap' | 'invitation' | 'password_reset';
  readonly secret: string;
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly organisation: { readonly code: string; readonly name: { readonly en: string; readonly zh: string } };
}

export const useUseLink = () =>
  useMutation({
    mutationFn: async ({ purpose, secret, email, name, password, organisation }: LinkForm): Promise<void> => {
      const language = currentLanguage();
      if (purpose === 'bootstrap')
        await api().call(identityRoutes.bootstrap, { body: { secret, email, name, password, language, organisation } });
      else if (purpose === 'invitation')
        await api().call(identityRoutes.acceptInvitation, { body: { secret, name, password, language } });
      else await api().call(identityRoutes.resetPassword, { body: { secret, password } });
    },
  });
