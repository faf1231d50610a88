import { InvalidArgumentError } from 'commander';

const units: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 };

/** Bytes of a text such as `20M` or `800k`; undefined when it is none. */
export function bytesIn(text: string): number | undefined {
  const [, number = '', unit = ''] = /^(\d{1,9}(?:\.\d{1,3})?)([kmg]?)$/i.exec(text.trim()) ?? [];
  const bytes = Math.round(Number(number) * (units[unit.toLowerCase()] ?? 1));
  return number !== '' && bytes > 0 ? bytes : undefined;
}

/** The argument of options that count bytes. */
export function byteCount(text: string): number {
  const bytes = bytesIn(text);
  if (bytes === undefined) throw new InvalidArgumentError('a number of bytes such as 800k, 20M or 1.5G');
  return bytes;
}

/** Waits until so many more bytes may pass. */
export type Throttle = (bytes: number) => Promise<void>;

/** Holds everything that shares it to so many bytes per second together; without a rate it never waits. */
export function throttle(
  bytesPerSecond: number | undefined,
  clock: { now(): number; sleep(milliseconds: number): Promise<void> } = {
    now: () => performance.now(),
    sleep: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
  },
): Throttle {
  if (bytesPerSecond === undefined) return () => Promise.resolve();
  let free = clock.now();
  return async (bytes) => {
    const now = clock.now();
    // A pause gives back no more than a tenth of a second: the line is not flooded after it.
    free = Math.max(free, now - 100) + (bytes / bytesPerSecond) * 1000;
    if (free > now) await clock.sleep(free - now);
  };
}
