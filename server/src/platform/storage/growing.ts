import { segmentSize, spent } from '@geneward/crypt4gh';
import type { Growing, GrowOptions, Grown, Piece } from '../blobs.ts';
import type { Tx } from '../db.ts';
import { keyNumber, readKeyHeader } from '../keys/header.ts';
import { suiteA } from '../keys/suite-a.ts';
import { suiteG } from '../keys/suite-g.ts';
import { leafPages, replaceLeaves } from './leaves.ts';
import * as pieces from './pieces.ts';
import { beginObject } from './registry.ts';
import { bufferRing } from './seal/buffers.ts';
import { copyTo } from './seal/copy.ts';
import { handover, pieceName, type Handover } from './seal/handover.ts';
import { sealHere, sealInThread, type SealLane } from './seal/seal-lane.ts';
import type { Sealing } from './seal/sealer.ts';
import type { StorageParts } from './stores.ts';
import { writeBody, type Written } from './write.ts';

/** Segments that are handled at a time: 1 MiB. */
const chunkSegments = 16;
/** Chunks of one stream on their way: enough that threads, disk and network need not wait for each other. */
const chunks = 5;
/** What is shorter is done where it is. */
const short = 128 * 1024;

const overheads = { A: suiteA.overhead, G: suiteG.overhead } as const;

/** An object that nobody has finished, as far as it has come. */
export interface Start {
  readonly sealing: Sealing;
  readonly header: Uint8Array;
  /** Its pieces so far, none for a new one. */
  readonly pieces: readonly pieces.PieceRow[];
}

interface Writing {
  readonly name: string;
  readonly start: bigint;
  readonly queue: Handover;
  readonly written: Promise<Written>;
  size: number;
}

/**
 * An object that bytes are pushed into as they come. Each byte is copied once into shared memory; from there a thread seals (or
 * opens) and hashes it, `also` reads it, and the stores write it, all at their own pace and a few chunks apart at most.
 */
export function growObject(parts: StorageParts, key: string, start: Start, options: GrowOptions): Growing {
  const { sealing, header } = start;
  const read = readKeyHeader(header);
  const seals = sealing.way === 'seal';
  const sealedUnit = segmentSize + overheads[sealing.suite];
  const unit = seals ? segmentSize : sealedUnit;
  const ins = bufferRing(chunkSegments * unit, chunks);
  const outs = bufferRing(chunkSegments * (seals ? sealedUnit : segmentSize), chunks);
  const pages = leafPages();
  const under = new Set<Promise<unknown>>();

  let lane: SealLane | undefined;
  let threaded = false;
  let failed: { error: unknown } | undefined;
  let held: Uint8Array = new Uint8Array(Math.min(short, Math.max(1, options.expect ?? short)));
  let lent = false;
  let length = 0;
  /** Bytes at the beginning of `held` that were handled before: a segment that was not full. */
  let known = 0;
  /** Number of the segment that `held` begins with. */
  let first = 0;
  let writing: Writing | undefined;
  let stored = start.pieces.reduce(
    (end, piece) => (piece.start + piece.size > end ? piece.start + piece.size : end),
    0n,
  );
  let replaying = false;

  const fail = (error: unknown) => {
    failed ??= { error };
    ins.fail(failed.error);
    outs.fail(failed.error);
    writing?.queue.fail(failed.error);
  };
  const track = (work: Promise<unknown>) => {
    under.add(work);
    work.then(() => under.delete(work), fail);
  };
  const settled = async () => {
    await Promise.allSettled(under);
    if (failed) throw failed.error;
  };
  const laneOf = (last: boolean): SealLane => {
    if (lane) return lane;
    threaded = options.expect === undefined ? !last || length > short : options.expect > short;
    return (lane = threaded ? sealInThread(sealing) : sealHere(sealing));
  };
  const addLeaves = (leaves: Uint8Array) => {
    for (let at = 0; at < leaves.length; at += 32) pages.add(leaves.slice(at, at + 32));
  };
  const outFor = (bytes: number) =>
    threaded
      ? outs.take()
      : Promise.resolve(new Uint8Array(bytes + Math.ceil(bytes / segmentSize) * (sealedUnit - segmentSize)));
  const giveOut = (out: Uint8Array) => () => {
    if (threaded) outs.give(out);
  };

  const open = (): Writing => {
    if (writing) return writing;
    const name = options.alone ? key : pieceName(key);
    const queue = handover();
    const written = writeBody(parts, key, name, queue.bytes);
    written.catch(fail).finally(() => queue.release());
    const at = seals ? BigInt(first) * BigInt(sealedUnit) : stored;
    return (writing = { name, start: at, queue, written, size: 0 });
  };
  const write = (chunk: Uint8Array, done: () => void) => {
    const to = open();
    to.size += chunk.length;
    to.queue.push(chunk, done);
  };

  /** Sends what is held on its way and takes room for what comes. */
  async function dispatch(last: boolean): Promise<void> {
    const buffer = held;
    const wasLent = lent;
    const bytes = buffer.subarray(0, length);
    const fresh = bytes.subarray(known);
    const full = Math.floor(length / unit) * unit;
    const through = seals || last ? bytes : bytes.subarray(0, full);
    const on = laneOf(last);
    const users: Promise<unknown>[] = [];
    let away: Promise<void> | undefined;
    if (seals) {
      const out = replaying ? undefined : await outFor(length);
      if (out) open();
      const step = on.step({ bytes, known, first, out });
      users.push(
        step.then(({ written, leaves }) => {
          addLeaves(leaves);
          return out && write(out.subarray(0, written), giveOut(out));
        }),
        Promise.resolve(options.also?.(fresh)),
      );
    } else {
      if (fresh.length > 0 && !replaying) away = new Promise<void>((done) => write(fresh, done));
      if (through.length > 0) users.push(opened(on, through));
    }
    const all = Promise.all(users);
    track(all);
    if (wasLent)
      Promise.all([all, away]).then(
        () => ins.give(buffer),
        () => undefined,
      );
    first += full / unit;
    if (last) return;
    const rest = bytes.subarray(full);
    // The rest is copied while its buffer is still lent.
    const next = await ins.take();
    next.set(rest);
    [held, lent, length, known] = [next, true, rest.length, rest.length];
  }

  async function opened(on: SealLane, bytes: Uint8Array): Promise<void> {
    const out = await outFor(bytes.length);
    const { written, leaves } = await on.step({ bytes, known: 0, first, out });
    addLeaves(leaves);
    await options.also?.(out.subarray(0, written));
    giveOut(out)();
  }

  /** More than was expected: from here on in memory that threads share. */
  async function share(): Promise<void> {
    const next = await ins.take();
    next.set(held.subarray(0, length));
    [held, lent] = [next, true];
  }

  async function push(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      if (failed) throw failed.error;
      if (length === held.length && !lent) await share();
      const part = bytes.subarray(at, at + held.length - length);
      copyTo(held.subarray(length), part);
      length += part.length;
      at += part.length;
      if (lent && length === held.length) await dispatch(false);
    }
  }

  /** Between two requests an object keeps no more than its last segment. */
  function shrink(): void {
    const small = new Uint8Array(short);
    small.set(held.subarray(0, length));
    if (lent) ins.give(held);
    [held, lent] = [small, false];
    ins.shrink();
    outs.shrink();
  }

  /** Sends on what is held although more will come. */
  async function rest(): Promise<void> {
    if (length === known) return;
    if (!lent) await share();
    await dispatch(false);
  }

  /** Waits until the piece at hand is durable. */
  async function close(): Promise<(Writing & Written) | undefined> {
    await settled();
    const done = writing;
    if (!done) return undefined;
    done.queue.end();
    const written = await done.written.catch((error: unknown) => {
      fail(error);
      throw error;
    });
    writing = undefined;
    stored = done.start + BigInt(done.size);
    return { ...done, ...written };
  }

  const noteOf = { key, suite: read.suite, version: keyNumber(read), header };
  const pieceOf = (done: (Writing & Written) | undefined, full = pages.full()): Piece => ({
    // A transaction may be tried again: the same call does the same once more.
    async keep(tx: Tx) {
      if (start.pieces.length === 0) await beginObject(tx, { ...noteOf, at: parts.now() });
      await replaceLeaves(tx, key, full);
      if (!done) return [];
      const { name, start: from, size, stores } = done;
      return pieces.add(tx, key, { piece: name, start: from, size: BigInt(size), stores });
    },
    name: done?.name,
  });

  return {
    push,
    async cut() {
      await rest();
      const piece = pieceOf(await close());
      shrink();
      return piece;
    },
    async end(): Promise<Grown> {
      const unread = !seals && length > 0;
      if (length > known || unread) await dispatch(true);
      const done = await close();
      const whole = await laneOf(true).end();
      addLeaves(whole.leaves);
      lane?.close();
      const { size, tree, sha256, md5 } = whole;
      const rest = pages.rest();
      const last = pieceOf(done, rest);
      const told = { key, plainSize: BigInt(size), sealedSize: stored, tree };
      // Should a store have missed a piece, it is tried again while nobody waits for a lock.
      if (!options.alone) await pieces.spread(parts, key);
      return {
        size: BigInt(size),
        tree,
        sha256,
        md5,
        name: last.name,
        async keep(tx) {
          if (options.alone) {
            const stores = done?.stores ?? parts.placement.storesOf(key);
            await pieces.addWhole(parts, tx, { ...noteOf, ...told, stores });
            await replaceLeaves(tx, key, rest);
            return [];
          }
          const unneeded = await last.keep(tx);
          await pieces.complete(parts, tx, told);
          return unneeded;
        },
      };
    },
    async replay(bytes) {
      replaying = true;
      for await (const chunk of bytes) {
        await push(chunk);
        spent(chunk);
      }
      await rest();
      await settled();
      replaying = false;
    },
    async drop() {
      lane?.close();
      const last = writing?.written;
      fail(new Error('the object was given up'));
      await last?.catch(() => undefined);
    },
  };
}
