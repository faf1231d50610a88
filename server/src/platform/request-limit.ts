import { Problem } from './problem.ts';

const minute = 60_000;
/** Callers that are counted at a time; beyond, those that came first are forgotten, so that a flood of addresses takes no memory. */
const mostCallers = 100_000;

/** Counts what callers ask in a minute, by whichever door they come: HTTP and SFTP of one process count together. */
export interface RequestLimit {
  /** One more of a caller: how many it makes in this minute, and the milliseconds that are left of it. */
  count(caller: string): { readonly current: number; readonly ttl: number };
  /** One more of a caller. Throws Problem `rate_limited`. */
  take(caller: string): void;
}

export function requestLimit(perMinute: number, now: () => number = () => performance.now()): RequestLimit {
  const windows = new Map<string, { readonly since: number; count: number }>();
  let swept = now();
  const count = (caller: string) => {
    const at = now();
    if (at - swept >= minute) {
      swept = at;
      for (const [name, { since }] of windows) if (at - since >= minute) windows.delete(name);
    }
    let window = windows.get(caller);
    const [first] = windows.keys();
    if (!window && windows.size >= mostCallers && first !== undefined) windows.delete(first);
    if (!window || at - window.since >= minute) windows.set(caller, (window = { since: at, count: 0 }));
    window.count += 1;
    return { current: window.count, ttl: window.since + minute - at };
  };
  return {
    count,
    take(caller) {
      const { current, ttl } = count(caller);
      if (current > perMinute) throw tooMany(ttl);
    },
  };
}

/** What a caller is told who asked too much. @param ttl milliseconds until the next minute begins */
export function tooMany(ttl: number): Problem {
  const seconds = Math.ceil(ttl / 1000);
  return new Problem('rate_limited', { params: { seconds }, retryAfter: seconds });
}
