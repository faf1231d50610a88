import * as nodeModule from 'node:crypto';
import {
  Crypt4ghProblem,
  nodeCrypto,
  Opener,
  Sealer,
  sealedSegmentSize,
  sealedSize,
  segmentSize,
  type DataKey,
  type Span,
} from '@geneward/crypt4gh';
import { fill, isClosedPipe, writeAll } from './descriptors.ts';
import type { Turns } from './turns.ts';

/** Segments that a lane takes at a time: 256 KiB, which stay in the cache of a processor; alone on a pipe one by one. */
const batch = { wide: 4, narrow: 1 } as const;

/** A piece of work on whole segments, as it can be told to a thread. */
export interface Job {
  readonly work: Encrypting | Decrypting;
  readonly from: {
    readonly descriptor: number;
    /** Where the first segment stands; undefined when the source can only be read on. */
    readonly position: number | undefined;
    /** Bytes to read, Infinity for all. */
    readonly length: number;
  };
  /** Descriptor of the file or pipe to write on. */
  readonly to: number;
}

interface Encrypting {
  readonly verb: 'encrypt';
  readonly dataKey: DataKey;
}

interface Decrypting {
  readonly verb: 'decrypt';
  readonly dataKeys: readonly DataKey[];
  /** The plain bytes that are wanted; the source begins with the first segment of them. */
  readonly span: Span;
}

/** Bytes of whole segments; `last` when the source ends with them. */
interface Batch {
  readonly bytes: Uint8Array;
  /** Index of the first of them among all that the job reads. */
  readonly index: number;
  readonly last: boolean;
}

/** What a batch became: a problem comes after the bytes that were still sound. */
interface Made {
  readonly bytes: Uint8Array;
  readonly problem?: unknown;
}

/**
 * Takes batches in turn with other lanes until the source ends: reads, seals or opens, and writes in order. Every lane has its
 * own two arrays, so that memory is bounded and nothing is copied between threads. A problem is thrown by the lane that met it
 * once everything before it was written; whoever catches it ends the others. A reader that has had enough ends all quietly.
 * @param carried bytes of the source that were read before, of less than a segment
 * @param each called after every batch
 */
export async function runLane(
  job: Job,
  turns: Turns,
  { carried = new Uint8Array(0), each }: { readonly carried?: Uint8Array; readonly each?: () => void } = {},
): Promise<void> {
  const unit = job.work.verb === 'encrypt' ? segmentSize : sealedSegmentSize;
  const room = new Uint8Array(batch.wide * unit);
  const make = job.work.verb === 'encrypt' ? sealing(job.work) : opening(job.work);
  const read = job.from.position === undefined ? readOn(job, turns, room, unit, carried) : readAt(job, room, unit);
  try {
    for (;;) {
      const ticket = turns.draw();
      const next = await attempt(() => read(ticket));
      const made = next.value ? make(next.value) : { bytes: room.subarray(0, 0), problem: next.problem };
      // Also without anything to write: the lane with the last batch is to end this one.
      if (!(await turns.await('write', ticket))) return;
      writeAll(job.to, made.bytes);
      if (made.problem !== undefined) throw made.problem;
      if (next.value?.last) return turns.finish();
      turns.pass('write', ticket);
      each?.();
    }
  } catch (error) {
    if (!isClosedPipe(error)) throw error;
    turns.finish();
  }
}

/** A fault of reading waits for its turn, like any other. */
async function attempt<T>(work: () => T | Promise<T>): Promise<{ value?: T; problem?: unknown }> {
  try {
    return { value: await work() };
  } catch (problem) {
    return { problem };
  }
}

/** From a file: every lane at the place of its ticket, all at once. */
function readAt({ from }: Job, room: Uint8Array, unit: number): (ticket: number) => Batch {
  return (ticket) => {
    const at = ticket * room.length;
    const wanted = room.subarray(0, Math.max(0, Math.min(room.length, from.length - at)));
    const have = fill(from.descriptor, wanted, (from.position ?? 0) + at);
    return { bytes: room.subarray(0, have), index: (ticket * room.length) / unit, last: have < room.length };
  };
}

/** From a pipe: one lane after the other. */
function readOn(
  { from }: Job,
  turns: Turns,
  room: Uint8Array,
  unit: number,
  carried: Uint8Array,
): (ticket: number) => Promise<Batch | undefined> {
  let before = carried;
  return async (ticket) => {
    if (!(await turns.await('read', ticket))) return undefined;
    if (turns.ended) {
      turns.pass('read', ticket);
      return undefined;
    }
    const index = turns.segments;
    const most = unit * (turns.wide ? batch.wide : batch.narrow);
    const wanted = room.subarray(0, Math.max(0, Math.min(most, from.length - index * unit)));
    const held = before.subarray(0, wanted.length);
    before = before.subarray(held.length);
    wanted.set(held);
    const have = held.length + fill(from.descriptor, wanted.subarray(held.length), null);
    const last = have < most;
    turns.segments = index + Math.floor(have / unit);
    turns.ended = last;
    turns.pass('read', ticket);
    return { bytes: room.subarray(0, have), index, last };
  };
}

function sealing({ dataKey }: Encrypting): (batch: Batch) => Made {
  const sealer = new Sealer(nodeCrypto(nodeModule), dataKey);
  const out = new Uint8Array(sealedSize(batch.wide * segmentSize));
  return ({ bytes }) => ({ bytes: out.subarray(0, sealer.seal(bytes, out)) });
}

function opening({ dataKeys, span }: Decrypting): (batch: Batch) => Made {
  const opener = new Opener(nodeCrypto(nodeModule), dataKeys);
  const out = new Uint8Array(batch.wide * segmentSize);
  const first = Math.floor(span.from / segmentSize);
  // The ordered method ends with a segment that is not full (section 3.4.3).
  const endsShort = span.to === Infinity && dataKeys.some(({ sequence }) => sequence !== undefined);
  return ({ bytes, index, last }) => {
    const from = first + index;
    opener.index = from;
    const wanted = (plain: number) =>
      out.subarray(
        Math.max(0, span.from - from * segmentSize),
        Math.max(0, Math.min(plain, span.to - from * segmentSize)),
      );
    try {
      const plain = opener.open(bytes, out);
      if (last && endsShort && bytes.length % sealedSegmentSize === 0)
        return { bytes: wanted(plain), problem: new Crypt4ghProblem('end_missing', { segment: opener.index - 1 }) };
      return { bytes: wanted(plain) };
    } catch (problem) {
      return { bytes: wanted((opener.index - from) * segmentSize), problem };
    }
  };
}
