import { Logger, runOnce, type TaskList } from 'graphile-worker';
import { jobHandlers } from '../src/modules/index.ts';
import { systemContext } from '../src/platform/context.ts';
import type { Parts } from '../src/platform/parts.ts';

const quiet = new Logger(() => () => undefined);

/** Runs every job that waits, and those that these add, as the worker would. Throws what a job threw first. */
export async function runJobs(parts: Parts): Promise<void> {
  const failures: unknown[] = [];
  const tasks: TaskList = {};
  for (const [name, handler] of Object.entries(jobHandlers(parts)))
    tasks[name] = async (payload) => {
      const context = systemContext({
        db: parts.pool.db,
        log: parts.log,
        now: parts.now,
        name,
        requestId: 'test-job',
      });
      try {
        await (handler as (given: unknown, by: typeof context) => Promise<void>)(payload, context);
      } catch (error) {
        failures.push(error);
        throw error;
      }
    };
  await runOnce({ pgPool: parts.pool.pg, taskList: tasks, noHandleSignals: true, logger: quiet });
  if (failures.length > 0) throw failures[0];
}
