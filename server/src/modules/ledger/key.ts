import { createPublicKey } from 'node:crypto';
import { formatVerifierKey, fromBase64, keyTypes, verifierOf, type Signer, type Verifier } from '@geneward/merkle';
import type { Config } from '../../platform/config.ts';
import type { Db } from '../../platform/db.ts';
import { openSigner } from '../../platform/keys/signer.ts';
import { readState } from './store.ts';

/** The log's name and its key, which signs checkpoints and statements. */
export interface LogKey extends Signer {
  readonly verifier: Verifier;
  /** As policies name it. */
  readonly text: string;
  /** Ed25519 over any bytes. */
  readonly signBytes: (bytes: Uint8Array) => Uint8Array;
}

/** The raw public key and the signing of the installation's log key, made at the first use. */
function openKey(data: string): { publicKey: Uint8Array; sign: (bytes: Uint8Array) => Uint8Array } {
  const signer = openSigner(data, 'ledger');
  const { x = '' } = createPublicKey(signer.publicKey).export({ format: 'jwk' });
  return { publicKey: Buffer.from(x, 'base64url'), sign: (bytes) => fromBase64(signer.sign(bytes)) };
}

/** @param origin the name of the log; made from the key when there is none yet */
function logKey(data: string, origin: string | undefined): LogKey {
  const { publicKey, sign } = openKey(data);
  const name = origin ?? `geneward.local/${Buffer.from(publicKey.subarray(0, 8)).toString('hex')}`;
  const verifier = soundVerifier(name, publicKey);
  return {
    name,
    id: verifier.id,
    verifier,
    text: formatVerifierKey(verifier),
    signBytes: sign,
    sign: (text) => sign(Buffer.from(text)),
  };
}

const known = new Map<string, Verifier>();

/** To find out that a key is sound takes a millisecond; it is found out once. */
function soundVerifier(name: string, publicKey: Uint8Array): Verifier {
  const id = `${name} ${Buffer.from(publicKey).toString('hex')}`;
  const verifier = known.get(id) ?? verifierOf(name, keyTypes.ed25519, publicKey);
  known.set(id, verifier);
  return verifier;
}

/** The key of this installation's log, under the name that it has had from the first start on. */
export async function ownKey(db: Db, { data, ledger }: Config): Promise<LogKey> {
  const { origin } = await readState(db);
  return logKey(data, origin ?? ledger.origin);
}
