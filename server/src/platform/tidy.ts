import { sql } from 'kysely';
import { record } from './audit.ts';
import type { Context } from './context.ts';
import type { JobHandlersFor, Schedule } from './jobs.ts';
import type { Parts } from './parts.ts';

declare module './jobs.ts' {
  interface Jobs {
    'platform.tidy': Record<string, never>;
    'platform.rewrap': Record<string, never>;
    'platform.seal': Record<string, never>;
  }
}

type Name = 'platform.tidy' | 'platform.rewrap' | 'platform.seal';

/** Folders of the storage in which versions before sealed storage have written in the clear. */
const folders = ['files', 'sheets', 'taxdumps'] as const;
const hour = 3_600_000;

/** What the platform does in the background. */
export function jobs({ config, pool, now, blobs }: Parts): JobHandlersFor<Name> {
  return {
    // Answers kept for retries are forgotten when nobody can be retrying any more.
    'platform.tidy': async () => {
      const oldest = new Date(now().getTime() - config.http.idempotencyDays * 86_400_000);
      await sql`delete from idempotency where created_at < ${oldest}`.execute(pool.db);
    },
    'platform.rewrap': async (_payload, context) =>
      tellCount(context, 'platform.headers_rewrapped', 'headers', await blobs.rewrap()),
    'platform.seal': async (_payload, context) => {
      let objects = 0;
      for (const folder of folders) objects += await blobs.sealPlain(folder, new Date(now().getTime() - hour));
      await tellCount(context, 'platform.objects_sealed', 'objects', objects);
    },
  };
}

async function tellCount(context: Context, type: string, name: string, count: number): Promise<void> {
  if (count > 0) await record(context.db, context, { type, content: { [name]: count } });
}

export const schedules: readonly Schedule[] = [
  { name: 'platform.tidy', cron: '47 3 * * *' },
  { name: 'platform.rewrap', cron: '*/10 * * * *' },
  { name: 'platform.seal', cron: '17 * * * *' },
];
