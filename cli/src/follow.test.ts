import { rmSync } from 'node:fs';
import {
  compactRange,
  ed25519PublicKey,
  encodeBundle,
  formatActEntry,
  formatCheckpointText,
  formatVerifierKey,
  keyTypes,
  noteSigner,
  parsePolicy,
  parseTilePath,
  signNote,
  treeHasher,
  verifierOf,
} from '@geneward/merkle';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { follow, type Fetch } from './ledger/follow.ts';
import { emptyFolder } from './testing/run.ts';

const hasher = treeHasher();
const origin = 'archive.example/log';
const seed = new Uint8Array(32).fill(1);
const signer = noteSigner(origin, seed);
const key = formatVerifierKey(verifierOf(origin, keyTypes.ed25519, ed25519PublicKey(seed)));
const policy = parsePolicy(`log ${key}\nquorum none\n`);

/** Acts of one module, each with a commitment of its own history. */
const history = (word: number, sequences: readonly number[]) =>
  sequences.map((sequence) =>
    formatActEntry({
      module: 'files',
      sequence: BigInt(sequence),
      type: 'files.uploaded',
      time: '2026-01-02T03:04:05.006Z',
      commitment: new Uint8Array(32).fill(word + (sequence % 50)),
    }),
  );
const counted = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

function checkpointOf(entries: readonly Uint8Array[]): string {
  const range = compactRange(hasher);
  for (const entry of entries) range.append(hasher.leaf(entry));
  return signNote(formatCheckpointText({ origin, size: range.size, root: range.root() }), [signer]);
}

/** A log of these entries, which signs what it is told to. */
const logOf =
  (entries: readonly Uint8Array[], note = checkpointOf(entries)): Fetch =>
  async (path) => {
    if (path === 'checkpoint') return new TextEncoder().encode(note);
    const tile = parseTilePath(path);
    const from = Number(tile.index) * 256;
    if ('entries' in tile) return encodeBundle(entries.slice(from, from + tile.width));
    if (tile.level > 0) throw new Error('a log so small has one level that is asked for');
    return Buffer.concat(entries.slice(from, from + tile.width).map((entry) => hasher.leaf(entry)));
  };

let folder: string;
beforeEach(() => {
  folder = emptyFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const codes = async (fetch: Fetch, others: readonly string[] = []) =>
  (await follow(folder, policy, fetch, others)).findings.map(({ code }) => code);

it('follows a log that only grows, from where it was left', async () => {
  for (const size of [1, 200, 256, 300, 900]) {
    const { findings, size: seen } = await follow(folder, policy, logOf(history(1, counted(1, size))));
    expect([findings, seen]).toEqual([[], BigInt(size)]);
  }
  expect(await codes(logOf(history(1, counted(1, 900))))).toEqual([]);
});

it('tells when the log shrinks, forks at equal size, or grows out of another history, and does not take that over', async () => {
  const good = history(1, counted(1, 200));
  await codes(logOf(good));
  const shrunk = await follow(folder, policy, logOf(good.slice(0, 150)));
  expect(shrunk.findings).toMatchObject([
    { code: 'shrunk', evidence: [checkpointOf(good), checkpointOf(good.slice(0, 150))] },
  ]);
  expect(await codes(logOf(history(2, counted(1, 200))))).toEqual(['forked']);
  expect(await codes(logOf(history(2, counted(1, 210))))).toEqual(['forked']);
  expect(await codes(logOf(history(1, counted(1, 220))))).toEqual([]);
});

it('tells of acts that a module left out or counted twice', async () => {
  expect(await codes(logOf(history(1, [...counted(1, 5), 7])))).toEqual(['sequence_gap']);
  expect(await codes(logOf(history(1, [...counted(1, 5), 5])))).toEqual(['sequence_gap']);
});

const planned = (types: readonly (readonly [type: string, day: number])[]) => {
  const counts = new Map<string, bigint>();
  return types.map(([type, day], at) => {
    const module = type.slice(0, type.indexOf('.'));
    const sequence = (counts.get(module) ?? 0n) + 1n;
    counts.set(module, sequence);
    const time = `2026-01-${String(day).padStart(2, '0')}T00:00:00.000Z`;
    return formatActEntry({ module, sequence, type, time, commitment: new Uint8Array(32).fill(at) });
  });
};

it('tells of what was announced and has no end in time, goes on, and remembers it', async () => {
  const entries = planned([
    ['compute.started', 1],
    ['compute.started', 2],
    ['compute.opened', 2],
    ['compute.sealed', 3],
    ['submission.submitted', 20],
  ]);
  const look = async (count: number, day: string) =>
    (await follow(folder, policy, logOf(entries.slice(0, count)), [], new Date(`2026-01-${day}T12:00:00Z`))).late;
  expect(await look(2, '05')).toEqual([]);
  expect(await look(2, '09')).toMatchObject([{ code: 'unfinished', detail: expect.stringMatching(/^2 of compute/) }]);
  expect(await look(4, '08')).toEqual([]);
  expect(await look(4, '10')).toMatchObject([{ detail: expect.stringMatching(/^1 of compute.started/) }]);
  expect(await look(5, '22')).toHaveLength(2);
});

it('tells of a result that nothing announced', async () => {
  expect(await codes(logOf(planned([['compute.sealed', 1]])))).toEqual(['unplanned']);
});

it('tells when entries are not what was signed, and when one is no act', async () => {
  const entries = history(1, counted(1, 9));
  expect(await codes(logOf(history(2, counted(1, 9)), checkpointOf(entries)))).toEqual(['root_wrong']);
  expect(await codes(logOf([...entries, new Uint8Array(70)]))).toEqual(['entry_strange']);
});

it('tells when somebody was shown another history', async () => {
  const entries = history(1, counted(1, 90));
  expect(await codes(logOf(entries), [checkpointOf(entries.slice(0, 40))])).toEqual([]);
  expect(await codes(logOf(entries), [checkpointOf(history(2, counted(1, 40)))])).toEqual(['split_view']);
});

it('believes no log but that of the policy', async () => {
  const stranger = signNote(formatCheckpointText({ origin, size: 0n, root: hasher.empty }), [
    noteSigner(origin, new Uint8Array(32).fill(7)),
  ]);
  await expect(codes(logOf([], stranger))).rejects.toThrow('no known key');
});
