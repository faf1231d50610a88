import type { Crypto } from '../crypto/port.ts';
import { Crypt4ghProblem } from '../problem.ts';
import { bcryptPbkdf } from './bcrypt-pbkdf.ts';

/** A forged key file shall not keep the processor busy for hours. */
const mostRounds = { bcrypt: 1024, pbkdf2_hmac_sha256: 10_000_000 } as const;

/** A key from a passphrase as key files of Crypt4GH and OpenSSH name the ways. */
export function deriveKey(
  crypto: Crypto,
  way: string,
  passphrase: Uint8Array,
  salt: Uint8Array,
  rounds: number,
  length: number,
): Uint8Array {
  switch (way) {
    case 'scrypt':
      return crypto.scrypt(passphrase, salt, { N: 16_384, r: 8, p: 1 }, length);
    case 'bcrypt':
      limit(rounds, mostRounds.bcrypt);
      return bcryptPbkdf((bytes) => crypto.sha512(bytes), passphrase, salt, rounds, length);
    case 'pbkdf2_hmac_sha256':
      limit(rounds, mostRounds.pbkdf2_hmac_sha256);
      return crypto.pbkdf2Sha256(passphrase, salt, rounds, length);
    default:
      throw new Crypt4ghProblem('key_unsupported', { what: way });
  }
}

function limit(rounds: number, most: number): void {
  if (rounds < 1 || rounds > most) throw new Crypt4ghProblem('key_too_costly', { rounds, limit: most });
}
