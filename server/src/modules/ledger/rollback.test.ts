import { randomBytes } from 'node:crypto';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  compactRange,
  noteSigner,
  parseCheckpointText,
  parseNote,
  formatCheckpointText,
  signNote,
} from '@geneward/merkle';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { testServer } from '../../../test/builders.ts';
import { testParts, type TestParts } from '../../../test/parts.ts';
import { hasher } from './append.ts';
import { readHead, writeHead } from './head.ts';
import { recover } from './recover.ts';
import { openSequencer, type Sequencer } from './sequencer.ts';
import { entryBytes, readState } from './store.ts';
import { act, asOwner, contextOf, leader, settle } from './test/acts.ts';

let parts: TestParts;
beforeEach(async () => {
  parts = await testParts();
});
afterEach(() => parts.close());

/** The tables of the ledger as a backup has them, and the way to put them back. */
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

async function restart(): Promise<{ sequencer: Sequencer; is: string }> {
  const sequencer = await openSequencer(parts);
  return { sequencer, is: await sequencer.lead() };
}

it('recognises a restored backup, stops signing, says what is missing, and goes on after the way out', async () => {
  const before = await leader(parts);
  await act(parts, 300);
  await settle(before);
  const restore = await backup();
  await act(parts, 5);
  await settle(before);
  const head = await readHead(parts.config.data);
  await before.leave();
  await restore();

  const { sequencer, is } = await restart();
  expect(is).toBe('stopped');
  await act(parts, 2);
  await settle(sequencer);
  expect(await readHead(parts.config.data)).toBe(head);
  const server = await testServer(parts);
  expect((await server.inject('/ready')).json()).toMatchObject({
    status: 'ready',
    alarms: [
      { part: 'ledger', code: 'rolled_back', missing: { from: '300', to: '305', types: { 'platform.stopped': 5 } } },
    ],
  });
  await sequencer.leave();

  expect(await recover(parts, contextOf(parts))).toEqual({
    done: true,
    from: 300n,
    to: 305n,
    lost: { 'platform.stopped': 5 },
    found: 0,
  });
  const again = await restart();
  expect(again.is).toBe('leads');
  await settle(again.sequencer);
  expect(parseCheckpointText(parseNote((await readHead(parts.config.data)) ?? '').text).size).toBe(308n);
  expect((await server.inject('/api/v1/ledger')).json()).not.toHaveProperty('alarm');
  expect(await recover(parts, contextOf(parts))).toMatchObject({ done: false, why: 'nothing_missing' });
  await server.close();
});

it('gives an act that waited in the backup the place that it has, and a later one of the same number its own', async () => {
  const before = await leader(parts);
  await act(parts, 3);
  await settle(before);
  await act(parts, 2);
  const restore = await backup();
  await settle(before);
  await act(parts, 2);
  await settle(before);
  await before.leave();
  await restore();
  // The numbers of the two acts that the backup lacks are given anew, as the sequence of a restored database does.
  await asOwner(
    parts,
    `set session_replication_role = replica; delete from audit_event where seq > 5;
     alter table audit_event alter column seq restart with 6;`,
  );
  await act(parts, 1);
  expect(await recover(parts, contextOf(parts))).toMatchObject({ lost: { 'platform.stopped': 2 }, found: 2 });
  const { sequencer } = await restart();
  await settle(sequencer);
  const { db } = parts.pool;
  const { rows } = await sql<{ seqs: string[] }>`
    select array_agg(event_seq::text order by index) as seqs from ledger_entry`.execute(db);
  expect(rows[0]?.seqs).toEqual(['1', '2', '3', '4', '5', null, null, '6', '7']);
  expect((await readState(db)).size).toBe('9');
});

it('does not take entries back that do not lead to the signed head', async () => {
  const before = await leader(parts);
  await act(parts, 3);
  await settle(before);
  const restore = await backup();
  await act(parts, 2);
  await settle(before);
  await restore();
  const { key } = before;
  const forged = formatCheckpointText({ origin: key.name, size: 5n, root: randomBytes(32) });
  await writeHead(parts.config.data, signNote(forged, [key]));
  expect(await recover(parts, contextOf(parts))).toEqual({ done: false, why: 'other_history' });
  rmSync(join(parts.config.data, 'ledger', 'files', 'blobs'), { recursive: true });
  expect(await recover(parts, contextOf(parts))).toEqual({ done: false, why: 'files_missing' });
  expect((await readState(parts.pool.db)).size).toBe('3');
});

/** The owner of the database changes an act and computes everything anew that can be computed. */
async function rewrite(index: number): Promise<void> {
  const { size } = await readState(parts.pool.db);
  const entries = await entryBytes(parts.pool.db, 0n, BigInt(size));
  const forged = entries.map((entry, at) =>
    at === index ? Buffer.from(String(Buffer.from(entry)).replace('stopped', 'started')) : entry,
  );
  const range = compactRange(hasher);
  for (const entry of forged) range.append(hasher.leaf(entry));
  const hex = (bytes: Uint8Array) => `'\\x${Buffer.from(bytes).toString('hex')}'`;
  await asOwner(
    parts,
    `set session_replication_role = replica;
     update ledger_entry set entry = ${hex(forged[index] ?? new Uint8Array())} where index = ${index};
     update ledger_state set range = ${hex(Buffer.concat(range.hashes))}, led_until = '-infinity';`,
  );
}

it('recognises a history that the owner of the database rewrote and hashed anew, with the files of the log or without', async () => {
  const before = await leader(parts);
  await act(parts, 10);
  await settle(before);
  await rewrite(4);
  expect((await restart()).is).toBe('stopped');
  rmSync(join(parts.config.data, 'ledger', 'files', 'blobs'), { recursive: true });
  await sql`update ledger_state set led_until = '-infinity'`.execute(parts.pool.db);
  expect((await restart()).is).toBe('stopped');
  expect((await readState(parts.pool.db)).alarm).toMatchObject({ code: 'forked' });
});

it('recognises a rewriting while it runs, before anything is signed on it', async () => {
  const sequencer = await leader(parts);
  await act(parts, 10);
  await settle(sequencer);
  const head = await readHead(parts.config.data);
  await rewrite(4);
  await act(parts, 1);
  await settle(sequencer);
  expect(await readHead(parts.config.data)).toBe(head);
  expect((await readState(parts.pool.db)).alarm).toMatchObject({ code: 'forked' });
});

it('makes lost files of the log again from the database', async () => {
  const before = await leader(parts);
  await act(parts, 600);
  await settle(before);
  await before.leave();
  rmSync(join(parts.config.data, 'ledger', 'files', 'blobs'), { recursive: true });
  const { is, sequencer } = await restart();
  expect(is).toBe('leads');
  await act(parts, 1);
  await settle(sequencer);
});

it('stops when key, name or head file were exchanged', async () => {
  const before = await leader(parts);
  await act(parts, 3);
  await settle(before);
  await before.leave();
  const { data } = parts.config;
  const good = (await readHead(data)) ?? '';
  const stranger = noteSigner(before.key.name, new Uint8Array(32).fill(7));
  await writeHead(data, signNote(parseNote(good).text, [stranger]));
  expect((await restart()).is).toBe('stopped');
  expect((await readState(parts.pool.db)).alarm).toMatchObject({ code: 'head_unreadable' });
  await writeHead(data, good);
  cpSync(join(data, 'keys', 'ledger.pem'), join(data, 'keys', 'kept.pem'));
  rmSync(join(data, 'keys', 'ledger.pem'));
  await sql`update ledger_state set led_until = '-infinity'`.execute(parts.pool.db);
  expect((await restart()).is).toBe('stopped');
  cpSync(join(data, 'keys', 'kept.pem'), join(data, 'keys', 'ledger.pem'));
  await sql`update ledger_state set led_until = '-infinity'`.execute(parts.pool.db);
  expect((await restart()).is).toBe('leads');
});
