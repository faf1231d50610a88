import { segmentSize } from '../body/segment.ts';
import { equal, hex, type Bytes } from '../bytes.ts';
import type { Crypto, Hash } from '../crypto/port.ts';
import { Crypt4ghProblem } from '../problem.ts';
import { Reader } from '../reader.ts';
import { segmentCount, type Manifest } from './manifest.ts';
import { hashSize, leafHash, proveRange, provesRange, rootOf, subtreesOf } from './tree.ts';

/** Hashes of the segments from `from` on, and the hashes that prove them. */
export interface RangeProof {
  readonly from: number;
  readonly leaves: Uint8Array;
  readonly proof: Uint8Array;
}

/** Where a verifier gets the hashes of segments [from, to): from the archive, or from a leaf list at hand. */
export type Leaves = (from: number, to: number) => RangeProof | Promise<RangeProof>;

/** Leaves asked for at a time: 128 KiB for 256 MiB of the file. A power of two, so that a page is one subtree. */
export const leafPage = 4096;

/** What an archive answers: the leaves [from, to) and their proof. */
export function rangeProof(crypto: Crypto, leaves: Uint8Array, from: number, to: number): RangeProof {
  const proof = proveRange(leaves.length / hashSize, from, to, subtreesOf(crypto, leaves));
  return { from, leaves: leaves.subarray(from * hashSize, to * hashSize), proof };
}

/** Serves a verifier from a whole leaf list after checking it against the manifest once. Throws `manifest_proof`. */
export function leafList(crypto: Crypto, manifest: Manifest, leaves: Uint8Array): Leaves {
  if (leaves.length !== segmentCount(manifest) * hashSize || !equal(rootOf(crypto, leaves), manifest.root))
    throw new Crypt4ghProblem('manifest_proof');
  const subtree = subtreesOf(crypto, leaves);
  return (from, to) => ({
    from,
    leaves: leaves.subarray(from * hashSize, to * hashSize),
    proof: proveRange(segmentCount(manifest), from, to, subtree),
  });
}

/**
 * Checks that hashes are those of the segments asked for; returns them, for who verifies segments in an order of their own.
 * Throws `manifest_proof`.
 */
export function provenLeaves(
  crypto: Crypto,
  manifest: Manifest,
  { from, count }: { readonly from: number; readonly count: number },
  given: RangeProof,
): Uint8Array {
  const tree = { count: segmentCount(manifest), root: manifest.root };
  const asked = given.from === from && given.leaves.length === count * hashSize;
  if (!asked || !provesRange(crypto, tree, from, given.leaves, given.proof))
    throw new Crypt4ghProblem('manifest_proof');
  return given.leaves;
}

/** Plain bytes of segment `index`; only the last may have fewer than 64 KiB. */
const lengthOf = (manifest: Manifest, index: number): number =>
  Math.min(segmentSize, manifest.plainSize - index * segmentSize);

/** Whether these are the bytes of segment `index`, whose proven hash is `leaf`. */
export function segmentFits(
  crypto: Crypto,
  manifest: Manifest,
  index: number,
  segment: Uint8Array,
  leaf: Uint8Array,
): boolean {
  return segment.length === lengthOf(manifest, index) && equal(leafHash(crypto, segment), leaf);
}

function checkSegment(crypto: Crypto, manifest: Manifest, index: number, segment: Uint8Array, leaf: Uint8Array): void {
  if (segmentFits(crypto, manifest, index, segment, leaf)) return;
  throw new Crypt4ghProblem('manifest_segment', { segment: index, from: index * segmentSize });
}

/** Verifies segments that were fetched by range. `plain` holds all bytes of the segments of the proof. */
export function verifyRange(crypto: Crypto, manifest: Manifest, given: RangeProof, plain: Uint8Array): void {
  const count = given.leaves.length / hashSize;
  const leaves = provenLeaves(crypto, manifest, { from: given.from, count }, given);
  for (let i = 0; i < count; i += 1) {
    const segment = plain.subarray(i * segmentSize, (i + 1) * segmentSize);
    checkSegment(crypto, manifest, given.from + i, segment, leaves.subarray(i * hashSize, (i + 1) * hashSize));
  }
  if (plain.length > count * segmentSize) throw new Crypt4ghProblem('manifest_longer', { size: manifest.plainSize });
}

/**
 * Passes plain bytes on, each segment only after it was verified, in constant memory: a segment that was cut off, swapped,
 * repeated or altered never gets through. `from` says at which segment the source begins, so that a broken transfer can
 * go on. From the first byte on, the digests named are verified as well.
 */
export async function* verifySegments(
  crypto: Crypto,
  manifest: Manifest,
  source: Bytes,
  leaves: Leaves,
  options: { readonly from?: number; readonly digests?: readonly ('sha256' | 'md5')[] } = {},
): AsyncGenerator<Uint8Array> {
  const { from = 0, digests = [] } = options;
  const count = segmentCount(manifest);
  const reader = new Reader(source);
  const hashes = digests.map((name): [typeof name, Hash] => [
    name,
    name === 'md5' ? crypto.startMd5() : crypto.startSha256(),
  ]);
  try {
    for (let page = from; page < count; page = nextPage(page, count)) {
      const to = nextPage(page, count);
      const known = provenLeaves(crypto, manifest, { from: page, count: to - page }, await leaves(page, to));
      for (let index = page; index < to; index += 1) {
        const segment = await reader.take(lengthOf(manifest, index));
        if (segment.length < lengthOf(manifest, index)) {
          const got = index * segmentSize + segment.length;
          throw new Crypt4ghProblem('manifest_cut', { got, size: manifest.plainSize });
        }
        checkSegment(crypto, manifest, index, segment, known.subarray((index - page) * hashSize).subarray(0, hashSize));
        for (const [, hash] of hashes) hash.update(segment);
        yield segment;
      }
    }
    if ((await reader.take(1)).length > 0) throw new Crypt4ghProblem('manifest_longer', { size: manifest.plainSize });
    if (from > 0) return;
    for (const [name, hash] of hashes)
      if (hex(hash.digest()) !== manifest[name]) throw new Crypt4ghProblem('manifest_digest', { digest: name });
  } finally {
    await reader.close();
  }
}

const nextPage = (segment: number, count: number): number =>
  Math.min(count, (Math.floor(segment / leafPage) + 1) * leafPage);
