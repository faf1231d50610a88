import { availableParallelism } from 'node:os';
import { threadPool } from '../../threads.ts';
import { DamagedError } from '../sealed-body.ts';
import type { SealReply, SealRequest } from './seal-worker.ts';
import { startSealer, type Sealing, type Step, type Stepped, type Whole } from './sealer.ts';

/** Where the steps of one object are made. */
export interface SealLane {
  step(step: Step): Promise<Stepped>;
  end(): Promise<Whole>;
  close(): void;
}

const openLane = threadPool<SealRequest, SealReply>(
  new URL('seal-worker.ts', import.meta.url),
  Math.max(1, Math.min(8, Math.ceil(availableParallelism() / 2))),
);

/** In a thread of the pool. */
export function sealInThread(sealing: Sealing): SealLane {
  const waiting: { resolve: (reply: SealReply) => void; reject: (error: unknown) => void }[] = [];
  let failed: { error: unknown } | undefined;
  const lane = openLane({
    onReply: (reply) => waiting.shift()?.resolve(reply),
    onFailure(failure) {
      failed ??= { error: damage(failure) };
      for (const { reject } of waiting.splice(0)) reject(failed.error);
    },
  });
  const ask = (request: SealRequest) =>
    new Promise<SealReply>((resolve, reject) => {
      if (failed) {
        reject(failed.error);
        return;
      }
      waiting.push({ resolve, reject });
      lane.post(request);
    });
  lane.post({ begin: sealing });
  return {
    async step(step) {
      const reply = await ask({ step });
      if ('stepped' in reply) return reply.stepped;
      throw new Error('the thread answered something else');
    },
    async end() {
      const reply = await ask({ end: true });
      if ('whole' in reply) return reply.whole;
      throw new Error('the thread answered something else');
    },
    close: () => lane.close(),
  };
}

/** Here: a short object is done sooner than a message is on its way. */
export function sealHere(sealing: Sealing): SealLane {
  const sealer = startSealer(sealing);
  return {
    step: async (step) => sealer.step(step),
    end: async () => sealer.end(),
    close: () => undefined,
  };
}

/** Classes do not survive the way between threads. */
function damage(failure: unknown): unknown {
  const segment = failure instanceof Error ? /^segment (\d+) of/.exec(failure.message)?.[1] : undefined;
  return segment === undefined ? failure : new DamagedError(Number(segment));
}
