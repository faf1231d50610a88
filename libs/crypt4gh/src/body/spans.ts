import { Crypt4ghProblem } from '../problem.ts';
import { segmentSize } from './segment.ts';

/** Half-open range of bytes, 0-based; without `end` to the end of the file. */
export interface Range {
  readonly start: number;
  readonly end?: number;
}

/** A half-open piece of the unedited plain text; `to` may be Infinity. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What an edit list keeps (section 4.3): discard, keep, discard … and after a last discard everything. */
function keptSpans(editList: readonly bigint[] | undefined): Span[] {
  if (!editList || editList.length === 0) return [{ from: 0, to: Infinity }];
  const spans: Span[] = [];
  let at = 0n;
  for (let index = 0; index < editList.length; index += 2) {
    at += editList[index] ?? 0n;
    const keep = editList[index + 1];
    // No file reaches 2^53 bytes: what lies behind is nothing.
    if (at > BigInt(Number.MAX_SAFE_INTEGER)) break;
    const to = keep === undefined ? Infinity : Number(at + keep);
    if (to > Number(at)) spans.push({ from: Number(at), to });
    at += keep ?? 0n;
  }
  return spans;
}

/**
 * The pieces of the unedited plain text that a reader gets: what the edit list keeps, and of that the range, in order
 * and without overlap. Throws `range_invalid`.
 */
export function wantedSpans(editList: readonly bigint[] | undefined, range: Range = { start: 0 }): Span[] {
  const { start, end = Infinity } = range;
  if (!Number.isSafeInteger(start) || start < 0 || (end !== Infinity && !Number.isSafeInteger(end)) || end < start)
    throw new Crypt4ghProblem('range_invalid', { range: `${start}-${range.end ?? ''}` });
  const spans: Span[] = [];
  let edited = 0;
  for (const { from, to } of keptSpans(editList)) {
    const first = from + Math.max(0, start - edited);
    const last = Math.min(to, from + (end - edited));
    edited += to - from;
    if (first >= last) continue;
    const before = spans.at(-1);
    if (before?.to === first) spans[spans.length - 1] = { from: before.from, to: last };
    else spans.push({ from: first, to: last });
  }
  return spans;
}

/** Segments [first, end) that hold a span. */
export const segmentsOf = ({ from, to }: Span): { first: number; end: number } => ({
  first: Math.floor(from / segmentSize),
  end: Math.ceil(to / segmentSize),
});
