import { ApiProblem, filesRoutes } from '@geneward/api';
import type { Line } from './line.ts';
import { persist } from './persist.ts';

/** By what right files are downloaded: a token of their own that outlasts that of the session, or for public files nothing. */
export interface Rights {
  readonly headers: (file: string) => Promise<Record<string, string>>;
  /** Whether a refusal was mended by another token. */
  readonly mend: (error: unknown) => Promise<boolean>;
}

/** Files that one token is for. */
const most = 10_000;

export function downloadRights(line: Line, asked: { signedIn: boolean; files: readonly string[] }): Rights {
  if (!asked.signedIn) return { headers: async () => ({}), mend: line.mend };
  const places = new Map(asked.files.map((id, nth) => [id, Math.floor(nth / most)]));
  const tokens = new Map<number, Promise<string>>();
  const issue = async (place: number): Promise<string> => {
    const files = asked.files.slice(place * most, (place + 1) * most);
    const call = () => line.api.call(filesRoutes.issueDownloadToken, { body: { files } });
    return (await persist(call, { mend: line.mend })).token;
  };
  const tokenOf = (place: number) => {
    const found = tokens.get(place) ?? issue(place);
    tokens.set(place, found);
    found.catch(() => tokens.delete(place));
    return found;
  };
  let renewed = 0;
  return {
    headers: async (file) => ({ authorization: `Bearer ${await tokenOf(places.get(file) ?? 0)}` }),
    async mend(error) {
      // The token ended: the session may still be good for another, once.
      if (!(error instanceof ApiProblem && error.code === 'download_token_ended') || renewed >= 3)
        return line.mend(error);
      renewed += 1;
      tokens.clear();
      return true;
    },
  };
}
