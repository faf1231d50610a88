import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { parsePolicy, verifyReceipt } from '@geneward/merkle';
import { sql } from 'kysely';
import { restAfter } from '../../server/src/modules/ledger/run.ts';
import type { Sequencer } from '../../server/src/modules/ledger/sequencer.ts';
import { receiptOf } from '../../server/src/modules/ledger/service/receipts.ts';
import { findEntry, readState } from '../../server/src/modules/ledger/store.ts';
import { openFiles } from '../../server/src/modules/ledger/tiles.ts';
import type { Started } from '../../server/src/platform/start.ts';
import { clock, type Offer, type Told } from './producer.ts';

export interface Measured {
  /** Acts that got their place durably, a second. */
  readonly rate: number;
  /** From the commit of an act to its durable place, in milliseconds. */
  readonly wait: { readonly p50: number; readonly p99: number };
  /** From the commit of an act to its verified receipt, the longest seen, in milliseconds. */
  readonly receipt: number;
  /** Processor time for one act, in microseconds: this thread, the producers' thread, the database's processes. */
  readonly cpu: { readonly sequencer: number; readonly producer: number; readonly database: number };
}

/** Acts are offered by another thread, as `serve` does beside `work`, and this one runs the sequencer at its own pace. */
export async function load(
  parts: Started,
  sequencer: Sequencer,
  offer: Omit<Offer, 'url'>,
  seconds: number,
): Promise<Measured> {
  const { db } = parts.pool;
  const workerData: Offer = { ...offer, url: parts.ownerUrl };
  /** Commits whose acts wait, oldest first. */
  const waiting: { at: number; acts: number }[] = [];
  const waits: number[] = [];
  const receipts: number[] = [];
  let placed = 0;
  let producerCpu = 0;
  const cpuBefore = process.threadCpuUsage();
  const databaseBefore = await databaseCpu(parts);
  const worker = new Worker(new URL('producer.ts', import.meta.url), { workerData });
  worker.on('message', (told: Told) => {
    if ('cpu' in told) producerCpu = told.cpu;
    else waiting.push({ ...told });
  });
  const ended = once(worker, 'exit');
  const began = clock();
  const running = () => clock() < began + seconds * 1000;
  const append = async () => {
    while (running()) {
      const began = clock();
      const done = await sequencer.append();
      placed += done;
      worker.postMessage({ placed: done }, []);
      const now = clock();
      for (let left = done; left > 0 && waiting[0];) {
        const taken = Math.min(left, waiting[0].acts);
        waiting[0].acts -= taken;
        left -= taken;
        for (let n = 0; n < taken; n += 1) waits.push(now - waiting[0].at);
        if (waiting[0].acts === 0) waiting.shift();
      }
      await rest(restAfter(done, clock() - began));
    }
  };
  const sign = async () => {
    while (running()) {
      // The first act behind a checkpoint waits longest for the next one.
      const [at, { size }] = [clock(), await readState(db)];
      await rest(parts.config.ledger.checkpointSeconds * 1000);
      await sequencer.checkpoint();
      const row = await findEntry(db, BigInt(size));
      if (!row) continue;
      const text = await receiptOf(db, { blobs: openFiles(parts.config), config: parts.config }, row);
      verifyReceipt(text, parsePolicy(`log ${sequencer.key.text}\nquorum none\n`));
      receipts.push(clock() - at);
    }
  };
  const hold = async () => {
    while (running()) {
      await sequencer.lead();
      await rest(1000);
    }
  };
  try {
    await Promise.all([append(), sign(), hold()]);
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  const elapsed = (clock() - began) / 1000;
  const { user, system } = process.threadCpuUsage(cpuBefore);
  const database = (await databaseCpu(parts)) - databaseBefore;
  worker.postMessage('stop', []);
  await ended;
  while ((await sequencer.append()) > 0);
  const sorted = Float64Array.from(waits).toSorted();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return {
    rate: placed / elapsed,
    wait: { p50: at(0.5), p99: at(0.99) },
    receipt: Math.max(...receipts) + at(0.99),
    cpu: { sequencer: (user + system) / placed, producer: producerCpu / placed, database: database / placed },
  };
}

const rest = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Processor time that the database's processes have used, in microseconds; 0 where the system does not tell. */
async function databaseCpu({ pool }: Started): Promise<number> {
  const { rows } = await sql<{ pid: number }>`select pid from pg_stat_activity`.execute(pool.db);
  const ticks = rows.map(({ pid }) => {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return Number(fields[11]) + Number(fields[12]);
    } catch {
      return 0;
    }
  });
  return ticks.reduce((sum, one) => sum + one, 0) * 10_000;
}
