import { fstatSync, readFileSync } from 'node:fs';
import { Reader, type Bytes, type Header, type RandomAccess, readHeader } from '@geneward/crypt4gh';
import { fill, isClosedPipe, some, writeAll } from './descriptors.ts';

/** What is read from a pipe at a time: what a pipe holds, and less than a sealed segment. */
const chunk = 65_536;

/** Standard input: where it starts and how long it is when it is a file that can be read at any place. */
export interface Input {
  readonly descriptor: number;
  readonly start: number | undefined;
  /** Bytes from the start; Infinity when that is not known. */
  readonly size: number;
}

/** A shell may have read a part of the file before; only then, on Linux, is its place known. */
export function standardInput(): Input {
  const unknown = { descriptor: 0, start: undefined, size: Infinity };
  const state = fstatSync(0);
  if (!state.isFile()) return unknown;
  try {
    const place = /^pos:\s*(\d+)$/m.exec(readFileSync('/proc/self/fdinfo/0', 'utf8'))?.[1];
    return place === undefined ? unknown : { descriptor: 0, start: Number(place), size: state.size - Number(place) };
  } catch {
    return unknown;
  }
}

/** The bytes of an input from where it stands. */
export function* bytesOf({ descriptor, start }: Input): Generator<Uint8Array> {
  if (start !== undefined) {
    yield* slice(descriptor, start, Infinity);
    return;
  }
  for (;;) {
    const bytes = some(descriptor, new Uint8Array(chunk));
    if (bytes.length === 0) return;
    yield bytes;
  }
}

/** An input as a file that can be read at any place; undefined when it is a pipe. */
export function fileOf({ descriptor, start }: Input): RandomAccess | undefined {
  if (start === undefined) return undefined;
  return { read: (from, to) => slice(descriptor, start + from, start + to) };
}

function* slice(descriptor: number, from: number, to: number): Generator<Uint8Array> {
  for (let at = from; at < to;) {
    const bytes = new Uint8Array(Math.min(chunk, to - at));
    const have = fill(descriptor, bytes, at);
    at += have;
    if (have > 0) yield bytes.subarray(0, have);
    if (have < bytes.length) return;
  }
}

/** Passes over bytes of an input that can only be read on; false when it ends before. */
export function passOver(descriptor: number, length: number): boolean {
  const room = new Uint8Array(Math.min(chunk, Math.max(0, length)));
  for (let left = length; left > 0;) {
    const have = fill(descriptor, room.subarray(0, Math.min(room.length, left)), null);
    if (have === 0) return false;
    left -= have;
  }
  return true;
}

/** The header at the start of an input, and the bytes behind it that were read with it: less than a segment. */
export async function headerOf(input: Input): Promise<{ header: Header; behind: Uint8Array }> {
  const seen: Uint8Array[] = [];
  const watched = function* () {
    for (const bytes of bytesOf(input)) {
      seen.push(bytes);
      yield bytes;
    }
  };
  const header = await readHeader(new Reader(watched()));
  return { header, behind: Buffer.concat(seen).subarray(header.length) };
}

/** Writes to standard output. A reader that has had enough (EPIPE) ends the work quietly. */
export async function toStandardOutput(source: Bytes): Promise<void> {
  try {
    for await (const bytes of source) writeAll(1, bytes);
  } catch (error) {
    if (!isClosedPipe(error)) throw error;
  }
}
