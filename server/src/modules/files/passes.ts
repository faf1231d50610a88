import type { Parts } from '../../platform/parts.ts';
import { Problem } from '../../platform/problem.ts';
import { startPass, type Pass } from './pass.ts';
import type { UploadRow } from './resumable-store.ts';

/** A pass that waits in memory for the next bytes of its upload, or works for a request. */
interface Live {
  readonly pass: Pass;
  /** Bytes that are durable and counted. */
  kept: number;
  /** Ends the request that it works for. */
  stop?: (reason: Problem) => void;
  /** Resolves when that request has let go of it. */
  free: Promise<void>;
  forget?: NodeJS.Timeout;
}

/** Passes of this process by upload. Another process, or this one after a crash, reads the durable bytes and goes on from there. */
const live = new Map<string, Live>();
/** A pass that nobody goes on with is let go after this long: it costs memory, and reading the bytes again brings it back. */
const keepMilliseconds = 120_000;
/** Passes that wait at the same time; beyond, those that wait longest are let go. */
const mostWaiting = 16;

/** A pass that a request works with. */
export interface Taken {
  readonly pass: Pass;
  /** Rejects when a later request takes the upload over. */
  readonly stopped: Promise<never>;
  /** Notes that all that went in is durable and counted. */
  kept(): void;
  /** Gives it back; one in which something is that does not count is of no more use. */
  release(): Promise<void>;
}

/** The pass of an upload, at the offset where its row stands. A request that it worked for is ended first. */
export async function takePass(row: UploadRow, key: string, parts: Pick<Parts, 'blobs' | 'config'>): Promise<Taken> {
  const { id } = row;
  const received = Number(row.received);
  const before = live.get(id);
  if (before) {
    before.stop?.(new Problem('upload_taken'));
    await before.free;
  }
  const waiting = live.get(id);
  if (waiting && waiting.pass.offset === received && !waiting.stop) return lend(id, waiting);
  if (waiting) await dropPass(id);
  const expect = row.length === null ? undefined : Number(row.length);
  const from = { offset: received, head: row.head ?? undefined };
  const pass = await startPass({ key, name: row.name ?? undefined, expect, alone: false, from }, parts);
  const made: Live = { pass, kept: received, free: Promise.resolve() };
  live.set(id, made);
  return lend(id, made);
}

function lend(id: string, one: Live): Taken {
  clearTimeout(one.forget);
  let freed: () => void = () => undefined;
  one.free = new Promise((resolve) => (freed = resolve));
  const stopped = new Promise<never>((_, reject) => (one.stop = reject));
  stopped.catch(() => undefined);
  return {
    pass: one.pass,
    stopped,
    kept: () => void (one.kept = one.pass.offset),
    async release() {
      delete one.stop;
      const useful = one.kept === one.pass.offset;
      if (live.get(id) === one && useful) {
        one.forget = setTimeout(() => void dropPass(id).catch(() => undefined), keepMilliseconds).unref();
        live.delete(id);
        live.set(id, one);
        const waiting = [...live].filter(([, each]) => !each.stop);
        for (const [oldest] of waiting.slice(0, -mostWaiting)) await dropPass(oldest);
      } else {
        if (live.get(id) === one) live.delete(id);
        await one.pass.drop();
      }
      freed();
    },
  };
}

/** Lets go of what is known of an upload: it has ended, or nobody went on with it. */
export async function dropPass(id: string): Promise<void> {
  const one = live.get(id);
  if (!one) return;
  live.delete(id);
  clearTimeout(one.forget);
  await one.pass.drop();
}
