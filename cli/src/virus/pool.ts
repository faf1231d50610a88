import { Worker } from 'node:worker_threads';
import type { Assessed, Genome } from '@geneward/phylo';
import { assessHere, type Sent, type WorkerStart } from './worker.ts';

/** Genomes that travel together: enough to make the way there cheap, few enough to keep all workers busy. */
const together = 16;

/** In the bundle a worker is a file of its own as well, beside the one with this. */
const entry = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);

interface Pool {
  assess(genomes: readonly Sent[]): Promise<readonly Assessed[]>;
  close(): Promise<void>;
}

/** A pool of threads, each with its own data set; with one thread, this one. */
async function startPool(start: WorkerStart, threads: number): Promise<Pool> {
  if (threads <= 1) {
    const assess = await assessHere(start);
    return { assess: (genomes) => Promise.resolve(genomes.map(assess)), close: () => Promise.resolve() };
  }
  const waiting: ((worker: Worker) => void)[] = [];
  const idle = Array.from({ length: threads }, () => new Worker(entry, { workerData: start }));
  const all = [...idle];
  let failed: Error | undefined;
  const failures = new Set<(error: Error) => void>();
  for (const worker of all)
    worker.on('error', (error: Error) => {
      failed ??= error;
      for (const fail of failures) fail(error);
    });
  const take = (): Promise<Worker> => {
    const free = idle.shift();
    return free ? Promise.resolve(free) : new Promise((resolve) => void waiting.push(resolve));
  };
  const give = (worker: Worker): void => {
    const next = waiting.shift();
    if (next) next(worker);
    else idle.push(worker);
  };
  return {
    assess: (genomes) =>
      new Promise((resolve, reject) => {
        if (failed) reject(failed);
        failures.add(reject);
        void take().then((worker) => {
          worker.once('message', (told: readonly Assessed[]) => {
            failures.delete(reject);
            give(worker);
            resolve(told);
          });
          worker.postMessage(genomes, []);
          return undefined;
        });
      }),
    close: async () => void (await Promise.all(all.map((worker) => worker.terminate()))),
  };
}

/**
 * Tells about genomes as they stream, in their order, with so many threads: the answer is the same for any number. No more than a few batches a thread are on
 * their way, so that memory does not grow with the file.
 */
export async function* assessAll(
  genomes: AsyncIterable<Genome>,
  start: WorkerStart,
  threads: number,
): AsyncGenerator<Assessed> {
  const pool = await startPool(start, threads);
  const under: Promise<readonly Assessed[]>[] = [];
  const send = (batch: readonly Genome[]): void => {
    const answer = batchOf(pool, batch);
    // Whoever waits for it hears of a failure; until then it is no unhandled one.
    answer.catch(() => undefined);
    under.push(answer);
  };
  try {
    let batch: Genome[] = [];
    for await (const genome of genomes) {
      batch.push(genome);
      if (batch.length < together) continue;
      send(batch);
      batch = [];
      if (under.length > 2 * threads) yield* (await under.shift()) ?? [];
    }
    if (batch.length > 0) send(batch);
    for (let answer = under.shift(); answer; answer = under.shift()) yield* await answer;
  } finally {
    await pool.close();
  }
}

/** What cannot be read is told here and does not travel. */
async function batchOf(pool: Pool, batch: readonly Genome[]): Promise<readonly Assessed[]> {
  const sent = batch.flatMap(({ name, line, bases, problem }) => (problem ? [] : [{ name, line, bases }]));
  const told = (sent.length > 0 ? await pool.assess(sent) : []).values();
  return batch.map(({ name, line, problem }): Assessed => {
    if (!problem) return told.next().value as Assessed;
    return { report: { name, line, accepted: false, findings: [problem.finding], length: 0 } };
  });
}
