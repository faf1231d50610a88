/**
 * The primitives that Crypt4GH, its key files and the segment manifest stand on. `nodeCrypto(crypto)` and
 * `portableCrypto` both have all of them and are held to the same vectors. Everything is synchronous.
 */
export interface Crypto {
  randomBytes(length: number): Uint8Array;

  /** Prepares an X25519 secret key (32 bytes) once, so that every use after that is cheap. */
  secretKey(bytes: Uint8Array): SecretKey;

  /** ChaCha20-Poly1305 (RFC 8439): writes ciphertext and 16-byte tag to the start of `out`. */
  seal(key: Uint8Array, nonce: Uint8Array, plain: Uint8Array, extra: Uint8Array | undefined, out: Uint8Array): void;
  /** Writes the plain text to the start of `out`; false, and `out` then holds nothing of use, when the tag does not fit. */
  open(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, extra: Uint8Array | undefined, out: Uint8Array): boolean;

  blake2b512(bytes: Uint8Array): Uint8Array;
  sha512(bytes: Uint8Array): Uint8Array;
  /** SHA-256 of the parts, one after the other. */
  sha256(...parts: readonly Uint8Array[]): Uint8Array;
  startSha256(): Hash;
  startMd5(): Hash;

  scrypt(passphrase: Uint8Array, salt: Uint8Array, cost: ScryptCost, length: number): Uint8Array;
  pbkdf2Sha256(passphrase: Uint8Array, salt: Uint8Array, rounds: number, length: number): Uint8Array;
  /** AES of the key's length; `cbc` removes no padding. */
  aesDecrypt(mode: 'ctr' | 'cbc', key: Uint8Array, iv: Uint8Array, sealed: Uint8Array): Uint8Array;

  /** Prepares an Ed25519 seed (32 bytes, RFC 8032) for signing. */
  signingKey(seed: Uint8Array): SigningKey;
  /** Ed25519 verification (RFC 8032 section 5.1.7); a key or signature that is none is false. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

export interface SecretKey {
  /** 32 bytes: X25519(secret, 9). */
  readonly publicKey: Uint8Array;
  /** X25519 with a public key of 32 bytes; undefined when it is of small order (RFC 7748 section 6.1). */
  agree(publicKey: Uint8Array): Uint8Array | undefined;
}

export interface SigningKey {
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

export interface Hash {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}

export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}
