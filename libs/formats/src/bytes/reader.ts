const nothing = new Uint8Array(0);

/** A source of bytes: a file, an upload, a test. Chunks may have any size, also none. */
export type Bytes = AsyncIterable<Uint8Array>;

/** Reads a source piece by piece and can give back what was read too much: what a format inside a format needs. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #held: Uint8Array = nothing;
  /** Bytes consumed so far: the 0-based offset of the next byte. */
  offset = 0;

  constructor(source: Bytes) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /** The next bytes, as many as happen to be there; undefined at the end. */
  async read(): Promise<Uint8Array | undefined> {
    if (this.#held.length === 0 && !(await this.#fill())) return undefined;
    const bytes = this.#held;
    this.#held = nothing;
    this.offset += bytes.length;
    return bytes;
  }

  /** Gives back the tail of what was read last. */
  unread(tail: Uint8Array): void {
    this.#held = tail;
    this.offset -= tail.length;
  }

  /** The next `count` bytes, fewer only at the end, without consuming them. */
  async peek(count: number): Promise<Uint8Array> {
    if (this.#held.length < count) await this.#gather(count);
    return this.#held.subarray(0, count);
  }

  /** Consumes the next `count` bytes, fewer only at the end. */
  async take(count: number): Promise<Uint8Array> {
    const bytes = await this.peek(count);
    this.#held = this.#held.subarray(bytes.length);
    this.offset += bytes.length;
    return bytes;
  }

  /** The same at once when the bytes are at hand, undefined when they have to be waited for. */
  takeNow(count: number): Uint8Array | undefined {
    if (this.#held.length < count) return undefined;
    const bytes = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(count);
    this.offset += count;
    return bytes;
  }

  /** Tells the source that no more is wanted, so that it can close its file. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  /** Puts chunks together until there are so many bytes. Copies at once: a source may put the next chunk where the last one lies. */
  async #gather(count: number): Promise<void> {
    const parts: Uint8Array[] = [];
    let have = 0;
    do {
      parts.push(this.#held.slice());
      have += this.#held.length;
      this.#held = nothing;
    } while (have < count && (await this.#fill()));
    this.#held = join(parts);
  }

  async #fill(): Promise<boolean> {
    for (;;) {
      const next = await this.#chunks.next();
      if (next.done === true) return false;
      if (next.value.length > 0) {
        this.#held = next.value;
        return true;
      }
    }
  }
}

/** One array from several. */
export const concat = (...parts: readonly Uint8Array[]): Uint8Array => join(parts);

/** The same of any number. */
function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Bytes in memory as a source: for a format inside another. */
export async function* bytesOf(...parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield concat(...parts);
}
