import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Signs in the name of the installation. */
export interface Signer {
  /** SPKI in PEM, as it is kept beside each signature. */
  readonly publicKey: string;
  /** Ed25519 (RFC 8032) over the bytes, base64. */
  sign(content: Uint8Array): string;
}

/**
 * Opens the installation's Ed25519 key in `data/keys`, or makes it at the first use. The file is readable by its owner alone; of
 * several processes that make it at once, the first one's stays.
 */
export function openSigner(data: string, name: string): Signer {
  const folder = join(data, 'keys');
  const file = join(folder, `${name}.pem`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const key = read(file) ?? make(file);
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  return { publicKey, sign: (content) => sign(null, content, key).toString('base64') };
}

function read(file: string): KeyObject | undefined {
  try {
    return createPrivateKey(readFileSync(file));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function make(file: string): KeyObject {
  const { privateKey } = generateKeyPairSync('ed25519');
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flush: true });
  try {
    linkSync(aside, file);
    return privateKey;
  } catch (error) {
    const first = read(file);
    if (!first) throw error;
    return first;
  } finally {
    rmSync(aside, { force: true });
  }
}
