import { fstatSync, read, readFileSync, write } from 'node:fs';
import { promisify } from 'node:util';
import { Reader, type Bytes, type RandomAccess, type Range } from '@geneward/crypt4gh';

const readAt = promisify(read);
const writeOn = promisify(write);

/** 16 segments, plain or sealed: what the library handles at a time, so that nothing needs to be pieced together. */
export const plainBatch = 16 * 65_536;
export const sealedBatch = 16 * 65_564;

/** Standard input: where it starts when it is a file that can be read at any place. */
export interface Input {
  readonly start: number | undefined;
}

/** A shell may have read a part of the file before; only then, on Linux, is its place known. */
export function standardInput(): Input {
  if (!fstatSync(0).isFile()) return { start: undefined };
  try {
    const place = /^pos:\s*(\d+)$/m.exec(readFileSync('/proc/self/fdinfo/0', 'utf8'))?.[1];
    return { start: place === undefined ? undefined : Number(place) };
  } catch {
    return { start: undefined };
  }
}

/** The bytes of standard input from where it stands. */
export function streamOf(input: Input, batch: number): Bytes {
  return input.start === undefined ? process.stdin : readFile(input.start, Infinity, batch);
}

/** A range of standard input. */
export function sliceOf(input: Input, { start, end = Infinity }: Range, batch: number): Bytes {
  if (input.start !== undefined) return readFile(input.start + start, input.start + end, batch);
  return start === 0 && end === Infinity ? process.stdin : slice(process.stdin, start, end, batch);
}

async function* slice(source: Bytes, start: number, end: number, batch: number): AsyncGenerator<Uint8Array> {
  const reader = new Reader(source);
  let left = (await reader.skip(start)) < start ? 0 : end - start;
  while (left > 0) {
    const bytes = await reader.some(Math.min(batch, left));
    if (bytes.length === 0) break;
    left -= bytes.length;
    yield bytes;
  }
  await reader.close();
}

/** Standard input as a file that can be read at any place; undefined when it is a pipe. */
export function fileOf({ start }: Input): RandomAccess | undefined {
  if (start === undefined) return undefined;
  return { read: (from, to) => readFile(start + from, start + to, sealedBatch) };
}

/**
 * Reads ahead by one piece, so that the disk and the processor work at the same time. Three buffers take turns: one is
 * being read into, one is being worked on, and of one the end may still be held.
 */
async function* readFile(from: number, to: number, batch: number): AsyncGenerator<Uint8Array> {
  const buffers: Buffer[] = [];
  const next = async (at: number) => {
    const length = Math.max(0, Math.min(batch, to - at));
    const bytes = (buffers.length === 3 ? buffers.shift() : undefined) ?? Buffer.allocUnsafeSlow(batch);
    buffers.push(bytes);
    let have = 0;
    while (have < length) {
      const { bytesRead } = await readAt(0, bytes, have, length - have, at + have);
      if (bytesRead === 0) break;
      have += bytesRead;
    }
    return bytes.subarray(0, have);
  };
  let at = from;
  let ahead = next(at);
  try {
    for (;;) {
      const bytes = await ahead;
      if (bytes.length === 0) return;
      at += bytes.length;
      ahead = next(at);
      yield bytes;
    }
  } finally {
    ahead.catch(() => undefined);
  }
}

/** Writes to standard output while the next bytes are made. A reader that has had enough (EPIPE) ends the work quietly. */
export async function toStandardOutput(source: Bytes): Promise<void> {
  let writing: Promise<void> = Promise.resolve();
  try {
    for await (const bytes of source) {
      await writing;
      writing = writeAll(1, bytes);
      writing.catch(() => undefined);
    }
    await writing;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error;
  }
}

/** Writes every byte; a pipe that is full and does not block is tried again. */
async function writeAll(descriptor: number, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    try {
      at += (await writeOn(descriptor, bytes, at)).bytesWritten;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}
