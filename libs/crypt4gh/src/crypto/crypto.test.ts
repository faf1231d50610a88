import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex, utf8 } from '../bytes.ts';
import { cryptos, fromHex } from '../test/sample.ts';
import { nodeCrypto } from './node.ts';
import { portableCrypto } from './portable.ts';

const abc = utf8('abc');

describe.each(cryptos)('%s', (_, crypto) => {
  test('X25519: RFC 7748 section 5.2; a point of small order agrees on nothing', () => {
    const secret = crypto.secretKey(fromHex('a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4'));
    const point = fromHex('e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c');
    expect(hex(secret.agree(point) ?? abc)).toBe('c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552');
    expect(secret.agree(new Uint8Array(32))).toBeUndefined();
    expect(secret.agree(Uint8Array.from({ length: 32 }, (__, i) => (i === 0 ? 1 : 0)))).toBeUndefined();
  });

  test('ChaCha20-Poly1305: RFC 8439 section 2.8.2', () => {
    const key = Uint8Array.from({ length: 32 }, (__, i) => 0x80 + i);
    const nonce = fromHex('070000004041424344454647');
    const extra = fromHex('50515253c0c1c2c3c4c5c6c7');
    const plain = utf8(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
    );
    const sealed = new Uint8Array(plain.length + 16);
    crypto.seal(key, nonce, plain, extra, sealed);
    expect(hex(sealed.subarray(0, 16))).toBe('d31a8d34648e60db7b86afbc53ef7ec2');
    expect(hex(sealed.subarray(-16))).toBe('1ae10b594f09e26a7e902ecbd0600691');
    const opened = new Uint8Array(plain.length);
    expect(crypto.open(key, nonce, sealed, extra, opened)).toBe(true);
    expect(opened).toEqual(plain);
    sealed[3] = (sealed[3] ?? 0) ^ 1;
    expect(crypto.open(key, nonce, sealed, extra, opened)).toBe(false);
  });

  test('hashes: "abc" of RFC 1321, RFC 7693 and FIPS 180-4', () => {
    const md5 = crypto.startMd5();
    md5.update(utf8('a'));
    md5.update(utf8('bc'));
    expect(hex(md5.digest())).toBe('900150983cd24fb0d6963f7d28e17f72');
    const sha256 = crypto.startSha256();
    sha256.update(abc);
    expect(hex(sha256.digest())).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(crypto.sha256(utf8('a'), utf8('bc'))).toEqual(crypto.sha256(abc));
    expect(hex(crypto.sha512(abc)).slice(0, 32)).toBe('ddaf35a193617abacc417349ae204131');
    expect(hex(crypto.blake2b512(abc)).slice(0, 64)).toBe(
      'ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1',
    );
  });

  test('keys from passphrases: RFC 7914 sections 11 and 12', () => {
    const cost = { N: 1024, r: 8, p: 16 };
    expect(hex(crypto.scrypt(utf8('password'), utf8('NaCl'), cost, 32))).toBe(
      'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162',
    );
    expect(hex(crypto.pbkdf2Sha256(utf8('passwd'), utf8('salt'), 1, 32))).toBe(
      '55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc',
    );
  });

  test('AES: NIST SP 800-38A F.2.2 and F.5.6', () => {
    const plain = '6bc1bee22e409f96e93d7e117393172a';
    const cbcKey = fromHex('2b7e151628aed2a6abf7158809cf4f3c');
    const cbcIv = fromHex('000102030405060708090a0b0c0d0e0f');
    expect(hex(crypto.aesDecrypt('cbc', cbcKey, cbcIv, fromHex('7649abac8119b246cee98e9b12e9197d')))).toBe(plain);
    const ctrKey = fromHex('603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4');
    const ctrIv = fromHex('f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff');
    expect(hex(crypto.aesDecrypt('ctr', ctrKey, ctrIv, fromHex('601ec313775789a5b7a7f504bbf3d228')))).toBe(plain);
  });

  test('Ed25519: RFC 8032 section 7.1; what is no key or signature is false', () => {
    const key = crypto.signingKey(fromHex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'));
    const nothing = new Uint8Array(0);
    expect(hex(key.publicKey)).toBe('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
    const signature = key.sign(nothing);
    expect(hex(signature)).toBe(
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    );
    expect(crypto.verify(key.publicKey, nothing, signature)).toBe(true);
    expect(crypto.verify(key.publicKey, abc, signature)).toBe(false);
    expect(crypto.verify(key.publicKey.subarray(1), nothing, signature)).toBe(false);
    expect(crypto.verify(new Uint8Array(32).fill(0xff), nothing, signature)).toBe(false);
    expect(crypto.verify(key.publicKey, nothing, nothing)).toBe(false);
  });
});

test('both agree on what is sealed, agreed and signed', async () => {
  const node = nodeCrypto(await import('node:crypto'));
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  fc.assert(
    fc.property(bytes(32), bytes(32), bytes(12), fc.uint8Array({ maxLength: 300 }), (a, b, nonce, plain) => {
      const mine = node.secretKey(a);
      const theirs = portableCrypto.secretKey(b);
      const key = mine.agree(theirs.publicKey) ?? new Uint8Array(0);
      expect(hex(theirs.agree(mine.publicKey) ?? new Uint8Array(1))).toBe(hex(key));
      const sealed = new Uint8Array(plain.length + 16);
      node.seal(key, nonce, plain, undefined, sealed);
      const opened = new Uint8Array(plain.length);
      expect(portableCrypto.open(key, nonce, sealed, undefined, opened)).toBe(true);
      expect(hex(opened)).toBe(hex(plain));
      const signer = portableCrypto.signingKey(a);
      expect(node.verify(signer.publicKey, plain, signer.sign(plain))).toBe(true);
    }),
    { numRuns: 30 },
  );
});
