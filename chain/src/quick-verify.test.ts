import { ed25519PublicKey, portableSha256, signEd25519, utf8, verifyEd25519 } from '@geneward/merkle';
import { expect, it } from 'vitest';
import { quickVerify } from './quick-verify.ts';

const order = 2n ** 252n + 27742317777372353535851937790883648493n;

it('says yes only where the deciding routine does', () => {
  const quick = quickVerify();
  const seed = portableSha256(utf8('key'));
  const publicKey = ed25519PublicKey(seed);
  const message = utf8('message');
  const right = signEd25519(seed, message);
  expect(quick(publicKey, message, right)).toBe(true);
  const signatures = [right.slice(0, 63), Uint8Array.of(...right, 0), withS(right, scalar(right) + order)];
  for (let bit = 0; bit < 512; bit += 5) {
    const other = right.slice();
    other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    signatures.push(other);
  }
  // R as a point of low order and as an encoding beyond the field, each with S = 0 and with the right S.
  for (const r of [0n, 1n, 2n ** 255n - 19n, 2n ** 255n - 18n, 2n ** 255n - 20n, 2n ** 255n + 1n])
    for (const s of [0n, scalar(right)])
      signatures.push(withS(Uint8Array.of(...littleEndian(r), ...right.slice(32)), s));
  for (const signature of signatures)
    expect(quick(publicKey, message, signature) && !verifyEd25519(publicKey, message, signature)).toBe(false);
  expect(quick(new Uint8Array(31), message, right)).toBe(false);
});

const littleEndian = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, at) => Number((value >> BigInt(8 * at)) & 255n));
const scalar = (signature: Uint8Array): bigint =>
  signature.slice(32).reduce((sum, byte, at) => sum + (BigInt(byte) << BigInt(8 * at)), 0n);
const withS = (signature: Uint8Array, s: bigint): Uint8Array =>
  Uint8Array.of(...signature.slice(0, 32), ...littleEndian(s));
