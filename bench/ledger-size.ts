import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { compactRange, formatActEntry, hashLength } from '@geneward/merkle';
import { startServer, temporaryData } from '../scripts/server.ts';
import '../server/src/modules/index.ts';
import { hasher, rangeOf } from '../server/src/modules/ledger/append.ts';
import { openSequencer, type Sequencer } from '../server/src/modules/ledger/sequencer.ts';
import { receiptOf } from '../server/src/modules/ledger/service/receipts.ts';
import * as store from '../server/src/modules/ledger/store.ts';
import { openFiles } from '../server/src/modules/ledger/tiles.ts';
import { readConfig } from '../server/src/platform/config.ts';
import { transaction } from '../server/src/platform/db.ts';
import { startParts, type Started } from '../server/src/platform/start.ts';
import type { Figure } from './figure.ts';

/** `GENEWARD_BENCH_ENTRIES=100000` for a quick try. */
const entries = Number(process.env['GENEWARD_BENCH_ENTRIES'] ?? 10_000_000);
const chunk = 20_000;
/** Entries between two checkpoints while the log is filled. */
const signEvery = 400_000;
const asked = 1000;

/**
 * A log of ten million entries: receipts by index, at random, and a start on it. The entries come in bulk through the store's own
 * statements and the checkpoints' own tiles and bundles; they have no audit events and no statements behind them, as entries that
 * came back after a lost backup have none.
 */
export async function run(): Promise<Figure[]> {
  const data = temporaryData('bench');
  const settings = { GENEWARD_DATA: data, GENEWARD_LOG_LEVEL: 'error' };
  try {
    const parts = await startParts(readConfig(settings, data), 'serve');
    const times = await withLog(parts, async (sequencer) => {
      await fill(parts, sequencer);
      return proofTimes(parts);
    });
    const server = await startServer(data, { GENEWARD_WORK_INLINE: 'false' });
    await server.stop();
    const again = await startParts(readConfig(settings, data), 'serve');
    const recognised = await withLog(again, async (_, leading) => leading);
    const at = (share: number) => times[Math.floor((times.length - 1) * share)] ?? 0;
    const round = (ms: number) => Math.round(ms * 10) / 10;
    return [
      { name: 'ledger.entries', value: entries, unit: 'entries', better: 'higher', target: 10_000_000 },
      { name: 'ledger.proof.p50', value: round(at(0.5)), unit: 'ms', better: 'lower', target: 20 },
      { name: 'ledger.proof.p99', value: round(at(0.99)), unit: 'ms', better: 'lower', target: 20 },
      { name: 'ledger.restart', value: round(server.readyAfter) / 1000, unit: 's', better: 'lower', target: 5 },
      { name: 'ledger.recognise', value: round(recognised) / 1000, unit: 's', better: 'lower', target: 5 },
    ];
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

/** @param work is told how long it took to hold the database against what was signed, in milliseconds */
async function withLog<T>(parts: Started, work: (sequencer: Sequencer, leading: number) => Promise<T>): Promise<T> {
  try {
    const began = performance.now();
    const sequencer = await openSequencer(parts);
    if ((await sequencer.lead()) !== 'leads') throw new Error('the bench does not lead its own log');
    const leading = performance.now() - began;
    try {
      return await work(sequencer, leading);
    } finally {
      await sequencer.leave();
    }
  } finally {
    await parts.stop();
  }
}

/** While the database writes one chunk, the next one is made. */
async function fill({ pool, now }: Started, sequencer: Sequencer): Promise<void> {
  const state = await store.readState(pool.db);
  const [epoch, start] = [BigInt(state.epoch), rangeOf(state)];
  const range = compactRange(hasher, start.size, start.hashes);
  let written: Promise<void> = Promise.resolve();
  for (let done = 0; done < entries; done += chunk) {
    const before = { size: range.size, hashes: range.hashes };
    const made = chunkOf(range, Math.min(chunk, entries - done), now());
    const after = { size: range.size, hashes: range.hashes };
    await written;
    written = transaction(pool.db, async (tx) => {
      await store.insertEntries(tx, made);
      await store.saveActCounts(tx, new Map([['platform', after.size]]));
      if (!(await store.moveOn(tx, epoch, before, after)))
        throw new Error('somebody else appends to the log of the bench');
    });
    if (done % signEvery !== 0) continue;
    await written;
    await sequencer.lead();
    await sequencer.checkpoint();
  }
  await written;
  await sequencer.checkpoint();
}

/** Entries at the end of a log, whose commitments nothing opens. */
function chunkOf(range: ReturnType<typeof compactRange>, count: number, at: Date): store.NewEntry[] {
  const [type, time, random] = ['platform.stopped', at.toISOString(), randomBytes(count * hashLength)];
  const rest = { eventSeq: null, type, at, salt: null, statement: null, objectKind: null, objectId: null };
  return Array.from({ length: count }, (_, n) => {
    const index = range.size;
    const commitment = random.subarray(n * hashLength, (n + 1) * hashLength);
    const entry = formatActEntry({ module: 'platform', sequence: index + 1n, act: index + 1n, type, time, commitment });
    range.append(hasher.leaf(entry));
    return { ...rest, index, entry };
  });
}

/** Milliseconds of each receipt, sorted: entry, checkpoint, proof from the tiles, and the check of both. */
async function proofTimes({ pool, config }: Started): Promise<number[]> {
  const files = { blobs: openFiles(config), config };
  const times: number[] = [];
  for (let n = 0; n < asked; n += 1) {
    const index = BigInt(Math.floor(Math.random() * entries));
    const began = performance.now();
    const row = await store.findEntry(pool.db, index);
    if (!row) throw new Error(`entry ${index} is not there`);
    await receiptOf(pool.db, files, row);
    times.push(performance.now() - began);
  }
  return times.toSorted((a, b) => a - b);
}
