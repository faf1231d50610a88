import { parentPort, workerData } from 'node:worker_threads';
import { Crypt4ghProblem, type Crypt4ghCode } from '@geneward/crypt4gh';
import { runLane, type Job } from './lane.ts';
import { standing, turnsOf } from './turns.ts';

/** What the thread of a lane is started with. */
export interface LaneStart {
  readonly job: Job;
  readonly numbers: Int32Array;
}

/** How a lane ended that met a problem; errors lose their classes on the way between threads. */
export type LaneProblem =
  | { readonly code: Crypt4ghCode; readonly params: Readonly<Record<string, string | number>> }
  | { readonly error: unknown };

const { job, numbers } = workerData as LaneStart;
const turns = turnsOf(numbers, standing);
try {
  await runLane(job, turns);
} catch (error) {
  const problem: LaneProblem =
    error instanceof Crypt4ghProblem ? { code: error.code, params: error.params } : { error };
  // Told before the others end, for then this thread is ended too.
  parentPort?.postMessage(problem, []);
  turns.finish();
}
