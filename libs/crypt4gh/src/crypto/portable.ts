import { cbc, ctr } from '@noble/ciphers/aes.js';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { randomBytes } from '@noble/ciphers/utils.js';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { blake2b } from '@noble/hashes/blake2.js';
import { md5 } from '@noble/hashes/legacy.js';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { scrypt } from '@noble/hashes/scrypt.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import type { Crypto, SecretKey, SigningKey } from './port.ts';

/**
 * The same primitives in JavaScript, for browsers and anywhere else. WebCrypto is no candidate: it has neither
 * ChaCha20-Poly1305 nor BLAKE2b nor MD5, and its X25519 is not in every browser.
 */
export const portableCrypto: Crypto = {
  randomBytes: (length) => randomBytes(length),
  secretKey(bytes): SecretKey {
    const secret = Uint8Array.from(bytes);
    return {
      publicKey: x25519.getPublicKey(secret),
      agree(peer) {
        try {
          return x25519.getSharedSecret(secret, peer);
        } catch {
          return undefined;
        }
      },
    };
  },
  seal(key, nonce, plain, extra, out) {
    out.set(chacha20poly1305(key, nonce, extra).encrypt(plain));
  },
  open(key, nonce, sealed, extra, out) {
    try {
      out.set(chacha20poly1305(key, nonce, extra).decrypt(sealed));
      return true;
    } catch {
      return false;
    }
  },
  blake2b512: (bytes) => blake2b(bytes, { dkLen: 64 }),
  sha512: (bytes) => sha512(bytes),
  sha256(...parts) {
    const hash = sha256.create();
    for (const part of parts) hash.update(part);
    return hash.digest();
  },
  startSha256: () => sha256.create(),
  startMd5: () => md5.create(),
  scrypt: (passphrase, salt, { N, r, p }, length) => scrypt(passphrase, salt, { N, r, p, dkLen: length }),
  pbkdf2Sha256: (passphrase, salt, rounds, length) => pbkdf2(sha256, passphrase, salt, { c: rounds, dkLen: length }),
  aesDecrypt: (mode, key, iv, sealed) =>
    mode === 'ctr' ? ctr(key, iv).decrypt(sealed) : cbc(key, iv, { disablePadding: true }).decrypt(sealed),
  signingKey(seed): SigningKey {
    const secret = Uint8Array.from(seed);
    return { publicKey: ed25519.getPublicKey(secret), sign: (message) => ed25519.sign(message, secret) };
  },
  verify(publicKey, message, signature) {
    try {
      return ed25519.verify(signature, message, publicKey, { zip215: false });
    } catch {
      return false;
    }
  },
};
