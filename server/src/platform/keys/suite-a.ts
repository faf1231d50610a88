import * as node from 'node:crypto';
import {
  Crypt4ghProblem,
  nodeCrypto,
  openHeader,
  parseHeader,
  sealHeader,
  type Crypto,
  type SecretKey,
} from '@geneward/crypt4gh';
import { KeyProblem, type KeyPair, type Suite } from './suite.ts';

export const crypto: Crypto = nodeCrypto(node);

const prepared = new Map<string, SecretKey>();
/** Keys of an installation are few; each is prepared once. */
function secretOf({ secretKey }: KeyPair): SecretKey {
  const name = Buffer.from(secretKey).toString('base64');
  const known = prepared.get(name) ?? crypto.secretKey(secretKey);
  prepared.set(name, known);
  return known;
}

/**
 * The one data key of a Crypt4GH header that a sender wrote for one of these keys. What the body cannot be kept with as it is, is
 * refused: an edit list, several data keys, the ordered method. Throws {@link KeyProblem}.
 */
export function openDeposit(header: Uint8Array, keys: readonly KeyPair[]): Uint8Array {
  try {
    const { dataKeys, editList } = openHeader(crypto, parseHeader(header), { keys: keys.map(secretOf) });
    const [only, ...others] = dataKeys;
    if (editList) throw new KeyProblem('header_refused', 'edit list');
    if (!only || others.length > 0) throw new KeyProblem('header_refused', 'several data keys');
    if (only.sequence !== undefined) throw new KeyProblem('header_refused', 'ordered segments');
    return only.key;
  } catch (error) {
    if (!(error instanceof Crypt4ghProblem)) throw error;
    const code = error.code === 'no_key_fits' ? 'wrong_key' : 'header_malformed';
    throw new KeyProblem(code, error.code, { cause: error });
  }
}

const nonceSize = 12;

/**
 * X25519, ChaCha20-Poly1305, SHA-256: a wrapped key is a Crypt4GH 1.0 header, the segments are its data section, so that
 * header and body together are a Crypt4GH file.
 */
export const suiteA: Suite = {
  id: 'A',
  keySize: 32,
  overhead: 28,
  newDataKey: () => crypto.randomBytes(32),
  newKeyPair() {
    const secretKey = crypto.randomBytes(32);
    return { secretKey, publicKey: crypto.secretKey(secretKey).publicKey };
  },
  wrap: (dataKey, to) =>
    sealHeader(crypto, { dataKeys: [{ key: dataKey }] }, { writer: secretOf(to), readers: [to.publicKey] }),
  unwrap(wrapped, by) {
    try {
      const [first] = openHeader(crypto, parseHeader(wrapped), { keys: [secretOf(by)] }).dataKeys;
      if (first) return first.key;
    } catch (error) {
      if (!(error instanceof Crypt4ghProblem)) throw error;
    }
    throw new KeyProblem('wrong_key', 'The header was not sealed for this key, or it was altered.');
  },
  seal(dataKey, _index, plain, out) {
    const nonce = crypto.randomBytes(nonceSize);
    out.set(nonce);
    crypto.seal(dataKey, nonce, plain, undefined, out.subarray(nonceSize));
  },
  open(dataKey, _index, sealed, out) {
    if (sealed.length <= 28) return false;
    return crypto.open(dataKey, sealed.subarray(0, nonceSize), sealed.subarray(nonceSize), undefined, out);
  },
};
