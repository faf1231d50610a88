import { kernelRoom, roomSize } from './scan.ts';

/** Where the four lines of one record stand in `bytes`: start of the line and its end without CR and LF. */
export interface RecordView {
  bytes: Uint8Array;
  nameStart: number;
  nameEnd: number;
  sequenceStart: number;
  sequenceEnd: number;
  plusStart: number;
  plusEnd: number;
  qualityStart: number;
  qualityEnd: number;
  /** 1-based line of the name, 1-based number of the record. */
  line: number;
  record: number;
  /** True when a line of the record ends with CR LF. */
  crlf: boolean;
}

/** Why records cannot be told apart any further. `line` is where it was noticed. */
export interface Break {
  readonly reason: 'no name' | 'no plus' | 'truncated' | 'line too long';
  readonly line: number;
  readonly record: number;
  readonly bytes: Uint8Array;
}

/** What the splitter tells while it reads. The view is reused: it holds only during the call. */
export interface RecordVisitor {
  record(view: RecordView): void;
  blankLine(line: number): void;
  broken(fault: Break): void;
}

/** Cuts a FASTQ stream into four-line records. Same calls for the same bytes, however they are split into chunks. */
export interface RecordSplitter {
  push(chunk: Uint8Array): void;
  /** No more data will come; `complete` is false when a layer below broke off, so that a cut record means nothing. */
  end(complete: boolean): void;
  readonly over: boolean;
}

/** Most bytes of a record, which is held in memory: the longest reads known have some four million bases. */
export const recordLimit = 64 * 1024 * 1024;

const excerptLength = 200;
const lineFeed = 10;
const carriageReturn = 13;
const at = 64;
const plus = 43;

/** Makes a splitter; it holds one record at most. */
export function splitRecords(visitor: RecordVisitor, limit: number = recordLimit): RecordSplitter {
  const view: RecordView = {
    bytes: new Uint8Array(0),
    nameStart: 0,
    nameEnd: 0,
    sequenceStart: 0,
    sequenceEnd: 0,
    plusStart: 0,
    plusEnd: 0,
    qualityStart: 0,
    qualityEnd: 0,
    line: 1,
    record: 1,
    crlf: false,
  };
  const room = kernelRoom();
  let held = new Uint8Array(0);
  let heldLength = 0;
  /** Line ends of the record at hand; `found` of them are known, and `searched` bytes of it were looked through. */
  const ends = new Int32Array(4);
  let found = 0;
  let searched = 0;
  let over = false;
  /** Line ends that the kernels found in their room: `ends[cursor]` to `ends[known - 1]`, up to `scanned`. */
  let cursor = 0;
  let known = 0;
  let scanned = 0;

  const broken = (reason: Break['reason'], lines: number, bytes: Uint8Array) => {
    over = true;
    visitor.broken({ reason, line: view.line + lines, record: view.record, bytes });
  };

  const textEnd = (bytes: Uint8Array, start: number, end: number): number => {
    if (end === start || bytes[end - 1] !== carriageReturn) return end;
    view.crlf = true;
    return end - 1;
  };

  /** The next line feed, -1 or beyond the end when there is none. */
  const lineEndFrom = (bytes: Uint8Array, from: number, end: number): number => {
    if (bytes !== room?.text) return bytes.indexOf(lineFeed, from);
    for (;;) {
      while (cursor < known && (room.ends[cursor] as number) < from) cursor += 1;
      if (cursor < known) return room.ends[cursor] as number;
      if (scanned >= end) return -1;
      known = room.lines(Math.max(scanned, from), end);
      cursor = 0;
      scanned = room.answers[0] as number;
    }
  };

  /** Finds the four line ends of the record at `start`; what was found before more bytes came is not searched again. */
  const locate = (bytes: Uint8Array, start: number, end: number): boolean => {
    let from = start + searched;
    while (found < 4) {
      const plain = found === 2 && bytes[from] === plus && bytes[from + 1] === lineFeed;
      const lineEnd = plain ? from + 1 : lineEndFrom(bytes, from, end);
      if (lineEnd < 0 || lineEnd >= end) {
        searched = end - start;
        return false;
      }
      ends[found] = lineEnd;
      found += 1;
      from = lineEnd + 1;
    }
    return true;
  };

  /** A line that stands where a name should: blank lines are passed over, anything else ends the reading. */
  const visitNoName = (bytes: Uint8Array, start: number, end: number): number => {
    const lineEnd = bytes.indexOf(lineFeed, start);
    const shown = lineEnd < 0 || lineEnd >= end ? end : lineEnd;
    if (shown === end && end - start < excerptLength) return start;
    if (shown === start || (shown === start + 1 && bytes[start] === carriageReturn)) {
      visitor.blankLine(view.line);
      view.line += 1;
      return shown + 1;
    }
    broken('no name', 0, bytes.subarray(start, Math.min(shown, start + excerptLength)));
    return start;
  };

  /** Visits every whole record of bytes[0, end) and returns where the first incomplete one starts. */
  const visit = (bytes: Uint8Array, end: number): number => {
    let start = 0;
    view.bytes = bytes;
    cursor = known = scanned = 0;
    while (start < end) {
      if (bytes[start] !== at) {
        const next = visitNoName(bytes, start, end);
        if (next === start) break;
        start = next;
        continue;
      }
      const whole = locate(bytes, start, end);
      const nameEnd = ends[0] as number;
      const sequenceEnd = ends[1] as number;
      const plusEnd = ends[2] as number;
      const qualityEnd = ends[3] as number;
      if (found > 2 && bytes[sequenceEnd + 1] !== plus) {
        broken('no plus', 2, bytes.subarray(sequenceEnd + 1, Math.min(plusEnd, sequenceEnd + 1 + excerptLength)));
        break;
      }
      if (!whole) {
        for (let line = 0; line < found; line += 1) ends[line] = (ends[line] as number) - start;
        break;
      }
      if (qualityEnd - start > limit) {
        broken('line too long', 0, bytes.subarray(start, start + excerptLength));
        break;
      }
      view.crlf = false;
      view.nameStart = start;
      view.nameEnd = textEnd(bytes, start, nameEnd);
      view.sequenceStart = nameEnd + 1;
      view.sequenceEnd = textEnd(bytes, nameEnd + 1, sequenceEnd);
      view.plusStart = sequenceEnd + 1;
      view.plusEnd = textEnd(bytes, sequenceEnd + 1, plusEnd);
      view.qualityStart = plusEnd + 1;
      view.qualityEnd = textEnd(bytes, plusEnd + 1, qualityEnd);
      found = 0;
      searched = 0;
      visitor.record(view);
      view.line += 4;
      view.record += 1;
      start = qualityEnd + 1;
    }
    return start;
  };

  const hold = (chunk: Uint8Array) => {
    if (heldLength + chunk.length > held.length) {
      const grown = new Uint8Array(Math.max(65536, 2 * (heldLength + chunk.length)));
      grown.set(held.subarray(0, heldLength));
      held = grown;
    }
    held.set(chunk, heldLength);
    heldLength += chunk.length;
  };

  const visitHeld = () => {
    // Only what is held: a search must not run on through the room behind it, again with every chunk.
    const start = visit(held.subarray(0, heldLength), heldLength);
    if (start === 0) return;
    held.copyWithin(0, start, heldLength);
    heldLength -= start;
  };

  /** Takes a chunk in where it is held. */
  const pushHeld = (chunk: Uint8Array) => {
    hold(chunk);
    visitHeld();
  };

  /** Visits what is held and the chunk in the room of the kernels, and holds what is left. */
  const pushThrough = ({ text }: { readonly text: Uint8Array }, chunk: Uint8Array) => {
    const end = heldLength + chunk.length;
    text.set(held.subarray(0, heldLength));
    text.set(chunk, heldLength);
    const start = visit(text, end);
    heldLength = 0;
    if (!over) hold(text.subarray(start, end));
  };

  return {
    get over() {
      return over;
    },
    push(chunk) {
      for (let start = 0; start < chunk.length;) {
        if (over) return;
        // A record that is long itself is not brought into the room again with every chunk.
        const long = heldLength > roomSize / 2;
        const piece = chunk.subarray(start, start + (long ? roomSize : roomSize - heldLength));
        if (room === undefined || long) pushHeld(piece);
        else pushThrough(room, piece);
        start += piece.length;
        if (!over && heldLength > limit) broken('line too long', 0, held.subarray(0, excerptLength));
      }
    },
    end(complete) {
      if (!over && complete && heldLength > 0) {
        if (held[heldLength - 1] !== lineFeed) hold(Uint8Array.of(lineFeed));
        visitHeld();
        if (!over && heldLength > 0) {
          const rest = held.subarray(0, heldLength);
          const lines = rest.reduce((count, byte) => count + (byte === lineFeed ? 1 : 0), 0);
          broken('truncated', lines - 1, rest.subarray(0, excerptLength));
        }
      }
      over = true;
    },
  };
}
