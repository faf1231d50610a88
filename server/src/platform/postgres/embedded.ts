import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { applicationRole } from '../db.ts';
import type { Log } from '../log.ts';
import { findBinaries, type Binaries } from './binaries.ts';

/** Addresses of a running embedded server. */
export interface Addresses {
  /** Application login: no owner of any table. */
  readonly url: string;
  readonly ownerUrl: string;
}

export interface EmbeddedPostgres extends Addresses {
  readonly pid: () => number | undefined;
  stop(): Promise<void>;
}

/** Passwords and port of the server in a data directory; readable by its owner only. */
interface Access {
  readonly port: number;
  readonly ownerPassword: string;
  readonly applicationPassword: string;
  /** Where the cluster really stands. */
  readonly cluster: string;
}

const owner = 'geneward_owner';
const applicationLogin = 'geneward_login';
const database = 'geneward';

/** Another server, or another version's cluster, holds the directory. */
export class DataDirectoryError extends Error {
  readonly code: 'data_directory_in_use' | 'database_version';
  constructor(code: DataDirectoryError['code'], message: string) {
    super(message);
    this.name = 'DataDirectoryError';
    this.code = code;
  }
}

/**
 * Starts PostgreSQL on its own cluster below `folder`, making it on the first start. A server left by a killed process is
 * stopped first; one that dies is started again and recovers from its write-ahead log.
 * @param folder data directory of the installation
 * @param options.port TCP port on 127.0.0.1; 0 keeps the port of the last start when it is free, else takes a free one
 */
export async function startEmbedded(
  folder: string,
  options: { port: number; log: Log; settings?: Readonly<Record<string, string>> },
): Promise<EmbeddedPostgres> {
  mkdirSync(folder, { recursive: true });
  const binaries = findBinaries();
  const access = existsSync(accessFile(folder)) ? readAccess(folder) : await create(folder, binaries, options.log);
  checkVersion(access.cluster, binaries);
  await stopOrphan(access.cluster, options.log);
  const port = await choosePort(options.port, access.port);
  const current = { ...access, port };
  writeAccess(folder, current);
  const server = supervise(binaries, current, options);
  await server.ready();
  await ensureDatabase(current);
  return { ...addresses(current), pid: server.pid, stop: () => server.stop() };
}

/**
 * Addresses of the server that another process runs on the same data directory, or undefined when none answers.
 * @param patience milliseconds in which one that is being started again may come back
 */
export async function attachEmbedded(folder: string, patience: number = 0): Promise<Addresses | undefined> {
  for (const until = Date.now() + patience; existsSync(accessFile(folder)); await sleep(250)) {
    const found = addresses(readAccess(folder));
    if (await answers(found.ownerUrl)) return found;
    if (Date.now() >= until) break;
  }
  return undefined;
}

const accessFile = (folder: string) => join(folder, 'postgres.json');
const readAccess = (folder: string) => JSON.parse(readFileSync(accessFile(folder), 'utf8')) as Access;

function writeAccess(folder: string, access: Access): void {
  const partial = `${accessFile(folder)}.partial`;
  writeFileSync(partial, JSON.stringify(access), { mode: 0o600, flush: true });
  renameSync(partial, accessFile(folder));
}

function addresses(access: Access): Addresses {
  const at = `127.0.0.1:${access.port}/${database}`;
  return {
    url: `postgres://${applicationLogin}:${access.applicationPassword}@${at}`,
    ownerUrl: `postgres://${owner}:${access.ownerPassword}@${at}`,
  };
}

async function create(folder: string, binaries: Binaries, log: Log): Promise<Access> {
  const cluster = binaries.place(join(folder, 'postgres'));
  for (const leftover of readdirSync(cluster, { withFileTypes: true }).map((entry) => entry.name)) {
    // No access file yet: whatever stands here is a first start that was cut off before anything was acknowledged.
    rmSync(join(cluster, leftover), { recursive: true, force: true });
  }
  const ownerPassword = randomBytes(24).toString('hex');
  const secret = mkdtempSync(join(tmpdir(), 'geneward-init-'));
  const passwordFile = join(secret, 'password');
  writeFileSync(passwordFile, ownerPassword, { mode: 0o600 });
  if (binaries.account)
    for (const path of [secret, passwordFile]) chownSync(path, binaries.account.uid, binaries.account.gid);
  log.info({ cluster, version: binaries.version }, 'making a PostgreSQL cluster');
  try {
    await runToEnd(
      binaries.initdb,
      [
        '-D',
        cluster,
        '-U',
        owner,
        '--pwfile',
        passwordFile,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--data-checksums',
      ],
      binaries,
    );
  } finally {
    rmSync(secret, { recursive: true, force: true });
  }
  const access = { port: 0, ownerPassword, applicationPassword: randomBytes(24).toString('hex'), cluster };
  writeAccess(folder, access);
  return access;
}

function checkVersion(cluster: string, binaries: Binaries): void {
  const have = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  const want = binaries.version.split('.')[0];
  if (have === want) return;
  throw new DataDirectoryError(
    'database_version',
    `The cluster in ${cluster} is PostgreSQL ${have}, this Geneward brings ${want}: see docs/operate/database.md. 数据库版本不符，请参阅 docs/operate/database.md。`,
  );
}

/** A server whose Geneward was killed still runs: end it in good order before starting our own. */
async function stopOrphan(cluster: string, log: Log): Promise<void> {
  const pid = postmasterPid(cluster);
  if (pid === undefined || !isAlive(pid)) return;
  log.warn({ pid }, 'stopping a PostgreSQL that an earlier process left running');
  process.kill(pid, 'SIGINT');
  for (let waited = 0; isAlive(pid); waited += 100) {
    if (waited > 60_000)
      throw new DataDirectoryError(
        'data_directory_in_use',
        `PostgreSQL ${pid} does not end. PostgreSQL 进程 ${pid} 无法结束。`,
      );
    await sleep(100);
  }
}

function postmasterPid(cluster: string): number | undefined {
  try {
    const [pid, directory] = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    if (directory?.trim() !== cluster || !isPostgres(Number(pid))) return undefined;
    return Number(pid);
  } catch {
    return undefined;
  }
}

/** After a restart of the machine the number may belong to somebody else. */
function isPostgres(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres');
  } catch {
    return process.platform !== 'linux' && isAlive(pid);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  try {
    // A zombie waits only for its parent to look; it holds nothing any more.
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return process.platform !== 'linux';
  }
}

function supervise(
  binaries: Binaries,
  access: Access,
  options: { log: Log; settings?: Readonly<Record<string, string>> },
) {
  let child: ChildProcess | undefined;
  let stopping = false;
  let exited: Promise<void> = Promise.resolve();
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port: String(access.port),
    max_connections: '120',
    shared_buffers: `${sharedMegabytes()}MB`,
    max_wal_size: '2GB',
    wal_compression: 'on',
    work_mem: '16MB',
    log_min_messages: 'warning',
    timezone: 'UTC',
    ...options.settings,
  };
  function start(delay: number): void {
    const began = Date.now();
    const running = spawn(
      binaries.postgres,
      ['-D', access.cluster, ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`])],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
        detached: true,
        ...binaries.account,
      },
    );
    child = running;
    running.stderr
      ?.setEncoding('utf8')
      .on('data', (text: string) => options.log.debug({ postgres: text.trim() }, 'postgres'));
    exited = new Promise((done) => running.once('exit', () => done()));
    running.once('exit', (code, signal) => {
      if (stopping) return;
      options.log.error({ code, signal }, 'PostgreSQL ended unasked; starting it again');
      const next = Date.now() - began > 10_000 ? 250 : Math.min(delay * 2, 5000);
      setTimeout(() => stopping || start(next), next).unref();
    });
    running.once('error', (error) => options.log.error({ err: error }, 'PostgreSQL could not be started'));
  }
  start(250);
  return {
    pid: () => child?.pid,
    async ready() {
      const { ownerUrl } = addresses(access);
      const url = ownerUrl.replace(/\/\w+$/, '/postgres');
      for (let waited = 0; !(await answers(url)); waited += 100) {
        if (waited > 120_000)
          throw new Error('PostgreSQL did not start within 120 s; set log.level to debug to see why');
        await sleep(50);
      }
    },
    /** Fast shutdown: sessions are ended, everything committed is on disk. */
    async stop() {
      stopping = true;
      child?.kill('SIGINT');
      const slow = setTimeout(() => child?.kill('SIGQUIT'), 30_000);
      await exited;
      clearTimeout(slow);
    },
  };
}

/** An eighth of the memory, 128 MB to 4 GB: what is searched often stays there. It is taken from the system only as it is used. */
const sharedMegabytes = (): number => Math.min(4096, Math.max(128, Math.floor(totalmem() / 8 / 2 ** 20)));

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function ensureDatabase(access: Access): Promise<void> {
  const client = new pg.Client({ connectionString: addresses(access).ownerUrl.replace(/\/\w+$/, '/postgres') });
  await client.connect();
  try {
    await client.query(`do $$ begin
      if not exists (select from pg_roles where rolname = '${applicationRole}') then create role ${applicationRole} nologin; end if;
      if not exists (select from pg_roles where rolname = '${applicationLogin}') then
        create role ${applicationLogin} login in role ${applicationRole}; end if;
    end $$`);
    await client.query(`alter role ${applicationLogin} password ${client.escapeLiteral(access.applicationPassword)}`);
    const found = await client.query('select from pg_database where datname = $1', [database]);
    if (found.rowCount === 0) await client.query(`create database ${database}`);
  } finally {
    await client.end();
  }
}

async function choosePort(wanted: number, last: number): Promise<number> {
  if (wanted !== 0) return wanted;
  return (await freePort(last)) ?? (await freePort(0)) ?? 0;
}

function freePort(port: number): Promise<number | undefined> {
  return new Promise((done) => {
    const probe = createServer();
    probe.once('error', () => done(undefined));
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address ? address.port : undefined));
    });
  });
}

function runToEnd(program: string, args: readonly string[], binaries: Binaries): Promise<void> {
  return new Promise((done, fail) => {
    let said = '';
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
      ...binaries.account,
    });
    child.stdout.on('data', (text: Buffer) => (said += text.toString()));
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    child.once('error', fail);
    child.once('exit', (code) =>
      code === 0 ? done() : fail(new Error(`initdb ended with ${code}: ${said.slice(-2000)}`)),
    );
  });
}

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));
