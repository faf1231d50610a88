import { concat, equal, fromBase64, toBase64, uint64, utf8 } from './bytes.ts';
import { parseCheckpointText } from './checkpoint-text.ts';
import { LogError } from './error.ts';
import { portableSha256 } from './hash.ts';
import {
  ed25519KeyLength,
  ed25519PublicKey,
  ed25519SignatureLength,
  isSoundKey,
  mlDsa44KeyLength,
  mlDsa44SignatureLength,
  signEd25519,
  verifyEd25519,
  type MlDsa44,
} from './signature.ts';
import { sm2KeyLength, sm2PublicKey, sm2SignatureLength, sm2Word, type Sm2 } from './sm2.ts';

/** Signature types of C2SP signed-note: of a note, and of a cosigner who says when. */
export const keyTypes = {
  ed25519: 0x01,
  cosignature: 0x04,
  mlDsa44Cosignature: 0x06,
  /** A type without a number of its own; the word that follows says that it is SM2. */
  sm2Cosignature: 0xff,
} as const;
type KeyType = (typeof keyTypes)[keyof typeof keyTypes];

/** Signatures beside Ed25519, as far as whoever calls brings them. */
export interface Algorithms {
  readonly mlDsa44?: MlDsa44;
  readonly sm2?: Sm2;
}

/** A key that judges lines of a note. */
export interface Verifier {
  readonly name: string;
  /** First four bytes of the key's hash, big-endian. */
  readonly id: number;
  readonly type: KeyType;
  readonly publicKey: Uint8Array;
  /** The seconds since 1970 at which a cosigner signed, 0 where the line does not tell; undefined when the signature is wrong. */
  verify(text: string, signature: Uint8Array): bigint | undefined;
}

/** A key that makes lines of a note. */
export interface Signer {
  readonly name: string;
  readonly id: number;
  /** @param time seconds since 1970, of which only cosigners speak */
  sign(text: string, time: bigint): Uint8Array;
}

/** Key names are not empty and hold neither blanks nor `+`. */
export const isKeyName = (name: string): boolean =>
  // oxlint-disable-next-line no-control-regex -- what a note may not hold either
  name !== '' && !/[\s+\u0000-\u001f\u0085]/u.test(name);

function keyId(name: string, type: KeyType, publicKey: Uint8Array): number {
  const hash = portableSha256(concat(utf8(`${name}\n`), Uint8Array.of(type), publicKey));
  return new DataView(hash.buffer, hash.byteOffset).getUint32(0);
}

/** `name+id+base64(type, key)`: how a public key is written down (C2SP signed-note, verifier keys). */
export function formatVerifierKey(key: Pick<Verifier, 'name' | 'type' | 'publicKey'>): string {
  const { name, type, publicKey } = key;
  const id = keyId(name, type, publicKey).toString(16).padStart(8, '0');
  return `${name}+${id}+${toBase64(concat(Uint8Array.of(type), publicKey))}`;
}

/**
 * Reads a public key. Keys of low order, under which anything verifies, are refused.
 * @throws LogError `key_malformed`
 */
export function parseVerifierKey(text: string, more: Algorithms = {}): Verifier {
  const [, name = '', id = '', encoded = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/s.exec(text) ?? [];
  if (!isKeyName(name)) throw new LogError('key_malformed', 'not a key of the form name+id+key');
  const bytes = fromBase64(encoded);
  const [type = 0] = bytes;
  const verifier = verifierOf(name, type, bytes.slice(1), more);
  if (verifier.id !== Number.parseInt(id, 16)) throw new LogError('key_malformed', 'the id does not fit the key');
  return verifier;
}

/** The verifier of a key at hand. @throws LogError `key_malformed` */
export function verifierOf(
  name: string,
  type: number,
  publicKey: Uint8Array,
  { mlDsa44, sm2 }: Algorithms = {},
): Verifier {
  if (!isKeyName(name)) throw new LogError('key_malformed', 'a key needs a name without blanks');
  switch (type) {
    case keyTypes.ed25519:
      return {
        ...keyed(name, type, soundEd25519(publicKey)),
        verify: (text, signature) => (verifyEd25519(publicKey, utf8(text), signature) ? 0n : undefined),
      };
    case keyTypes.cosignature:
      return {
        ...keyed(name, type, soundEd25519(publicKey)),
        verify(text, signature) {
          if (signature.length !== 8 + ed25519SignatureLength) return undefined;
          const time = timeOf(signature);
          return time !== undefined && verifyEd25519(publicKey, cosigned(text, time), signature.subarray(8))
            ? time
            : undefined;
        },
      };
    case keyTypes.mlDsa44Cosignature: {
      if (publicKey.length !== mlDsa44KeyLength) throw new LogError('key_malformed', 'not an ML-DSA-44 key');
      if (!mlDsa44) throw new LogError('key_malformed', 'ML-DSA-44 is not available here');
      return {
        ...keyed(name, type, publicKey),
        verify(text, signature) {
          if (signature.length !== 8 + mlDsa44SignatureLength) return undefined;
          const time = timeOf(signature);
          return time !== undefined && mlDsa44.verify(signature.subarray(8), subtreeSigned(name, text, time), publicKey)
            ? time
            : undefined;
        },
      };
    }
    case keyTypes.sm2Cosignature: {
      const point = publicKey.subarray(sm2Word.length);
      if (!equal(publicKey.subarray(0, sm2Word.length), sm2Word) || point.length !== sm2KeyLength)
        throw new LogError('key_malformed', 'not an SM2 key');
      if (!sm2) throw new LogError('key_malformed', 'SM2 is not available here');
      if (!sm2.isSound(point)) throw new LogError('key_malformed', 'not a sound SM2 key');
      return {
        ...keyed(name, type, publicKey),
        verify(text, signature) {
          if (signature.length !== 8 + sm2SignatureLength) return undefined;
          const time = timeOf(signature);
          return time !== undefined && sm2.verify(signature.subarray(8), cosigned(text, time), point)
            ? time
            : undefined;
        },
      };
    }
    default:
      throw new LogError('key_malformed', `signature type ${type} is not known`);
  }
}

const keyed = <T extends KeyType>(name: string, type: T, publicKey: Uint8Array) => ({
  name,
  type,
  publicKey,
  id: keyId(name, type, publicKey),
});

function soundEd25519(publicKey: Uint8Array): Uint8Array {
  if (publicKey.length !== ed25519KeyLength || !isSoundKey(publicKey))
    throw new LogError('key_malformed', 'not a sound Ed25519 key');
  return publicKey;
}

/** Signs notes as a log does. @param seed 32 secret bytes */
export function noteSigner(name: string, seed: Uint8Array): Signer {
  const { id } = verifierOf(name, keyTypes.ed25519, ed25519PublicKey(seed));
  return { name, id, sign: (text) => signEd25519(seed, utf8(text)) };
}

/** Cosigns checkpoints as a witness does: C2SP tlog-cosignature, Ed25519. @param seed 32 secret bytes */
export function cosigner(name: string, seed: Uint8Array): Signer {
  const { id } = verifierOf(name, keyTypes.cosignature, ed25519PublicKey(seed));
  return { name, id, sign: (text, time) => concat(uint64(time), signEd25519(seed, cosigned(text, time))) };
}

/** The same with ML-DSA-44, which holds against quantum computers. */
export function mlDsa44Cosigner(
  name: string,
  keys: { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array },
  mlDsa44: MlDsa44,
): Signer {
  const { id } = verifierOf(name, keyTypes.mlDsa44Cosignature, keys.publicKey, { mlDsa44 });
  return {
    name,
    id,
    sign: (text, time) => concat(uint64(time), mlDsa44.sign(subtreeSigned(name, text, time), keys.secretKey)),
  };
}

/** The same with SM2. @param keys the point, uncompressed, and 32 secret bytes */
export function sm2Cosigner(
  name: string,
  keys: { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array },
  sm2: Sm2,
): Signer {
  const { id } = verifierOf(name, keyTypes.sm2Cosignature, sm2PublicKey(keys.publicKey), { sm2 });
  return {
    name,
    id,
    sign: (text, time) => concat(uint64(time), sm2.sign(cosigned(text, time), keys.secretKey)),
  };
}

const cosigned = (text: string, time: bigint): Uint8Array => utf8(`cosignature/v1\ntime ${time}\n${text}`);

/** `cosigned_message` of tlog-cosignature: the tree head without extension lines, as bytes. */
function subtreeSigned(name: string, text: string, time: bigint): Uint8Array {
  const { origin, size, root } = parseCheckpointText(text);
  return concat(utf8('subtree/v1\n\0'), opaque(name), uint64(time), opaque(origin), uint64(0n), uint64(size), root);
}

function opaque(text: string): Uint8Array {
  const bytes = utf8(text);
  if (bytes.length > 255)
    throw new LogError('checkpoint_malformed', 'a name of more than 255 bytes cannot be cosigned');
  return concat(Uint8Array.of(bytes.length), bytes);
}

/** Seconds since 1970 before a cosignature; undefined from 2^63 on. */
function timeOf(signature: Uint8Array): bigint | undefined {
  const time = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
  return time < 1n << 63n ? time : undefined;
}

/** Same key material, whatever it is called. */
export const isSameKey = (a: Verifier, b: Verifier): boolean => equal(a.publicKey, b.publicKey);
