import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { newSm2Pair, sm2Open, sm2OpenForeign, sm2Seal, sm2SealedSize } from './sm2.ts';
import { KeyProblem, type Suite } from './suite.ts';

const cipherKey = 16;
const macKey = 32;
const keySize = cipherKey + macKey;
/** C1 ‖ C3 ‖ C2 of a data key. */
const foreignSize = 64 + 32 + keySize;
const ivSize = 16;
const tagSize = 32;
const overhead = ivSize + tagSize;
/** A data key that was wrapped with others: their common key, then the data key sealed under it. */
const togetherSize = sm2SealedSize(keySize) + keySize + overhead;

/**
 * SM2 (GB/T 32918), SM3 (GB/T 32905), SM4 in counter mode (GB/T 32907). A data key is 16 bytes for SM4 and 32 for HMAC-SM3;
 * a segment is a random counter block, the cipher text, and the HMAC over the segment's number, the block and the cipher text
 * (encrypt, then authenticate), which binds segments to their order. Data keys that are wrapped together lie under one common
 * key, sealed like segments, and SM2 wraps the common key: one product of a point for all of them.
 */
export const suiteG: Suite = {
  id: 'G',
  keySize,
  overhead,
  newDataKey: () => randomBytes(keySize),
  newKeyPair: newSm2Pair,
  wrap: (dataKey, { secretKey }) => sm2Seal(dataKey, secretKey),
  wrapTogether(dataKeys, { secretKey }) {
    const common = randomBytes(keySize);
    const wrapped = sm2Seal(common, secretKey);
    return dataKeys.map((dataKey) => {
      const out = new Uint8Array(togetherSize);
      out.set(wrapped);
      seal(common, 0, dataKey, out.subarray(wrapped.length));
      return out;
    });
  },
  unwrap(wrapped, { secretKey }) {
    const dataKey = opened(wrapped, secretKey);
    if (dataKey?.length === keySize) return dataKey;
    throw new KeyProblem('wrong_key', 'The header was not sealed for this key, or it was altered.');
  },
  seal,
  open,
};

function opened(wrapped: Uint8Array, secretKey: Uint8Array): Uint8Array | undefined {
  // Before version 0.2 headers were wrapped with the public key alone.
  if (wrapped.length === foreignSize) return sm2OpenForeign(wrapped, secretKey);
  if (wrapped.length !== togetherSize) return sm2Open(wrapped, secretKey);
  const split = sm2SealedSize(keySize);
  const common = commonKey(wrapped.subarray(0, split), secretKey);
  const dataKey = new Uint8Array(keySize);
  return common && open(common, 0, wrapped.subarray(split), dataKey) ? dataKey : undefined;
}

/** The last common keys that were opened: headers that were wrapped together are asked for together. */
const recent: { readonly wrapped: Buffer; readonly secretKey: Buffer; readonly common: Uint8Array }[] = [];
const recentKeys = 8;

function commonKey(wrapped: Uint8Array, secretKey: Uint8Array): Uint8Array | undefined {
  const known = recent.find((one) => one.wrapped.equals(wrapped) && timingSafeEqual(one.secretKey, secretKey));
  if (known) return known.common;
  const common = sm2Open(wrapped, secretKey);
  if (common?.length !== keySize) return undefined;
  recent.unshift({ wrapped: Buffer.from(wrapped), secretKey: Buffer.from(secretKey), common });
  recent.length = Math.min(recent.length, recentKeys);
  return common;
}

function seal(dataKey: Uint8Array, index: number, plain: Uint8Array, out: Uint8Array): void {
  const iv = randomBytes(ivSize);
  const cipher = createCipheriv('sm4-ctr', dataKey.subarray(0, cipherKey), iv);
  out.set(iv);
  out.set(cipher.update(plain), ivSize);
  out.set(tag(dataKey, index, out.subarray(0, ivSize + plain.length)), ivSize + plain.length);
}

function open(dataKey: Uint8Array, index: number, sealed: Uint8Array, out: Uint8Array): boolean {
  const end = sealed.length - tagSize;
  if (end <= ivSize) return false;
  const covered = sealed.subarray(0, end);
  if (!timingSafeEqual(tag(dataKey, index, covered), sealed.subarray(end))) return false;
  const cipher = createDecipheriv('sm4-ctr', dataKey.subarray(0, cipherKey), covered.subarray(0, ivSize));
  out.set(cipher.update(covered.subarray(ivSize)));
  return true;
}

function tag(dataKey: Uint8Array, index: number, covered: Uint8Array): Buffer {
  const number = Buffer.alloc(8);
  number.writeBigUInt64LE(BigInt(index));
  return createHmac('sm3', dataKey.subarray(cipherKey)).update(number).update(covered).digest();
}
