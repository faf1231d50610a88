import { segmentSize } from '../body/segment.ts';
import { hex, join, type Bytes } from '../bytes.ts';
import type { Crypto } from '../crypto/port.ts';
import { leafHash, TreeRoot } from './tree.ts';

/** Hashes plain bytes into the segment tree while they pass, in pieces of any size. */
export class SegmentTree {
  readonly #crypto: Crypto;
  readonly #tree: TreeRoot;
  readonly #leaf: (hash: Uint8Array) => void;
  readonly #rest = new Uint8Array(segmentSize);
  #held = 0;
  size = 0;

  /** `leaf` is told the hash of each segment in order: who keeps them can prove ranges later. */
  constructor(crypto: Crypto, leaf: (hash: Uint8Array) => void = () => undefined) {
    this.#crypto = crypto;
    this.#tree = new TreeRoot(crypto);
    this.#leaf = leaf;
  }

  update(bytes: Uint8Array): void {
    this.size += bytes.length;
    let at = 0;
    while (at < bytes.length) {
      if (this.#held === 0 && bytes.length - at >= segmentSize) {
        this.#add(bytes.subarray(at, at + segmentSize));
        at += segmentSize;
        continue;
      }
      const part = bytes.subarray(at, at + segmentSize - this.#held);
      this.#rest.set(part, this.#held);
      this.#held += part.length;
      at += part.length;
      if (this.#held === segmentSize) this.#flush();
    }
  }

  /** The root, after the last byte. */
  root(): Uint8Array {
    if (this.#held > 0) this.#flush();
    return this.#tree.root();
  }

  #flush(): void {
    this.#add(this.#rest.subarray(0, this.#held));
    this.#held = 0;
  }

  #add(segment: Uint8Array): void {
    const hash = leafHash(this.#crypto, segment);
    this.#tree.add(hash);
    this.#leaf(hash);
  }
}

/** Everything that a manifest says of a file's content, in one pass, and the leaf list: 32 bytes for each 64 KiB. */
export async function hashSegments(crypto: Crypto, source: Bytes) {
  const leaves: Uint8Array[] = [];
  const tree = new SegmentTree(crypto, (hash) => leaves.push(hash));
  const sha256 = crypto.startSha256();
  const md5 = crypto.startMd5();
  for await (const bytes of source) {
    tree.update(bytes);
    sha256.update(bytes);
    md5.update(bytes);
  }
  const root = tree.root();
  return { plainSize: tree.size, sha256: hex(sha256.digest()), md5: hex(md5.digest()), root, leaves: join(leaves) };
}
