import { otherType } from '../sam/tags.ts';

/** The fixed part and the bounds of a BAM record (SAM specification section 4.2), offsets within its block. */
export interface BamRecord {
  readonly reference: number;
  readonly position: number;
  readonly flag: number;
  readonly bases: number;
  /** The first predefined tag whose type is another than the specification's. */
  readonly mistyped: MistypedTag | undefined;
}

export interface MistypedTag {
  readonly tag: string;
  readonly type: string;
  readonly expected: string;
}

const fixedLength = 32;
const highestFlag = 4095;
const highestQuality = 93;
const noQuality = 255;

/** Operations MIDNSHP=X by their number, and which of them use up bases. */
const operationCount = 9;
const usesBases = [true, true, false, false, true, false, false, true, true];

const sizes: Readonly<Record<string, number>> = { A: 1, c: 1, C: 1, s: 2, S: 2, i: 4, I: 4, f: 4 };

/** Reads one record without its leading block_size; a string names the field that is damaged. */
export function readBamRecord(bytes: Uint8Array, references: number): BamRecord | string {
  if (bytes.length < fixedLength) return 'block_size';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const reference = view.getInt32(0, true);
  const position = view.getInt32(4, true);
  const nameLength = view.getUint8(8);
  const operations = view.getUint16(12, true);
  const flag = view.getUint16(14, true);
  const bases = view.getUint32(16, true);
  const mate = view.getInt32(20, true);
  const matePosition = view.getInt32(24, true);
  if (reference < -1 || reference >= references) return 'refID';
  if (position < -1) return 'pos';
  if (mate < -1 || mate >= references) return 'next_refID';
  if (matePosition < -1) return 'next_pos';
  if (flag > highestFlag) return 'flag';
  const cigarAt = fixedLength + nameLength;
  const basesAt = cigarAt + 4 * operations;
  const qualitiesAt = basesAt + ((bases + 1) >>> 1);
  const tagsAt = qualitiesAt + bases;
  if (tagsAt > bytes.length) return 'l_seq';
  if (!isName(bytes, fixedLength, cigarAt)) return 'read_name';
  const used = basesUsed(view, cigarAt, operations);
  if (used === undefined) return 'cigar';
  if (operations > 0 && bases > 0 && used !== bases) return 'cigar';
  if (!areQualities(bytes, qualitiesAt, tagsAt)) return 'qual';
  const tags = readTags(bytes, view, tagsAt);
  return typeof tags === 'string' ? tags : { reference, position, flag, bases, mistyped: tags };
}

/** 1 to 254 printable characters without “@”, then NUL. */
function isName(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 2 || bytes[end - 1] !== 0) return false;
  for (let at = start; at < end - 1; at += 1) {
    const byte = bytes[at] as number;
    if (byte < 33 || byte > 126 || byte === 64) return false;
  }
  return true;
}

function basesUsed(view: DataView, start: number, operations: number): number | undefined {
  let used = 0;
  for (let index = 0; index < operations; index += 1) {
    const word = view.getUint32(start + 4 * index, true);
    const kind = word & 15;
    if (kind >= operationCount) return undefined;
    if (usesBases[kind] === true) used += word >>> 4;
  }
  return used;
}

function areQualities(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[start] === noQuality) {
    for (let at = start; at < end; at += 1) if (bytes[at] !== noQuality) return false;
    return true;
  }
  for (let at = start; at < end; at += 1) if ((bytes[at] as number) > highestQuality) return false;
  return true;
}

const isLetter = (byte: number) => (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122);

/** Walks the optional fields (section 4.2.4): the first damaged or repeated one is told by its name. */
function readTags(bytes: Uint8Array, view: DataView, start: number): string | MistypedTag | undefined {
  const seen = new Set<number>();
  let mistyped: MistypedTag | undefined;
  for (let at = start; at < bytes.length;) {
    if (at + 4 > bytes.length) return 'tag';
    const name = String.fromCharCode(bytes[at] as number, bytes[at + 1] as number);
    const code = view.getUint16(at, true);
    if (!isLetter(bytes[at] as number) || !/^[A-Za-z][A-Za-z0-9]$/.test(name) || seen.has(code)) return 'tag';
    seen.add(code);
    const next = tagEnd(bytes, view, at + 2);
    if (next === undefined || next > bytes.length) return name;
    const type = String.fromCharCode(bytes[at + 2] as number);
    const expected = otherType(name, type, String.fromCharCode(bytes[at + 3] as number));
    if (expected !== undefined) mistyped ??= { tag: name, type, expected };
    at = next;
  }
  return mistyped;
}

function tagEnd(bytes: Uint8Array, view: DataView, at: number): number | undefined {
  const type = String.fromCharCode(bytes[at] as number);
  const size = sizes[type];
  if (size !== undefined) return at + 1 + size;
  if (type === 'Z' || type === 'H') {
    const end = bytes.indexOf(0, at + 1);
    return end < 0 ? undefined : end + 1;
  }
  if (type !== 'B' || at + 6 > bytes.length) return undefined;
  const kind = String.fromCharCode(bytes[at + 1] as number);
  const element = kind === 'A' ? undefined : sizes[kind];
  return element === undefined ? undefined : at + 6 + element * view.getUint32(at + 2, true);
}
