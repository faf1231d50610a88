import { kernelRoom } from './scan.ts';

/** What a read name says: which template it belongs to and which mate it is. Reused from call to call. */
export interface ReadName {
  /** End of the identifier: the name up to the first blank. */
  end: number;
  /** Mate number, 0 when the name does not tell one. */
  mate: number;
  /** Two independent 32-bit hashes of the identifier, and of its stem without the mate suffix. */
  first: number;
  second: number;
  stemFirst: number;
  stemSecond: number;
  /** True when the identifier ends with a mate suffix (`/1`, `.1`, `_1`, `|1`, `:1`). */
  suffixed: boolean;
}

const space = 32;
const tab = 9;
const colon = 58;
const suffixSeparators: ReadonlySet<number> = new Set(new TextEncoder().encode('.|:/_'));
/** Separators in a complete Illumina identifier `instrument:run:flowcell:lane:tile:x:y`. */
const illuminaColons = 6;

const isDigit = (byte: number) => byte >= 48 && byte <= 57;

export function emptyReadName(): ReadName {
  return { end: 0, mate: 0, first: 0, second: 0, stemFirst: 0, stemSecond: 0, suffixed: false };
}

/**
 * Reads the identifier of a FASTQ name in bytes[start, end): its hashes and its mate suffix, split as ENA does
 * (`^(.*)(?:[.|:/_])([1234])$`, not for a complete seven-field Illumina identifier).
 */
export function readName(into: ReadName, bytes: Uint8Array, start: number, end: number): void {
  const room = kernelRoom();
  if (bytes === room?.text) {
    const { answers } = room;
    into.end = room.identifier(start, end);
    tell(into, bytes, start, answers[5] as number, answers[6] as number, answers[7] as number, answers[8] as number);
    return;
  }
  let first = 0x811c9dc5 | 0;
  let second = 0x2545f491 | 0;
  let at = start;
  let beforeFirst = first;
  let beforeSecond = second;
  let stemFirst = first;
  let stemSecond = second;
  for (; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte === space || byte === tab) break;
    stemFirst = beforeFirst;
    stemSecond = beforeSecond;
    beforeFirst = first;
    beforeSecond = second;
    first = Math.imul(first ^ byte, 0x01000193);
    second = (Math.imul(second ^ byte, 0x2c1b3c6d) + 1) | 0;
  }
  into.end = at;
  tell(into, bytes, start, first, second, stemFirst, stemSecond);
}

/** Tells the mate of an identifier, and the hashes of the whole and of the stem. */
function tell(
  into: ReadName,
  bytes: Uint8Array,
  start: number,
  first: number,
  second: number,
  stemFirst: number,
  stemSecond: number,
): void {
  const { end } = into;
  const last = bytes[end - 1] ?? 0;
  const separator = end - start >= 3 ? (bytes[end - 2] ?? 0) : 0;
  into.first = mix(first);
  into.second = mix(second);
  into.suffixed =
    last >= 49 &&
    last <= 52 &&
    suffixSeparators.has(separator) &&
    !(separator === colon && colonsIn(bytes, start, end) === illuminaColons);
  into.mate = into.suffixed ? last - 48 : 0;
  into.stemFirst = into.suffixed ? mix(stemFirst) : into.first;
  into.stemSecond = into.suffixed ? mix(stemSecond) : into.second;
}

function colonsIn(bytes: Uint8Array, start: number, end: number): number {
  let colons = 0;
  for (let at = start; at < end; at += 1) if (bytes[at] === colon) colons += 1;
  return colons;
}

/** Makes the hashes of a Casava identifier those of one of its mates. */
export function withMate(name: ReadName, mate: number): void {
  name.first = mix(name.first ^ mate);
  name.second = mix(name.second + mate);
}

/** The two hashes of a name as one number below 2^52. */
export const nameHash = ({ first, second }: Pick<ReadName, 'first' | 'second'>): number =>
  first * 2 ** 20 + (second >>> 12);

/** Spreads a hash over all its bits (the finaliser of MurmurHash3). */
function mix(hash: number): number {
  let value = hash;
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/**
 * The mate number of a Casava 1.8 name, `identifier 1:N:0:INDEX`, or 0 for any other: what follows a blank must be
 * digits, Y or N, an even control number, then the end or a colon.
 */
export function casavaMate(bytes: Uint8Array, start: number, end: number): number {
  for (let at = end - 1; at > start; at -= 1) {
    const byte = bytes[at];
    if (byte !== space && byte !== tab) continue;
    const mate = casavaTail(bytes, at + 1, end);
    if (mate > 0) return mate;
  }
  return 0;
}

function casavaTail(bytes: Uint8Array, start: number, end: number): number {
  const byte = (at: number) => (at < end ? (bytes[at] as number) : 0);
  let at = start;
  let mate = 0;
  for (; isDigit(byte(at)); at += 1) mate = Math.min(1000, mate * 10 + byte(at) - 48);
  if (at === start || byte(at) !== colon) return 0;
  if (byte(at + 1) !== 89 && byte(at + 1) !== 78) return 0;
  if (byte(at + 2) !== colon) return 0;
  at += 3;
  const control = at;
  while (isDigit(byte(at))) at += 1;
  if (at === control || byte(at - 1) % 2 !== 0) return 0;
  return at === end || byte(at) === colon ? mate : 0;
}
