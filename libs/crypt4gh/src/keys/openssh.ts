import { ed25519 } from '@noble/curves/ed25519.js';
import { ascii, equal, Fields, fromBase64, utf8 } from '../bytes.ts';
import type { Crypto } from '../crypto/port.ts';
import { Crypt4ghProblem } from '../problem.ts';
import { printable, type AskPassphrase } from './c4gh.ts';
import { deriveKey } from './derive.ts';
import { malformed } from './pem.ts';

export const opensshMagic = 'openssh-key-v1\0';
const algorithm = 'ssh-ed25519';

const ciphers: Readonly<Record<string, { readonly mode: 'ctr' | 'cbc'; readonly key: number } | undefined>> = {
  'aes128-ctr': { mode: 'ctr', key: 16 },
  'aes192-ctr': { mode: 'ctr', key: 24 },
  'aes256-ctr': { mode: 'ctr', key: 32 },
  'aes128-cbc': { mode: 'cbc', key: 16 },
  'aes192-cbc': { mode: 'cbc', key: 24 },
  'aes256-cbc': { mode: 'cbc', key: 32 },
};

const reader = (bytes: Uint8Array) => {
  const fields = new Fields(bytes, 'key_format', { reason: 'it is cut short' });
  return { fields, string: () => fields.take(fields.u32be()) };
};

/** Opens the bytes of an OpenSSH secret key (PROTOCOL.key) of type ed25519: the X25519 secret key that belongs to it. */
export async function openOpensshKey(crypto: Crypto, bytes: Uint8Array, ask: AskPassphrase): Promise<Uint8Array> {
  const { fields, string } = reader(bytes);
  fields.take(opensshMagic.length);
  const cipher = ascii(string());
  const way = ascii(string());
  const options = string();
  if (fields.u32be() !== 1) throw malformed('it holds more than one key');
  string();
  const sealed = string();
  if (cipher === 'none') return secretOf(crypto, sealed, malformed('its check numbers differ'));
  const known = ciphers[cipher];
  if (!known) throw new Crypt4ghProblem('key_unsupported', { what: printable(cipher) });
  if (sealed.length % 16 !== 0) throw malformed('its parts do not fit');
  const { fields: given, string: option } = reader(options);
  const salt = option();
  const derived = deriveKey(crypto, printable(way), utf8(await ask()), salt, given.u32be(), known.key + 16);
  const open = crypto.aesDecrypt(known.mode, derived.subarray(0, known.key), derived.subarray(known.key), sealed);
  return secretOf(crypto, open, new Crypt4ghProblem('passphrase_wrong'));
}

/** Two equal check numbers, then the key: its type, public key, and seed with public key. */
function secretOf(crypto: Crypto, bytes: Uint8Array, differs: Crypt4ghProblem): Uint8Array {
  const { fields, string } = reader(bytes);
  if (!equal(fields.take(4), fields.take(4))) throw differs;
  const type = ascii(string());
  if (type !== algorithm) throw new Crypt4ghProblem('key_unsupported', { what: printable(type) });
  const publicKey = string();
  const pair = string();
  if (pair.length !== 64 || !equal(pair.subarray(32), publicKey)) throw malformed('its parts do not fit');
  // RFC 8032 section 5.1.5: the scalar is the clamped first half of the hash; X25519 clamps it again.
  return Uint8Array.from(crypto.sha512(pair.subarray(0, 32)).subarray(0, 32));
}

/** Reads the line of an OpenSSH public key: the X25519 public key that belongs to it. */
export function openOpensshPublicKey(line: string): Uint8Array {
  const [type = '', text = ''] = line.trim().split(/\s+/);
  if (type !== algorithm) throw new Crypt4ghProblem('key_unsupported', { what: printable(type) });
  const bytes = fromBase64(text);
  if (!bytes) throw malformed('what follows ssh-ed25519 is not base64');
  const { string } = reader(bytes);
  const named = ascii(string());
  const point = string();
  if (named !== algorithm || point.length !== 32) throw malformed('its parts do not fit');
  try {
    if (ed25519.Point.fromBytes(point).isSmallOrder()) throw new Error('small order');
    return ed25519.utils.toMontgomery(point);
  } catch {
    throw new Crypt4ghProblem('public_key_weak');
  }
}
