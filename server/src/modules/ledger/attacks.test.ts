import { compactRange } from '@geneward/merkle';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { person, testServer } from '../../../test/builders.ts';
import { testParts, type TestParts } from '../../../test/parts.ts';
import { hasher } from './append.ts';
import { readHead } from './head.ts';
import { openSequencer } from './sequencer.ts';
import { entryBytes, readState } from './store.ts';
import { act, asOwner, leader, settle } from './test/acts.ts';

let parts: TestParts;
beforeEach(async () => {
  parts = await testParts();
});
afterEach(() => parts.close());

const literal = (bytes: Uint8Array): string => `'\\x${Buffer.from(bytes).toString('hex')}'::bytea`;

/** The owner of the database makes the log begin with these entries and end there, with a tree that fits. */
async function pretend(entries: readonly Uint8Array[], statements: string): Promise<void> {
  const range = compactRange(hasher);
  for (const entry of entries) range.append(hasher.leaf(entry));
  await asOwner(
    parts,
    `set session_replication_role = replica; ${statements}
     update ledger_state set size = ${range.size}, range = ${literal(Buffer.concat(range.hashes))};`,
  );
}

it('stops when entries were cut off at the end, while it runs and at a start', async () => {
  const sequencer = await leader(parts);
  await act(parts, 6);
  await settle(sequencer);
  const head = await readHead(parts.config.data);
  const entries = await entryBytes(parts.pool.db, 0n, 4n);
  await pretend(entries, 'delete from ledger_entry where index >= 4; delete from ledger_checkpoint;');
  await act(parts, 1);
  await settle(sequencer);
  expect(await readHead(parts.config.data)).toBe(head);
  const missing = { from: '4', to: '6', types: { 'platform.stopped': 2 } };
  expect((await readState(parts.pool.db)).alarm).toMatchObject({ code: 'rolled_back', missing });
  await sequencer.leave();
  expect(await (await openSequencer(parts)).lead()).toBe('stopped');
});

it('keeps no entry that is too large for a bundle, and signs none that was forced in', async () => {
  const sequencer = await leader(parts);
  await act(parts, 2);
  await settle(sequencer);
  const head = await readHead(parts.config.data);
  const giant = Buffer.alloc(65_536, 'x');
  const insert = `insert into ledger_entry (index, type, at, entry) values (2, 'platform.stopped', now(), ${literal(giant)});`;
  await expect(asOwner(parts, insert)).rejects.toThrow('ledger_entry_entry_check');
  const entries = [...(await entryBytes(parts.pool.db, 0n, 2n)), giant];
  await pretend(entries, `alter table ledger_entry drop constraint ledger_entry_entry_check; ${insert}`);
  await expect(sequencer.checkpoint()).rejects.toMatchObject({ code: 'entry_too_large' });
  expect(await readHead(parts.config.data)).toBe(head);
});

it('gives a small entry to an act of any size', async () => {
  const sequencer = await leader(parts);
  await asOwner(
    parts,
    `insert into audit_event (at, type, outcome, actor_kind, content, request_id)
     values (now(), 'platform.stopped', 'done', 'system', jsonb_build_object('role', repeat('x', 300000)), 'test');`,
  );
  await settle(sequencer);
  const [entry] = await entryBytes(parts.pool.db, 0n, 1n);
  expect(entry?.length).toBeLessThan(200);
});

it('answers for places beyond 2^53 and 2^63 as for any that is not there', async () => {
  const sequencer = await leader(parts);
  await act(parts, 1);
  await settle(sequencer);
  const server = await testServer(parts);
  const { headers } = await person(parts, { roles: ['auditor'] });
  const ask = async (index: string) =>
    (await server.inject({ url: `/api/v1/ledger/entries/${index}/receipt`, headers })).statusCode;
  expect(await ask('0')).toBe(200);
  for (const index of ['9007199254740993', '9223372036854775807', '9223372036854775808', '9999999999999999999'])
    expect([index, await ask(index)]).toEqual([index, 404]);
  for (const wrong of ['1e3', '0x1', '99999999999999999999', '-1'])
    expect([wrong, await ask(wrong)]).toEqual([wrong, 422]);
  await server.close();
});
