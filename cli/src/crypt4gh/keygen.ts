import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { readSecretKey, writePublicKey, writeSecretKey } from '@geneward/crypt4gh';
import { exit, Stop } from '../exit.ts';
import type { Output } from '../output.ts';
import { crypto, expand, passphraseOf, readKeyFile } from './keys.ts';
import { openTerminal, type Terminal } from './terminal.ts';

export interface KeygenOptions {
  readonly sk?: string;
  readonly pk?: string;
  readonly C?: string;
  readonly nocrypt?: boolean;
  readonly f?: boolean;
  readonly relock?: boolean;
}

/** Makes a key pair, or locks a secret key anew, with the words and questions of `crypt4gh-keygen`. */
export async function keygen(options: KeygenOptions, output: Output): Promise<number> {
  const secretName = options.sk ?? (process.env['C4GH_SECRET_KEY'] || '~/.c4gh/key');
  const publicName = options.pk ?? (process.env['C4GH_PUBLIC_KEY'] || '~/.c4gh/key.pub');
  const terminal = openTerminal({ data: false });
  try {
    if (options.relock === true) return await relock(expand(secretName), secretName, options, terminal, output);
    const [secretPath, publicPath] = [expand(secretName), expand(publicName)];
    output.say(`Generating public/private Crypt4GH key pair${options.C ? ` (for ${options.C})` : ''}.`);
    const passphrase = options.nocrypt === true ? '' : await newPassphrase('', secretName, terminal, output);
    for (const path of [publicPath, secretPath])
      if (!(await roomFor(path, options, terminal))) {
        output.say('Ok. Fair enough. Exiting.');
        return exit.done;
      }
    const secret = crypto.randomBytes(32);
    writeKey(secretPath, locked(secret, passphrase, options), 0o400);
    writeKey(publicPath, writePublicKey(crypto.secretKey(secret).publicKey), 0o666 & ~process.umask());
    output.result({ secretKey: secretPath, publicKey: publicPath }, () =>
      [`Your private key has been saved in ${secretPath}`, `Your public key has been saved in ${publicPath}`].join(
        '\n',
      ),
    );
    return exit.done;
  } finally {
    terminal.close();
  }
}

async function relock(
  path: string,
  name: string,
  options: KeygenOptions,
  terminal: Terminal,
  output: Output,
): Promise<number> {
  output.say(`Relocking secret key ${name}${options.C ? ` (for ${options.C})` : ''}.`);
  if (!existsSync(path)) throw new Stop(exit.faults, `Secret key ${path} not found`);
  const ask = async () => process.env['C4GH_PASSPHRASE'] ?? (await terminal.secret(`Passphrase for ${name}: `)) ?? '';
  const secret = await readSecretKey(crypto, readKeyFile(path), ask);
  const passphrase = options.nocrypt === true ? '' : await newPassphrase('new ', name, terminal, output);
  writeKey(path, locked(secret, passphrase, options), 0o400);
  output.result({ secretKey: path }, () => `Your private key has been relocked in ${path}`);
  return exit.done;
}

/** Asked twice. Where nobody can be asked, `C4GH_PASSPHRASE` is taken for a new key. */
async function newPassphrase(kind: string, name: string, terminal: Terminal, output: Output): Promise<string> {
  const first = await terminal.secret(`Enter ${kind}passphrase for ${name} (empty for no passphrase): `);
  if (first === undefined && kind === '' && process.env['C4GH_PASSPHRASE']) return passphraseOf(name, true);
  const second = await terminal.secret(`Enter ${kind}passphrase for ${name} (again): `);
  if (first === undefined || second === undefined)
    throw new Stop(
      exit.usage,
      output.pick({
        en: 'Nobody is there to ask for a passphrase: give --nocrypt or C4GH_PASSPHRASE.',
        zh: '无法询问口令：请使用 --nocrypt 或 C4GH_PASSPHRASE。',
      }),
    );
  if (first === second) return first;
  throw new Stop(exit.faults, output.pick({ en: 'Passphrases do not match', zh: '两次输入的口令不一致' }));
}

function locked(secret: Uint8Array, passphrase: string, options: KeygenOptions): string {
  if (passphrase === '') process.stderr.write('WARNING: The private key is not encrypted\n');
  return writeSecretKey(crypto, secret, {
    lock: passphrase === '' ? undefined : { passphrase },
    comment: options.C,
  });
}

/** Asks before a file is replaced or a folder made. */
async function roomFor(path: string, options: KeygenOptions, terminal: Terminal): Promise<boolean> {
  if (existsSync(path))
    return (
      options.f === true ||
      (await terminal.line(`${path} already exists. Do you want to overwrite it? (y/n) `))?.trim() === 'y'
    );
  const folder = dirname(path);
  if (existsSync(folder)) return true;
  if ((await terminal.line(`Create directory ${folder}? (y/n) `))?.trim() !== 'y') return false;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return true;
}

/** Beside its name first, so that a key that is there is never half overwritten. */
function writeKey(path: string, text: string, mode: number): void {
  const fresh = `${path}.${process.pid}.new`;
  const file = openSync(fresh, 'wx', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    chmodSync(fresh, mode);
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}
