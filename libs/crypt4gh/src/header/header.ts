import { ascii, join, toU32le, u32le, utf8 } from '../bytes.ts';
import { Crypt4ghProblem } from '../problem.ts';
import type { Reader } from '../reader.ts';

const magic = 'crypt4gh';
const version = 1;
const prefixLength = 16;

/** No header in use comes near; a forged count or length shall not fill the memory. */
export const headerLimits = { packets: 4096, bytes: 16 * 2 ** 20 } as const;

/** A header as it stands in the file: packets that are still sealed, each without its length. */
export interface Header {
  readonly packets: readonly Uint8Array[];
  /** Bytes of the whole header: where the data begins. */
  readonly length: number;
}

/** Reads the header at the start of a stream (section 3.2) and leaves the reader at the first data segment. */
export async function readHeader(reader: Reader): Promise<Header> {
  const count = packetCount(await reader.take(prefixLength));
  const packets: Uint8Array[] = [];
  let length = prefixLength;
  for (let packet = 0; packet < count; packet += 1) {
    const size = packetLength(await reader.take(4), packet);
    length += size;
    if (length > headerLimits.bytes) throw tooLarge();
    const body = Uint8Array.from(await reader.take(size - 4));
    if (body.length < size - 4) throw new Crypt4ghProblem('header_cut');
    packets.push(body);
  }
  return { packets, length };
}

/** Reads a header that is kept apart from its data, or stands at the start of `bytes`. */
export function parseHeader(bytes: Uint8Array): Header {
  const count = packetCount(bytes.subarray(0, prefixLength));
  const packets: Uint8Array[] = [];
  let at = prefixLength;
  for (let packet = 0; packet < count; packet += 1) {
    const size = packetLength(bytes.subarray(at, at + 4), packet);
    if (at + size > headerLimits.bytes) throw tooLarge();
    if (at + size > bytes.length) throw new Crypt4ghProblem('header_cut');
    packets.push(bytes.subarray(at + 4, at + size));
    at += size;
  }
  return { packets, length: at };
}

export function writeHeader(packets: readonly Uint8Array[]): Uint8Array {
  if (packets.length === 0) throw new Crypt4ghProblem('header_empty');
  if (packets.length > headerLimits.packets) throw tooLarge();
  return join([
    utf8(magic),
    toU32le(version, packets.length),
    ...packets.flatMap((packet) => [toU32le(packet.length + 4), packet]),
  ]);
}

function packetCount(prefix: Uint8Array): number {
  if (ascii(prefix.subarray(0, 8)) !== magic) throw new Crypt4ghProblem('not_crypt4gh');
  if (prefix.length < prefixLength) throw new Crypt4ghProblem('header_cut');
  const found = u32le(prefix, 8);
  if (found !== version) throw new Crypt4ghProblem('version_unknown', { version: found });
  const count = u32le(prefix, 12);
  if (count > headerLimits.packets) throw tooLarge();
  return count;
}

/** The length counts itself (section 3.2.1). */
function packetLength(field: Uint8Array, packet: number): number {
  if (field.length < 4) throw new Crypt4ghProblem('header_cut');
  const length = u32le(field, 0);
  if (length < 8) throw new Crypt4ghProblem('header_packet_length', { packet, length });
  return length;
}

const tooLarge = () =>
  new Crypt4ghProblem('header_too_large', { limit: `${headerLimits.packets} packets / ${headerLimits.bytes} B` });
