/** Typed arrays that grow by half: memory stays close to what is held, and a push is amortised constant. */
export class IntList {
  values: Int32Array;
  length = 0;

  constructor(room = 1024) {
    this.values = new Int32Array(Math.max(4, room));
  }

  push(value: number): void {
    if (this.length === this.values.length) this.#room(this.length + 1);
    this.values[this.length++] = value;
  }

  /** Copies a stretch of this list's or another array to the end. */
  append(source: Int32Array, from: number, to: number): void {
    if (this.length + to - from > this.values.length) this.#room(this.length + to - from);
    this.values.set(source.subarray(from, to), this.length);
    this.length += to - from;
  }

  /** The values, without spare room. */
  done(): Int32Array {
    return this.values.length === this.length ? this.values : this.values.slice(0, this.length);
  }

  #room(least: number): void {
    const next = new Int32Array(Math.max(least, Math.ceil(this.values.length * 1.5)));
    next.set(this.values.subarray(0, this.length));
    this.values = next;
  }
}

/** Names in one run of UTF-8 bytes: 5 million of them cost their bytes and eight more each, not an object each. */
export class NameTable {
  #bytes: Uint8Array = new Uint8Array(1024);
  #used = 0;
  readonly #from = new IntList();
  readonly #to = new IntList();
  static readonly #encoder = new TextEncoder();
  static readonly #decoder = new TextDecoder();

  get length(): number {
    return this.#from.length;
  }

  get byteLength(): number {
    return this.#bytes.length + this.#from.values.byteLength + this.#to.values.byteLength;
  }

  push(name: string): void {
    this.#from.push(0);
    this.#to.push(0);
    if (name !== '') this.set(this.length - 1, name);
  }

  pushBytes(name: Uint8Array): void {
    this.#from.push(0);
    this.#to.push(0);
    if (name.length > 0) this.setBytes(this.length - 1, name);
  }

  set(at: number, name: string): void {
    this.setBytes(at, NameTable.#encoder.encode(name));
  }

  setBytes(at: number, name: Uint8Array): void {
    if (this.#used + name.length > this.#bytes.length) {
      const next = new Uint8Array(Math.max(this.#used + name.length, Math.ceil(this.#bytes.length * 1.5)));
      next.set(this.#bytes.subarray(0, this.#used));
      this.#bytes = next;
    }
    this.#bytes.set(name, this.#used);
    this.#from.values[at] = this.#used;
    this.#used += name.length;
    this.#to.values[at] = this.#used;
  }

  bytesAt(at: number): Uint8Array {
    return this.#bytes.subarray(this.#from.values[at] ?? 0, this.#to.values[at] ?? 0);
  }

  at(index: number): string {
    return NameTable.#decoder.decode(this.bytesAt(index));
  }

  static of(names: Iterable<string>): NameTable {
    const table = new NameTable();
    for (const name of names) table.push(name);
    return table;
  }
}
