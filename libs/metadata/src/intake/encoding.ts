import type { Place } from '../rules/rule.ts';
import { Refusal } from './report.ts';
import type { Report } from './report.ts';

/** Encodings that a caller may state instead of having them found out. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';

/** Turns bytes into text piece by piece. */
export interface TextReader {
  write: (bytes: Uint8Array) => string;
  end: () => string;
}

/**
 * Finds the encoding of a text and decodes it strictly: UTF-8 (with or without mark), UTF-16 with a mark, or GB18030,
 * which is reported because it is inferred. Anything else is refused with the line and byte where it shows.
 * The first piece must hold at least the first three bytes of the text.
 */
export function textReader(place: Place, report: Report, stated?: Encoding): TextReader {
  let reader: TextReader | undefined;
  return {
    write: (bytes) => (reader ??= readerFor(bytes, place, report, stated)).write(bytes),
    end: () => reader?.end() ?? '',
  };
}

function readerFor(head: Uint8Array, place: Place, report: Report, stated: Encoding | undefined): TextReader {
  const [first, second] = head;
  if (stated === 'gb18030') return plainReader('gb18030', place);
  if (stated === 'utf-16le' || (first === 0xff && second === 0xfe)) return plainReader('utf-16le', place);
  if (stated === 'utf-16be' || (first === 0xfe && second === 0xff)) return plainReader('utf-16be', place);
  return utf8Reader(place, report);
}

/** Decodes an encoding that is already known; a wrong sequence is placed by its line, as its bytes have no fixed width. */
function plainReader(encoding: Encoding, place: Place): TextReader {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let line = 1;
  const decode = (bytes?: Uint8Array): string => {
    try {
      const text = bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
      line += countLines(text);
      return text;
    } catch {
      if (encoding === 'gb18030') throw notText(place, line, undefined, bytes);
      throw new Refusal('GW3017', { ...place, line });
    }
  };
  return { write: decode, end: () => decode() };
}

function utf8Reader(place: Place, report: Report): TextReader {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let fallback: TextReader | undefined;
  let offset = 0;
  let line = 1;
  let ascii = true;
  const write = (bytes: Uint8Array): string => {
    if (fallback) return fallback.write(bytes);
    const start = offset;
    offset += bytes.length;
    try {
      const text = decoder.decode(bytes, { stream: true });
      ascii &&= !bytes.some((byte) => byte > 0x7f);
      line += countLines(text);
      return text;
    } catch {
      const bad = firstInvalid(bytes);
      if (!ascii || !likelyChinese(bytes))
        throw notText(place, line + countBreaks(bytes, bad), start + bad, bytes, bad);
      report('GW3002', { ...place, line: line + countBreaks(bytes, bad), offset: start + bad });
      fallback = plainReader('gb18030', place);
      return fallback.write(bytes);
    }
  };
  const end = (): string => {
    if (fallback) return fallback.end();
    try {
      return decoder.decode();
    } catch {
      throw notText(place, line, offset, undefined);
    }
  };
  return { write, end };
}

function notText(place: Place, line: number, offset: number | undefined, bytes?: Uint8Array, bad = 0): Refusal {
  const byte = bytes?.[bad];
  const shown = byte === undefined ? '?' : `0x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  return new Refusal(
    'GW3003',
    { ...place, line, ...(offset === undefined ? {} : { offset }) },
    { value: shown, params: { byte: shown, line } },
  );
}

const countLines = (text: string): number => {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
};

const countBreaks = (bytes: Uint8Array, end: number): number => {
  let lines = 0;
  for (let at = 0; at < end; at++) if (bytes[at] === 0x0a) lines++;
  return lines;
};

/** Index of the first byte that no UTF-8 character explains; continuation bytes at the start belong to the piece before. */
function firstInvalid(bytes: Uint8Array): number {
  let at = 0;
  while (at < 3 && isContinuation(bytes[at])) at++;
  while (at < bytes.length) {
    const length = sequenceLength(bytes[at] ?? 0);
    if (length === 0) return at;
    for (let next = 1; next < length && at + next < bytes.length; next++)
      if (!isContinuation(bytes[at + next])) return at;
    at += length;
  }
  return 0;
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

const sequenceLength = (lead: number): number => {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
};

/**
 * Whether bytes read as GB18030 look like Chinese text and not like Latin-1: at least four of five double bytes stand in
 * the rows of GB 2312 that hold signs (A1-A3) and everyday characters (B0-F7), with a trail byte that Latin text lacks.
 */
function likelyChinese(bytes: Uint8Array): boolean {
  let pairs = 0;
  let common = 0;
  for (let at = 0; at + 1 < bytes.length; at++) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x81) continue;
    const trail = bytes[at + 1] ?? 0;
    pairs++;
    if (trail >= 0xa1 && ((lead >= 0xb0 && lead <= 0xf7) || (lead >= 0xa1 && lead <= 0xa3))) common++;
    at++;
  }
  return pairs > 0 && common * 5 >= pairs * 4;
}
