/**
 * One set of algorithms for everything that happens to a stored object: how its data key is wrapped and how its segments are
 * sealed. The letter stands in every header, so a store may hold objects of several suites at once.
 */
export interface Suite {
  readonly id: SuiteId;
  /** Bytes of a data key. */
  readonly keySize: number;
  /** Bytes that a sealed segment is longer than its plain bytes. */
  readonly overhead: number;
  /** A fresh random key for one object. */
  newDataKey(): Uint8Array;
  /** A pair of which the public half wraps data keys and the secret half unwraps them. */
  newKeyPair(): KeyPair;
  wrap(dataKey: Uint8Array, to: KeyPair): Uint8Array;
  /** Wraps several at once where that is cheaper than one by one. */
  wrapTogether?(dataKeys: readonly Uint8Array[], to: KeyPair): Uint8Array[];
  /** Throws {@link KeyProblem} `wrong_key`. */
  unwrap(wrapped: Uint8Array, by: KeyPair): Uint8Array;
  /** Seals a plain segment of at most 64 KiB into `out`, which is `overhead` longer. */
  seal(dataKey: Uint8Array, index: number, plain: Uint8Array, out: Uint8Array): void;
  /** Opens a sealed segment into `out`; false, and `out` then holds nothing of use, when it was altered. */
  open(dataKey: Uint8Array, index: number, sealed: Uint8Array, out: Uint8Array): boolean;
}

export const suiteIds = ['A', 'G'] as const;
export type SuiteId = (typeof suiteIds)[number];

export interface KeyPair {
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}

/** A header, key file or holder of keys that cannot be used. The message says how to mend it. */
export class KeyProblem extends Error {
  readonly code:
    | 'wrong_key'
    | 'unknown_key'
    | 'header_malformed'
    | 'header_refused'
    | 'key_file'
    /** The module or service does not answer: it may later. */
    | 'keys_away'
    /** It answers and does not let us, or a setting is wrong. */
    | 'keys_refused';
  constructor(code: KeyProblem['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'KeyProblem';
    this.code = code;
  }
}
