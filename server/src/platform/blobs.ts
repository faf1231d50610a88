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
  /** Streams a range, end exclusive; the whole when no range is given. Throws Problem `not_found` for an unknown key. */
  open(key: string, range?: { start: bigint; end: bigint }): Promise<AsyncIterable<Uint8Array>>;
  /** Size in bytes, or undefined when there is nothing under the key. */
  size(key: string): Promise<bigint | undefined>;
  /** Removing what is not there is no error. */
  delete(key: string): Promise<void>;
  /** Every key below a folder with its time of writing: finds what no row names. */
  list(folder: string): AsyncIterable<{ key: string; at: Date }>;
  /**
   * Removes what writes that were cut off by a crash have left, untouched since `before`.
   * @returns how many there were
   */
  discardUnfinished(before: Date): Promise<number>;
  /** Throws when the store cannot be written to. */
  check(): Promise<void>;
}
