import type { Bytes } from '../bytes.ts';
import type { Crypto } from '../crypto/port.ts';
import { headerLimits, readHeader, type Header } from '../header/header.ts';
import { openHeader, type OpenedHeader, type Opening } from '../header/open.ts';
import { Crypt4ghProblem } from '../problem.ts';
import { Reader } from '../reader.ts';
import { freshArrays, type Allocate } from './buffers.ts';
import { Opener, sealedSegmentSize, segmentOverhead, segmentSize } from './segment.ts';
import { segmentsOf, wantedSpans, type Range, type Span } from './spans.ts';

/** What to decrypt, and into which arrays: fresh ones unless told otherwise. */
export interface Decryption extends Opening {
  readonly range?: Range | undefined;
  readonly allocate?: Allocate;
}

/** Segments that are opened at a time: 1 MiB. */
const batch = 16;

/** A file that can be read at any place: a file on a disk, a browser's Blob, an object behind range requests. */
export interface RandomAccess {
  /** Bytes [from, to) of the whole encrypted file, fewer only at its end; `to` may be Infinity. */
  read(from: number, to: number): Bytes;
}

/**
 * Decrypts a stream: header, edit list and range applied, in constant memory. Yields bytes only after the segments
 * that they come from were authenticated. Throws Crypt4ghProblem.
 */
export async function* decrypt(crypto: Crypto, source: Bytes, options: Decryption): AsyncGenerator<Uint8Array> {
  const reader = new Reader(source);
  try {
    const header = openHeader(crypto, await readHeader(reader), options);
    yield* decryptSegments(crypto, reader, header, wantedSpans(header.editList, options.range), options);
  } finally {
    await reader.close();
  }
}

/** The same for a file that can be read at any place: fetches only the header and the segments that the range touches. */
export async function* decryptRange(
  crypto: Crypto,
  file: RandomAccess,
  options: Decryption,
): AsyncGenerator<Uint8Array> {
  const sealed = await headerOf(file);
  const header = openHeader(crypto, sealed, options);
  for (const span of wantedSpans(header.editList, options.range)) {
    const { first, end } = segmentsOf(span);
    const at = (segment: number) => sealed.length + segment * sealedSegmentSize;
    const reader = new Reader(file.read(at(first), at(end)));
    try {
      yield* decryptSegments(crypto, reader, header, [span], { ...options, index: first });
    } finally {
      await reader.close();
    }
  }
}

/** Most headers are some hundred bytes; a longer one is asked for again, four times as much each time. */
async function headerOf(file: RandomAccess): Promise<Header> {
  for (let size = 65_536; ; size *= 4) {
    const reader = new Reader(file.read(0, size));
    try {
      return await readHeader(reader);
    } catch (error) {
      const cut = error instanceof Crypt4ghProblem && error.code === 'header_cut';
      if (!cut || size > headerLimits.bytes) throw error;
    } finally {
      await reader.close();
    }
  }
}

/** Opens the segments that hold the spans; the reader stands at segment `index`. */
export async function* decryptSegments(
  crypto: Crypto,
  reader: Reader,
  header: OpenedHeader,
  spans: readonly Span[],
  { index = 0, allocate = freshArrays }: { readonly index?: number; readonly allocate?: Allocate } = {},
): AsyncGenerator<Uint8Array> {
  const opener = new Opener(crypto, header.dataKeys);
  const ordered = header.dataKeys.some(({ sequence }) => sequence !== undefined);
  opener.index = index;
  let plain: Uint8Array = new Uint8Array(0);
  let plainFrom = index * segmentSize;
  let atEnd = false;
  for (const span of spans) {
    const { first, end } = segmentsOf(span);
    const passed = Math.max(0, first - opener.index);
    if ((await reader.skip(passed * sealedSegmentSize)) < passed * sealedSegmentSize) break;
    opener.index += passed;
    yield* overlap(plain, plainFrom, span);
    while (opener.index < end) {
      const sealed = await reader.units(sealedSegmentSize, Math.min(batch, end - opener.index));
      if (sealed.length === 0) break;
      plainFrom = opener.index * segmentSize;
      plain = allocate(plainLength(sealed.length));
      opener.open(sealed, plain);
      atEnd = sealed.length % sealedSegmentSize !== 0;
      yield* overlap(plain, plainFrom, span);
    }
    // The ordered method ends with a segment that is not full (section 3.4.3).
    if (ordered && span.to === Infinity && !atEnd)
      throw new Crypt4ghProblem('end_missing', { segment: opener.index - 1 });
  }
}

const plainLength = (sealed: number): number =>
  Math.max(0, sealed - Math.ceil(sealed / sealedSegmentSize) * segmentOverhead);

function* overlap(plain: Uint8Array, plainFrom: number, span: Span): Generator<Uint8Array> {
  const part = plain.subarray(Math.max(0, span.from - plainFrom), Math.max(0, span.to - plainFrom));
  if (part.length > 0) yield part;
}
