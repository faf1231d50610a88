import { ascii } from '../bytes.ts';
import type { Crypto } from '../crypto/port.ts';
import { c4ghMagic, openC4ghKey, type AskPassphrase } from './c4gh.ts';
import { openOpensshKey, openOpensshPublicKey, opensshMagic } from './openssh.ts';
import { fromPem, keyFileLimit, malformed } from './pem.ts';

/**
 * Reads the text of a secret key file, `c4gh-v1` or OpenSSH ed25519: the X25519 secret key, 32 bytes. Throws `key_format`,
 * `key_unsupported`, `key_too_costly`, `passphrase_wrong`.
 */
export async function readSecretKey(crypto: Crypto, text: string, ask: AskPassphrase): Promise<Uint8Array> {
  const { bytes } = fromPem(text);
  if (startsWith(bytes, c4ghMagic)) return openC4ghKey(crypto, bytes, ask);
  if (startsWith(bytes, opensshMagic)) return openOpensshKey(crypto, bytes, ask);
  throw malformed('it is neither c4gh-v1 nor openssh-key-v1');
}

/** Reads the text of a public key file: the X25519 public key, 32 bytes. */
export function readPublicKey(text: string): Uint8Array {
  if (text.length > keyFileLimit) throw malformed('larger than any key');
  if (text.trimStart().startsWith('ssh-')) return openOpensshPublicKey(text.trim().split(/\r?\n/, 1)[0] ?? '');
  const { label, bytes } = fromPem(text);
  if (!label.includes('PUBLIC')) throw malformed('it is no public key');
  if (bytes.length !== 32) throw malformed('a public key is 32 bytes long');
  return bytes;
}

const startsWith = (bytes: Uint8Array, magic: string): boolean => ascii(bytes.subarray(0, magic.length)) === magic;
