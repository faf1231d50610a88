import { ascii, concat, Fields, toU16be, toU32be, utf8 } from '../bytes.ts';
import type { Crypto } from '../crypto/port.ts';
import { Crypt4ghProblem } from '../problem.ts';
import { deriveKey } from './derive.ts';
import { malformed, toPem } from './pem.ts';

/** Asks for the passphrase of a key; called only when the key is locked. */
export type AskPassphrase = () => string | Promise<string>;

export const c4ghMagic = 'c4gh-v1';
const cipher = 'chacha20_poly1305';

/** Opens the bytes of a `c4gh-v1` key file: the X25519 secret key, 32 bytes. */
export async function openC4ghKey(crypto: Crypto, bytes: Uint8Array, ask: AskPassphrase): Promise<Uint8Array> {
  const fields = new Fields(bytes, 'key_format', { reason: 'it is cut short' });
  fields.take(c4ghMagic.length);
  const string = () => fields.take(fields.u16be());
  const way = ascii(string());
  const options = way === 'none' ? undefined : string();
  const sealedWith = ascii(string());
  const blob = string();
  if (sealedWith === 'none') return checked(blob);
  if (sealedWith !== cipher) throw new Crypt4ghProblem('key_unsupported', { what: printable(sealedWith) });
  if (!options || options.length < 4 || blob.length !== 12 + 32 + 16) throw malformed('its parts do not fit');
  const [a = 0, b = 0, c = 0, d = 0] = options;
  const rounds = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  const key = deriveKey(crypto, printable(way), utf8(await ask()), options.subarray(4), rounds, 32);
  const secret = new Uint8Array(32);
  if (!crypto.open(key, blob.subarray(0, 12), blob.subarray(12), undefined, secret))
    throw new Crypt4ghProblem('passphrase_wrong');
  return secret;
}

/** How a secret key is locked: `scrypt` is what the reference writes, `bcrypt` what implementations without it read. */
export interface Lock {
  readonly passphrase: string;
  readonly way?: 'scrypt' | 'bcrypt';
}

/** Writes a `c4gh-v1` key file, locked unless there is no passphrase. */
export function writeSecretKey(
  crypto: Crypto,
  secret: Uint8Array,
  options: { readonly lock?: Lock | undefined; readonly comment?: string | undefined } = {},
): string {
  const { lock, comment } = options;
  const string = (bytes: Uint8Array) => concat(toU16be(bytes.length), bytes);
  const locked = lock ? lockedFields(crypto, secret, lock) : [utf8('none'), utf8('none'), secret];
  const fields = comment === undefined ? locked : [...locked, utf8(comment)];
  return toPem('CRYPT4GH PRIVATE KEY', concat(utf8(c4ghMagic), ...fields.map(string)));
}

function lockedFields(crypto: Crypto, secret: Uint8Array, { passphrase, way = 'scrypt' }: Lock): Uint8Array[] {
  const rounds = way === 'scrypt' ? 0 : 100;
  const salt = crypto.randomBytes(16);
  const nonce = crypto.randomBytes(12);
  const sealed = new Uint8Array(48);
  crypto.seal(deriveKey(crypto, way, utf8(passphrase), salt, rounds, 32), nonce, secret, undefined, sealed);
  return [utf8(way), concat(toU32be(rounds), salt), utf8(cipher), concat(nonce, sealed)];
}

export const writePublicKey = (publicKey: Uint8Array): string => toPem('CRYPT4GH PUBLIC KEY', publicKey);

function checked(secret: Uint8Array): Uint8Array {
  if (secret.length !== 32) throw malformed('the secret is not 32 bytes long');
  return Uint8Array.from(secret);
}

/** A name from a file that may hold anything, fit to be shown. */
export const printable = (name: string): string => name.replaceAll(/[^ -~]/g, '?').slice(0, 40);
