import { VirusProblem } from '../rules/problem.ts';
import { treeRules } from '../rules/tree.ts';

/**
 * The wire format of Protocol Buffers, as much of it as MAT needs, strict about ends and lengths.
 * Source: protobuf.dev/programming-guides/encoding.
 */
export class WireReader {
  readonly #bytes: Uint8Array;
  #at: number;
  readonly #end: number;

  constructor(bytes: Uint8Array, from = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = end;
  }

  get more(): boolean {
    return this.#at < this.#end;
  }

  /** A varint as a signed 32-bit number, which is how int32 is written (negative ones over ten bytes). */
  int32(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.#at >= this.#end) throw truncated();
      const byte = this.#bytes[this.#at++] ?? 0;
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new VirusProblem(treeRules.syntax, { reason: 'a number of more than ten bytes' }, `byte ${this.#at}`);
  }

  /** A field of bytes, not copied. */
  bytes(): Uint8Array {
    const length = this.int32();
    if (length < 0 || this.#at + length > this.#end) throw truncated();
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** Passes over a field that is not known. */
  skip(wire: number): void {
    if (wire === 0) this.int32();
    else if (wire === 2) this.bytes();
    else if (wire === 1 || wire === 5) {
      this.#at += wire === 1 ? 8 : 4;
      if (this.#at > this.#end) throw truncated();
    } else throw new VirusProblem(treeRules.syntax, { reason: `wire type ${wire}` }, `byte ${this.#at}`);
  }
}

const truncated = (): VirusProblem => new VirusProblem(treeRules.syntax, { reason: 'it ends inside a field' });

/** Writes fields into one growing array. */
export class WireWriter {
  #bytes = new Uint8Array(256);
  #used = 0;

  varint(value: number): void {
    this.#room(10);
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.#bytes[this.#used++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#used++] = rest;
  }

  int32(field: number, value: number): void {
    if (value === 0) return;
    this.varint(field << 3);
    this.varint(value);
  }

  bytes(field: number, value: Uint8Array): void {
    this.varint((field << 3) | 2);
    this.varint(value.length);
    this.#room(value.length);
    this.#bytes.set(value, this.#used);
    this.#used += value.length;
  }

  text(field: number, value: string): void {
    this.bytes(field, new TextEncoder().encode(value));
  }

  /** What was written; the writer starts again. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.slice(0, this.#used);
    this.#used = 0;
    return taken;
  }

  #room(more: number): void {
    if (this.#used + more <= this.#bytes.length) return;
    const next = new Uint8Array(Math.max(this.#used + more, this.#bytes.length * 2));
    next.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = next;
  }
}

/** Fields of a message that arrives in pieces: each is given whole, one at a time; a single field over `limit` bytes is refused. */
export async function* fieldsOf(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  limit: number,
): AsyncGenerator<{ field: number; bytes: Uint8Array }> {
  let held: Uint8Array = new Uint8Array(0);
  let from = 0;
  let to = 0;
  for await (const piece of pieces) {
    if (to + piece.length > held.length) {
      const left = to - from;
      const room = Math.max(left + piece.length, left * 2, 65_536);
      const next = new Uint8Array(room);
      next.set(held.subarray(from, to));
      held = next;
      from = 0;
      to = left;
    }
    held.set(piece, to);
    to += piece.length;
    for (;;) {
      const head = header(held, from, to);
      if (!head) break;
      if (head.wire !== 2)
        throw new VirusProblem(treeRules.syntax, { reason: `field ${head.field} of wire type ${head.wire}` });
      if (head.length > limit) throw new VirusProblem(treeRules.size, { what: `field ${head.field}`, limit });
      if (head.at + head.length > to) break;
      yield { field: head.field, bytes: held.subarray(head.at, head.at + head.length) };
      from = head.at + head.length;
    }
  }
  if (from < to) throw truncated();
}

function header(
  bytes: Uint8Array,
  from: number,
  to: number,
): { field: number; wire: number; length: number; at: number } | undefined {
  let at = from;
  const numbers: number[] = [];
  while (numbers.length < 2) {
    let value = 0;
    let shift = 0;
    for (;;) {
      if (at >= to) return undefined;
      const byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
      shift += 7;
      if (shift > 35) throw new VirusProblem(treeRules.syntax, { reason: 'a length of more than five bytes' });
    }
    numbers.push(value);
  }
  const [key = 0, length = 0] = numbers;
  return { field: key >>> 3, wire: key & 7, length, at };
}
