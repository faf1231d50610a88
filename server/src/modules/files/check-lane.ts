import { availableParallelism } from 'node:os';
import { threadPool } from '../../platform/threads.ts';
import type { CheckReply, CheckRequest } from './check-worker.ts';
import { checkBytes, verdictOf, type Verdict } from './check.ts';

/** A check that bytes are pushed into. */
export interface Checking {
  /** The bytes are its own until the promise resolves. */
  push(plain: Uint8Array): Promise<void>;
  /** The verdict, after the last byte. */
  end(): Promise<Verdict>;
  drop(): void;
}

/** What is shorter is checked where it is. */
const short = 128 * 1024;

const openLane = threadPool<CheckRequest, CheckReply>(
  new URL('check-worker.ts', import.meta.url),
  Math.max(1, Math.min(16, availableParallelism() - 1)),
);

/** Checks a file by its format while it comes, in a thread of the pool unless it is short. */
export function startCheck(name: string): Checking {
  let first: Uint8Array | undefined;
  let far: ReturnType<typeof checkInThread> | undefined;
  return {
    async push(plain) {
      if (!far && !first && plain.length <= short) {
        first = plain.slice();
        return;
      }
      far ??= checkInThread(name);
      const before = first;
      first = undefined;
      if (before) await far.push(before);
      await far.push(plain);
    },
    async end() {
      if (far) return far.end();
      const only = first ?? new Uint8Array(0);
      async function* bytes(): AsyncGenerator<Uint8Array> {
        yield only;
      }
      return verdictOf(await checkBytes(name, bytes()));
    },
    drop: () => far?.drop(),
  };
}

function checkInThread(name: string): Checking {
  const waiting: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  let failed: { error: unknown } | undefined;
  let told: (verdict: Verdict) => void = () => undefined;
  let refuse: (error: unknown) => void = () => undefined;
  const verdict = new Promise<Verdict>((resolve, reject) => ([told, refuse] = [resolve, reject]));
  verdict.catch(() => undefined);
  const lane = openLane({
    onReply(reply) {
      if (reply === 'taken') waiting.shift()?.resolve();
      else told(reply);
    },
    onFailure(error) {
      failed = { error };
      refuse(error);
      for (const { reject } of waiting.splice(0)) reject(error);
    },
  });
  lane.post({ begin: name });
  return {
    push: (bytes) =>
      new Promise((resolve, reject) => {
        if (failed) {
          reject(failed.error);
          return;
        }
        waiting.push({ resolve, reject });
        lane.post({ bytes });
      }),
    async end() {
      lane.post({ end: true });
      try {
        return await verdict;
      } finally {
        lane.close();
      }
    },
    drop: () => lane.close(),
  };
}
