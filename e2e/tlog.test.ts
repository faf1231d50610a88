import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  compactRange,
  ed25519PublicKey,
  formatCheckpointText,
  formatVerifierKey,
  keyTypes,
  noteSigner,
  openNote,
  proveConsistency,
  proveInclusion,
  signNote,
  tilePath,
  toBase64,
  treeHasher,
  verifierOf,
  type NodeId,
} from '@geneward/merkle';
import { expect, it } from 'vitest';

const hasher = treeHasher();
const folder = fileURLToPath(new URL('tlog', import.meta.url));

interface Answer {
  Roots: string[];
  Inclusion: string[][];
  Consistency: string[][];
  InclusionOk: boolean[];
  ConsistencyOk: boolean[];
  Tiles: string[];
  NoteText: string;
  Note: string;
}

/** Asks the log of Go's checksum database. */
function askGo(question: unknown): Answer {
  const { status, stdout, stderr } = spawnSync('go', ['run', '.'], {
    cwd: folder,
    input: JSON.stringify(question),
    encoding: 'utf8',
    maxBuffer: 1e8,
    env: { ...process.env, GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local' },
  });
  if (status !== 0) throw new Error(`go run ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as Answer;
}

const base64 = (list: readonly Uint8Array[]): string[] => list.map(toBase64);

it('agrees with golang.org/x/mod/sumdb in both directions', async () => {
  const entries = Array.from({ length: 300 }, (_, n) => new TextEncoder().encode(`record ${n} 记录\n`));
  const nodes = new Map<string, Uint8Array>();
  const range = compactRange(hasher);
  const roots = entries.map((entry) => {
    range.append(hasher.leaf(entry), (level, index, hash) => nodes.set(`${level} ${index}`, hash));
    return range.root();
  });
  const read = async (asked: readonly NodeId[]) =>
    asked.map(({ level, index }) => nodes.get(`${level} ${index}`) ?? hasher.empty);
  const pairs = Array.from({ length: 200 }, (_, n) => [
    (n * 37) % 299,
    1 + ((n * 37) % 299) + ((n * 11) % (300 - ((n * 37) % 299))),
  ]);
  const inclusion = await Promise.all(
    pairs.map(async ([index = 0, size = 1]) => ({
      Index: index,
      Size: size,
      Proof: base64(await proveInclusion(hasher, BigInt(index), BigInt(size), read)),
    })),
  );
  const consistency = await Promise.all(
    pairs.map(async ([index = 0, size = 1]) => ({
      First: index + 1,
      Second: size,
      Proof: base64(await proveConsistency(hasher, BigInt(index + 1), BigInt(size), read)),
    })),
  );
  const seed = new Uint8Array(32).fill(9);
  const name = 'geneward.example/log';
  const key = verifierOf(name, keyTypes.ed25519, ed25519PublicKey(seed));
  const text = formatCheckpointText({ origin: name, size: 300n, root: range.root() });
  const id = key.id.toString(16).padStart(8, '0');
  const tiles = [
    { level: 0, index: 1_234_067n, width: 256 },
    { level: 3, index: 7n, width: 44 },
  ];
  const answer = askGo({
    Entries: base64(entries),
    Roots: base64(roots),
    Inclusion: inclusion,
    Consistency: consistency,
    Tiles: tiles.map(({ level, index, width }) => [level, Number(index), width]),
    Note: signNote(text, [noteSigner(name, seed)]),
    Vkey: formatVerifierKey(key),
    Text: text,
    Skey: `PRIVATE+KEY+${name}+${id}+${toBase64(Uint8Array.of(1, ...seed))}`,
  });
  expect(answer.Roots).toEqual(base64(roots));
  expect(answer.Inclusion).toEqual(inclusion.map(({ Proof }) => Proof));
  expect(answer.Consistency).toEqual(consistency.map(({ Proof }) => Proof));
  expect(new Set([...answer.InclusionOk, ...answer.ConsistencyOk])).toEqual(new Set([true]));
  expect(answer.Tiles).toEqual(tiles.map((tile) => tilePath(tile).replace('tile/', 'tile/8/')));
  expect(answer.NoteText).toBe(text);
  expect(openNote(answer.Note, [key]).text).toBe(text);
  expect(answer.Note).toBe(signNote(text, [noteSigner(name, seed)]));
});
