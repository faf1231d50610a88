import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The reference implementation, pinned: what we exchange files with and measure ourselves against. */
const release = 'crypt4gh==1.8.6';

/** Where the programs of the reference implementation are. */
export interface Reference {
  readonly crypt4gh: string;
  readonly keygen: string;
}

/** Installs the Python reference implementation from PyPI into a virtual environment in a folder. */
export function installReference(folder: string): Reference {
  const bin = join(folder, 'bin');
  const run = (program: string, args: readonly string[]) =>
    execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    run('python3', ['-m', 'venv', folder]);
  } catch {
    // Debian keeps venv in a package of its own.
    run('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'python3-venv']);
    run('python3', ['-m', 'venv', '--clear', folder]);
  }
  run(join(bin, 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', release]);
  const reference = { crypt4gh: join(bin, 'crypt4gh'), keygen: join(bin, 'crypt4gh-keygen') };
  for (const program of Object.values(reference)) if (!existsSync(program)) throw new Error(`${program} is missing`);
  return reference;
}
