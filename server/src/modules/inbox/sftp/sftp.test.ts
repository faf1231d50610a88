import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import ssh2, { type SFTPWrapper } from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { person, testServer, type TestPerson } from '../../../../test/builders.ts';
import { testParts, type TestParts } from '../../../../test/parts.ts';
import { senderOf, studyTables } from '../../../../test/sheets.ts';
import { callerOf } from '../../../../test/studies.ts';
import { runJobs } from '../../../../test/run-jobs.ts';
import type { Server } from '../../../platform/http.ts';
import { fingerprintOf } from '../../identity/index.ts';
import { insertSshKey } from '../../identity/store.ts';
import { openInbox, unclaimedFiles, type FileRow } from '../../files/index.ts';
import { fileArrived } from '../../submission/index.ts';
import { startSftp, type SftpInbox } from './server.ts';

const folder = mkdtempSync(join(tmpdir(), 'geneward-sftp-'));
const at = (name: string) => join(folder, name);
let parts: TestParts;
let server: Server;
let sftp: SftpInbox;
let me: TestPerson;

beforeAll(async () => {
  parts = await testParts({ sftp: { port: 0 } });
  server = await testServer(parts);
  sftp = await startSftp(parts, { fileArrived });
  me = await person(parts);
  await register(me, 'key');
});
afterAll(async () => {
  await sftp.stop();
  await server.close();
  await parts.close();
  rmSync(folder, { recursive: true });
});

/** Makes a key pair as `ssh-keygen` does and registers the public half. */
async function register(who: TestPerson, name: string): Promise<string> {
  const pair = ssh2.utils.generateKeyPairSync('ed25519');
  writeFileSync(at(name), pair.private, { mode: 0o600 });
  const publicKey = Buffer.from(pair.public.split(' ')[1] ?? '', 'base64');
  const fingerprint = fingerprintOf(publicKey);
  await insertSshKey(parts.pool.db, {
    person: who.id,
    name,
    type: 'ssh-ed25519',
    publicKey,
    fingerprint,
    now: parts.now(),
  });
  return pair.public;
}

const known = () => {
  writeFileSync(at('known'), sftp.hostKeys.map(({ publicKey }) => `[127.0.0.1]:${sftp.port} ${publicKey}\n`).join(''));
  return at('known');
};
const options = (key: string) => {
  const set = ['IdentitiesOnly=yes', 'BatchMode=yes', 'StrictHostKeyChecking=yes', `UserKnownHostsFile=${known()}`];
  return ['-F', '/dev/null', '-P', String(sftp.port), '-i', at(key), ...set.flatMap((one) => ['-o', one])];
};

/** The same without holding up this process, which serves it. */
function run(commands: readonly string[], key = 'key', user = 'geneward', more: readonly string[] = []) {
  const child = spawn('sftp', [...options(key), ...more, '-b', '-', `${user}@127.0.0.1`], { cwd: folder });
  child.stdin.on('error', () => undefined);
  child.stdin.end(`${commands.join('\n')}\n`);
  const told: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => told.push(bytes));
  const ended = new Promise<{ code: number | null; text: string }>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, text: Buffer.concat(told).toString() }));
  });
  return { child, ended };
}

const files = (who = me): Promise<FileRow[]> =>
  unclaimedFiles(parts.pool.db, { organisation: who.organisation, person: who.id }, 100);
const fileNamed = async (name: string, who = me) => (await files(who)).find((file) => file.name === name);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const inbox = () => openInbox(parts, { fileArrived });
const reads = (count: number) =>
  Buffer.from(
    Array.from({ length: count }, (_, nth) => `@r${nth}\n${'ACGT'.repeat(10)}\n+\n${'I'.repeat(40)}\n`).join(''),
  );

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await pause(20);
  }
}

/** A client of ssh2 with a token as its password. */
async function connect(given: { password?: string; username?: string } = {}) {
  const connection = new ssh2.Client();
  const { password = me.token, username = 'geneward' } = given;
  await new Promise<void>((resolve, reject) => {
    connection.on('ready', resolve).on('error', reject);
    connection.connect({ host: '127.0.0.1', port: sftp.port, username, password });
  });
  const channel = await new Promise<SFTPWrapper>((resolve, reject) => {
    connection.sftp((error, opened) => (error ? reject(error) : resolve(opened)));
  });
  const call = <T>(work: (done: (error: Error | null | undefined, result: T) => void) => void) =>
    new Promise<T>((resolve, reject) => {
      work((error, result) => (error ? reject(error) : resolve(result)));
    });
  return { connection, channel, call };
}

describe('the client of OpenSSH', () => {
  it('puts a file by key, which is checked and stored as any other, and sees it', async () => {
    const bytes = gzipSync(reads(200));
    writeFileSync(at('样本_1.fastq.gz'), bytes);
    const { ended } = run(['cd inbox', 'put -p 样本_1.fastq.gz', 'ls -l', 'ls /']);
    const { code, text } = await ended;
    expect([code, text]).toEqual([0, text]);
    expect(text).toContain(String(bytes.length));
    expect(text).toMatch(/drafts\s+\/?inbox/);
    expect(await fileNamed('样本_1.fastq.gz')).toMatchObject({ state: 'stored', kind: 'fastq', sha256: sha256(bytes) });
  });

  it('goes on where it was killed', async () => {
    const bytes = randomBytes(12 * 1024 * 1024);
    writeFileSync(at('big.bin'), bytes);
    const first = run(['put big.bin /inbox/big.bin'], 'key', me.email, ['-l', '16000']);
    await until(async () => (await inbox().list(me.context())).find(({ name }) => name === 'big.bin'));
    await pause(700);
    first.child.kill('SIGKILL');
    await first.ended;
    const stands = await until(async () => {
      const found = (await inbox().list(me.context())).find(({ name, offset }) => name === 'big.bin' && offset > 0);
      return found?.offset;
    });
    expect(stands).toBeLessThan(bytes.length);
    const { code, text } = await run(['reput big.bin /inbox/big.bin'], 'key', me.email).ended;
    expect([code, text]).toEqual([0, text]);
    expect(await fileNamed('big.bin')).toMatchObject({ sha256: sha256(bytes), size: String(bytes.length) });
    expect(await inbox().list(me.context())).toEqual([]);
  });

  it('renames what is whole, and takes it away', async () => {
    writeFileSync(at('part'), reads(3));
    const { code } = await run([
      'put part /inbox/reads.fastq.part',
      'rename /inbox/reads.fastq.part /inbox/reads.fastq',
      'put part /inbox/other.fastq.part',
    ]).ended;
    // The same bytes under another name are refused, as over HTTP.
    expect(code).toBe(1);
    expect((await files()).map(({ name }) => name)).toContain('reads.fastq');
    expect((await run(['rm /inbox/reads.fastq']).ended).code).toBe(0);
    expect(await fileNamed('reads.fastq')).toBeUndefined();
  });

  it.each([
    ['reads nothing', 'get /inbox/big.bin got.bin', 'Permission denied'],
    ['makes no folders', 'mkdir /inbox/more', 'Permission denied'],
    ['puts nothing above the inbox', 'put part /part', ''],
    ['takes no path for a name', 'put part /inbox/../../etc', ''],
    ['takes no hidden name', 'put part /inbox/.ssh', 'Failure'],
    ['opens no draft of somebody else', 'ls /drafts/somebody', ''],
  ])('%s', async (_, command, told) => {
    const { code, text } = await run([command]).ended;
    expect(code).toBe(1);
    expect(text).toContain(told);
  });

  it('is shown nothing of others, and lets nobody in with a key that is not registered or was taken back', async () => {
    const other = await person(parts);
    await register(other, 'other');
    const { text } = await run(['ls /inbox'], 'other').ended;
    expect(text).not.toContain('big.bin');
    expect((await run(['ls'], 'other', me.email).ended).code).toBe(255);
    await sql`delete from ssh_key where person_id = ${other.id}`.execute(parts.pool.db);
    expect((await run(['ls'], 'other').ended).code).toBe(255);
  });
});

it('sees drafts as folders, with the files that their sheets name', async () => {
  const [call, send] = [callerOf(server), senderOf(server)];
  const tables = studyTables('sftp', 1);
  const { id } = (await call(me, 'POST', '/submissions', { title: 'Leaf/soil: 叶' })).body as { id: string };
  for (const [name, bytes] of Object.entries(tables.sheets))
    await send(me, `/submissions/${id}/sheets/${encodeURIComponent(name)}`, bytes);
  await runJobs(parts);
  const [[name, content] = ['', Buffer.alloc(0)]] = [...tables.files];
  writeFileSync(at('declared'), content);
  const draft = `/drafts/Leaf soil 叶 ${id.slice(-8)}`;
  const { code, text } = await run([`put declared "${draft}/${name}"`, `ls "${draft}"`]).ended;
  expect([code, text]).toEqual([0, text]);
  expect(text).toContain(name);
  expect(await fileNamed(name)).toBeDefined();
  expect((await run([`put declared "${draft}/not-named.fq"`]).ended).code).toBe(1);
});

describe('a client with a token', () => {
  it('breaks off, and another way goes on and finishes', async () => {
    const { connection, channel, call } = await connect();
    const bytes = reads(5000);
    const cut = 100_000;
    const handle = await call<Buffer>((done) => channel.open('/inbox/both.fastq', 'w', done));
    await call<void>((done) => channel.write(handle, bytes, 0, 32_000, 0, done));
    await call<void>((done) => channel.write(handle, bytes, 32_000, cut - 32_000, 32_000, done));
    connection.destroy();
    const upload = await until(async () =>
      (await inbox().list(me.context())).find(({ name, offset }) => name === 'both.fastq' && offset > 0),
    );
    const authenticate = async () => me.principal;
    const rest = Readable.from([bytes.subarray(upload.offset)]);
    await inbox().append(me.context(), upload.id, { offset: upload.offset, bytes: rest, authenticate });
    const done = await inbox().finish(me.context(), upload.id, authenticate);
    expect(done.state).toBe('complete');
    expect(await fileNamed('both.fastq')).toMatchObject({ state: 'stored', sha256: sha256(bytes) });
  });

  it('goes on behind a whole file that was cut by its sender', async () => {
    const { connection, channel, call } = await connect();
    const bytes = reads(1000);
    const half = bytes.length / 2;
    const first = await call<Buffer>((done) => channel.open('/inbox/half.fastq', 'w', done));
    await call<void>((done) => channel.write(first, bytes, 0, half, 0, done));
    await call<void>((done) => channel.close(first, done));
    expect(await fileNamed('half.fastq')).toMatchObject({ size: String(half) });
    const again = await call<Buffer>((done) => channel.open('/inbox/half.fastq', 'r+', done));
    await call<void>((done) => channel.write(again, bytes, half, half, half, done));
    await call<void>((done) => channel.close(again, done));
    expect(await fileNamed('half.fastq')).toMatchObject({ size: String(bytes.length), sha256: sha256(bytes) });
    connection.end();
  });

  it('refuses bytes out of their order, and keeps what came', async () => {
    const { connection, channel, call } = await connect();
    const handle = await call<Buffer>((done) => channel.open('/inbox/order.bin', 'w', done));
    await call<void>((done) => channel.write(handle, Buffer.alloc(100, 1), 0, 100, 0, done));
    await expect(call<void>((done) => channel.write(handle, Buffer.alloc(100, 2), 0, 100, 500, done))).rejects.toThrow(
      'sftp_order',
    );
    await expect(call<void>((done) => channel.close(handle, done))).rejects.toThrow('sftp_order');
    connection.end();
    await until(async () => (await inbox().list(me.context())).find(({ name }) => name === 'order.bin'));
    const second = await connect();
    await second.call<void>((done) => second.channel.unlink('/inbox/order.bin', done));
    expect((await inbox().list(me.context())).map(({ name }) => name)).not.toContain('order.bin');
    second.connection.end();
  });

  it('is told in words why a file is refused, in its own language', async () => {
    await sql`update person set language = 'zh' where id = ${me.id}`.execute(parts.pool.db);
    const { connection, channel, call } = await connect();
    await expect(call<Buffer>((done) => channel.open('/inbox/CON.fastq', 'w', done))).rejects.toThrow(
      /设备.*file_name_refused/,
    );
    const empty = await call<Buffer>((done) => channel.open('/inbox/empty.fastq', 'w', done));
    await expect(call<void>((done) => channel.close(empty, done))).rejects.toThrow('file_empty');
    connection.end();
    await sql`update person set language = 'en' where id = ${me.id}`.execute(parts.pool.db);
  });

  it('may send no more when the token ends while it is sending', async () => {
    const other = await person(parts);
    const { connection, channel, call } = await connect({ password: other.token });
    const handle = await call<Buffer>((done) => channel.open('/inbox/late.bin', 'w', done));
    await call<void>((done) => channel.write(handle, Buffer.alloc(1000), 0, 1000, 0, done));
    await sql`update api_token set revoked_at = now() where person_id = ${other.id}`.execute(parts.pool.db);
    await call<void>((done) => channel.close(handle, done)).then(
      () => expect.unreachable(),
      (error: Error) => expect(error.message).toContain('unauthenticated'),
    );
    connection.end();
  });

  it('is locked out after many wrong tokens, as with passwords over HTTP, and every opening leaves an event', async () => {
    const { rows } = await sql<{ via: string }>`
      select distinct content->>'via' as via from audit_event where type = 'inbox.sftp_opened' order by 1`.execute(
      parts.pool.db,
    );
    expect(rows.map(({ via }) => via)).toEqual(['key', 'token']);
    for (let nth = 0; nth < 200; nth += 1) {
      await expect(connect({ password: 'gw_nothing' })).rejects.toThrow('authentication');
      const locked = await sql`select 1 from sign_in_guard where locked_until > now()`.execute(parts.pool.db);
      if (locked.rows.length > 0) break;
    }
    await expect(connect()).rejects.toThrow('authentication');
    await sql`delete from sign_in_guard`.execute(parts.pool.db);
    (await connect({ username: me.email.toUpperCase() })).connection.end();
    await expect(connect({ username: 'somebody@example.org' })).rejects.toThrow('authentication');
  });
});

it('tells its port and host keys over the API, the same at every start', async () => {
  const again = await startSftp(parts, { fileArrived });
  expect(again.hostKeys).toEqual(sftp.hostKeys);
  await again.stop();
  const { body } = await callerOf(server)(me, 'GET', '/inbox/sftp');
  expect(body).toMatchObject({ open: true, user: 'geneward' });
  expect((body as { hostKeys: { fingerprint: string }[] }).hostKeys.map(({ fingerprint }) => fingerprint)).toEqual(
    sftp.hostKeys.map(({ fingerprint }) => fingerprint),
  );
  for (const name of ['sftp-host-ed25519', 'sftp-host-ecdsa'])
    expect(readFileSync(join(parts.config.data, 'keys', name), 'utf8')).toContain('PRIVATE KEY');
});
