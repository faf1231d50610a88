import { Inflate } from 'fflate';
import type { Place } from '../rules/rule.ts';
import type { IntakeLimits } from './limits.ts';
import { Refusal } from './report.ts';

/** One file inside a zip container. */
export interface ZipPart {
  readonly name: string;
  readonly inflate: () => Generator<Uint8Array>;
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly crc: number;
  readonly offset: number;
}

const endRecord = 0x06054b50;
const centralRecord = 0x02014b50;
const localRecord = 0x04034b50;
const inputStep = 4096;

/**
 * Opens a zip container held in memory (PKWARE APPNOTE 6.3.10, sections 4.3-4.4). Parts are inflated in small steps, and
 * both the sum over all parts and the ratio of each are watched while they inflate, whatever the directory claims; length and
 * checksum are compared at the end of each.
 */
export function openZip(bytes: Uint8Array, place: Place, limits: IntakeLimits): ReadonlyMap<string, ZipPart> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const budget = { left: limits.inflatedBytes };
  const parts = new Map<string, ZipPart>();
  for (const entry of readDirectory(bytes, view, place, limits))
    parts.set(entry.name, { name: entry.name, inflate: () => inflatePart(bytes, view, entry, place, limits, budget) });
  return parts;
}

function readDirectory(bytes: Uint8Array, view: DataView, place: Place, limits: IntakeLimits): readonly Entry[] {
  const broken = new Refusal('GW3006', place, { params: { part: 'zip directory' } });
  const end = findEnd(view);
  if (end === undefined) throw broken;
  const count = view.getUint16(end + 10, true);
  if (count > limits.parts) throw new Refusal('GW3018', place, { params: { limit: limits.parts } });
  const entries: Entry[] = [];
  let at = view.getUint32(end + 16, true);
  for (let index = 0; index < count; index++) {
    if (at + 46 > end || view.getUint32(at, true) !== centralRecord) throw broken;
    const nameLength = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    const flags = view.getUint16(at + 8, true);
    if ((flags & 1) !== 0) throw new Refusal('GW3005', place);
    entries.push({
      name,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    });
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

/** The end record stands last, before a comment of at most 65,535 bytes (section 4.3.16). */
function findEnd(view: DataView): number | undefined {
  const first = Math.max(0, view.byteLength - 22 - 0xffff);
  for (let at = view.byteLength - 22; at >= first; at--) if (view.getUint32(at, true) === endRecord) return at;
  return undefined;
}

function* inflatePart(
  bytes: Uint8Array,
  view: DataView,
  entry: Entry,
  place: Place,
  limits: IntakeLimits,
  budget: { left: number },
): Generator<Uint8Array> {
  const broken = new Refusal('GW3006', place, { params: { part: entry.name } });
  const { offset, packed } = entry;
  if (offset + 30 > bytes.length || view.getUint32(offset, true) !== localRecord) throw broken;
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (start + packed > bytes.length) throw broken;
  const data = bytes.subarray(start, start + packed);
  let size = 0;
  let crc = 0;
  for (const piece of entry.method === 0 ? [data] : inflateSteps(data, entry.method, broken)) {
    size += piece.length;
    crc = crc32(crc, piece);
    budget.left -= piece.length;
    if (budget.left < 0 || (size > 2 ** 20 && size > packed * limits.ratio))
      throw new Refusal('GW3007', place, { params: { part: entry.name } });
    yield piece;
  }
  if (size !== entry.size || crc !== entry.crc) throw broken;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  return crc;
});

/** CRC-32 of ISO 3309, continued over a piece. */
function crc32(before: number, piece: Uint8Array): number {
  let crc = ~before;
  for (const byte of piece) crc = (crc >>> 8) ^ (crcTable[(crc ^ byte) & 0xff] ?? 0);
  return ~crc >>> 0;
}

function* inflateSteps(data: Uint8Array, method: number, broken: Refusal): Generator<Uint8Array> {
  if (method !== 8) throw broken;
  let out: Uint8Array[] = [];
  const inflate = new Inflate((piece) => void out.push(piece));
  for (let at = 0; at < data.length; at += inputStep) {
    try {
      inflate.push(data.subarray(at, at + inputStep), at + inputStep >= data.length);
    } catch {
      throw broken;
    }
    yield* out;
    out = [];
  }
}
