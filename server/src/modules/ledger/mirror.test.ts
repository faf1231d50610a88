import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseCheckpointText, parseNote, parseVerifierKey, verifyNote } from '@geneward/merkle';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { testServer } from '../../../test/builders.ts';
import { testParts, type TestParts } from '../../../test/parts.ts';
import type { Server } from '../../platform/http.ts';
import { readHead } from './head.ts';
import { recover } from './recover.ts';
import { openSequencer, type Sequencer } from './sequencer.ts';
import { readState } from './store.ts';
import { act, asOwner, contextOf, leader, settle } from './test/acts.ts';

const main = fileURLToPath(new URL('../../../../cli/src/main.ts', import.meta.url));

let parts: TestParts;
let server: Server;
let folder: string;
let running: ChildProcess | undefined;
beforeEach(async () => {
  parts = await testParts();
  server = await testServer(parts);
  await server.listen({ host: '127.0.0.1', port: 0 });
  folder = mkdtempSync(join(tmpdir(), 'geneward-mirror-'));
});
afterEach(async () => {
  if (running && running.exitCode === null) {
    const ended = once(running, 'exit');
    running.kill('SIGKILL');
    await ended;
  }
  await server.close();
  await parts.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Copied {
  readonly size: string;
  readonly key: string;
  readonly url?: string;
  readonly findings: readonly { readonly code: string }[];
}

/** Another institution copies the log once, or goes on to serve its copy. */
async function copyLog(options: readonly string[] = []): Promise<Copied & { readonly code: number | null }> {
  const policy = join(folder, 'policy');
  writeFileSync(policy, `log ${(await openSequencer(parts)).key.text}\nquorum none\n`);
  const address = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  const store = join(folder, 'copy');
  const args = ['mirror', address, '--policy', policy, '--store', store, '--name', 'mirror.example', '--json'];
  const child = spawn(process.execPath, [main, ...args, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  running = child;
  let said = '';
  for await (const text of child.stdout.setEncoding('utf8') as AsyncIterable<string>) {
    said += text;
    if (options.length > 0 && said.trimEnd().endsWith('}')) break;
  }
  if (options.length === 0 && child.exitCode === null) await once(child, 'exit');
  return { ...(JSON.parse(said) as Copied), code: child.exitCode };
}

/** All tables of the ledger as an old backup has them. */
async function backup(): Promise<() => Promise<void>> {
  const tables = ['state', 'entry', 'checkpoint', 'pending', 'module', 'witness'].map((name) => `ledger_${name}`);
  await asOwner(parts, tables.map((name) => `create table kept_${name} as table ${name};`).join(''));
  return () =>
    asOwner(
      parts,
      `set session_replication_role = replica;
       ${tables.map((name) => `truncate ${name}; insert into ${name} table kept_${name};`).join('')}
       update ledger_state set led_until = '-infinity';`,
    );
}

async function grow(sequencer: Sequencer, acts: number): Promise<void> {
  await act(parts, acts);
  await settle(sequencer);
}

it('copies a log whole, in steps, checks all of it and cosigns that it is here', async () => {
  const sequencer = await leader(parts);
  for (const count of [3, 300, 400]) {
    await grow(sequencer, count);
    const copied = await copyLog();
    expect(copied).toMatchObject({ code: 0, findings: [], size: (await readState(parts.pool.db)).size });
  }
  const { url, key, size } = await copyLog(['--port', '0', '--every', '3600']);
  const name = (await openSequencer(parts)).key.name;
  const hash = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(name))).toString('hex');
  const served = async (path: string) => fetch(`${url ?? ''}/${hash}/${path}`);
  const note = parseNote(await (await served('checkpoint')).text());
  expect(parseCheckpointText(note.text).size).toBe(BigInt(size));
  expect(verifyNote(note, [parseVerifierKey(key)])).toHaveLength(1);
  for (const path of ['tile/0/000', 'tile/0/001', 'tile/entries/001'])
    expect(Buffer.from(await (await served(path)).arrayBuffer())).toEqual(
      (await server.inject(`/log/${path}`)).rawPayload,
    );
  for (const wrong of ['tile/0/0', '../witness.key', 'witness.key', 'tile/0/099'])
    expect((await served(wrong)).status).toBe(404);
});

it('lets a log recover whose database, head file and files were all lost but for an old backup', async () => {
  const before = await leader(parts);
  await grow(before, 300);
  const restore = await backup();
  await grow(before, 270);
  const { size } = await readState(parts.pool.db);
  const { url } = await copyLog(['--port', '0', '--every', '3600']);
  await before.leave();
  await restore();
  rmSync(join(parts.config.data, 'ledger'), { recursive: true });
  expect(await recover(parts, contextOf(parts), 'http://127.0.0.1:1')).toMatchObject({ why: 'mirror_unreachable' });
  expect(await recover(parts, contextOf(parts), url)).toMatchObject({ done: true, from: 300n, to: BigInt(size) });
  expect(parseCheckpointText(parseNote((await readHead(parts.config.data)) ?? '').text).size).toBe(BigInt(size));
  const again = await openSequencer(parts);
  expect(await again.lead()).toBe('leads');
  await settle(again);
  expect(BigInt((await readState(parts.pool.db)).size)).toBe(BigInt(size) + 1n);
  // What goes on continues what the mirror has.
  running?.kill('SIGKILL');
  if (running) await once(running, 'exit');
  rmSync(join(folder, 'copy', 'lock'), { force: true });
  expect(await copyLog()).toMatchObject({ code: 0, findings: [] });
});

it('takes over no history that forks from what it has', async () => {
  const sequencer = await leader(parts);
  await grow(sequencer, 40);
  await copyLog();
  await asOwner(
    parts,
    `set session_replication_role = replica;
     truncate ledger_entry, ledger_checkpoint, ledger_module, ledger_pending, ledger_chain, ledger_anchor;
     update ledger_state set size = 0, range = '', led_until = '-infinity';`,
  );
  rmSync(join(parts.config.data, 'ledger'), { recursive: true });
  const other = await openSequencer(parts);
  expect(await other.lead()).toBe('leads');
  await grow(other, 60);
  expect(await copyLog()).toMatchObject({ code: 1, findings: [{ code: 'forked' }] });
});
