import { createHash, createPublicKey, verify } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { expect, it } from 'vitest';
import { concat, utf8 } from './bytes.ts';
import { isSoundKey, verifyEd25519 } from './signature.ts';

const { Point, utils } = ed25519;
const scalarOf = (bytes: Uint8Array): bigint =>
  bytes.reduce((sum, byte, at) => sum + (BigInt(byte) << BigInt(8 * at)), 0n);
const littleEndian = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, at) => Number((value >> BigInt(8 * at)) & 255n));

/** What three routines say of one signature. */
function verdicts(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) {
  const x = Buffer.from(publicKey).toString('base64url');
  const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } });
  return {
    openssl: verify(undefined, message, key, signature),
    zip215: ed25519.verify(signature, message, publicKey, { zip215: true }),
    ours: verifyEd25519(publicKey, message, signature),
  };
}

/** Eight points of low order, in every encoding (Chalkias and others, Taming the many EdDSAs, table 6b). */
const lowOrder = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '0000000000000000000000000000000000000000000000000000000000000000',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  '0100000000000000000000000000000000000000000000000000000000000080',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
].map((hex) => Uint8Array.from(Buffer.from(hex, 'hex')));

it('takes no key of low order, in whatever encoding, and none with a part of low order', () => {
  expect(lowOrder.filter(isSoundKey)).toEqual([]);
  const mixed = Point.BASE.multiply(7n).add(Point.fromBytes(lowOrder[4] ?? new Uint8Array(), true));
  expect([isSoundKey(mixed.toBytes()), isSoundKey(Point.BASE.multiply(7n).toBytes())]).toEqual([false, true]);
});

it('decides alone where libraries judge a signature of a sound key differently', () => {
  const { scalar, pointBytes } = utils.getExtendedPublicKey(new Uint8Array(32).fill(5));
  const torsion = Point.fromBytes(lowOrder[4] ?? new Uint8Array(), true);
  for (let n = 0; n < 8; n += 1) {
    const message = utf8(`message ${n}`);
    const nonce = 1000n + BigInt(n);
    // R with a part of order 8: the equation with the cofactor holds, the one without does not.
    const r = Point.BASE.multiply(nonce).add(torsion).toBytes();
    const k = scalarOf(
      createHash('sha512')
        .update(concat(r, pointBytes, message))
        .digest(),
    );
    const signature = concat(r, littleEndian(Point.Fn.create(nonce + k * scalar)));
    expect(verdicts(pointBytes, message, signature)).toEqual({ openssl: false, zip215: true, ours: true });
  }
});

it('refuses under a key of low order what other libraries accept for any message', () => {
  const identity = lowOrder[0] ?? new Uint8Array();
  const forged = concat(identity, new Uint8Array(32));
  expect(verdicts(identity, utf8('anything'), forged)).toMatchObject({ zip215: true, ours: false });
});
