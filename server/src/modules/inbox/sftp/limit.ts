import { Problem } from '../../../platform/problem.ts';

const minute = 60_000;

/** As many calls of one caller in a minute as requests over HTTP. Throws Problem `rate_limited`. */
export function requestLimit(perMinute: number, now: () => number = () => performance.now()) {
  const windows = new Map<string, { readonly since: number; count: number }>();
  return (caller: string): void => {
    const at = now();
    let window = windows.get(caller);
    if (!window || at - window.since >= minute) {
      for (const [name, { since }] of windows) if (at - since >= minute) windows.delete(name);
      window = { since: at, count: 0 };
      windows.set(caller, window);
    }
    window.count += 1;
    if (window.count <= perMinute) return;
    const seconds = Math.ceil((window.since + minute - at) / 1000);
    throw new Problem('rate_limited', { params: { seconds }, retryAfter: seconds });
  };
}
