import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { checkPrivate } from '../../../platform/keys/key-file.ts';
import { fingerprintOf } from '../../identity/index.ts';

/** A key by which clients know this installation again. */
export interface HostKey {
  readonly type: string;
  /** As SSH programs show it. */
  readonly fingerprint: string;
  /** The line of a `known_hosts` file, behind the name. */
  readonly publicKey: string;
  /** OpenSSH format. */
  readonly privateKey: string;
}

/** Ed25519 for everybody, ECDSA for clients from before 2014. */
const kinds = [
  { file: 'sftp-host-ed25519', make: () => ssh2.utils.generateKeyPairSync('ed25519') },
  { file: 'sftp-host-ecdsa', make: () => ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }) },
] as const;

/** The host keys in `data/keys`, made at the first use. Of several processes that make them at once, the first one's stay. */
export function openHostKeys(data: string): readonly HostKey[] {
  const folder = join(data, 'keys');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return kinds.map(({ file, make }) => {
    const path = join(folder, file);
    const privateKey = read(path) ?? keep(path, make().private);
    checkPrivate(path);
    const parsed = ssh2.utils.parseKey(privateKey);
    if (parsed instanceof Error) throw new Error(`${path} is no SSH key: ${parsed.message}`);
    const bytes = parsed.getPublicSSH();
    return {
      type: parsed.type,
      fingerprint: fingerprintOf(bytes),
      publicKey: `${parsed.type} ${bytes.toString('base64')}`,
      privateKey,
    };
  });
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function keep(path: string, text: string): string {
  const aside = `${path}.${process.pid}`;
  writeFileSync(aside, text, { mode: 0o600, flush: true });
  try {
    linkSync(aside, path);
    return text;
  } catch (error) {
    const first = read(path);
    if (first === undefined) throw error;
    return first;
  } finally {
    rmSync(aside, { force: true });
  }
}
