import type { HolderId } from './header.ts';
import type { SuiteId } from './suite.ts';

/** A wrapped data key, and the version of the key-encryption key that wrapped it. */
export interface WrappedKey {
  readonly version: number;
  readonly wrapped: Uint8Array;
}

/**
 * Holds key-encryption keys and wraps data keys with them: a sealed file by default, a hardware module (PKCS#11), a service of
 * the institution (transit). Its own keys never leave it. Every function answers in the order in which it was asked.
 */
export interface KeyHolder {
  readonly id: HolderId;
  /** The newest version; the first one is made when there is none. */
  current(suite: SuiteId): Promise<number>;
  /** Wraps with the newest version. */
  wrap(suite: SuiteId, dataKeys: readonly Uint8Array[]): Promise<readonly WrappedKey[]>;
  /** Throws KeyProblem `wrong_key`, `unknown_key`. */
  unwrap(suite: SuiteId, keys: readonly WrappedKey[]): Promise<readonly Uint8Array[]>;
  /** The same data keys under the newest version, for a holder that does so inside: they do not pass through our memory. */
  rewrap?(suite: SuiteId, keys: readonly WrappedKey[]): Promise<readonly WrappedKey[]>;
  /** Adds a version; older ones stay for what they have wrapped. Returns its number. */
  rotate(suite: SuiteId): Promise<number>;
}
