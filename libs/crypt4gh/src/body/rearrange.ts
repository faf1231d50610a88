import type { Bytes } from '../bytes.ts';
import type { Crypto, SecretKey } from '../crypto/port.ts';
import { readHeader } from '../header/header.ts';
import { openHeader, sealHeader, type OpenedHeader, type Opening } from '../header/open.ts';
import { Crypt4ghProblem } from '../problem.ts';
import { Reader } from '../reader.ts';
import { sealedSegmentSize, segmentSize } from './segment.ts';
import { segmentsOf, wantedSpans, type Range, type Span } from './spans.ts';

/**
 * Cuts a range out of an encrypted file without decrypting its data (section 4.3): keeps the segments that it touches
 * and writes an edit list for the rest. An edit list that is there already is composed with the range.
 */
export async function* rearrange(
  crypto: Crypto,
  source: Bytes,
  options: Opening & { readonly writer: SecretKey; readonly readers: readonly Uint8Array[]; readonly range: Range },
): AsyncGenerator<Uint8Array> {
  const reader = new Reader(source);
  try {
    const header = openHeader(crypto, await readHeader(reader), options);
    const spans = wantedSpans(header.editList, options.range);
    yield sealHeader(crypto, rearranged(header, spans), options);
    let index = 0;
    for (const { first, end } of segmentRuns(spans)) {
      const passed = (first - index) * sealedSegmentSize;
      if ((await reader.skip(passed)) < passed) return;
      for (index = first; index < end; index += 1) {
        const segment = await reader.units(sealedSegmentSize, 1);
        if (segment.length === 0) return;
        yield segment;
      }
    }
  } finally {
    await reader.close();
  }
}

/** Runs of segments that hold the spans; touching runs are one. */
function segmentRuns(spans: readonly Span[]): { first: number; end: number }[] {
  const runs: { first: number; end: number }[] = [];
  for (const { first, end } of spans.map(segmentsOf)) {
    const before = runs.at(-1);
    if (before && first <= before.end) before.end = end;
    else runs.push({ first, end });
  }
  return runs;
}

/** The header content for a file of which only the segments of the spans are left. */
function rearranged(header: OpenedHeader, spans: readonly Span[]): OpenedHeader {
  const runs = segmentRuns(spans);
  const ordered = header.dataKeys.some(({ sequence }) => sequence !== undefined);
  if (ordered && (runs.length !== 1 || spans.at(-1)?.to !== Infinity)) throw new Crypt4ghProblem('rearrange_ordered');
  const dropped = runs[0]?.first ?? 0;
  const dataKeys = header.dataKeys.map(({ key, sequence }) =>
    sequence === undefined ? { key } : { key, sequence: BigInt.asUintN(64, sequence + BigInt(dropped)) },
  );
  return { dataKeys, editList: spans.length > 0 ? editListOf(spans, runs) : [0n, 0n] };
}

/** Where a span lies among the segments that are left decides what is discarded before it. */
function editListOf(spans: readonly Span[], runs: readonly { first: number; end: number }[]): bigint[] {
  const lengths: bigint[] = [];
  let end = 0;
  let run = 0;
  let before = 0;
  for (const { from, to } of spans) {
    const segment = Math.floor(from / segmentSize);
    for (let passed = runs[run]; passed && passed.end <= segment; passed = runs[run]) {
      before += passed.end - passed.first;
      run += 1;
    }
    const at = (before + segment - (runs[run]?.first ?? segment)) * segmentSize + (from % segmentSize);
    lengths.push(BigInt(at - end));
    if (to !== Infinity) lengths.push(BigInt(to - from));
    end = at + (to - from);
  }
  return lengths;
}
