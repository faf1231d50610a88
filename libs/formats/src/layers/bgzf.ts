import { concat, type ByteReader } from '../bytes/reader.ts';
import { nextMember, readTrailer, trailerLength, type Ending, type Member, type Report } from './gzip-header.ts';
import { DamagedStream, type Inflate } from './inflate.ts';
import { layerRules } from './rules.ts';

interface Block {
  readonly start: number;
  readonly end: number;
  /** The DEFLATE stream and the trailer. */
  readonly body: Uint8Array;
  readonly crc: number;
  readonly length: number;
}

/** Blocks that are inflated in one go. */
interface Batch {
  readonly blocks: readonly Block[];
  /** All that is in them; undefined when something does not fit, or there is nobody to inflate them aside. */
  readonly content: Promise<Uint8Array | undefined>;
  /** What comes after them, when the file ends there. */
  readonly ending?: Ending;
}

/** 512 KiB, and so much ahead of who reads that inflating does not wait for it. */
const blocksTogether = 8;
const batchesAhead = 3;

const blockLimit = 65_536;
const emptyBlock = 28;

/**
 * Takes BGZF off (SAM specification 4.1), from behind the header of the first block. Blocks are inflated together beside the
 * thread that reads, where the inflater can. When a batch does not open, its blocks are tried one by one, so that the finding
 * names the block at fault and everything before it is given out.
 */
export async function* unblock(
  source: ByteReader,
  first: Member,
  inflate: Inflate,
  report: Report,
): AsyncGenerator<Uint8Array> {
  const { findings, fault } = report;
  let reading = readBatch(source, inflate, report, first);
  const batches = [reading];
  let last: Block | undefined;
  for (;;) {
    while (batches.length < (inflate.members ? batchesAhead : 1)) {
      reading = reading.then((batch) => (batch.ending ? batch : readBatch(source, inflate, report)));
      batches.push(reading);
      // Whoever comes to it hears of it.
      reading.catch(() => undefined);
    }
    const batch = await batches.shift();
    if (batch === undefined) return;
    const content = await batch.content;
    if (content && content.length > 0) yield content;
    for (const block of batch.blocks) {
      last = block;
      if (content) continue;
      try {
        const opened = openBlock(block, inflate);
        if (opened.length > 0) yield opened;
      } catch (error) {
        if (!(error instanceof DamagedStream)) throw error;
        if (error.reason === 'truncated') fault(layerRules.truncated, block.end);
        else fault(layerRules.bgzfBlock, block.start, { reason: error.message });
        return;
      }
    }
    if (batch.ending === undefined) continue;
    batch.ending.tell();
    if (batch.ending.whole && !(last && last.length === 0 && last.end - last.start === emptyBlock))
      findings.add(layerRules.bgzfEnd, { offset: source.offset });
    return;
  }
}

async function readBatch(source: ByteReader, inflate: Inflate, report: Report, first?: Member): Promise<Batch> {
  const blocks: Block[] = [];
  const batch = (ending?: Ending): Batch => ({
    blocks,
    content: openTogether(blocks, inflate),
    ...(ending && { ending }),
  });
  let next = first;
  while (blocks.length < (inflate.members ? blocksTogether : 1)) {
    const member = next ?? (await nextMember(source, report));
    next = undefined;
    if ('tell' in member) return batch(member);
    const block = await readBlock(source, member);
    if (!(block instanceof DamagedStream)) {
      blocks.push(block);
      continue;
    }
    const { reason, message } = block;
    const end = source.offset;
    const tell = () =>
      reason === 'truncated'
        ? report.fault(layerRules.truncated, end)
        : report.fault(layerRules.bgzfBlock, member.start, { reason: message });
    return batch({ whole: false, tell });
  }
  return batch();
}

/** The block behind its header, or why it is none. */
async function readBlock(
  source: ByteReader,
  { start, headerLength, blockSize }: Member,
): Promise<Block | DamagedStream> {
  if (blockSize === undefined) return new DamagedStream('corrupt', 'not a BGZF block');
  const size = blockSize - headerLength;
  if (size < trailerLength) return new DamagedStream('corrupt', 'BSIZE is smaller than the block header');
  const body = await source.take(size);
  if (body.length < size) return new DamagedStream('truncated', 'the block ends too soon');
  const { crc, length } = readTrailer(body.subarray(size - trailerLength));
  if (length > blockLimit) return new DamagedStream('corrupt', 'a block holds at most 65,536 bytes');
  return { start, end: source.offset, body, crc, length };
}

/** A gzip header with nothing in it (RFC 1952 section 2.3.1). */
const plainHeader = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);

async function openTogether(blocks: readonly Block[], inflate: Inflate): Promise<Uint8Array | undefined> {
  if (inflate.members === undefined || blocks.length === 0) return undefined;
  const length = blocks.reduce((sum, block) => sum + block.length, 0);
  try {
    const content = await inflate.members(concat(...blocks.flatMap(({ body }) => [plainHeader, body])), length);
    return content.length === length ? content : undefined;
  } catch (error) {
    if (error instanceof DamagedStream) return undefined;
    throw error;
  }
}

function openBlock({ body, crc, length }: Block, inflate: Inflate): Uint8Array {
  const content = inflate.block(body.subarray(0, body.length - trailerLength), length);
  if (content.length !== length) throw new DamagedStream('corrupt', 'ISIZE differs from the content');
  if (inflate.crc32(content, 0) !== crc) throw new DamagedStream('corrupt', 'CRC-32 differs from the content');
  return content;
}
