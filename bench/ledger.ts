import { rmSync } from 'node:fs';
import { parsePolicy, verifyReceipt } from '@geneward/merkle';
import { temporaryData } from '../scripts/server.ts';
import { openSequencer, type Sequencer } from '../server/src/modules/ledger/sequencer.ts';
import { receiptOf } from '../server/src/modules/ledger/service/receipts.ts';
import { findEntry } from '../server/src/modules/ledger/store.ts';
import { openFiles } from '../server/src/modules/ledger/tiles.ts';
import '../server/src/modules/index.ts';
import { recordAll } from '../server/src/platform/audit.ts';
import { readConfig } from '../server/src/platform/config.ts';
import { systemContext } from '../server/src/platform/context.ts';
import { startParts, type Started } from '../server/src/platform/start.ts';
import type { Figure } from './figure.ts';

/** `GENEWARD_BENCH_SECONDS=10` for a quick try. */
const seconds = Number(process.env['GENEWARD_BENCH_SECONDS'] ?? 60);
const producers = 4;
const actsAtOnce = 500;
/** Acts that wait at most: the producers are held there, so that the rate is what the sequencer sustains. */
const waitingLimit = 4000;

/**
 * Acts recorded as fast as the log takes them, on the embedded PostgreSQL with fsync: how many get their place durably in a second,
 * how long one waits for it after its commit, and how long until a receipt that verifies.
 */
export async function run(): Promise<Figure[]> {
  const data = temporaryData('bench');
  const parts = await startParts(readConfig({ GENEWARD_DATA: data, GENEWARD_LOG_LEVEL: 'error' }, data), 'serve');
  try {
    const sequencer = await openSequencer(parts);
    if ((await sequencer.lead()) !== 'leads') throw new Error('the bench does not lead its own log');
    const { rate, waits, receipt } = await load(parts, sequencer);
    return [
      { name: 'ledger.appends', value: Math.round(rate), unit: '/s', better: 'higher', target: 10_000 },
      { name: 'ledger.wait.p50', value: Math.round(waits.p50), unit: 'ms', better: 'lower' },
      { name: 'ledger.wait.p99', value: Math.round(waits.p99), unit: 'ms', better: 'lower', target: 250 },
      { name: 'ledger.receipt', value: Math.round(receipt) / 1000, unit: 's', better: 'lower', target: 10 },
    ];
  } finally {
    await parts.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

interface Measured {
  readonly rate: number;
  readonly waits: { readonly p50: number; readonly p99: number };
  /** From the commit of an act to its verified receipt, under load, the longest seen, in milliseconds. */
  readonly receipt: number;
}

async function load(parts: Started, sequencer: Sequencer): Promise<Measured> {
  /** Commits whose acts wait, oldest first. */
  const waiting: { at: number; acts: number }[] = [];
  const waits: number[] = [];
  const receipts: number[] = [];
  let count = 0;
  let placed = 0;
  const end = performance.now() + seconds * 1000;
  const running = () => performance.now() < end;
  const began = performance.now();
  const produce = async () => {
    while (running()) {
      if (count >= waitingLimit) {
        await rest(2);
        continue;
      }
      await acts(parts, actsAtOnce);
      waiting.push({ at: performance.now(), acts: actsAtOnce });
      count += actsAtOnce;
    }
  };
  const append = async () => {
    while (running()) {
      const done = await sequencer.append();
      if (done === 0) await rest(2);
      placed += done;
      count -= done;
      const now = performance.now();
      for (let left = done; left > 0 && waiting[0];) {
        const taken = Math.min(left, waiting[0].acts);
        waiting[0].acts -= taken;
        left -= taken;
        for (let n = 0; n < taken; n += 1) waits.push(now - waiting[0].at);
        if (waiting[0].acts === 0) waiting.shift();
      }
    }
  };
  const sign = async () => {
    while (running()) {
      await rest(parts.config.ledger.checkpointSeconds * 1000);
      const at = performance.now();
      const newest = placed - 1;
      await sequencer.checkpoint();
      if (newest < 0) continue;
      const row = await findEntry(parts.pool.db, BigInt(newest));
      if (!row) throw new Error('an entry that was placed is not there');
      const text = await receiptOf(parts.pool.db, { blobs: openFiles(parts.config), config: parts.config }, row);
      verifyReceipt(text, parsePolicy(`log ${sequencer.key.text}\nquorum none\n`));
      receipts.push(performance.now() - at + parts.config.ledger.checkpointSeconds * 1000);
    }
  };
  const hold = async () => {
    while (running()) {
      await sequencer.lead();
      await rest(3000);
    }
  };
  const producing = Array.from({ length: producers }, produce);
  await Promise.all([...producing, append(), sign(), hold()]);
  const sorted = waits.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return {
    rate: (placed / (performance.now() - began)) * 1000,
    waits: { p50: at(0.5), p99: at(0.99) },
    receipt: Math.max(...receipts),
  };
}

async function acts({ pool, log, now }: Started, howMany: number): Promise<void> {
  const context = systemContext({ db: pool.db, log, now, name: 'bench', requestId: 'bench' });
  const content = { role: 'bench' };
  await recordAll(
    pool.db,
    context,
    Array.from({ length: howMany }, (_, n) => ({
      type: 'platform.stopped',
      object: { kind: 'thing', id: String(n) },
      content,
    })),
  );
}

const rest = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
