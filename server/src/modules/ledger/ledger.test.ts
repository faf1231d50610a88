import {
  decodeBundle,
  formatActEntry,
  judgeCheckpoint,
  parseActEntry,
  parsePolicy,
  parseReceipt,
  treeHasher,
  verifyCoseReceipt,
  verifyReceipt,
  formatReceipt,
  bundlePath,
} from '@geneward/merkle';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { person, testServer } from '../../../test/builders.ts';
import { testParts, type TestParts } from '../../../test/parts.ts';
import { transaction } from '../../platform/db.ts';
import type { Server } from '../../platform/http.ts';
import { Fenced, hexSha256 } from './append.ts';
import { erase } from './index.ts';
import { jobs } from './jobs.ts';
import { agentDigest } from './rules.ts';
import { openSequencer } from './sequencer.ts';
import { entryBytes, findEntry, readState } from './store.ts';
import { act, asOwner, contextOf, leader, settle } from './test/acts.ts';

let parts: TestParts;
let server: Server;
beforeEach(async () => {
  parts = await testParts();
  server = await testServer(parts);
});
afterEach(async () => {
  await server.close();
  await parts.close();
});

const policyOf = (key: { text: string }) => parsePolicy(`log ${key.text}\nquorum none\n`);

it('gives every act its place with the transaction of the act, and none to an act that did not happen', async () => {
  const sequencer = await leader(parts);
  await settle(sequencer);
  const { size } = await readState(parts.pool.db);
  await transaction(parts.pool.db, async (tx) => {
    await act(parts, 2, tx);
    throw new Error('no');
  }).catch(() => undefined);
  await act(parts, 3);
  await settle(sequencer);
  expect(BigInt((await readState(parts.pool.db)).size)).toBe(BigInt(size) + 3n);
  const note = (await server.inject('/log/checkpoint')).body;
  const { checkpoint } = judgeCheckpoint(note, policyOf(sequencer.key));
  expect(checkpoint).toMatchObject({ origin: sequencer.key.name, size: BigInt(size) + 3n });
});

it('serves its files as C2SP tlog-tiles, for ever, through many checkpoints of any width', async () => {
  const sequencer = await leader(parts);
  for (const count of [1, 200, 60, 300, 255]) {
    await act(parts, count);
    await settle(sequencer);
  }
  const size = Number((await readState(parts.pool.db)).size);
  expect(size).toBeGreaterThan(800);
  const tile = async (path: string) => {
    const reply = await server.inject(`/log/${path}`);
    expect([path, reply.statusCode]).toEqual([path, 200]);
    expect(reply.headers['cache-control']).toContain('immutable');
    return reply.rawPayload;
  };
  const hasher = treeHasher();
  const full = Math.floor(size / 256);
  const entries = await entryBytes(parts.pool.db, 0n, BigInt(size));
  for (let index = 0; index < full; index += 1) {
    const leaves = entries.slice(index * 256, (index + 1) * 256);
    expect(await tile(`tile/0/00${index}`)).toEqual(Buffer.concat(leaves.map((entry) => hasher.leaf(entry))));
    expect(decodeBundle(await tile(`tile/entries/00${index}`), 256)).toEqual(leaves);
  }
  expect((await tile(`tile/1/000.p/${full}`)).length).toBe(32 * full);
  expect((await tile(bundlePath(BigInt(full), size % 256))).length).toBeGreaterThan(0);
  for (const wrong of [
    'tile/0/0',
    'tile/0/000.p/256',
    'tile/0/000.p/0',
    'tile/0/x000/000',
    'tile/00/000',
    'tile/9/000',
  ])
    expect([wrong, (await server.inject(`/log/${wrong}`)).statusCode]).toEqual([wrong, 404]);
});

it('gives the same receipt as COSE, which verifies with the key alone', async () => {
  const sequencer = await leader(parts);
  await act(parts, 5);
  await settle(sequencer);
  const auditor = await person(parts, { roles: ['auditor'] });
  const url = '/api/v1/ledger/entries/2/receipt?format=cose';
  const reply = await server.inject({ url, headers: auditor.headers });
  expect(reply.headers).toMatchObject({
    'content-type': 'application/cose',
    'content-disposition': 'attachment; filename="act-2.cose"',
  });
  const verified = verifyCoseReceipt(reply.rawPayload, policyOf(sequencer.key));
  expect(verified).toMatchObject({
    level: 'L0',
    receipt: { index: 2n },
    statement: { predicate: { outcome: 'done' } },
  });
});

it('gives receipts that verify with the key alone, and not when a byte of them is another', async () => {
  const sequencer = await leader(parts);
  await act(parts, 5);
  const auditor = await person(parts, { roles: ['auditor'] });
  const ask = (index: number) =>
    server.inject({ url: `/api/v1/ledger/entries/${index}/receipt`, headers: auditor.headers });
  while ((await sequencer.append()) > 0);
  expect((await ask(2)).json()).toMatchObject({ status: 409, code: 'receipt_not_ready' });
  await sequencer.checkpoint();
  const { body } = await ask(2);
  const policy = policyOf(sequencer.key);
  const verified = verifyReceipt(body, policy);
  expect(verified).toMatchObject({
    level: 'L0',
    statement: {
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'thing:2' }],
      predicate: { type: 'platform.stopped', stage: 'governance', outcome: 'done', content: { role: 'r2' } },
    },
  });
  const receipt = parseReceipt(body);
  const salt = receipt.opening?.salt ?? new Uint8Array();
  expect(verified.statement).toMatchObject({ predicate: { agent: { digest: agentDigest('test', salt, hexSha256) } } });
  expect(body).not.toContain('"test"');
  const flipped = (bytes: Uint8Array, at: number) => bytes.map((byte, n) => (n === at ? byte ^ 1 : byte));
  const opening = receipt.opening ?? { salt, envelope: salt };
  const resigned = (envelope: Uint8Array) =>
    Buffer.from(String(Buffer.from(envelope)).replace(/"sig":"(.)/, (_, one) => `"sig":"${one === 'A' ? 'B' : 'A'}`));
  const wrong: [string, string][] = [
    [formatReceipt({ ...receipt, index: 3n }), 'proof_wrong'],
    [formatReceipt({ ...receipt, hashes: receipt.hashes.map((hash) => flipped(hash, 3)) }), 'proof_wrong'],
    [formatReceipt({ ...receipt, entry: { ...receipt.entry, sequence: 99n } }), 'proof_wrong'],
    [formatReceipt({ ...receipt, opening: { ...opening, salt: flipped(salt, 0) } }), 'commitment_wrong'],
    ...(
      [
        [40, 'envelope_malformed'],
        [60, 'commitment_wrong'],
      ] as const
    ).map(([at, code]): [string, string] => [
      formatReceipt({ ...receipt, opening: { ...opening, envelope: flipped(opening.envelope, at) } }),
      code,
    ]),
    [formatReceipt({ ...receipt, opening: { ...opening, envelope: resigned(opening.envelope) } }), 'bad_signature'],
    [formatReceipt({ ...receipt, checkpoint: receipt.checkpoint.replace(/\n\d+\n/, '\n9\n') }), 'bad_signature'],
  ];
  for (const [text, code] of wrong)
    expect(() => verifyReceipt(text, policy)).toThrow(expect.objectContaining({ code }) as Error);
  expect((await server.inject('/api/v1/ledger/entries/2/receipt')).statusCode).toBe(401);
});

it('counts the acts of each module without gaps', async () => {
  const sequencer = await leader(parts);
  await act(parts, 40);
  await settle(sequencer);
  const { size } = await readState(parts.pool.db);
  const acts = (await entryBytes(parts.pool.db, 0n, BigInt(size))).map(parseActEntry);
  const ours = acts.filter(({ module }) => module === 'platform');
  expect(ours.map(({ sequence }) => sequence)).toEqual(ours.map((_, at) => BigInt(at + 1)));
  expect(acts.every((entry) => formatActEntry(entry).length < 200)).toBe(true);
});

it('lets one of two sequencers write, and the other nothing', async () => {
  const first = await leader(parts);
  const second = await openSequencer(parts);
  await act(parts, 3);
  expect(await second.lead()).toBe('waits');
  expect(await second.append()).toBe(0);
  // The first one hangs; its lead runs out, and the second takes over with a newer token.
  await sql`update ledger_state set led_until = '-infinity'`.execute(parts.pool.db);
  expect(await second.lead()).toBe('leads');
  await expect(first.append()).rejects.toThrow(Fenced);
  expect(await second.append()).toBe(3);
  await expect(first.checkpoint()).rejects.toThrow(Fenced);
  await second.checkpoint();
  expect(await first.lead()).toBe('waits');
});

it('thins old checkpoints out, and still proves every entry at the level that it had', async () => {
  const sequencer = await leader(parts);
  const sizes: number[] = [];
  for (let n = 0; n < 8; n += 1) {
    await act(parts, 2);
    await settle(sequencer);
    sizes.push(Number((await readState(parts.pool.db)).size));
  }
  const [, second, third, , , sixth, , newest] = sizes;
  // Sizes 1 to 7 of the list are of two hours, two days ago; the second and the sixth were witnessed.
  await asOwner(
    parts,
    `update ledger_checkpoint set witnessed = size in (${second}, ${sixth}),
       at = date_trunc('hour', now()) - interval '2 days' + size * interval '1 second'
         + case when size > ${third} then interval '1 hour' else interval '0' end
     where size < ${newest};`,
  );
  const auditor = await person(parts, { roles: ['auditor'] });
  const { db } = parts.pool;
  await expect(sql`delete from ledger_checkpoint`.execute(db)).rejects.toThrow('permission denied');
  await jobs['ledger.thin']({}, contextOf(parts));
  const kept = await db.selectFrom('ledger_checkpoint').select(['size', 'witnessed']).orderBy('size').execute();
  expect(kept.map(({ size }) => Number(size))).toEqual([second, third, sixth, sizes[6], newest]);
  await settle(sequencer);
  for (let index = 0; index < Number(sixth); index += 1) {
    const { body } = await server.inject({
      url: `/api/v1/ledger/entries/${index}/receipt`,
      headers: auditor.headers,
    });
    const { checkpoint } = verifyReceipt(body, policyOf(sequencer.key));
    expect(Number(checkpoint.size)).toBe(index < Number(second) ? second : sixth);
  }
  await jobs['ledger.thin']({}, contextOf(parts));
  expect(await db.selectFrom('ledger_checkpoint').select('size').execute()).toHaveLength(kept.length + 1);
});

it('keeps an entry against the application and opens it no more once it was erased', async () => {
  const sequencer = await leader(parts);
  await act(parts, 3);
  await settle(sequencer);
  const { db } = parts.pool;
  await expect(sql`delete from ledger_entry`.execute(db)).rejects.toThrow('permission denied');
  await expect(sql`update ledger_entry set entry = 'x'`.execute(db)).rejects.toThrow('append-only');
  await expect(sql`update ledger_entry set statement = 'x', salt = 'y'`.execute(db)).rejects.toThrow('append-only');
  expect(await transaction(db, (tx) => erase(tx, contextOf(parts), { kind: 'thing', id: '1' }))).toBe(1);
  await settle(sequencer);
  const row = await findEntry(db, 1n);
  expect([row?.salt, row?.statement]).toEqual([null, null]);
  const auditor = await person(parts, { roles: ['auditor'] });
  const { body } = await server.inject({ url: '/api/v1/ledger/entries/1/receipt', headers: auditor.headers });
  expect(verifyReceipt(body, policyOf(sequencer.key)).statement).toBeUndefined();
});

it('erases acts that wait for their places too, also those of a batch that is being written', async () => {
  const sequencer = await leader(parts);
  const { db } = parts.pool;
  const eraseOne = () => transaction(db, (tx) => erase(tx, contextOf(parts), { kind: 'thing', id: '1' }));
  await act(parts, 3);
  expect(await eraseOne()).toBe(1);
  expect(await eraseOne()).toBe(0);
  await settle(sequencer);
  await act(parts, 60);
  const [erased] = await Promise.all([eraseOne(), sequencer.append()]);
  expect(erased).toBe(20);
  await settle(sequencer);
  const rows = await db.selectFrom('ledger_entry').selectAll().where('object_id', '=', '1').execute();
  expect(rows).toHaveLength(21);
  expect(rows.filter(({ salt, statement }) => salt !== null || statement !== null)).toEqual([]);
  const others = await db.selectFrom('ledger_entry').selectAll().where('object_id', '=', '2').execute();
  expect(others.filter(({ statement }) => statement === null)).toEqual([]);
});

it('signs nothing that the owner of the database put in the place of a statement or an entry', async () => {
  const sequencer = await leader(parts);
  await act(parts, 3);
  await settle(sequencer);
  const auditor = await person(parts, { roles: ['auditor'] });
  const ask = async (index: number) =>
    (await server.inject({ url: `/api/v1/ledger/entries/${index}/receipt`, headers: auditor.headers })).json<unknown>();
  const swap = (column: string, index: number) =>
    asOwner(
      parts,
      `set session_replication_role = replica;
       update ledger_entry set ${column} = convert_to(replace(convert_from(${column}, 'UTF8'), 'stopped', 'started'), 'UTF8')
       where index = ${index};`,
    );
  await swap('statement', 1);
  await swap('entry', 2);
  for (const index of [1, 2]) expect(await ask(index)).toMatchObject({ status: 500, code: 'entry_altered' });
});

it('shows an audit row that its administrator deleted: the log still has it', async () => {
  const sequencer = await leader(parts);
  await act(parts, 3);
  await settle(sequencer);
  await asOwner(
    parts,
    `alter table audit_event disable trigger all;
     delete from audit_event where content->>'role' = 'r1';
     alter table audit_event enable trigger all;`,
  );
  const auditor = await person(parts, { roles: ['auditor'] });
  const { body } = await server.inject({ url: '/api/v1/ledger/entries/1/receipt', headers: auditor.headers });
  expect(verifyReceipt(body, policyOf(sequencer.key)).statement).toMatchObject({
    predicate: { content: { role: 'r1' } },
  });
});
