import { spent } from '../bytes.ts';
import type { Crypto, Hash, SecretKey, SigningKey } from './port.ts';

/** The part of `node:crypto` that is used here, so that the module itself can be passed in and is never imported. */
export interface NodeCrypto {
  randomFillSync(bytes: Uint8Array): unknown;
  createPrivateKey(options: { key: never; format: 'der'; type: 'pkcs8' }): KeyObject;
  createPublicKey(key: never): KeyObject;
  createSecretKey(key: Uint8Array): object;
  diffieHellman(options: { privateKey: never; publicKey: never }): Uint8Array;
  createCipheriv(
    algorithm: 'chacha20-poly1305',
    key: never,
    iv: Uint8Array,
    options: { authTagLength: number },
  ): Cipher & { getAuthTag(): Uint8Array };
  createDecipheriv(
    algorithm: 'chacha20-poly1305',
    key: never,
    iv: Uint8Array,
    options: { authTagLength: number },
  ): Cipher & { setAuthTag(tag: Uint8Array): unknown };
  createDecipheriv(algorithm: string, key: Uint8Array, iv: Uint8Array): Cipher;
  createHash(algorithm: string): NodeHash;
  scryptSync(
    passphrase: Uint8Array,
    salt: Uint8Array,
    length: number,
    options: { N: number; r: number; p: number; maxmem: number },
  ): Uint8Array;
  pbkdf2Sync(passphrase: Uint8Array, salt: Uint8Array, rounds: number, length: number, digest: string): Uint8Array;
  sign(algorithm: null, message: Uint8Array, key: never): Uint8Array;
  verify(algorithm: null, message: Uint8Array, key: never, signature: Uint8Array): boolean;
}

interface KeyObject {
  export(options: { format: 'der'; type: 'spki' }): Uint8Array;
}
interface Cipher {
  setAAD(bytes: Uint8Array, options?: { plaintextLength: number }): unknown;
  setAutoPadding(on: boolean): unknown;
  update(bytes: Uint8Array): Uint8Array;
  final(): Uint8Array;
}
interface NodeHash {
  update(bytes: Uint8Array): NodeHash;
  digest(): Uint8Array;
}

/** PKCS #8 and SubjectPublicKeyInfo up to the 32 bytes of the key (RFC 8410 sections 4 and 7); 0x6e X25519, 0x70 Ed25519. */
const pkcs8 = (curve: number) => Uint8Array.of(48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, curve, 4, 34, 4, 32);
const spki = (curve: number) => Uint8Array.of(48, 42, 48, 5, 6, 3, 43, 101, curve, 3, 33, 0);
const x25519 = 0x6e;
const ed25519 = 0x70;
const sealOptions = { authTagLength: 16 } as const;

/** How many prepared public keys are kept: a service re-encrypts from few writers to few readers again and again. */
const keptKeys = 512;

/** The primitives of OpenSSL: `nodeCrypto(crypto)` with `import * as crypto from 'node:crypto'`. */
export function nodeCrypto(node: NodeCrypto): Crypto {
  const prepared = new Map<string, KeyObject>();
  const der = (prefix: Uint8Array, key: Uint8Array) => {
    const bytes = new Uint8Array(prefix.length + 32);
    bytes.set(prefix);
    bytes.set(key, prefix.length);
    return bytes;
  };
  const privateKey = (curve: number, bytes: Uint8Array) =>
    node.createPrivateKey({ key: der(pkcs8(curve), bytes) as never, format: 'der', type: 'pkcs8' });
  const rawPublic = (key: KeyObject) =>
    Uint8Array.from(
      node
        .createPublicKey(key as never)
        .export({ format: 'der', type: 'spki' })
        .subarray(-32),
    );
  const publicKey = (curve: number, bytes: Uint8Array) => {
    const name = `${curve} ${String.fromCharCode(...bytes)}`;
    const known = prepared.get(name);
    if (known) return known;
    const key = node.createPublicKey({ key: der(spki(curve), bytes), format: 'der', type: 'spki' } as never);
    const [oldest] = prepared.keys();
    if (prepared.size >= keptKeys && oldest !== undefined) prepared.delete(oldest);
    prepared.set(name, key);
    return key;
  };
  // Segment after segment comes under the same key: it is imported once.
  let lastKey: Uint8Array | undefined;
  let lastSecret: object | undefined;
  const secret = (key: Uint8Array) => {
    if (key !== lastKey) lastSecret = node.createSecretKey(key);
    lastKey = key;
    return lastSecret as never;
  };
  /** What a cipher gives lies in memory of its own. */
  const moveTo = (out: Uint8Array, bytes: Uint8Array) => {
    out.set(bytes);
    spent(bytes);
  };
  const hash = (name: string, bytes: Uint8Array) => node.createHash(name).update(bytes).digest();

  return {
    randomBytes(length) {
      const bytes = new Uint8Array(length);
      node.randomFillSync(bytes);
      return bytes;
    },
    secretKey(bytes): SecretKey {
      const key = privateKey(x25519, bytes);
      return {
        publicKey: rawPublic(key),
        agree(peer) {
          try {
            return node.diffieHellman({ privateKey: key as never, publicKey: publicKey(x25519, peer) as never });
          } catch {
            return undefined;
          }
        },
      };
    },
    seal(key, nonce, plain, extra, out) {
      const cipher = node.createCipheriv('chacha20-poly1305', secret(key), nonce, sealOptions);
      if (extra) cipher.setAAD(extra, { plaintextLength: plain.length });
      moveTo(out, cipher.update(plain));
      cipher.final();
      out.set(cipher.getAuthTag(), plain.length);
    },
    open(key, nonce, sealed, extra, out) {
      const end = sealed.length - 16;
      const cipher = node.createDecipheriv('chacha20-poly1305', secret(key), nonce, sealOptions);
      cipher.setAuthTag(sealed.subarray(end));
      if (extra) cipher.setAAD(extra, { plaintextLength: end });
      const plain = cipher.update(sealed.subarray(0, end));
      try {
        cipher.final();
      } catch {
        return false;
      }
      moveTo(out, plain);
      return true;
    },
    blake2b512: (bytes) => hash('blake2b512', bytes),
    sha512: (bytes) => hash('sha512', bytes),
    sha256(...parts) {
      const hashing = node.createHash('sha256');
      for (const part of parts) hashing.update(part);
      return hashing.digest();
    },
    startSha256: (): Hash => node.createHash('sha256'),
    startMd5: (): Hash => node.createHash('md5'),
    scrypt: (passphrase, salt, cost, length) =>
      node.scryptSync(passphrase, salt, length, { ...cost, maxmem: 256 * cost.N * cost.r }),
    pbkdf2Sha256: (passphrase, salt, rounds, length) => node.pbkdf2Sync(passphrase, salt, rounds, length, 'sha256'),
    aesDecrypt(mode, key, iv, sealed) {
      const cipher = node.createDecipheriv(`aes-${key.length * 8}-${mode}`, key, iv);
      cipher.setAutoPadding(false);
      return cipher.update(sealed);
    },
    signingKey(seed): SigningKey {
      const key = privateKey(ed25519, seed);
      return { publicKey: rawPublic(key), sign: (message) => node.sign(null, message, key as never) };
    },
    verify(key, message, signature) {
      if (key.length !== 32 || signature.length !== 64) return false;
      try {
        return node.verify(null, message, publicKey(ed25519, key) as never, signature);
      } catch {
        return false;
      }
    },
  };
}
