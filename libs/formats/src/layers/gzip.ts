import type { ByteReader } from '../bytes/reader.ts';
import { unblock } from './bgzf.ts';
import { nextMember, readTrailer, trailerLength, type Report } from './gzip-header.ts';
import { DamagedStream, type Inflate } from './inflate.ts';
import { layerRules } from './rules.ts';

/**
 * Takes gzip off: any number of members (RFC 1952 section 2.2), each with its CRC-32 and length verified. A file that begins with a
 * BGZF block has to consist of them. A fault becomes a finding with its byte offset and ends the data.
 */
export async function* gunzip(source: ByteReader, inflate: Inflate, report: Report): AsyncGenerator<Uint8Array> {
  const { fault } = report;
  for (let first = true; ; first = false) {
    const member = await nextMember(source, report);
    if ('tell' in member) {
      member.tell();
      return;
    }
    if (first && member.blockSize !== undefined) {
      yield* unblock(source, member, inflate, report);
      return;
    }
    try {
      if (!(yield* readMember(source, member.start, inflate, fault))) return;
    } catch (error) {
      if (!(error instanceof DamagedStream)) throw error;
      if (error.reason === 'truncated') fault(layerRules.truncated, source.offset);
      else fault(layerRules.corrupt, source.offset, { reason: error.message });
      return;
    }
  }
}

async function* readMember(
  source: ByteReader,
  start: number,
  inflate: Inflate,
  fault: Report['fault'],
): AsyncGenerator<Uint8Array, boolean> {
  let crc = 0;
  let length = 0;
  for await (const bytes of inflate.stream(source)) {
    crc = inflate.crc32(bytes, crc);
    length += bytes.length;
    yield bytes;
  }
  const tail = await source.take(trailerLength);
  if (tail.length < trailerLength) throw new DamagedStream('truncated', 'the gzip trailer ends too soon');
  const declared = readTrailer(tail);
  if (declared.crc !== crc) fault(layerRules.checksum, start);
  else if (declared.length !== length % 2 ** 32)
    fault(layerRules.size, start, { actual: length % 2 ** 32, declared: declared.length });
  else return true;
  return false;
}
