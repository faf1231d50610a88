import type { Parts } from '../../platform/parts.ts';
import { Fenced } from './append.ts';
import { batchSize, leadSeconds, openSequencer, type Sequencer } from './sequencer.ts';

/** From one batch's beginning to the next, in milliseconds: the places of a hundred acts cost little more than that of one. */
const paceMs = 50;
/** How often it is looked while nothing happens. */
const restMs = 100;

/**
 * The sequencer's rest after a batch: none behind a full one, since more waits; a longer one where nothing waited.
 * @param placed acts in it
 * @param tookMs how long it took
 */
export const restAfter = (placed: number, tookMs: number): number =>
  placed === 0 ? restMs : placed < batchSize ? Math.max(0, paceMs - tookMs) : 0;
/** How soon it tries again after a fault, or to lead. */
const retryMs = 1000;
const witnessMs = 1000;

export interface Running {
  /** Ends what is under way and gives the lead away. */
  stop(): Promise<void>;
}

/** Keeps the log until stopped: places, checkpoints and witnesses each at their own pace, so that none waits for another. */
export async function runLedger(parts: Parts): Promise<Running> {
  const sequencer = await openSequencer(parts);
  const stopping = new AbortController();
  const { signal } = stopping;
  const pace = { leads: false };
  const loops = [
    repeat(parts, signal, async () => {
      pace.leads = (await sequencer.lead()) === 'leads';
      return pace.leads ? (leadSeconds / 3) * 1000 : retryMs;
    }),
    repeat(parts, signal, async () => {
      if (!pace.leads) return restMs;
      const began = performance.now();
      return restAfter(await sequencer.append(), performance.now() - began);
    }),
    repeat(parts, signal, async () => {
      if (pace.leads) await sequencer.checkpoint();
      return parts.config.ledger.checkpointSeconds * 1000;
    }),
    repeat(parts, signal, async () => {
      if (pace.leads) await sequencer.witness();
      return witnessMs;
    }),
    repeat(parts, signal, async () => {
      if (pace.leads) await sequencer.chain();
      return parts.config.chain.seconds * 1000;
    }),
    repeat(parts, signal, async () => {
      if (!pace.leads) return retryMs;
      await sequencer.anchor();
      return parts.config.chain.evmMinutes * 60_000;
    }),
  ];
  return {
    async stop() {
      stopping.abort();
      await Promise.all(loops);
      await finish(parts, sequencer, pace.leads);
    },
  };
}

/** What was recorded up to the end is signed before the program ends. */
async function finish({ log }: Parts, sequencer: Sequencer, leads: boolean): Promise<void> {
  try {
    if (leads) {
      while ((await sequencer.append()) > 0);
      await sequencer.checkpoint();
    }
    await sequencer.leave();
  } catch (error) {
    if (!(error instanceof Fenced)) log.warn({ err: error }, 'the ledger was not finished; the next start goes on');
  }
}

async function repeat({ log }: Parts, signal: AbortSignal, act: () => Promise<number>): Promise<void> {
  while (!signal.aborted) {
    let wait = retryMs;
    try {
      wait = await act();
    } catch (error) {
      if (!(error instanceof Fenced)) log.warn({ err: error }, 'the ledger waits for its database or its files');
    }
    if (wait > 0) await pause(wait, signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(end, ms);
    function end(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      done();
    }
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}
