import { join, type Bytes } from './bytes.ts';

/** Pulls bytes from a source in the pieces that the format wants, whatever the pieces in which they come. */
export class Reader {
  readonly #chunks: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  #held: Uint8Array = new Uint8Array(0);

  constructor(source: Bytes) {
    this.#chunks = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  }

  /** The next `length` bytes, fewer only at the end. They are the reader's own until the next call. */
  async take(length: number): Promise<Uint8Array> {
    if (this.#held.length < length) await this.#gather(length);
    const taken = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(taken.length);
    return taken;
  }

  /** As many whole units of `unit` bytes as are at hand, at least one and at most `most`; fewer bytes only at the end. */
  async units(unit: number, most: number): Promise<Uint8Array> {
    if (this.#held.length < unit) await this.#gather(unit);
    const count = Math.min(most, Math.floor(this.#held.length / unit));
    return this.take(count > 0 ? count * unit : this.#held.length);
  }

  /** The next bytes as they come, at most `most`; none at the end. */
  async some(most: number): Promise<Uint8Array> {
    if (this.#held.length === 0) await this.#gather(1);
    return this.take(Math.min(most, this.#held.length));
  }

  /** Passes over bytes; returns how many there were. */
  async skip(length: number): Promise<number> {
    let skipped = 0;
    while (skipped < length) {
      const { length: passed } = await this.some(length - skipped);
      if (passed === 0) break;
      skipped += passed;
    }
    return skipped;
  }

  /** Tells the source that no more is wanted, so that it can close its file. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #gather(length: number): Promise<void> {
    const parts = this.#held.length > 0 ? [this.#held] : [];
    let have = this.#held.length;
    while (have < length) {
      const next = await this.#chunks.next();
      if (next.done === true) break;
      if (next.value.length === 0) continue;
      parts.push(next.value);
      have += next.value.length;
    }
    this.#held = parts.length === 1 && parts[0] ? parts[0] : join(parts);
  }
}
