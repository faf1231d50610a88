import { rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  compactRange,
  formatAddCheckpoint,
  formatCheckpointText,
  formatNote,
  noteSigner,
  parseNote,
  parseVerifierKey,
  proveConsistency,
  signNote,
  treeHasher,
  utf8,
  verifierOf,
  verifyNote,
  ed25519PublicKey,
  keyTypes,
  parseSignatureLine,
} from '@geneward/merkle';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { folderName, lockFolder, openHeads } from './ledger/heads.ts';
import { addCheckpoint, witnessKey, witnessServer, type WitnessParts } from './ledger/witness.ts';
import { emptyFolder } from './testing/run.ts';

const hasher = treeHasher();
const origin = 'archive.example/log';
const seed = new Uint8Array(32).fill(1);
const signer = noteSigner(origin, seed);

/** A log that can say at any size what it is, and forks when it is told to. */
function logOf(word: string, size: number) {
  const nodes = new Map<string, Uint8Array>();
  const roots = [hasher.empty];
  const range = compactRange(hasher);
  for (let n = 0; n < size; n += 1) {
    range.append(hasher.leaf(utf8(`${word}${n}`)), (level, index, hash) => nodes.set(`${level}/${index}`, hash));
    roots.push(range.root());
  }
  const read = async (ids: readonly { level: number; index: bigint }[]) =>
    ids.map(({ level, index }) => nodes.get(`${level}/${index}`) ?? hasher.empty);
  const note = (at: number, by = signer) =>
    signNote(formatCheckpointText({ origin, size: BigInt(at), root: roots[at] ?? hasher.empty }), [by]);
  return {
    note,
    request: async (old: number, at: number, by = signer) =>
      formatAddCheckpoint({
        old: BigInt(old),
        proof: old <= at ? await proveConsistency(hasher, BigInt(old), BigInt(at), read) : [],
        note: note(at, by),
      }),
  };
}

let folder: string;
let parts: WitnessParts;
let key: string;
beforeEach(() => {
  folder = emptyFolder();
  const made = witnessKey(folder, 'witness.example/w1');
  key = made.text;
  const logs = [verifierOf(origin, keyTypes.ed25519, ed25519PublicKey(seed))];
  parts = { logs, heads: openHeads(folder), signer: made.signer, now: () => 1_800_000_000n };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const log = logOf('a', 20);
const other = logOf('b', 20);

it('cosigns what continues what it has seen, and says when', async () => {
  const first = addCheckpoint(parts, await log.request(0, 5));
  expect(first.status).toBe(200);
  const note = parseNote(log.note(5));
  const signed = verifyNote({ text: note.text, signatures: [parseSignatureLine(first.body.trimEnd())] }, [
    parseVerifierKey(key),
  ]);
  expect(signed).toMatchObject([{ time: 1_800_000_000n }]);
  expect(parseNote(formatNote(note.text, [first.body.trimEnd()])).signatures).toHaveLength(1);
  expect(addCheckpoint(parts, await log.request(5, 12)).status).toBe(200);
  expect(addCheckpoint(parts, await log.request(12, 12)).status).toBe(200);
});

it('signs no second history: not of equal size, not a longer one, not after a restart', async () => {
  addCheckpoint(parts, await log.request(0, 5));
  const answers = async () => [
    addCheckpoint(parts, await other.request(5, 5)),
    addCheckpoint(parts, await other.request(5, 9)),
    addCheckpoint(parts, await other.request(0, 9)),
    addCheckpoint(parts, await log.request(0, 3)),
    addCheckpoint(parts, await log.request(3, 4)),
  ];
  const wanted = [
    { status: 409, body: '5\n', type: 'text/x.tlog.size' },
    { status: 422 },
    { status: 409, body: '5\n' },
    { status: 409, body: '5\n' },
    { status: 409, body: '5\n' },
  ];
  expect(await answers()).toMatchObject(wanted);
  parts = { ...parts, heads: openHeads(folder), signer: witnessKey(folder, 'witness.example/w1').signer };
  expect(witnessKey(folder, 'witness.example/w1').text).toBe(key);
  expect(await answers()).toMatchObject(wanted);
});

it('refuses what it cannot read, logs that it does not know, and keys that are not theirs', async () => {
  const stranger = noteSigner(origin, new Uint8Array(32).fill(7));
  const elsewhere = noteSigner('other.example/log', seed);
  const unknown = formatCheckpointText({ origin: 'other.example/log', size: 1n, root: hasher.empty });
  const good = await log.request(0, 5);
  const status = (body: string) => addCheckpoint(parts, body).status;
  expect(status(await log.request(0, 5, stranger))).toBe(403);
  expect(status(`old 0\n\n${signNote(unknown, [elsewhere])}`)).toBe(404);
  expect(status(await log.request(9, 5))).toBe(400);
  for (const wrong of ['', 'old', good.replace('old 0', 'old 00'), good.replace('old 0', 'old -1'), `${good}x`])
    expect([wrong, status(wrong)]).toEqual([wrong, 400]);
  expect(status(good.replace('old 0\n', `old 0\n${'AAAA'.repeat(11)}=\n`))).toBe(400);
  expect(openHeads(folder).read(origin)).toBeUndefined();
});

it('lets one of many that race win, and keeps what it signed', async () => {
  const server = witnessServer(parts, key);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const post = async (body: string) => (await fetch(`${url}/add-checkpoint`, { method: 'POST', body })).status;
  expect(await post(await log.request(0, 2))).toBe(200);
  const requests = await Promise.all([3, 4, 5, 6, 7, 8, 9].map((size) => log.request(2, size)));
  const statuses = await Promise.all(requests.map(post));
  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  expect(new Set(statuses)).toEqual(new Set([200, 409]));
  const kept = Number(parts.heads.read(origin)?.size);
  expect(statuses[kept - 3]).toBe(200);
  expect(await post('x'.repeat(300_000))).toBe(413);
  expect((await fetch(`${url}/add-checkpoint`)).status).toBe(405);
  expect((await (await fetch(url)).text()).trimEnd()).toBe(key);
  const seen = await (await fetch(`${url}/${folderName(origin)}/checkpoint`)).text();
  expect(verifyNote(parseNote(seen), [parseVerifierKey(key)])).toHaveLength(1);
  expect(parseNote(seen).text).toBe(parseNote(log.note(kept)).text);
  server.close();
  server.closeAllConnections();
});

it('works on a folder alone, unless who held it is dead', () => {
  lockFolder(folder)();
  writeFileSync(join(folder, 'lock'), String(process.ppid));
  expect(() => lockFolder(folder)).toThrow(`process ${process.ppid} works on`);
  writeFileSync(join(folder, 'lock'), '4194303');
  lockFolder(folder)();
});
