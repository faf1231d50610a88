import { toU64le } from '../bytes.ts';
import type { Crypto } from '../crypto/port.ts';
import type { DataKey } from '../header/payload.ts';
import { Crypt4ghProblem } from '../problem.ts';

/** Plain bytes of a full segment (section 3.4.1). */
export const segmentSize = 65_536;
/** Nonce before and MAC behind. */
export const segmentOverhead = 12 + 16;
export const sealedSegmentSize = segmentSize + segmentOverhead;

/** Bytes of the data section for so many plain bytes. The ordered method ends with a segment that is not full. */
export function sealedSize(plainSize: number, ordered = false): number {
  const segments = Math.ceil(plainSize / segmentSize) + (ordered && plainSize % segmentSize === 0 ? 1 : 0);
  return plainSize + segments * segmentOverhead;
}

/** The additional data of the ordered method: sequence number plus index, modulo 2^64 (section 3.4.3). */
const orderOf = ({ sequence }: DataKey, index: number): Uint8Array | undefined =>
  sequence === undefined ? undefined : toU64le([BigInt.asUintN(64, sequence + BigInt(index))]);

/** Seals segments one after the other under one data key. */
export class Sealer {
  readonly #crypto: Crypto;
  readonly #dataKey: DataKey;
  #index = 0;
  #nonces: Uint8Array = new Uint8Array(0);

  constructor(crypto: Crypto, dataKey: DataKey) {
    this.#crypto = crypto;
    this.#dataKey = dataKey;
  }

  /**
   * Seals whole segments, of which only the last of a file may be shorter, into `out` (as long as `sealedSize` says);
   * returns how many bytes were written.
   */
  seal(plain: Uint8Array, out: Uint8Array): number {
    let written = 0;
    for (let at = 0; at < plain.length; at += segmentSize) {
      const part = plain.subarray(at, at + segmentSize);
      written += this.sealOne(part, out.subarray(written, written + part.length + segmentOverhead));
    }
    return written;
  }

  sealOne(plain: Uint8Array, out: Uint8Array): number {
    const nonce = this.#nonce();
    out.set(nonce);
    this.#crypto.seal(this.#dataKey.key, nonce, plain, orderOf(this.#dataKey, this.#index), out.subarray(12));
    this.#index += 1;
    return plain.length + segmentOverhead;
  }

  /** A random nonce for each segment (section 5.3), drawn 64 at a time. */
  #nonce(): Uint8Array {
    if (this.#nonces.length === 0) this.#nonces = this.#crypto.randomBytes(12 * 64);
    const nonce = this.#nonces.subarray(0, 12);
    this.#nonces = this.#nonces.subarray(12);
    return nonce;
  }
}

/** Opens segments one after the other, trying the data key that fitted last first (section 4.1). */
export class Opener {
  readonly #crypto: Crypto;
  readonly #dataKeys: DataKey[];
  /** Index of the next segment in the file. */
  index = 0;

  constructor(crypto: Crypto, dataKeys: readonly DataKey[]) {
    this.#crypto = crypto;
    this.#dataKeys = [...dataKeys];
  }

  /** Opens whole sealed segments into `out`; returns how many plain bytes there are. Throws `segment_damaged`, `segment_cut`. */
  open(sealed: Uint8Array, out: Uint8Array): number {
    let written = 0;
    for (let at = 0; at < sealed.length; at += sealedSegmentSize) {
      const part = sealed.subarray(at, at + sealedSegmentSize);
      this.#openOne(part, out.subarray(written, written + Math.max(0, part.length - segmentOverhead)));
      written += part.length - segmentOverhead;
    }
    return written;
  }

  #openOne(sealed: Uint8Array, out: Uint8Array): void {
    const nonce = sealed.subarray(0, 12);
    const rest = sealed.subarray(12);
    const fits = (dataKey: DataKey) => this.#crypto.open(dataKey.key, nonce, rest, orderOf(dataKey, this.index), out);
    const which = sealed.length < segmentOverhead ? -1 : this.#dataKeys.findIndex(fits);
    if (which < 0) {
      const place = { segment: this.index, from: this.index * segmentSize };
      throw new Crypt4ghProblem(sealed.length < sealedSegmentSize ? 'segment_cut' : 'segment_damaged', place);
    }
    if (which > 0) this.#dataKeys.unshift(...this.#dataKeys.splice(which, 1));
    this.index += 1;
  }
}
