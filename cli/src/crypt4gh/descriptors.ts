import { readSync, writeSync } from 'node:fs';

/** Fills an array from a file or pipe; fewer bytes only at its end. Without a position it reads on where it stands. */
export function fill(descriptor: number, into: Uint8Array, position: number | null): number {
  let have = 0;
  while (have < into.length) {
    const bytes = patiently(() =>
      readSync(descriptor, into, have, into.length - have, position === null ? null : position + have),
    );
    if (bytes === 0) break;
    have += bytes;
  }
  return have;
}

/** The bytes that are at hand, none at the end. */
export function some(descriptor: number, into: Uint8Array): Uint8Array {
  return into.subarray(
    0,
    patiently(() => readSync(descriptor, into, 0, into.length, null)),
  );
}

/** Larger writes get large pages from Linux, for which it has to make room first: they take up to eight times as long. */
const writeSize = 131_072;

/** Writes every byte, on from where the file or pipe stands. */
export function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;)
    at += patiently(() => writeSync(descriptor, bytes, at, Math.min(writeSize, bytes.length - at), null));
}

/** What the system says when a reader has had enough. */
export const isClosedPipe = (error: unknown): boolean => codeOf(error) === 'EPIPE';

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

const nothing = new Int32Array(new SharedArrayBuffer(4));
const [shortest, longest] = [0.05, 2];

/** A pipe that does not block is tried again, after pauses that grow to two milliseconds. */
function patiently(work: () => number): number {
  for (let pause = shortest; ; pause = Math.min(longest, 2 * pause)) {
    try {
      return work();
    } catch (error) {
      // Windows says so at the end of a pipe.
      if (codeOf(error) === 'EOF') return 0;
      if (codeOf(error) !== 'EAGAIN') throw error;
      Atomics.wait(nothing, 0, 0, pause);
    }
  }
}
