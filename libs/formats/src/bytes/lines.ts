import type { Machine } from '../report.ts';

const lineFeed = 10;
const carriageReturn = 13;

/** Most bytes of a line that are held in memory. */
export const lineLimit = 256 * 1024 * 1024;

/** Where the lines of a text go; `number` counts from 1. */
export interface LineVisitor {
  line(text: string, number: number): void;
  tooLong(number: number): void;
  /**
   * Takes a long line piece by piece, so that it is never held whole; without it, a line has a limit.
   * @param column of the first byte of the piece, from 1
   */
  piece?(text: string, number: number, column: number): void;
}

/** Bytes of a line that are given out as a piece. */
const pieceLength = 1024 * 1024;

/**
 * Cuts a byte stream into lines, however it comes in chunks. Text is read as UTF-8; LF and CR LF both end a line, and
 * a last line without either counts.
 */
export function splitLines(
  visitor: LineVisitor,
  limit: number = lineLimit,
): Machine & { end(complete: boolean): void } {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let held: Uint8Array[] = [];
  let heldLength = 0;
  let number = 1;
  let over = false;
  /** Bytes of the line at hand that were given out already. */
  let given = 0;

  const visit = (bytes: Uint8Array) => {
    const end = bytes[bytes.length - 1] === carriageReturn ? bytes.length - 1 : bytes.length;
    if (given > 0) visitor.piece?.(decoder.decode(bytes.subarray(0, end)), number, given + 1);
    else if (bytes.length > limit && !visitor.piece) giveUp();
    else visitor.line(decoder.decode(bytes.subarray(0, end)), number);
    number += 1;
    given = 0;
  };

  const giveOut = () => {
    const bytes = whole(new Uint8Array(0));
    // It may be the first half of the line's end.
    const end = bytes[bytes.length - 1] === carriageReturn ? bytes.length - 1 : bytes.length;
    visitor.piece?.(decoder.decode(bytes.subarray(0, end)), number, given + 1);
    given += end;
    held = end < bytes.length ? [bytes.subarray(end)] : [];
    heldLength = bytes.length - end;
  };

  const giveUp = () => {
    over = true;
    held = [];
    visitor.tooLong(number);
  };

  const whole = (last: Uint8Array): Uint8Array => {
    if (held.length === 0) return last;
    const joined = new Uint8Array(heldLength + last.length);
    let at = 0;
    for (const part of held) {
      joined.set(part, at);
      at += part.length;
    }
    joined.set(last, at);
    held = [];
    heldLength = 0;
    return joined;
  };

  return {
    get over() {
      return over;
    },
    push(chunk) {
      if (over) return;
      let start = 0;
      for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
        if (over) return;
        visit(whole(chunk.subarray(start, end)));
        start = end + 1;
      }
      if (over || start === chunk.length) return;
      held.push(chunk.slice(start));
      heldLength += chunk.length - start;
      if (visitor.piece && heldLength >= pieceLength) giveOut();
      else if (heldLength > limit) giveUp();
    },
    end(complete) {
      if (complete && !over && (heldLength > 0 || given > 0)) visit(whole(new Uint8Array(0)));
      over = true;
    },
  };
}
