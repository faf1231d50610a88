import { EventEmitter } from 'node:events';
import { sql } from 'kysely';
import {
  Logger,
  parseCronItems,
  run,
  runMigrations,
  type CronItem,
  type Runner,
  type Task,
  type WorkerEvents,
} from 'graphile-worker';
import type pg from 'pg';
import type { Context } from './context.ts';
import type { Db } from './db.ts';
import type { Log } from './log.ts';
import { showPresence } from './worker-presence.ts';

/** Every module adds its jobs here by declaration merging: name to payload. A job without a handler does not compile. */
// oxlint-disable-next-line typescript/no-empty-object-type -- filled by declaration merging
export interface Jobs {}

export type JobName = keyof Jobs;
export type JobHandler<N extends JobName> = (payload: Jobs[N], context: Context) => Promise<void>;
export type JobHandlers = { readonly [N in JobName]: JobHandler<N> };
/** The handlers of one module: `satisfies JobHandlersFor<'files.check' | ...>`. */
export type JobHandlersFor<N extends JobName> = { readonly [K in N]: JobHandler<K> };

/** A job that comes back by the clock: five-field cron in UTC. It waits for its last run to end, however long that takes. */
export interface Schedule {
  readonly name: JobName;
  readonly cron: string;
}

/** Adds a job with the caller's transaction: it exists exactly when the act does. */
export async function enqueue<N extends JobName>(
  db: Db,
  name: N,
  payload: Jobs[N],
  options: {
    runAt?: Date;
    /** One waiting job per key; a later one replaces it. */ key?: string;
    maxAttempts?: number;
    queue?: string;
  } = {},
): Promise<void> {
  await sql`select graphile_worker.add_job(
    ${name}, ${JSON.stringify(payload)}::json,
    queue_name => ${options.queue ?? null}::text, run_at => ${options.runAt ?? null}::timestamptz,
    max_attempts => ${options.maxAttempts ?? 12}::int, job_key => ${options.key ?? null}::text)`.execute(db);
}

/** Lays or upgrades the tables of the job queue; runs as the owner of the database. */
export async function migrateJobs(ownerUrl: string): Promise<void> {
  await runMigrations({ connectionString: ownerUrl });
}

export interface Worker {
  /** Lets running jobs end and takes no new ones. */
  stop(): Promise<void>;
}

/** Runs jobs until stopped. Any number of processes may do so on one database. */
export async function startWorker(parts: {
  pool: pg.Pool;
  db: Db;
  handlers: JobHandlers;
  schedules: readonly Schedule[];
  concurrency: number;
  log: Log;
  context: (name: string, requestId: string) => Context;
  onDone?: (name: string, seconds: number, ok: boolean) => void;
}): Promise<Worker> {
  const tasks: Record<string, Task> = {};
  for (const [name, handler] of Object.entries(parts.handlers) as [
    JobName,
    (payload: unknown, context: Context) => Promise<void>,
  ][]) {
    tasks[name] = async (payload, helpers) => {
      const started = performance.now();
      const context = parts.context(name, `job-${helpers.job.id}`);
      try {
        await handler(payload, context);
        parts.onDone?.(name, (performance.now() - started) / 1000, true);
      } catch (error) {
        parts.onDone?.(name, (performance.now() - started) / 1000, false);
        context.log.error(
          { err: error, job: name, attempt: helpers.job.attempts },
          'job failed; it will be tried again',
        );
        throw error;
      }
    };
  }
  const workerIds = new Set<string>();
  const begin = (): Promise<Runner> => {
    // Ids of an earlier run are given up: what they still hold is taken for a dead worker's and comes back.
    workerIds.clear();
    const events: WorkerEvents = new EventEmitter();
    // Jobs are locked by the pool's id.
    events.on('pool:create', ({ workerPool }) => workerIds.add(workerPool.id));
    return run({
      pgPool: parts.pool,
      events,
      // In batches, so that a lost connection is tried again and then ends the run: singly it would end the process.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      gracefulShutdownAbortTimeout: 60_000,
      concurrency: parts.concurrency,
      noHandleSignals: true,
      pollInterval: 2000,
      taskList: tasks,
      // Not a crontab text: that form takes no dots in names.
      parsedCronItems: parseCronItems(cronItems(parts.schedules)),
      logger: quietLogger(parts.log),
    });
  };
  const running = keepRunning(await begin(), begin, parts.log);
  const presence = showPresence({ db: parts.db, workerIds, log: parts.log });
  return {
    async stop() {
      await running.stop();
      await presence.stop();
    },
  };
}

/** Schedules as the queue takes them: each has a queue of its own, which runs one job at a time. */
export const cronItems = (schedules: readonly Schedule[]): CronItem[] =>
  schedules.map(({ name, cron }) => ({
    task: name,
    match: cron,
    options: { jobKey: name, jobKeyMode: 'preserve_run_at', queueName: name },
  }));

/** The queue gives up when the database goes away in the wrong moment: begin again, for as long as nobody says stop. */
function keepRunning(first: Runner, begin: () => Promise<Runner>, log: Log): Worker {
  let stopping = false;
  let runner: Runner | undefined = first;
  const told = (error: unknown) =>
    log.warn(
      { reason: error instanceof Error ? error.message : String(error) },
      'the job queue lost its database; beginning again',
    );
  const watch = async () => {
    for (;;) {
      try {
        runner ??= await begin();
        await runner.promise;
      } catch (error) {
        if (!stopping) told(error);
      }
      if (stopping) return;
      await runner?.stop().catch(() => undefined);
      runner = undefined;
      await new Promise((done) => setTimeout(done, 1000));
    }
  };
  const watched = watch();
  return {
    async stop() {
      stopping = true;
      await runner?.stop();
      await watched;
    },
  };
}

/** The queue's own messages, at our levels; what it says about each job stays at debug. */
function quietLogger(log: Log): Logger {
  return new Logger(() => (level, message) => {
    if (level === 'error') log.error(message);
    else if (level === 'warning') log.warn(message);
    else log.debug(message);
  });
}
