import { sql } from 'kysely';
import type { Log } from './log.ts';
import type { Db } from './db.ts';

/** A worker unseen for this long is taken for dead; a job of one that was only slow may run twice, which jobs bear. */
const deadAfterSeconds = 15;

export interface Presence {
  stop(): Promise<void>;
}

/**
 * Shows that the workers of this process live, and gives back the jobs of those that were killed.
 * @param workerIds ids that the queue gave to the workers of this process; read at each beat
 */
export function showPresence(parts: { db: Db; workerIds: ReadonlySet<string>; log: Log; beatMs?: number }): Presence {
  const { db, workerIds, log } = parts;
  let beating = Promise.resolve();
  const next = () => {
    beating = beat(db, [...workerIds])
      .then(
        (dead) => dead.length > 0 && log.warn({ workers: dead.length }, 'gave back the jobs of workers that are gone'),
        (error: unknown) =>
          log.warn({ reason: error instanceof Error ? error.message : String(error) }, 'no sign of life could be left'),
      )
      .then(() => undefined);
  };
  next();
  const timer = setInterval(next, parts.beatMs ?? 5000);
  return {
    async stop() {
      clearInterval(timer);
      await beating;
      await sql`delete from worker_presence where worker_id = any(${[...workerIds]})`
        .execute(db)
        .catch(() => undefined);
    },
  };
}

/** One sign of life, and the workers found dead that held jobs. */
export async function beat(db: Db, workerIds: readonly string[]): Promise<string[]> {
  await sql`insert into worker_presence (worker_id) select unnest(${workerIds}::text[]) on conflict (worker_id) do update set seen_at = now()`.execute(
    db,
  );
  await sql`delete from worker_presence where seen_at < now() - make_interval(secs => ${deadAfterSeconds})`.execute(db);
  const holding = await sql<{ id: string }>`select distinct locked_by as id from graphile_worker.jobs
    where locked_at < now() - make_interval(secs => ${deadAfterSeconds})
      and not exists (select from worker_presence where worker_id = locked_by)`.execute(db);
  const ids = holding.rows.map((row) => row.id);
  if (ids.length > 0) await sql`select graphile_worker.force_unlock_workers(${ids}::text[])`.execute(db);
  return ids;
}
