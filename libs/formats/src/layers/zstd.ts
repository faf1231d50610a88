import type { ByteReader } from '../bytes/reader.ts';
import type { Findings } from '../findings.ts';
import type { LayerState } from './gzip-header.ts';
import { DamagedStream } from './inflate.ts';
import { layerRules } from './rules.ts';

/** Takes one frame off and gives back to the source what follows it. Throws DamagedStream. */
export type ZstdFrame = (source: ByteReader) => AsyncIterable<Uint8Array>;

const frameMagic = 0xfd2fb528;
/** The lowest four bits of the magic of a skippable frame are free (RFC 8878 section 3.1.2). */
const skippableMagic = 0x184d2a50;
const piece = 65_536;

/**
 * Takes Zstandard off: any number of frames, skippable ones passed over (RFC 8878 section 3.1); a content checksum is
 * verified where a frame has one. A fault becomes a finding with its byte offset and ends the data.
 */
export async function* unzstd(
  source: ByteReader,
  frame: ZstdFrame,
  findings: Findings,
  state: LayerState,
): AsyncGenerator<Uint8Array> {
  const fault = (rule: (typeof layerRules)[keyof typeof layerRules], offset: number, params = {}) => {
    findings.add(rule, { offset }, undefined, { offset, ...params });
    state.broken = true;
  };
  for (;;) {
    const start = source.offset;
    const head = await source.peek(4);
    if (head.length === 0) return;
    const magic = head.length < 4 ? 0 : new DataView(head.buffer, head.byteOffset, 4).getUint32(0, true);
    const skippable = (magic & 0xfffffff0) >>> 0 === skippableMagic;
    if (magic !== frameMagic && !skippable) {
      fault(layerRules.trailing, start);
      return;
    }
    try {
      if (skippable) await skipFrame(source);
      else yield* frame(source);
    } catch (error) {
      if (!(error instanceof DamagedStream)) throw error;
      if (error.reason === 'truncated') fault(layerRules.truncated, source.offset);
      else fault(layerRules.corrupt, source.offset, { reason: error.message });
      return;
    }
  }
}

/** Magic, length, and so many bytes. */
async function skipFrame(source: ByteReader): Promise<void> {
  const head = await source.take(8);
  if (head.length < 8) throw new DamagedStream('truncated', 'the frame ends too soon');
  let left = new DataView(head.buffer, head.byteOffset, 8).getUint32(4, true);
  while (left > 0) {
    const { length } = await source.take(Math.min(left, piece));
    if (length === 0) throw new DamagedStream('truncated', 'the frame ends too soon');
    left -= length;
  }
}
