import type { Suite, SuiteId } from './suite.ts';

/** The key of an object, opened. It stays in memory and is never written. */
export interface ObjectKey {
  readonly suite: Suite;
  readonly dataKey: Uint8Array;
}

/**
 * Holds the key-encryption keys and lends them out without giving them away: a sealed file by default; a hardware module or a
 * service of the institution answers through the same port.
 */
export interface KeyService {
  /** The newest key version of a suite: what new objects are wrapped with. */
  current(suite: SuiteId): Promise<number>;
  /** A fresh data key and the header that carries it, under the current key of the configured suite. */
  newKey(): Promise<ObjectKey & { readonly header: Uint8Array }>;
  /** Opens a header. Throws KeyProblem `wrong_key`, `unknown_key`, `header_malformed`. */
  open(header: Uint8Array): Promise<ObjectKey>;
  /** The same data key under the current key version of its suite. */
  rewrap(header: Uint8Array): Promise<Uint8Array>;
  /** Adds a key version; older ones stay for what they have wrapped. Returns its number. */
  rotate(suite: SuiteId): Promise<number>;
}
