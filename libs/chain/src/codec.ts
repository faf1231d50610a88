import { concat, utf8 } from '@geneward/merkle';
import { Refusal } from './error.ts';

/**
 * Writes fields one after another: big-endian integers of fixed width, lengths before bytes. There is one way to write a value,
 * and the reader takes no other, so that nobody can make a second transaction from a first.
 */
export interface Writer {
  u8(value: number): Writer;
  u32(value: number): Writer;
  u64(value: bigint): Writer;
  /** As they are, without their length. */
  raw(value: Uint8Array): Writer;
  /** With a length of four bytes before. */
  bytes(value: Uint8Array): Writer;
  text(value: string): Writer;
  list<T>(values: readonly T[], write: (value: T) => void): Writer;
  done(): Uint8Array;
}

export function writer(): Writer {
  const parts: Uint8Array[] = [];
  const number = (width: number, set: (view: DataView) => void) => {
    const part = new Uint8Array(width);
    set(new DataView(part.buffer));
    parts.push(part);
    return self;
  };
  const self: Writer = {
    u8: (value) => number(1, (view) => view.setUint8(0, value)),
    u32: (value) => number(4, (view) => view.setUint32(0, value)),
    u64: (value) => number(8, (view) => view.setBigUint64(0, value)),
    raw(value) {
      parts.push(value);
      return self;
    },
    bytes: (value) => self.u32(value.length).raw(value),
    text: (value) => self.bytes(utf8(value)),
    list(values, write) {
      self.u32(values.length);
      for (const value of values) write(value);
      return self;
    },
    done: () => concat(...parts),
  };
  return self;
}

/** Reads what a writer wrote. Every method throws Refusal `malformed` where the bytes end early or exceed a limit. */
export interface Reader {
  u8(): number;
  u32(): number;
  u64(): bigint;
  raw(length: number): Uint8Array;
  bytes(limit: number): Uint8Array;
  text(limit: number): string;
  list<T>(limit: number, read: () => T): T[];
  /** Where the next field begins. */
  readonly at: number;
  /** Nothing is left over. */
  end(): void;
}

export function reader(given: Uint8Array): Reader {
  // A plain view, whose slices are copies also where the bytes came in a Buffer.
  const from = new Uint8Array(given.buffer, given.byteOffset, given.length);
  const view = new DataView(from.buffer, from.byteOffset, from.length);
  let at = 0;
  const take = (length: number): number => {
    if (length > from.length - at) throw new Refusal('malformed', 'the bytes end early');
    at += length;
    return at - length;
  };
  const length = (limit: number): number => {
    const value = view.getUint32(take(4));
    if (value > limit) throw new Refusal('malformed', `${value} where at most ${limit} are allowed`);
    return value;
  };
  const raw = (count: number): Uint8Array => {
    const start = take(count);
    return from.slice(start, start + count);
  };
  return {
    u8: () => view.getUint8(take(1)),
    u32: () => view.getUint32(take(4)),
    u64: () => view.getBigUint64(take(8)),
    raw,
    bytes: (limit) => raw(length(limit)),
    text: (limit) => decodeText(raw(length(limit))),
    list: (limit, read) => Array.from({ length: length(limit) }, read),
    get at() {
      return at;
    },
    end() {
      if (at !== from.length) throw new Refusal('malformed', 'bytes are left over');
    },
  };
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refusal('malformed', 'not UTF-8');
  }
}
