import type { ByteReader } from '../bytes/reader.ts';
import type { Findings } from '../findings.ts';
import { DamagedStream, type Inflate } from './inflate.ts';
import { layerRules } from './rules.ts';

/** What the layers below a format tell it: `broken` means that the data end early and the end proves nothing. */
export interface LayerState {
  broken: boolean;
}

interface Header {
  readonly length: number;
  /** Size of the whole BGZF block, where the extra field says so. */
  readonly blockSize?: number;
}

const emptyBlock = 28;
const trailerLength = 8;

/**
 * Takes gzip off: any number of members (RFC 1952 section 2.2), BGZF blocks among them (SAM specification 4.1), each
 * with its CRC-32 and length verified. A fault becomes a finding with its byte offset and ends the data.
 */
export async function* gunzip(
  source: ByteReader,
  inflate: Inflate,
  findings: Findings,
  state: LayerState,
): AsyncGenerator<Uint8Array> {
  const fault = (rule: (typeof layerRules)[keyof typeof layerRules], offset: number, params = {}) => {
    findings.add(rule, { offset }, undefined, { offset, ...params });
    state.broken = true;
  };
  let blocked: boolean | undefined;
  let lastBlock = 0;
  for (;;) {
    const start = source.offset;
    const first = await source.peek(2);
    if (first.length === 0) break;
    if (start > 0 && !(first[0] === 0x1f && (first.length < 2 || first[1] === 0x8b))) {
      if (first[0] === 0 && (await onlyZeros(source)))
        findings.add(layerRules.zeroPadding, { offset: start }, undefined, { offset: start });
      else fault(layerRules.trailing, start);
      break;
    }
    const header = await readHeader(source);
    if (typeof header === 'string') {
      if (header === 'truncated') fault(layerRules.truncated, source.offset);
      else fault(layerRules.corrupt, start, { reason: header });
      return;
    }
    blocked ??= header.blockSize !== undefined;
    try {
      if (blocked) {
        if (header.blockSize === undefined) throw new DamagedStream('corrupt', 'not a BGZF block');
        const content = await readBlock(source, header.blockSize - header.length, inflate);
        lastBlock = content.length === 0 && header.blockSize === emptyBlock ? emptyBlock : 0;
        if (content.length > 0) yield content;
      } else if (!(yield* readMember(source, start, inflate, fault))) return;
    } catch (error) {
      if (!(error instanceof DamagedStream)) throw error;
      if (error.reason === 'truncated') fault(layerRules.truncated, source.offset);
      else if (blocked) fault(layerRules.bgzfBlock, start, { reason: error.message });
      else fault(layerRules.corrupt, source.offset, { reason: error.message });
      return;
    }
  }
  if (blocked === true && lastBlock !== emptyBlock) findings.add(layerRules.bgzfEnd, { offset: source.offset });
}

/** RFC 1952 section 2.3: ten fixed bytes, then the extra field, name, comment and header CRC that the flags announce. */
async function readHeader(source: ByteReader): Promise<Header | string> {
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
  return { length, ...(blockSize !== undefined && { blockSize }) };
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

async function readBlock(source: ByteReader, size: number, inflate: Inflate): Promise<Uint8Array> {
  if (size < trailerLength) throw new DamagedStream('corrupt', 'BSIZE is smaller than the block header');
  const body = await source.take(size);
  if (body.length < size) throw new DamagedStream('truncated', 'the block ends too soon');
  const trailer = readTrailer(body.subarray(size - trailerLength));
  if (trailer.length > 65536) throw new DamagedStream('corrupt', 'a block holds at most 65,536 bytes');
  const content = inflate.block(body.subarray(0, size - trailerLength), trailer.length);
  if (content.length !== trailer.length) throw new DamagedStream('corrupt', 'ISIZE differs from the content');
  if (inflate.crc32(content, 0) !== trailer.crc) throw new DamagedStream('corrupt', 'CRC-32 differs from the content');
  return content;
}

async function* readMember(
  source: ByteReader,
  start: number,
  inflate: Inflate,
  fault: (rule: (typeof layerRules)[keyof typeof layerRules], offset: number, params?: Record<string, number>) => void,
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

function readTrailer(bytes: Uint8Array): { crc: number; length: number } {
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
