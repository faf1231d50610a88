import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { newSm2Pair, sm2Open, sm2OpenForeign, sm2Seal } from './sm2.ts';
import { KeyProblem, type Suite } from './suite.ts';

const cipherKey = 16;
const macKey = 32;
const keySize = cipherKey + macKey;
/** C1 ‖ C3 ‖ C2 of a data key. */
const foreignSize = 64 + 32 + keySize;
const ivSize = 16;
const tagSize = 32;

/**
 * SM2 (GB/T 32918), SM3 (GB/T 32905), SM4 in counter mode (GB/T 32907). A data key is 16 bytes for SM4 and 32 for HMAC-SM3;
 * a segment is a random counter block, the cipher text, and the HMAC over the segment's number, the block and the cipher text
 * (encrypt, then authenticate), which binds segments to their order.
 */
export const suiteG: Suite = {
  id: 'G',
  keySize,
  overhead: ivSize + tagSize,
  newDataKey: () => randomBytes(keySize),
  newKeyPair: newSm2Pair,
  wrap: (dataKey, { secretKey }) => sm2Seal(dataKey, secretKey),
  unwrap(wrapped, { secretKey }) {
    // Before version 0.2 headers were wrapped with the public key alone.
    const foreign = wrapped.length === foreignSize;
    const dataKey = foreign ? sm2OpenForeign(wrapped, secretKey) : sm2Open(wrapped, secretKey);
    if (dataKey?.length === keySize) return dataKey;
    throw new KeyProblem('wrong_key', 'The header was not sealed for this key, or it was altered.');
  },
  seal(dataKey, index, plain, out) {
    const iv = randomBytes(ivSize);
    const cipher = createCipheriv('sm4-ctr', dataKey.subarray(0, cipherKey), iv);
    out.set(iv);
    out.set(cipher.update(plain), ivSize);
    out.set(tag(dataKey, index, out.subarray(0, ivSize + plain.length)), ivSize + plain.length);
  },
  open(dataKey, index, sealed, out) {
    const end = sealed.length - tagSize;
    if (end <= ivSize) return false;
    const covered = sealed.subarray(0, end);
    if (!timingSafeEqual(tag(dataKey, index, covered), sealed.subarray(end))) return false;
    const cipher = createDecipheriv('sm4-ctr', dataKey.subarray(0, cipherKey), covered.subarray(0, ivSize));
    out.set(cipher.update(covered.subarray(ivSize)));
    return true;
  },
};

function tag(dataKey: Uint8Array, index: number, covered: Uint8Array): Buffer {
  const number = Buffer.alloc(8);
  number.writeBigUInt64LE(BigInt(index));
  return createHmac('sm3', dataKey.subarray(cipherKey)).update(number).update(covered).digest();
}
