import { concat, utf8 } from './bytes.ts';

/** SM2 signatures over SM3 (GM/T 0003.2, with the user id of GM/T 0009), for those who bring them: `sm2By`. */
export interface Sm2 {
  /** @returns r and s, 32 bytes each */
  sign(message: Uint8Array, secretKey: Uint8Array): Uint8Array;
  verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
  /** The point of a secret key, uncompressed. */
  publicKey(secretKey: Uint8Array): Uint8Array;
  /** A point of the curve. */
  isSound(publicKey: Uint8Array): boolean;
}

/** An uncompressed point, and a signature, in bytes. */
export const sm2KeyLength = 65;
export const sm2SignatureLength = 64;

/**
 * C2SP signed-note has no number for SM2. Types without one are 0xff and a word that nobody else uses, and only then the key.
 */
export const sm2Word = utf8('geneward/sm2-cosignature/v1\n');

/** The public key as it stands in a verifier key: the word, and the point. */
export const sm2PublicKey = (point: Uint8Array): Uint8Array => concat(sm2Word, point);

/** What is needed of the npm package `sm-crypto-v2`. */
export interface SmCrypto {
  doSignature(message: Uint8Array, secretKey: string, options: { hash: true; der: false }): string;
  doVerifySignature(
    message: Uint8Array,
    signature: string,
    publicKey: string,
    options: { hash: true; der: false },
  ): boolean;
  verifyPublicKey(publicKey: string): boolean;
  getPublicKeyFromPrivateKey(secretKey: string): string;
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const bytesOf = (digits: string): Uint8Array =>
  Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const plain = { hash: true, der: false } as const;

/** SM2 by that package. A signature that it cannot read, or with a part of zero, is wrong. */
export const sm2By = (library: SmCrypto): Sm2 => ({
  sign: (message, secretKey) => bytesOf(library.doSignature(message, hex(secretKey), plain)),
  publicKey: (secretKey) => bytesOf(library.getPublicKeyFromPrivateKey(hex(secretKey))),
  verify(signature, message, publicKey) {
    const zero = (part: Uint8Array) => part.every((byte) => byte === 0);
    if (signature.length !== sm2SignatureLength || zero(signature.subarray(0, 32)) || zero(signature.subarray(32)))
      return false;
    try {
      return library.doVerifySignature(message, hex(signature), hex(publicKey), plain);
    } catch {
      return false;
    }
  },
  isSound(publicKey) {
    try {
      return publicKey.length === sm2KeyLength && publicKey[0] === 4 && library.verifyPublicKey(hex(publicKey));
    } catch {
      return false;
    }
  },
});
