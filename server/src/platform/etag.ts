import { Problem } from './problem.ts';

/** The version that a client believes to change; an ETag that was never ours is as stale as an old one. */
export function versionOf(ifMatch: string | undefined): number {
  if (ifMatch !== undefined && /^\d{1,9}$/.test(ifMatch)) return Number(ifMatch);
  throw new Problem('stale_etag');
}
