import { createECDH, createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { sm2 } from 'sm-crypto-v2';
import type { KeyPair } from './suite.ts';

const curve = 'SM2';
/** Order of the base point (GB/T 32918.5). */
const order = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
const fieldSize = 32;
const pointSize = 2 * fieldSize;
const hashSize = 32;
const saltSize = 16;
const tagSize = 16;

/** A pair as GB/T 32918.1 names it: d, and P = [d]G in its uncompressed form. */
export function newSm2Pair(): KeyPair {
  const pair = createECDH(curve);
  const publicKey = pair.generateKeys();
  return { publicKey, secretKey: toBytes(toNumber(pair.getPrivateKey())) };
}

/**
 * SM2 encryption (GB/T 32918.4) by the holder of the secret key d for itself: a salt, a tag, then C1 ‖ C3 ‖ C2 as every SM2
 * program with d opens it. The random k of the standard is drawn from d and the salt, so that its holder finds it again: the
 * shared point is then [kd]G on both sides, a product of the base point, for which OpenSSL is twelve times as quick as
 * JavaScript is with any other point.
 */
export function sm2Seal(plain: Uint8Array, secretKey: Uint8Array): Uint8Array {
  for (;;) {
    const salt = randomBytes(saltSize);
    const k = drawn(secretKey, salt);
    const c1 = basePoint(k);
    const shared = basePoint((k * toNumber(secretKey)) % order);
    const mask = keyStream(shared, plain.length);
    // A.5 of the standard: a stream of zeros would send the plain text; draw again.
    if (mask.every((byte) => byte === 0)) continue;
    const sealed = Buffer.concat([c1, digest(shared, plain), xor(plain, mask)]);
    return Buffer.concat([salt, tagOf(secretKey, salt, sealed), sealed]);
  }
}

/** Bytes of what {@link sm2Seal} makes of so many. */
export const sm2SealedSize = (length: number): number => saltSize + tagSize + pointSize + hashSize + length;

/** Opens what {@link sm2Seal} made; undefined when it was altered or is for another key. */
export function sm2Open(bytes: Uint8Array, secretKey: Uint8Array): Uint8Array | undefined {
  const salt = bytes.subarray(0, saltSize);
  const sealed = bytes.subarray(saltSize + tagSize);
  if (sealed.length <= pointSize + hashSize) return undefined;
  if (!timingSafeEqual(tagOf(secretKey, salt, sealed), bytes.subarray(saltSize, saltSize + tagSize))) return undefined;
  const shared = basePoint((drawn(secretKey, salt) * toNumber(secretKey)) % order);
  const c2 = sealed.subarray(pointSize + hashSize);
  const plain = xor(c2, keyStream(shared, c2.length));
  return timingSafeEqual(digest(shared, plain), sealed.subarray(pointSize, pointSize + hashSize)) ? plain : undefined;
}

/** Opens C1 ‖ C3 ‖ C2 without a salt, as any program with the public key makes it; undefined when it does not open. */
export function sm2OpenForeign(sealed: Uint8Array, secretKey: Uint8Array): Uint8Array | undefined {
  try {
    return sm2.doDecrypt(hex(sealed), hex(secretKey), 1, { output: 'array' });
  } catch {
    // A point that is not on the curve: bytes that were never sealed.
    return undefined;
  }
}

/** k from d and a salt: 512 bits of HMAC-SM3, so that the remainder is as good as evenly drawn from 1 to n - 1. */
function drawn(secretKey: Uint8Array, salt: Uint8Array): bigint {
  const half = (nth: number) => createHmac('sm3', secretKey).update(`k${nth}`).update(salt).digest();
  return (toNumber(Buffer.concat([half(0), half(1)])) % (order - 1n)) + 1n;
}

function tagOf(secretKey: Uint8Array, salt: Uint8Array, sealed: Uint8Array): Buffer {
  return createHmac('sm3', secretKey).update('t').update(salt).update(sealed).digest().subarray(0, tagSize);
}

/** [k]G as x ‖ y. */
function basePoint(k: bigint): Buffer {
  const pair = createECDH(curve);
  pair.setPrivateKey(toBytes(k));
  return pair.getPublicKey().subarray(1);
}

/** The key derivation of GB/T 32918.4 section 5.4.3: SM3 over the shared point and a counter. */
function keyStream(point: Uint8Array, length: number): Buffer {
  const blocks: Buffer[] = [];
  for (let counter = 1, have = 0; have < length; counter += 1, have += hashSize) {
    const number = Buffer.alloc(4);
    number.writeUInt32BE(counter);
    blocks.push(createHash('sm3').update(point).update(number).digest());
  }
  return Buffer.concat(blocks).subarray(0, length);
}

const digest = (point: Uint8Array, plain: Uint8Array): Buffer =>
  createHash('sm3').update(point.subarray(0, fieldSize)).update(plain).update(point.subarray(fieldSize)).digest();

const xor = (bytes: Uint8Array, mask: Uint8Array): Uint8Array => bytes.map((byte, at) => byte ^ (mask[at] ?? 0));

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const toNumber = (bytes: Uint8Array): bigint => BigInt(`0x${hex(bytes)}`);
const toBytes = (number: bigint): Buffer => Buffer.from(number.toString(16).padStart(pointSize, '0'), 'hex');
