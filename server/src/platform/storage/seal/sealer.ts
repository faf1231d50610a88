import { createHash } from 'node:crypto';
import { SegmentTree, segmentSize } from '@geneward/crypt4gh';
import { crypto, suiteA } from '../../keys/suite-a.ts';
import { suiteG } from '../../keys/suite-g.ts';
import type { Suite, SuiteId } from '../../keys/suite.ts';
import { DamagedError } from '../sealed-body.ts';
import { copyTo } from './copy.ts';

const suites: Readonly<Record<SuiteId, Suite>> = { A: suiteA, G: suiteG };

/** How a body comes into being: `seal`ed here, or sealed by its sender and `open`ed only to be looked at. */
export interface Sealing {
  readonly way: 'seal' | 'open';
  readonly suite: SuiteId;
  readonly dataKey: Uint8Array;
}

/** Segments one after the other, the first with the number `first`. */
export interface Step {
  readonly bytes: Uint8Array;
  /** Plain bytes at the beginning that an earlier step has hashed: a short segment that has grown since. */
  readonly known: number;
  readonly first: number;
  /** Where the other form goes; without it bytes are only hashed. */
  readonly out?: Uint8Array | undefined;
}

export interface Stepped {
  /** Bytes in `out`. */
  readonly written: number;
  /** Leaf hashes of segments that are complete now. */
  readonly leaves: Uint8Array;
}

/** What a whole object was. */
export interface Whole {
  readonly size: number;
  readonly tree: Uint8Array;
  readonly sha256: string;
  readonly md5: string;
  /** Leaf hash of a last segment that was not full. */
  readonly leaves: Uint8Array;
}

/** Seals or opens the segments of one object and hashes its plain bytes, all in one pass. */
export function startSealer({ way, suite: id, dataKey }: Sealing) {
  const suite = suites[id];
  const sha256 = createHash('sha256');
  const md5 = createHash('md5');
  let leaves: Uint8Array[] = [];
  const tree = new SegmentTree(crypto, (leaf) => leaves.push(leaf));
  let sealed = new Uint8Array(0);
  const takeLeaves = () => Buffer.concat(leaves.splice(0));
  const hash = (bytes: Uint8Array) => {
    sha256.update(bytes);
    md5.update(bytes);
    tree.update(bytes);
  };

  const seal = ({ bytes, known, first, out }: Step): number => {
    let written = 0;
    for (let at = 0, index = first; at < bytes.length; at += segmentSize, index += 1) {
      const segment = bytes.subarray(at, at + segmentSize);
      // Segment by segment: the second and third look find it in the cache.
      const fresh = segment.subarray(Math.max(0, known - at));
      if (fresh.length > 0) hash(fresh);
      if (!out) continue;
      const length = segment.length + suite.overhead;
      if (sealed.length < length) sealed = new Uint8Array(length);
      suite.seal(dataKey, index, segment, sealed.subarray(0, length));
      copyTo(out.subarray(written), sealed.subarray(0, length));
      written += length;
    }
    return written;
  };

  const open = ({ bytes, first, out = new Uint8Array(bytes.length) }: Step): number => {
    const unit = segmentSize + suite.overhead;
    let written = 0;
    for (let at = 0, index = first; at < bytes.length; at += unit, index += 1) {
      const sealed = bytes.subarray(at, at + unit);
      const plain = out.subarray(written, written + Math.max(0, sealed.length - suite.overhead));
      if (!suite.open(dataKey, index, sealed, plain)) throw new DamagedError(index);
      hash(plain);
      written += plain.length;
    }
    return written;
  };

  return {
    step: (step: Step): Stepped => ({ written: way === 'seal' ? seal(step) : open(step), leaves: takeLeaves() }),
    end(): Whole {
      const root = tree.root();
      return {
        size: tree.size,
        tree: root,
        sha256: sha256.digest('hex'),
        md5: md5.digest('hex'),
        leaves: takeLeaves(),
      };
    },
  };
}
