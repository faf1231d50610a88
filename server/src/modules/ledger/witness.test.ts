import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parsePolicy, sm2By, verifyReceipt } from '@geneward/merkle';
import { sql } from 'kysely';
import { sm2 } from 'sm-crypto-v2';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { person, testServer } from '../../../test/builders.ts';
import { testParts, type TestParts } from '../../../test/parts.ts';
import type { Server } from '../../platform/http.ts';
import { openSequencer, type Sequencer } from './sequencer.ts';
import { readState } from './store.ts';
import { act, asOwner, leader, settle } from './test/acts.ts';

const main = fileURLToPath(new URL('../../../../cli/src/main.ts', import.meta.url));

/** A witness as another institution runs it. */
interface Witness {
  readonly line: string;
  stop(): Promise<void>;
}

let parts: TestParts;
let server: Server;
let running: ChildProcess[];
beforeEach(async () => {
  running = [];
  parts = await testParts();
  server = await testServer(parts);
});
afterEach(async () => {
  await Promise.all(running.map(stop));
  await server.close();
  await parts.close();
});

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

async function startWitness(name: string, port = 0, ...more: string[]): Promise<Witness & { port: number }> {
  const folder = join(parts.config.data, name);
  mkdirSync(folder, { recursive: true });
  const logs = join(folder, 'logs');
  writeFileSync(logs, `log ${(await openSequencer(parts)).key.text}\nquorum none\n`);
  const args = [
    'witness',
    '--policy',
    logs,
    '--store',
    folder,
    '--name',
    `${name}.example`,
    '--port',
    `${port}`,
    ...more,
  ];
  const child = spawn(process.execPath, [main, ...args, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  running.push(child);
  let said = '';
  for await (const text of child.stdout.setEncoding('utf8') as AsyncIterable<string>) {
    said += text;
    if (said.trimEnd().endsWith('}')) break;
  }
  const { url, key } = JSON.parse(said) as { url: string; key: string };
  return { line: `witness ${name} ${key} ${url}\n`, port: Number(new URL(url).port), stop: () => stop(child) };
}

/** The installation asks these witnesses from now on. */
async function ask(witnesses: readonly Witness[], quorum: number): Promise<string> {
  const log = `log ${(await openSequencer(parts)).key.text}\n`;
  const group = `group those ${quorum} ${witnesses.map(({ line }) => line.split(' ')[1]).join(' ')}\nquorum those\n`;
  const text = log + witnesses.map(({ line }) => line).join('') + group;
  const file = join(parts.config.data, 'policy');
  writeFileSync(file, text);
  parts.config.ledger.policy = file;
  return text;
}

async function levelOf(index: number, policy: string): Promise<string> {
  const auditor = await person(parts, { roles: ['auditor'] });
  const { body } = await server.inject({
    url: `/api/v1/ledger/entries/${index}/receipt`,
    headers: auditor.headers,
  });
  return verifyReceipt(body, parsePolicy(policy, { sm2: sm2By(sm2) })).level;
}

const freeLead = () => sql`update ledger_state set led_until = '-infinity'`.execute(parts.pool.db);

async function restart(): Promise<{ sequencer: Sequencer; is: string }> {
  await freeLead();
  const sequencer = await openSequencer(parts);
  return { sequencer, is: await sequencer.lead() };
}

it('raises a receipt from L0 to L1 when a quorum has seen it, whoever of the others is away', async () => {
  const witnesses = [await startWitness('w1'), await startWitness('w2'), await startWitness('w3')];
  const policy = await ask(witnesses, 2);
  const sequencer = await leader(parts);
  await act(parts, 3);
  await settle(sequencer);
  expect(await levelOf(1, policy)).toBe('L0');
  await witnesses[0]?.stop();
  await sequencer.witness();
  expect(await levelOf(1, policy)).toBe('L1');
  await witnesses[1]?.stop();
  await act(parts, 300);
  await settle(sequencer);
  await sequencer.witness();
  expect([await levelOf(1, policy), await levelOf(100, policy)]).toEqual(['L1', 'L0']);
  await startWitness('w2', witnesses[1]?.port);
  await sequencer.witness();
  expect(await levelOf(100, policy)).toBe('L1');
  expect((await server.inject('/api/v1/ledger')).json()).toMatchObject({
    witnesses: [{ name: 'w1', size: '0' }, { name: 'w2' }, { name: 'w3' }],
  });
});

it('stops when database, head file and tiles were restored together, because a witness remembers', async () => {
  const policy = await ask([await startWitness('w1')], 1);
  expect(policy).toContain('quorum those');
  const before = await leader(parts);
  await act(parts, 5);
  await settle(before);
  await before.witness();
  const tables = ['state', 'entry', 'checkpoint', 'pending', 'module', 'witness'].map((name) => `ledger_${name}`);
  await asOwner(parts, tables.map((name) => `create table kept_${name} as table ${name};`).join(''));
  const { data } = parts.config;
  cpSync(join(data, 'ledger'), join(data, 'kept'), { recursive: true });
  await act(parts, 2);
  await settle(before);
  await before.witness();
  await asOwner(
    parts,
    `set session_replication_role = replica;
     ${tables.map((name) => `truncate ${name}; insert into ${name} table kept_${name};`).join('')}`,
  );
  rmSync(join(data, 'ledger'), { recursive: true });
  cpSync(join(data, 'kept'), join(data, 'ledger'), { recursive: true });
  expect((await restart()).is).toBe('stopped');
  expect((await readState(parts.pool.db)).alarm).toMatchObject({ code: 'witness_ahead' });
});

it('cannot show a witness a second history under the same key', async () => {
  await ask([await startWitness('w1')], 1);
  const first = await leader(parts);
  await act(parts, 5);
  await settle(first);
  await first.witness();
  // The log's own key, and a history from the beginning anew.
  await asOwner(
    parts,
    `set session_replication_role = replica;
     truncate ledger_entry, ledger_checkpoint, ledger_module, ledger_witness, ledger_pending;
     update ledger_state set size = 0, range = '';`,
  );
  rmSync(join(parts.config.data, 'ledger'), { recursive: true });
  const { sequencer, is } = await restart();
  expect(is).toBe('leads');
  await act(parts, 9);
  await settle(sequencer);
  await sequencer.witness();
  expect((await readState(parts.pool.db)).alarm).toMatchObject({ code: 'witness_disagrees' });
  const { size } = await readState(parts.pool.db);
  await act(parts, 1);
  await settle(sequencer);
  expect((await readState(parts.pool.db)).size).toBe(size);
});

it('counts witnesses that sign with SM2 like any other', async () => {
  const witnesses = [await startWitness('north'), await startWitness('south', 0, '--sm2')];
  const policy = await ask(witnesses, 2);
  const sequencer = await leader(parts);
  await act(parts, 3);
  await settle(sequencer);
  await sequencer.witness();
  expect(await levelOf(1, policy)).toBe('L1');
});
