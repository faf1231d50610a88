import type { Context } from '../../../platform/context.ts';
import { Problem } from '../../../platform/problem.ts';
import type { Archive } from '../archive.ts';
import { judgeReleaseDay } from '../rules.ts';

/** Refuses a change of something that has changed since the client read it. */
export function checkEtag(row: { readonly etag: number }, ifMatch: string | undefined): void {
  if (ifMatch !== '*' && ifMatch !== String(row.etag)) throw new Problem('stale_etag');
}

/** The person who acts. Jobs have use cases of their own. */
export function personIn({ principal }: Context): { readonly id: string; readonly organisation: string } {
  if (principal.kind !== 'person') throw new Problem('unauthenticated');
  return principal;
}

/** Refuses a release day in the past or beyond the horizon. */
export function requireReleaseDay(context: Context, { rules }: Archive, day: string): void {
  const now = context.now();
  const verdict = judgeReleaseDay(day, now, rules.releaseHorizonDays);
  if (verdict === 'fits') return;
  const last = new Date(now.getTime() + rules.releaseHorizonDays * 86_400_000).toISOString().slice(0, 10);
  throw new Problem(verdict === 'past' ? 'release_in_past' : 'release_too_late', {
    params: { date: day, today: now.toISOString().slice(0, 10), last },
    place: { field: 'releaseOn' },
  });
}
