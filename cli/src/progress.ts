import { clockOf, speedometer } from '@geneward/api';
import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import { bytes, type Output } from './output.ts';

/** How far one file has come. */
export interface Bar {
  advance(by: number): void;
  /** For what goes back as well, as a transfer that resumes. */
  set(moved: number): void;
  end(note?: string): void;
}

/** Progress of work over files: bars in a terminal, lines of JSON for programs, a line a finished file elsewhere. */
export interface Progress {
  start(name: string, total: number, done?: number): Bar;
  close(): void;
}

/** All that there is to do, for the bar of the whole. */
export interface Plan {
  readonly phase: 'check' | 'send' | 'fetch' | 'load';
  readonly files: number;
  readonly bytes: number;
}

interface Moving {
  readonly name: string;
  readonly size: number;
  moved: number;
}

export function showProgress(output: Output, plan?: Plan): Progress {
  const all = tally(plan);
  const view = output.json ? jsonLines(output, all) : output.interactive ? bars(all) : lines(output);
  return {
    start(name, size, done = 0) {
      const one: Moving = { name, size, moved: done };
      all.begin(one);
      const shown = view.start(one);
      const set = (moved: number) => {
        all.move(one, moved);
        shown.update();
      };
      return {
        advance: (by) => set(one.moved + by),
        set,
        end(note) {
          all.move(one, size);
          all.finish(one);
          shown.end(note);
        },
      };
    },
    close: () => view.close(),
  };
}

type Tally = ReturnType<typeof tally>;

/** The sums over all files, and how fast they grow. */
function tally(plan: Plan | undefined) {
  const under = new Set<Moving>();
  const speed = speedometer();
  let [moved, begun, filesDone, filesBegun] = [0, 0, 0, 0];
  speed.note(0);
  return {
    plan,
    under,
    begin(one: Moving) {
      under.add(one);
      begun += one.size;
      filesBegun += 1;
      moved += one.moved;
      // What was there before did not move now.
      speed.shift(one.moved);
    },
    move(one: Moving, to: number) {
      moved += to - one.moved;
      one.moved = to;
      speed.note(moved);
    },
    finish(one: Moving) {
      under.delete(one);
      filesDone += 1;
    },
    now() {
      const size = plan?.bytes ?? begun;
      const rate = speed.rate();
      const left = rate > 0 ? Math.max(0, size - moved) / rate : undefined;
      return { moved, size, rate, left, done: filesDone, files: plan?.files ?? filesBegun };
    },
  };
}

interface View {
  start(one: Moving): { update(): void; end(note?: string): void };
  close(): void;
}

const lines = (output: Output): View => ({
  start: ({ name, size }) => ({
    update: () => undefined,
    end: (note) => output.say(`${note ?? 'ok'}  ${name}  ${bytes(size)}`),
  }),
  close: () => undefined,
});

/** A line a second on standard error, and one at the end. */
function jsonLines(output: Output, all: Tally): View {
  const tell = () => {
    const { moved, size, rate, left, done, files } = all.now();
    const active = [...all.under].map((one) => ({ name: one.name, moved: one.moved, size: one.size }));
    const progress = {
      phase: all.plan?.phase ?? 'load',
      moved,
      size,
      rate: Math.round(rate),
      ...(left !== undefined && { secondsLeft: Math.round(left) }),
      files: { done, all: files },
      active,
    };
    output.warn(JSON.stringify({ progress }));
  };
  const timer = setInterval(tell, 1000);
  timer.unref();
  let told = false;
  return {
    start: () => ({ update: () => undefined, end: () => undefined }),
    close() {
      clearInterval(timer);
      if (!told && all.now().files > 0) tell();
      told = true;
    },
  };
}

/** A bar for each file under way and, where there are several, one for all of them; a finished file becomes a line above. */
function bars(all: Tally): View {
  const multi = new MultiBar(
    {
      format: '{bar} {percentage}% {name} {moved}/{size} {rate}',
      hideCursor: true,
      stream: process.stderr,
      clearOnComplete: false,
      forceRedraw: true,
    },
    Presets.shades_classic,
  );
  const overall =
    (all.plan?.files ?? 0) > 1 ? multi.create(Math.max(1, all.plan?.bytes ?? 0), 0, wholeView()) : undefined;
  function wholeView() {
    const { moved, size, rate, left, done, files } = all.now();
    const time = left === undefined ? '' : `  ${clockOf(left)}`;
    return {
      name: `${done}/${files}`,
      moved: bytes(moved),
      size: bytes(size),
      rate: `${bytes(Math.round(rate))}/s${time}`,
    };
  }
  return {
    start(one) {
      const speed = speedometer();
      speed.note(one.moved);
      const view = () => {
        speed.note(one.moved);
        const rate = speed.rate();
        const time = overall || rate === 0 ? '' : `  ${clockOf((one.size - one.moved) / rate)}`;
        return {
          name: one.name,
          moved: bytes(one.moved),
          size: bytes(one.size),
          rate: `${bytes(Math.round(rate))}/s${time}`,
        };
      };
      const bar: SingleBar = multi.create(Math.max(one.size, 1), one.moved, view());
      return {
        update() {
          bar.update(one.moved, view());
          overall?.update(all.now().moved, wholeView());
        },
        end(note) {
          overall?.update(all.now().moved, wholeView());
          if (!overall) {
            bar.update(Math.max(one.size, 1), view());
            return;
          }
          multi.remove(bar);
          multi.log(`${note ?? 'ok'}  ${one.name}  ${bytes(one.size)}\n`);
        },
      };
    },
    close: () => multi.stop(),
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
