import type { ByteReader } from '../bytes/reader.ts';
import type { Findings } from '../findings.ts';
import { layerRules } from './rules.ts';

/** What the layers below a format tell it: `broken` means that the data end early and the end proves nothing. */
export interface LayerState {
  broken: boolean;
}

type LayerRule = (typeof layerRules)[keyof typeof layerRules];

/** Where faults of a layer go. */
export interface Report {
  readonly findings: Findings;
  /** Notes a fault at a byte offset, which ends the data. */
  readonly fault: (rule: LayerRule, offset: number, params?: Readonly<Record<string, string | number>>) => void;
}

export function reportTo(findings: Findings, state: LayerState): Report {
  return {
    findings,
    fault(rule, offset, params = {}) {
      findings.add(rule, { offset }, undefined, { offset, ...params });
      state.broken = true;
    },
  };
}

/** A member of a gzip file, read up to its content. */
export interface Member {
  /** Offset of its header. */
  readonly start: number;
  readonly headerLength: number;
  /** Size of the whole BGZF block, where the extra field says so. */
  readonly blockSize?: number;
}

/** What ends a file, to be told once everything before it was given out. */
export interface Ending {
  readonly tell: () => void;
  /** False when it ends within a header. */
  readonly whole: boolean;
}

export const trailerLength = 8;

/** Reads the header of the next member, or what ends the file. */
export async function nextMember(source: ByteReader, { findings, fault }: Report): Promise<Member | Ending> {
  const start = source.offset;
  const first = await source.peek(2);
  if (first.length === 0) return { whole: true, tell: () => undefined };
  if (start > 0 && !(first[0] === 0x1f && (first.length < 2 || first[1] === 0x8b))) {
    const zeros = first[0] === 0 && (await onlyZeros(source));
    const padding = () => findings.add(layerRules.zeroPadding, { offset: start }, undefined, { offset: start });
    return { whole: true, tell: zeros ? padding : () => fault(layerRules.trailing, start) };
  }
  const header = await readHeader(source);
  if (typeof header !== 'string') return { start, ...header };
  const end = source.offset;
  return {
    whole: false,
    tell: () =>
      header === 'truncated' ? fault(layerRules.truncated, end) : fault(layerRules.corrupt, start, { reason: header }),
  };
}

/** RFC 1952 section 2.3: ten fixed bytes, then the extra field, name, comment and header CRC that the flags announce. */
async function readHeader(source: ByteReader): Promise<Omit<Member, 'start'> | string> {
  const start = source.offset;
  const fixed = await source.take(10);
  if (fixed.length < 10) return 'truncated';
  const flags = fixed[3] ?? 0;
  if (fixed[0] !== 0x1f || fixed[1] !== 0x8b) return 'no gzip header';
  if (fixed[2] !== 8) return 'unknown compression method';
  if ((flags & 0xe0) !== 0) return 'reserved flags are set';
  let blockSize: number | undefined;
  if (flags & 4) {
    const length = uint16(await source.take(2));
    if (length === undefined) return 'truncated';
    const extra = await source.take(length);
    if (extra.length < length) return 'truncated';
    blockSize = bgzfBlockSize(extra);
  }
  for (const flag of [8, 16]) if (flags & flag && !(await skipString(source))) return 'truncated';
  if (flags & 2 && (await source.take(2)).length < 2) return 'truncated';
  const length = source.offset - start;
  return { headerLength: length, ...(blockSize !== undefined && { blockSize }) };
}

async function skipString(source: ByteReader): Promise<boolean> {
  for (;;) {
    const bytes = await source.read();
    if (bytes === undefined) return false;
    const end = bytes.indexOf(0);
    if (end < 0) continue;
    source.unread(bytes.subarray(end + 1));
    return true;
  }
}

function bgzfBlockSize(extra: Uint8Array): number | undefined {
  for (let at = 0; at + 4 <= extra.length;) {
    const length = uint16(extra.subarray(at + 2)) ?? 0;
    if (extra[at] === 66 && extra[at + 1] === 67 && length === 2) {
      const size = uint16(extra.subarray(at + 4));
      return size === undefined ? undefined : size + 1;
    }
    at += 4 + length;
  }
  return undefined;
}

/** CRC-32 and length modulo 2^32 (RFC 1952 section 2.3.1). */
export function readTrailer(bytes: Uint8Array): { crc: number; length: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, trailerLength);
  return { crc: view.getUint32(0, true), length: view.getUint32(4, true) };
}

async function onlyZeros(source: ByteReader): Promise<boolean> {
  for (;;) {
    const bytes = await source.read();
    if (bytes === undefined) return true;
    if (bytes.some((byte) => byte !== 0)) return false;
  }
}

function uint16(bytes: Uint8Array): number | undefined {
  const [low, high] = bytes;
  return low === undefined || high === undefined ? undefined : low | (high << 8);
}
