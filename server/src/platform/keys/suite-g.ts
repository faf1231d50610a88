import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { sm2 } from 'sm-crypto-v2';
import { KeyProblem, type KeyPair, type Suite } from './suite.ts';

const cipherKey = 16;
const macKey = 32;
const keySize = cipherKey + macKey;
const ivSize = 16;
const tagSize = 32;

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/**
 * SM2 (GB/T 32918), SM3 (GB/T 32905), SM4 in counter mode (GB/T 32907). A data key is 16 bytes for SM4 and 32 for HMAC-SM3;
 * a segment is a random counter block, the cipher text, and the HMAC over the segment's number, the block and the cipher text
 * (encrypt, then authenticate), which binds segments to their order.
 */
export const suiteG: Suite = {
  id: 'G',
  overhead: ivSize + tagSize,
  newDataKey: () => randomBytes(keySize),
  newKeyPair() {
    const { privateKey, publicKey } = sm2.generateKeyPairHex();
    return { secretKey: Buffer.from(privateKey, 'hex'), publicKey: Buffer.from(publicKey, 'hex') };
  },
  // Mode 1: C1 ‖ C3 ‖ C2, the order of GB/T 32918.4-2016.
  wrap: (dataKey, { publicKey }) => Buffer.from(sm2.doEncrypt(dataKey, hex(publicKey), 1), 'hex'),
  unwrap(wrapped, { secretKey }) {
    const dataKey = decrypted(wrapped, secretKey);
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

function decrypted(wrapped: Uint8Array, secretKey: KeyPair['secretKey']): Uint8Array | undefined {
  try {
    return sm2.doDecrypt(hex(wrapped), hex(secretKey), 1, { output: 'array' });
  } catch {
    // A point that is not on the curve: bytes that were never a header.
    return undefined;
  }
}

function tag(dataKey: Uint8Array, index: number, covered: Uint8Array): Buffer {
  const number = Buffer.alloc(8);
  number.writeBigUInt64LE(BigInt(index));
  return createHmac('sm3', dataKey.subarray(cipherKey)).update(number).update(covered).digest();
}
