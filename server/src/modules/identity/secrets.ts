import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** 256 bits that nobody can guess, in 43 characters that pass through links and headers unchanged. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored of a secret. It has 256 bits of its own, so one fast hash is enough. */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** A token is its prefix, a secret and the CRC-32 of both, so that scanners of leaked secrets recognise it without asking. */
export function newToken(prefix = 'gw_'): string {
  const body = `${prefix}${newSecret()}`;
  return body + checksum(body);
}

/** Whether a text can be a token at all: what is mistyped or cut costs no query. */
export function isToken(text: string, prefix = 'gw_'): boolean {
  if (!text.startsWith(prefix)) return false;
  return /^[\w-]{43}[0-9a-f]{8}$/.test(text.slice(prefix.length)) && checksum(text.slice(0, -8)) === text.slice(-8);
}

const checksum = (body: string) => crc32(body).toString(16).padStart(8, '0');
