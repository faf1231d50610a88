import { MultiBar, Presets } from 'cli-progress';
import { bytes, type Output } from './output.ts';

/** Progress of transfers: bars in a terminal, a line a finished file elsewhere. */
export interface Progress {
  start(name: string, total: number, done?: number): { advance(by: number): void; end(note?: string): void };
  close(): void;
}

export function showProgress(output: Output): Progress {
  if (!output.interactive) {
    return {
      start: (name, total) => ({
        advance: () => undefined,
        end: (note) => output.say(`${note ?? 'ok'}  ${name}  ${bytes(total)}`),
      }),
      close: () => undefined,
    };
  }
  const bars = new MultiBar(
    {
      format: '{bar} {percentage}% {name} {moved}/{size} {rate}',
      hideCursor: true,
      stream: process.stderr,
      clearOnComplete: false,
      forceRedraw: true,
    },
    Presets.shades_classic,
  );
  return {
    start(name, total, done = 0) {
      const began = performance.now();
      let moved = done;
      const view = () => ({
        name,
        moved: bytes(moved),
        size: bytes(total),
        rate: `${bytes(Math.round(((moved - done) / (performance.now() - began)) * 1000) || 0)}/s`,
      });
      const bar = bars.create(Math.max(total, 1), done, view());
      return {
        advance(by) {
          moved += by;
          bar.update(moved, view());
        },
        end: () => bar.update(Math.max(total, 1), view()),
      };
    },
    close: () => bars.stop(),
  };
}

/** Runs work over items, a few at a time; the first failure stops the start of further ones. */
export async function eachOf<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  let failed = false;
  const lane = async () => {
    for (let item = queue.shift(); item !== undefined && !failed; item = queue.shift()) {
      try {
        await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, lane));
  const broken = ends.find((end) => end.status === 'rejected');
  if (broken) throw broken.reason;
}

/** What work gives for each item, in their order, a few at a time. */
export async function mapOf<T, R>(items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results = new Map<number, R>();
  await eachOf([...items.entries()], atOnce, async ([index, item]) => void results.set(index, await work(item)));
  return [...results].toSorted(([a], [b]) => a - b).map(([, result]) => result);
}
