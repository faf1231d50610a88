import type { RangeProof } from '@geneward/crypt4gh';
import type { Tx } from './db.ts';
import type { SuiteId } from './keys/suite.ts';

/**
 * Bytes under a key. One interface for a directory and for an object store; keys are chosen by the caller, begin with the name of
 * the module that owns them (`files/…`) and are never used twice.
 */
export interface BlobStore {
  /**
   * Writes a stream and makes it durable before it returns. An interrupted write leaves nothing under the key.
   * Throws Problem `storage_full` when there is no room.
   * @returns size in bytes
   */
  put(key: string, bytes: AsyncIterable<Uint8Array>, options?: { signal?: AbortSignal }): Promise<{ size: bigint }>;
  /**
   * Streams a range, end exclusive; the whole when no range is given. What comes is the reader's own. Throws Problem `not_found` for an
   * unknown key.
   */
  open(key: string, range?: { start: bigint; end: bigint }): Promise<AsyncIterable<Uint8Array>>;
  /** Size in bytes, or undefined when there is nothing under the key. */
  size(key: string): Promise<bigint | undefined>;
  /** Removing what is not there is no error. */
  delete(key: string): Promise<void>;
  /** Every key below a folder with its time of writing: finds what no row names. */
  list(folder: string): AsyncIterable<{ key: string; at: Date }>;
  /**
   * Removes what writes that were cut off by a crash have left, untouched since `before`.
   * @param named keeps what somebody still goes on with
   * @returns how many there were
   */
  discardUnfinished(before: Date, named?: (key: string) => Promise<boolean>): Promise<number>;
  /** Throws when the store cannot be written to. */
  check(): Promise<void>;
  /** Present when senders may write to the store themselves. */
  readonly direct?: DirectParts;
}

/** A part that has come straight to a store. */
export interface DirectPart {
  readonly number: number;
  readonly size: number;
}

/** Of a store that senders may write to themselves, in numbered parts of one object, with addresses that are signed for a while. */
export interface DirectParts {
  begin(key: string): Promise<string>;
  address(key: string, id: string, number: number, seconds: number): Promise<string>;
  arrived(key: string, id: string): Promise<DirectPart[]>;
  /** Joins what has arrived; done before is done. Returns the size of the whole. */
  complete(key: string, id: string): Promise<bigint>;
  abandon(key: string, id: string): Promise<void>;
}

/** Direct parts under a key of the storage. */
export interface Direct extends DirectParts {
  /** Reads what was completed, from its beginning. */
  open(key: string, range: { start: bigint; end: bigint }): Promise<AsyncIterable<Uint8Array>>;
  /**
   * Makes the body of a growing object of what was completed under another key: a Crypt4GH file for this archive. Its header is
   * opened, and everything behind it is the body. Throws KeyProblem as `adopt` does.
   */
  take(tx: Tx, taken: { key: string; piece: string; head: Uint8Array; size: bigint }): Promise<void>;
}

/** How an object is to grow. */
export interface GrowOptions {
  /** `open`: its sender has sealed the bytes that come (suite A); they are kept as they are and only looked into. */
  readonly way?: 'seal' | 'open';
  /** With `open`: the Crypt4GH header that its sender wrote for this archive; for the beginning only. */
  readonly deposit?: Uint8Array;
  /** Bytes that are expected, so that a short object takes little memory and no thread. */
  readonly expect?: number;
  /** Nobody else can write to this object, now or later: it is finished here or never was. */
  readonly alone?: boolean;
  /** Reads the plain bytes beside the sealing; they are its own until the promise resolves. */
  readonly also?: (plain: Uint8Array) => Promise<void> | void;
}

/** Bytes that are durable, and count from the transaction on in which they are kept. */
export interface Piece {
  /** Returns names of bytes that are no longer needed once the transaction is done: `delete` them. */
  keep(tx: Tx): Promise<string[]>;
  /** Where its bytes lie: who is refused to keep them deletes them. */
  readonly name: string | undefined;
}

/** A whole object, with what one pass over its plain bytes told. */
export interface Grown extends Piece {
  readonly size: bigint;
  readonly tree: Uint8Array;
  readonly sha256: string;
  readonly md5: string;
}

/** An object that bytes are pushed into as they come, over as many requests as it takes. */
export interface Growing {
  /** Takes the next bytes; await it before the next call. Throws Problem `storage_full`. */
  push(bytes: Uint8Array): Promise<void>;
  /** Makes durable what has come so far. */
  cut(): Promise<Piece>;
  /** Ends the object. */
  end(): Promise<Grown>;
  /** Takes bytes that are durable already, to know again what is known of them. */
  replay(bytes: AsyncIterable<Uint8Array>): Promise<void>;
  /** Lets go of threads and memory, and of what is not durable. */
  drop(): Promise<void>;
}

/** What the platform stands on: a blob store whose bytes are sealed, in one or several places, with what was noted of each. */
export interface Storage extends Omit<BlobStore, 'direct'> {
  /** Names of stores that do not answer. Throws when what is left of a placement is too little to write to. */
  away(): Promise<readonly string[]>;
  put(
    key: string,
    bytes: AsyncIterable<Uint8Array>,
    options?: { signal?: AbortSignal },
  ): Promise<{ size: bigint; tree: Uint8Array }>;
  /** Begins an object that grows. Nothing is noted of it before something of it is kept. */
  grow(key: string, options?: GrowOptions): Promise<Growing>;
  /** Goes on with an object of which something was kept; undefined when there is none such. Reads what is there once. */
  regrow(key: string, options?: GrowOptions): Promise<Growing | undefined>;
  /** For files of a folder, when a store that holds them lets senders write to it themselves. */
  directFor(key: string): Direct | undefined;
  /** The X25519 key that senders may encrypt files for (Crypt4GH); made at the first use. */
  depositKey(): Promise<Uint8Array>;
  /** Whether bytes under this name are a piece of an object. */
  isPiece(name: string): Promise<boolean>;
  /**
   * Reads every copy whole, holds it against what was noted when it was written, and makes good from a sound copy what is damaged,
   * missing or not there yet. Throws when nothing can be said because a store does not answer.
   */
  verify(key: string): Promise<Verification>;
  /** How an object is stored; undefined when there is none, or an earlier version wrote it in the clear. */
  describe(key: string): Promise<{ size: bigint; sealedSize: bigint; tree: Uint8Array; suite: SuiteId } | undefined>;
  /** Leaf hashes of the segments [from, to) and their proof; undefined when there are none such. */
  proof(key: string, from: number, to: number): Promise<RangeProof | undefined>;
  /** A Crypt4GH header of an object of suite A for a recipient's X25519 key. */
  headerFor(key: string, recipient: Uint8Array): Promise<Uint8Array>;
  /** The sealed body of an object, a range of it. */
  openSealed(key: string, range: { start: bigint; end: bigint }): Promise<AsyncIterable<Uint8Array>>;
  /** Keys of copies that were last read before a time or are known to be faulty, those that wait longest first. */
  due(before: Date, limit: number): Promise<{ key: string; size: bigint }[]>;
  /**
   * Puts headers under the current key version; bodies are not touched.
   * @returns how many headers were written
   */
  rewrap(): Promise<number>;
  /** Seals what an earlier version has written in the clear; returns how many objects there were. */
  sealPlain(folder: string, before: Date): Promise<number>;
}

export interface Verification {
  readonly verdict: 'sound' | 'mended' | 'damaged' | 'missing';
  /** Copies that were not sound. */
  readonly faults: readonly { readonly store: string; readonly reason: 'missing' | 'damaged' }[];
}
