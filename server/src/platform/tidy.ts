import { sql } from 'kysely';
import type { JobHandlersFor, Schedule } from './jobs.ts';
import type { Parts } from './parts.ts';

declare module './jobs.ts' {
  interface Jobs {
    'platform.tidy': Record<string, never>;
  }
}

/** What the platform does in the background: answers kept for retries are forgotten when nobody can be retrying any more. */
export function jobs({ config, pool, now }: Parts): JobHandlersFor<'platform.tidy'> {
  return {
    'platform.tidy': async () => {
      const oldest = new Date(now().getTime() - config.http.idempotencyDays * 86_400_000);
      await sql`delete from idempotency where created_at < ${oldest}`.execute(pool.db);
    },
  };
}

export const schedules: readonly Schedule[] = [{ name: 'platform.tidy', cron: '47 3 * * *' }];
