import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { addressOf, convict, firstState, mapGet, type ChainState } from '@geneward/chain';
import {
  compactRange,
  ed25519PublicKey,
  encodeBundle,
  formatActEntry,
  formatAddCheckpoint,
  formatCheckpointText,
  formatVerifierKey,
  keyTypes,
  noteSigner,
  signNote,
  toBase64,
  treeHasher,
  verifierOf,
} from '@geneward/merkle';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openHeads } from './ledger/heads.ts';
import { addCheckpoint, witnessKey, witnessServer } from './ledger/witness.ts';
import { emptyFolder, geneward } from './testing/run.ts';

const hasher = treeHasher();
const origin = 'archive.example/log';
const seed = new Uint8Array(32).fill(1);
const verifier = verifierOf(origin, keyTypes.ed25519, ed25519PublicKey(seed));

/** A log of 40 acts that signs what it has. */
function logOf(word: number) {
  const entries = Array.from({ length: 40 }, (_, at) =>
    formatActEntry({
      module: 'files',
      sequence: BigInt(at + 1),
      type: 'files.renamed',
      time: '2026-01-02T03:04:05.006Z',
      commitment: new Uint8Array(32).fill(word + at),
    }),
  );
  const note = (size: number) => {
    const range = compactRange(hasher);
    for (const entry of entries.slice(0, size)) range.append(hasher.leaf(entry));
    return signNote(formatCheckpointText({ origin, size: range.size, root: range.root() }), [noteSigner(origin, seed)]);
  };
  const answer = (path: string): string | Uint8Array => {
    if (path === '/log/checkpoint') return note(40);
    if (path.startsWith('/log/tile/entries/')) return encodeBundle(entries);
    return Buffer.concat(entries.map((entry) => hasher.leaf(entry)));
  };
  return { note, answer };
}

let folder: string;
let servers: Server[];
beforeEach(() => {
  folder = emptyFolder();
  servers = [];
});
afterEach(() => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
  rmSync(folder, { recursive: true, force: true });
});

async function serve(server: Server): Promise<string> {
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const log = logOf(1);
const archive = () => serve(createServer(({ url = '' }, response) => response.end(log.answer(url))));

/** A witness that was shown a history, by its line in a policy; nothing: it has seen none. */
async function witnessOf(name: string, shown?: string): Promise<string> {
  const home = join(folder, name);
  mkdirSync(home);
  const { signer, text } = witnessKey(home, `${name}.example/witness`);
  const parts = { logs: [verifier], heads: openHeads(home), signer, now: () => 1_800_000_000n };
  if (shown !== undefined) addCheckpoint(parts, formatAddCheckpoint({ old: 0n, proof: [], note: shown }));
  return `witness ${name} ${text} ${await serve(witnessServer(parts, text))}`;
}

interface Told {
  readonly findings: readonly { readonly code: string; readonly evidence?: readonly string[] }[];
  readonly late: readonly { readonly code: string; readonly detail: string }[];
}

async function monitor(witnesses: readonly string[], ...rest: string[]): Promise<{ code: number | null } & Told> {
  const policy = join(folder, 'policy');
  writeFileSync(policy, [`log ${formatVerifierKey(verifier)}`, ...witnesses, 'quorum none', ''].join('\n'));
  const options = ['--policy', policy, '--store', join(folder, 'store'), '--json', ...rest];
  const { code, out } = await geneward(['monitor', await archive(), ...options]);
  return { code, ...(JSON.parse(out) as Told) };
}

it('finds nothing where the witnesses have seen a beginning of the same history, or nothing yet', async () => {
  const witnesses = [await witnessOf('north', log.note(30)), await witnessOf('south')];
  expect(await monitor(witnesses, '--witnesses')).toMatchObject({ code: 0, findings: [], late: [] });
});

it('shows both checkpoints when a witness was shown another history', async () => {
  const other = logOf(100);
  const witnesses = [await witnessOf('north', log.note(30)), await witnessOf('south', other.note(25))];
  const told = await monitor(witnesses, '--witnesses');
  expect(told).toMatchObject({ code: 1, findings: [{ code: 'split_view' }] });
  expect(told.findings[0]?.evidence?.[0]).toContain(other.note(25));
  // Without the witnesses nobody would know.
  expect(await monitor(witnesses)).toMatchObject({ code: 0, findings: [] });
});

it('tells of witnesses that are away or show what the log never signed, and goes on', async () => {
  const [key] = (await witnessOf('west')).split(' http');
  const liar = await serve(createServer((_, response) => response.end('archive.example/log\n3\nAAAA\n\n')));
  const told = await monitor(
    [`${key} ${liar}`, (await witnessOf('north', log.note(30))).replace(/:\d+$/, ':1')],
    '--witnesses',
  );
  expect(told).toMatchObject({ code: 1, findings: [] });
  expect(told.late.map(({ code }) => code)).toEqual(['witness_silent', 'witness_silent']);
});

/** A node of a chain in this state, as far as a monitor asks. */
const nodeOf = (state: ChainState) =>
  createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { params } = JSON.parse(Buffer.concat(pieces).toString()) as { params: { data: string } };
      const value = mapGet(state.map, Uint8Array.from(Buffer.from(params.data, 'hex')));
      response.end(JSON.stringify({ result: { response: { value: value ? toBase64(value) : null } } }));
    });
  });

it('names validators that were proved to have signed twice, also when one node conceals it', async () => {
  const keys = [2, 3].map((n) => ed25519PublicKey(new Uint8Array(32).fill(n)));
  const genesis = { chainId: 'trial', members: [{ id: 'north', publicKey: keys[0] ?? new Uint8Array() }] };
  const sound = firstState({ ...genesis, validators: keys.map((publicKey) => ({ publicKey, power: 10n })) });
  const address = addressOf(keys[1] ?? new Uint8Array());
  const { state } = convict(sound, { kind: 'duplicate_vote', address, height: 9n, time: 1n });
  const [first, second] = [await serve(nodeOf(sound)), await serve(nodeOf(state))];
  expect(await monitor([], '--chain', first)).toMatchObject({ code: 0, late: [] });
  const told = await monitor([], '--chain', first, second);
  expect(told).toMatchObject({ code: 1, findings: [], late: [{ code: 'validator_convicted' }] });
  expect(told.late[0]?.detail).toContain(`${address}, duplicate_vote at height 9`);
});
