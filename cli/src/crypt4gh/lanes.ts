import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Crypt4ghProblem } from '@geneward/crypt4gh';
import { runLane, type Job } from './lane.ts';
import type { LaneProblem, LaneStart } from './lane-thread.ts';
import { listening, sharedNumbers, turnsOf } from './turns.ts';

/** More lanes than these wait for each other's writing. */
const mostLanes = 4;
/** Bytes that one lane is done with before a thread has started. */
const worthThreads = 32 * 2 ** 20;

/** In the source and in the bundle, where it is built as a file of its own, it stands beside this file. */
const entry = new URL(import.meta.url.endsWith('.ts') ? './lane-thread.ts' : './lane-thread.js', import.meta.url);

/**
 * Does a job in this thread, and in others as soon as it shows to be large. Throws Crypt4ghProblem and what the system says.
 * @param size bytes of the source, Infinity when that is not known: then threads start after as many have passed
 */
export async function inLanes(
  job: Job,
  options: { readonly size: number; readonly carried?: Uint8Array; readonly lanes?: number; readonly worth?: number },
): Promise<void> {
  const { size, carried, lanes = Math.min(mostLanes, availableParallelism()), worth = worthThreads } = options;
  const numbers = sharedNumbers();
  const turns = turnsOf(numbers, listening);
  const workers: Worker[] = [];
  const problems: unknown[] = [];

  const startLane = () => {
    const worker = new Worker(entry, { workerData: { job, numbers } satisfies LaneStart });
    workers.push(worker);
    worker.once('message', (problem: LaneProblem) =>
      problems.push('code' in problem ? new Crypt4ghProblem(problem.code, problem.params) : problem.error),
    );
    worker.once('error', (error) => {
      problems.push(error);
      turns.finish();
    });
  };
  const widen = () => {
    turns.wide = true;
    for (let lane = 1; lane < lanes; lane += 1) startLane();
  };
  const each = () => {
    if (!turns.wide && size === Infinity && turns.segments * 65_536 >= worth) widen();
  };

  if (size !== Infinity && size >= worth) widen();
  try {
    await runLane(job, turns, { ...(carried && { carried }), ...(lanes > 1 && { each }) });
  } catch (error) {
    problems.push(error);
    turns.finish();
  }
  // All is written, or nothing more will be. What a thread has said is heard before its end.
  await Promise.all(workers.map((worker) => worker.terminate()));
  if (problems.length > 0) throw problems[0];
}
