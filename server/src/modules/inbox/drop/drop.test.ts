import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { person, type TestPerson } from '../../../../test/builders.ts';
import { testParts, type TestParts } from '../../../../test/parts.ts';
import { systemContext } from '../../../platform/context.ts';
import type { Parts } from '../../../platform/parts.ts';
import { openInbox, unclaimedFiles } from '../../files/index.ts';
import { fileArrived, holderOf } from '../../submission/index.ts';
import { takeAll } from './job.ts';

let parts: TestParts;
let me: TestPerson;
let folder: string;
beforeAll(async () => void (parts = await testParts()));
afterAll(() => parts.close());
beforeEach(async () => {
  me = await person(parts);
  folder = mkdtempSync(join(tmpdir(), 'geneward-drop-'));
  return () => rmSync(folder, { recursive: true });
});

const at = (...names: string[]) => join(folder, ...names);
const ports = { fileArrived, holder: holderOf };
const settings = (given: Partial<Parts['config']['drop']> = {}) => ({
  ...parts,
  config: { ...parts.config, drop: { folders: `${me.email}=${folder}`, settleSeconds: 60, ...given } },
});
const look = (over: Parts = settings(), told = ports) =>
  takeAll(
    systemContext({ db: parts.pool.db, log: parts.log, now: parts.now, name: 'inbox.drop', requestId: 'test' }),
    over,
    told,
  );
const inbox = async () => unclaimedFiles(parts.pool.db, { organisation: me.organisation, person: me.id }, 100);
const reads = (name: string) => Buffer.from(`@${name}\nACGT\n+\nIIII\n`);
const sum = (algorithm: string, bytes: Uint8Array) => createHash(algorithm).update(bytes).digest('hex');
/** A file that nothing has changed for an hour, as far as its own times say. */
function drop(name: string, bytes: Uint8Array): void {
  writeFileSync(at(name), bytes);
  utimesSync(at(name), new Date(0), new Date(0));
}

it('takes what a side file says is whole, moves it, and leaves a report in both languages', async () => {
  const bytes = reads('one');
  writeFileSync(at('one.fastq'), bytes);
  writeFileSync(at('one.fastq.md5'), `${sum('md5', bytes)}  one.fastq\n`);
  writeFileSync(at('two.fastq'), reads('two'));
  writeFileSync(at('two.fastq.done'), '');
  await look();
  expect((await inbox()).map(({ name, state, sha256 }) => [name, state, sha256])).toEqual([
    ['one.fastq', 'stored', sum('sha256', bytes)],
    ['two.fastq', 'stored', sum('sha256', reads('two'))],
  ]);
  expect(readdirSync(folder).toSorted()).toEqual(['.taking', 'taken']);
  expect(readdirSync(at('.taking'))).toEqual([]);
  const report = readFileSync(at('taken', 'one.fastq.report.txt'), 'utf8');
  expect(report).toContain(`sha256 ${sum('sha256', bytes)}`);
  expect(report).toContain('Taken into the inbox');
  expect(report).toContain('已收入收件区');
  const { rows } = await sql<{ via: string }>`
    select distinct actor_via as via from audit_event where actor_id = ${me.id} and type = 'files.uploaded'`.execute(
    parts.pool.db,
  );
  expect(rows).toEqual([{ via: `drop_folder:${folder}` }]);
});

it('waits for what is being written: new files, and names of unfinished ones', async () => {
  writeFileSync(at('fresh.fastq'), reads('fresh'));
  for (const name of ['a.fastq.part', '.hidden', 'b.tmp', 'c.fastq~']) drop(name, reads(name));
  await look();
  expect(await inbox()).toEqual([]);
  renameSync(at('a.fastq.part'), at('a.fastq'));
  await look(settings({ settleSeconds: 0 }));
  expect((await inbox()).map(({ name }) => name)).toEqual(['a.fastq', 'fresh.fastq']);
});

it('takes a faulty file and says what is wrong; refuses other bytes than declared, and says so', async () => {
  writeFileSync(at('bad.fastq'), '@r\nACGT\n+\nIII\n');
  writeFileSync(at('cut.fastq'), reads('cut'));
  writeFileSync(at('cut.fastq.sha256'), '0'.repeat(64));
  writeFileSync(at('empty.fastq'), '');
  await look(settings({ settleSeconds: 0 }));
  expect((await inbox()).map(({ name, state }) => [name, state])).toEqual([['bad.fastq', 'faulty']]);
  const bad = readFileSync(at('taken', 'bad.fastq.report.txt'), 'utf8');
  expect(bad).toMatch(/GW5110 error\] line \d+/);
  expect(bad).toMatch(/处理方法/);
  expect(readFileSync(at('refused', 'cut.fastq.report.txt'), 'utf8')).toContain('[checksum_mismatch]');
  expect(readFileSync(at('refused', 'empty.fastq.report.txt'), 'utf8')).toContain('[file_empty]');
  expect(readdirSync(at('refused'))).toContain('cut.fastq');
});

it('follows no link and opens no pipe', async () => {
  const secret = at('..', `${randomBytes(6).toString('hex')}.secret`);
  writeFileSync(secret, 'secret');
  try {
    symlinkSync(secret, at('link.fastq'));
    linkSync(secret, at('hard.fastq'));
    await look(settings({ settleSeconds: 0 }));
    expect(await inbox()).toEqual([]);
    for (const name of ['link.fastq', 'hard.fastq'])
      expect(readFileSync(at('refused', `${name}.report.txt`), 'utf8')).toContain('[drop_not_plain]');
    expect(readFileSync(secret, 'utf8')).toBe('secret');
  } finally {
    rmSync(secret);
  }
});

it('passes a folder over that everybody may write into, or whose places lead elsewhere', async () => {
  drop('a.fastq', reads('a'));
  chmodSync(folder, 0o777);
  await look(settings({ settleSeconds: 0 }));
  chmodSync(folder, 0o755);
  symlinkSync(tmpdir(), at('taken'));
  await look(settings({ settleSeconds: 0 }));
  expect(await inbox()).toEqual([]);
  expect(existsSync(at('a.fastq'))).toBe(true);
});

it('takes nothing for somebody who is disabled, and keeps it', async () => {
  drop('a.fastq', reads('a'));
  await sql`update person set status = 'disabled' where id = ${me.id}`.execute(parts.pool.db);
  await look(settings({ settleSeconds: 0 }));
  expect(await inbox()).toEqual([]);
  expect(existsSync(at('a.fastq'))).toBe(true);
});

it('keeps what was taken before under the same name', async () => {
  for (const round of ['first', 'second']) {
    drop('same.fastq', reads(round));
    await look(settings({ settleSeconds: 0 }));
  }
  expect(readdirSync(at('taken')).toSorted()).toEqual([
    'same.fastq',
    'same.fastq.2',
    'same.fastq.2.report.txt',
    'same.fastq.report.txt',
  ]);
  expect((await inbox()).map(({ sha256 }) => sha256)).toEqual([sum('sha256', reads('second'))]);
});

it('begins anew when a file was changed under the same name after a crash', async () => {
  drop('big.bin', randomBytes(100_000));
  const broken = settings({ settleSeconds: 0 });
  const crash = () => Promise.reject(new Error('crash'));
  await expect(look(broken, { ...ports, fileArrived: crash })).rejects.toThrow('crash');
  expect(readdirSync(at('.taking'))).toHaveLength(1);
  const other = randomBytes(50_000);
  drop('big.bin', other);
  await look(broken);
  expect((await inbox()).map(({ sha256 }) => sha256)).toEqual([sum('sha256', other)]);
  expect(await openInbox(parts, ports).list(me.context())).toEqual([]);
});

it('loses nothing and doubles nothing, however often it is killed', async () => {
  const files = new Map(Array.from({ length: 6 }, (_, nth) => [`f${nth}.bin`, randomBytes(3_000_000 + nth)]));
  for (const [name, bytes] of files) drop(name, bytes);
  const script = fileURLToPath(new URL('../../../../test/drop-once.ts', import.meta.url));
  const env = {
    ...process.env,
    DATABASE_URL: parts.database.url,
    GENEWARD_DATA: parts.config.data,
    GENEWARD_DROP_FOLDERS: `${me.email}=${folder}`,
    GENEWARD_DROP_SETTLE_SECONDS: '0',
    GENEWARD_LOG_LEVEL: 'silent',
  };
  let kills = 0;
  // A little later each time after the look began, so that each finds another thing half done.
  for (const milliseconds of [20, 80, 160, 320, 640]) {
    const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    await Promise.race([once(child.stdout, 'data'), ended]);
    await pause(milliseconds);
    child.kill('SIGKILL');
    const [, signal] = (await ended) as [number | null, string | null];
    if (signal === 'SIGKILL') kills += 1;
  }
  expect(kills).toBeGreaterThan(0);
  // What a killed process was receiving gives its name free when it was silent for long.
  parts.clock.at = new Date(Date.now() + 600_000);
  await look(settings({ settleSeconds: 0 }));
  parts.clock.at = undefined;
  expect((await inbox()).map(({ name, sha256 }) => [name, sha256])).toEqual(
    [...files].map(([name, bytes]) => [name, sum('sha256', bytes)]),
  );
  for (const [name, bytes] of files) expect(readFileSync(at('taken', name)).equals(bytes)).toBe(true);
  expect(readdirSync(at('.taking'))).toEqual([]);
});
