import { Reader, SegmentTree, segmentSize, spent } from '@geneward/crypt4gh';
import type { ObjectKey } from '../keys/key-service.ts';
import { crypto } from '../keys/suite-a.ts';
import { leafPages, type LeafPage } from './leaves.ts';

/** Segments that are handled at a time: 1 MiB. */
const batch = 16;

/** A sealed segment that does not open: the bytes of a copy were altered, cut or swapped. */
export class DamagedError extends Error {
  readonly segment: number;
  constructor(segment: number) {
    super(`segment ${segment} of a stored object is damaged`);
    this.name = 'DamagedError';
    this.segment = segment;
  }
}

/**
 * Seals a stream in constant memory and tells, once it has ended, what it was.
 * @param save takes the pages of leaf hashes as they fill
 */
export function sealBody(
  bytes: AsyncIterable<Uint8Array>,
  { suite, dataKey }: ObjectKey,
  save: (pages: readonly LeafPage[]) => Promise<void>,
) {
  const pages = leafPages();
  const tree = new SegmentTree(crypto, (leaf) => pages.add(leaf));
  let sealedSize = 0n;
  let root: Uint8Array = new Uint8Array(0);
  async function* sealed(): AsyncGenerator<Uint8Array> {
    const reader = new Reader(bytes);
    let index = 0;
    try {
      for (;;) {
        const plain = await reader.units(segmentSize, batch);
        if (plain.length === 0) break;
        tree.update(plain);
        await save(pages.full());
        const count = Math.ceil(plain.length / segmentSize);
        const out = Buffer.allocUnsafe(plain.length + count * suite.overhead);
        for (let nth = 0, at = 0; nth < count; nth += 1) {
          const segment = plain.subarray(nth * segmentSize, (nth + 1) * segmentSize);
          const end = at + segment.length + suite.overhead;
          suite.seal(dataKey, index + nth, segment, out.subarray(at, end));
          at = end;
        }
        index += count;
        sealedSize += BigInt(out.length);
        yield out;
      }
      root = tree.root();
      await save(pages.rest());
    } finally {
      await reader.close();
    }
  }
  return { sealed: sealed(), told: () => ({ size: BigInt(tree.size), sealedSize, tree: root }) };
}

/**
 * Opens whole sealed segments, of which the first has the number `first`. The bytes that come are its own, and those that it gives are
 * the reader's. Throws {@link DamagedError}.
 */
export async function* openSegments(
  sealed: AsyncIterable<Uint8Array>,
  { suite, dataKey }: ObjectKey,
  first: number,
): AsyncGenerator<Uint8Array> {
  const reader = new Reader(sealed);
  const unit = segmentSize + suite.overhead;
  let index = first;
  try {
    for (;;) {
      const part = await reader.units(unit, batch);
      if (part.length === 0) return;
      const count = Math.ceil(part.length / unit);
      const out = Buffer.allocUnsafeSlow(Math.max(0, part.length - count * suite.overhead));
      for (let nth = 0; nth < count; nth += 1, index += 1) {
        const plain = out.subarray(nth * segmentSize, (nth + 1) * segmentSize);
        if (!suite.open(dataKey, index, part.subarray(nth * unit, (nth + 1) * unit), plain))
          throw new DamagedError(index);
      }
      spent(part);
      yield out;
    }
  } finally {
    await reader.close();
  }
}

/** How many plain bytes so many sealed ones hold. */
export function plainSizeOf(sealedSize: bigint, overhead: number): bigint {
  const unit = BigInt(segmentSize + overhead);
  return sealedSize - ((sealedSize + unit - 1n) / unit) * BigInt(overhead);
}

/** Where the segments of a plain range lie in the sealed body. */
export function sealedRange(range: { start: bigint; end: bigint }, sealedSize: bigint, overhead: number) {
  const plainUnit = BigInt(segmentSize);
  const unit = plainUnit + BigInt(overhead);
  const first = range.start / plainUnit;
  const last = (range.end + plainUnit - 1n) / plainUnit;
  const end = last * unit;
  return { first: Number(first), start: first * unit, end: end > sealedSize ? sealedSize : end };
}
