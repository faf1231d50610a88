import { ed25519 } from '@noble/curves/ed25519.js';

/** Length of an Ed25519 key or seed, and of a signature, in bytes. */
export const ed25519KeyLength = 32;
export const ed25519SignatureLength = 64;

/**
 * The one routine by which signatures are judged, everywhere and by all: libraries differ on edge cases, and a log that some
 * accept and others refuse is split. RFC 8032 strictly: canonical encodings only, S below the order, no point of low order.
 */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== ed25519KeyLength || signature.length !== ed25519SignatureLength) return false;
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false;
  }
}

/** True for a key that signatures can be trusted under: a canonical point that is not of low order. */
export function isSoundKey(publicKey: Uint8Array): boolean {
  try {
    const point = ed25519.Point.fromBytes(publicKey, false);
    return !point.isSmallOrder() && point.isTorsionFree();
  } catch {
    return false;
  }
}

/** @param seed 32 secret bytes */
export const signEd25519 = (seed: Uint8Array, message: Uint8Array): Uint8Array => ed25519.sign(message, seed);
export const ed25519PublicKey = (seed: Uint8Array): Uint8Array => ed25519.getPublicKey(seed);

/** ML-DSA-44 (FIPS 204), for those who bring it: `ml_dsa44` of @noble/post-quantum fits. */
export interface MlDsa44 {
  sign(message: Uint8Array, secretKey: Uint8Array): Uint8Array;
  verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
}

export const mlDsa44KeyLength = 1312;
export const mlDsa44SignatureLength = 2420;
