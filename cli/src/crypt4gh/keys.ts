import * as nodeModule from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Crypt4ghProblem, nodeCrypto, readPublicKey, readSecretKey, type SecretKey } from '@geneward/crypt4gh';
import { exit, Stop } from '../exit.ts';
import type { Output } from '../output.ts';
import { openTerminal } from './terminal.ts';

export const crypto = nodeCrypto(nodeModule);

/** `~` as a shell expands it, for paths from variables and from `--sk=~/key`. */
export const expand = (path: string): string => (/^~(?=\/|$)/.test(path) ? join(homedir(), path.slice(1)) : path);

export function readKeyFile(path: string): string {
  if (statSync(path).size > 65_536) throw new Crypt4ghProblem('key_format', { reason: 'larger than any key' });
  return readFileSync(path, 'utf8');
}

/** The secret key of `--sk` or `C4GH_SECRET_KEY`. Its passphrase comes from `C4GH_PASSPHRASE` or the terminal. */
export async function ownKey(sk: string | undefined, output: Output): Promise<SecretKey> {
  const given = sk ?? (process.env['C4GH_SECRET_KEY'] || undefined);
  if (given === undefined)
    throw new Stop(
      exit.usage,
      output.pick({ en: 'Give a secret key: --sk or C4GH_SECRET_KEY.', zh: '请提供私钥：--sk 或 C4GH_SECRET_KEY。' }),
    );
  const path = expand(given);
  if (!existsSync(path))
    throw new Stop(exit.faults, output.pick({ en: `Secret key not found: ${given}`, zh: `找不到私钥：${given}` }));
  return crypto.secretKey(await readSecretKey(crypto, readKeyFile(path), () => passphraseOf(given, true)));
}

/** With `data`, standard input carries a file and cannot be asked. */
export async function passphraseOf(name: string, data: boolean): Promise<string> {
  const told = process.env['C4GH_PASSPHRASE'];
  if (told) {
    process.stderr.write('Warning: Using a passphrase in an environment variable is insecure\n');
    return told;
  }
  const terminal = openTerminal({ data });
  try {
    const answer = await terminal.secret(`Passphrase for ${name}: `);
    if (answer === undefined) throw new Crypt4ghProblem('passphrase_needed');
    return answer;
  } finally {
    terminal.close();
  }
}

/** The public keys of `--recipient_pk`, each once. A file that does not exist is told and passed over. */
export function recipients(paths: readonly string[], output: Output): Uint8Array[] {
  const found = new Map<string, Uint8Array>();
  for (const path of paths.map(expand)) {
    if (!existsSync(path)) {
      output.warn({ en: `Recipient pubkey: ${path}, does not exist`, zh: `接收者公钥不存在：${path}` });
      continue;
    }
    const key = readPublicKey(readKeyFile(path));
    found.set(Buffer.from(key).toString('hex'), key);
  }
  if (found.size > 0) return [...found.values()];
  throw new Stop(exit.faults, output.pick({ en: "No Recipients' Public Key found", zh: '没有可用的接收者公钥' }));
}
