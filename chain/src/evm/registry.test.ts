import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  compactRange,
  proveConsistency,
  proveInclusion,
  rootAt,
  treeHasher,
  utf8,
  verifyConsistency,
  type NodeReader,
} from '@geneward/merkle';
import { createPublicClient, createWalletClient, http, toHex, type Address } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { foundry } from 'viem/chains';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deployRegistry, registry, type Registry } from './registry.ts';

const hasher = treeHasher();
const levels: Uint8Array[][] = [];
const range = compactRange(hasher);
for (let n = 0; n < 200; n += 1)
  range.append(hasher.leaf(utf8(`entry ${n}`)), (level, index, hash) => ((levels[level] ??= [])[Number(index)] = hash));
const nodes: NodeReader = async (wanted) =>
  wanted.map(({ level, index }) => levels[level]?.[Number(index)] ?? new Uint8Array(0));
const head = async (size: bigint) => ({ size, root: await rootAt(hasher, size, nodes) });
const proof = (from: bigint, to: bigint) => proveConsistency(hasher, from, to, nodes);
const origin = 'north.example/log';
const mnemonic = 'test test test test test test test test test test test junk';

let anvil: ChildProcess;
let node: string;
let owner: Registry;
let stranger: Registry;
let strangerAddress: Address;

beforeAll(async () => {
  const port = await freePort();
  const program = createRequire(import.meta.url).resolve('@foundry-rs/anvil/bin.mjs');
  anvil = spawn('node', [program, '--port', String(port), '--silent'], { stdio: 'ignore', detached: true });
  node = `http://127.0.0.1:${port}`;
  const transport = http(node, { retryCount: 30, retryDelay: 100 });
  const reader = createPublicClient({ chain: foundry, transport, pollingInterval: 50 });
  const wallet = (addressIndex: number) =>
    createWalletClient({ chain: foundry, transport, account: mnemonicToAccount(mnemonic, { addressIndex }) });
  const address = await deployRegistry(wallet(0), reader);
  owner = registry(address, wallet(0), reader);
  stranger = registry(address, wallet(1), reader);
  strangerAddress = wallet(1).account.address;
  await owner.begin(origin);
});
afterAll(() => {
  if (anvil.pid !== undefined) process.kill(-anvil.pid, 'SIGTERM');
});

it('is put on a chain by the command of an operator', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'geneward-contract-'));
  const key = join(folder, 'account.key');
  writeFileSync(key, `${toHex(mnemonicToAccount(mnemonic).getHdKey().privateKey ?? new Uint8Array())}\n`);
  const main = fileURLToPath(new URL('../main.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [main, 'contract', '--node', node, '--key', key]);
  rmSync(folder, { recursive: true });
  const transport = http(node);
  const reader = createPublicClient({ chain: foundry, transport });
  const wallet = createWalletClient({ chain: foundry, transport, account: mnemonicToAccount(mnemonic) });
  expect(stdout.trim()).toMatch(/^0x[0-9a-fA-F]{40}$/);
  expect(await registry(stdout.trim() as Address, wallet, reader).head(origin)).toBeUndefined();
});

it('accepts heads that extend the one before, and refuses all others', async () => {
  await owner.submit(origin, await head(7n), []);
  await owner.submit(origin, await head(100n), await proof(7n, 100n));
  expect(await owner.head(origin)).toMatchObject(await head(100n));
  await expect(owner.submit(origin, await head(100n), [])).rejects.toThrow('NotNewer');
  await expect(owner.submit(origin, await head(50n), await proof(7n, 50n))).rejects.toThrow('NotNewer');
  await expect(owner.submit(origin, await head(150n), await proof(99n, 150n))).rejects.toThrow('WrongProof');
  const rewritten = { size: 150n, root: hasher.leaf(utf8('another history')) };
  await expect(owner.submit(origin, rewritten, await proof(100n, 150n))).rejects.toThrow('WrongProof');
  expect(await owner.head(origin)).toMatchObject(await head(100n));
});

it('lets only the owner speak for a log', async () => {
  await expect(stranger.submit(origin, await head(160n), await proof(100n, 160n))).rejects.toThrow('NotOwner');
  await expect(stranger.begin(origin)).rejects.toThrow('Taken');
  await owner.changeOwner(origin, strangerAddress);
  await stranger.submit(origin, await head(160n), await proof(100n, 160n));
  await expect(owner.submit(origin, await head(170n), await proof(160n, 170n))).rejects.toThrow('NotOwner');
  expect(await owner.head('never.begun')).toBeUndefined();
});

it('judges every proof as libs/merkle does', async () => {
  const sizes = [0n, 1n, 2n, 3n, 4n, 7n, 8n, 9n, 33n, 64n, 127n, 200n];
  const pairs = sizes.flatMap((from) => sizes.filter((to) => to >= from).map((to) => [from, to] as const));
  const verdicts = await Promise.all(
    pairs.flatMap(([from, to]) =>
      [0, 1, 2].map(async (twist) => {
        const [first, second, right] = [await head(from), await head(to), await proof(from, to)];
        const given = twist === 1 ? [...right, hasher.empty] : twist === 2 ? right.slice(0, -1) : right;
        const ours = verifyConsistency(hasher, first, second, given);
        return { ours, theirs: await owner.consistent(first, second, given) };
      }),
    ),
  );
  expect(verdicts.filter(({ ours, theirs }) => ours !== theirs)).toEqual([]);
  expect(verdicts.filter(({ ours }) => ours).length).toBeGreaterThanOrEqual(pairs.length);
});

it('verifies that an entry is in the accepted tree', async () => {
  const leaf = hasher.leaf(utf8('entry 41'));
  const way = await proveInclusion(hasher, 41n, 160n, nodes);
  expect(await owner.included(origin, 41n, leaf, way)).toBe(true);
  expect(await owner.included(origin, 42n, leaf, way)).toBe(false);
  expect(await owner.included(origin, 41n, hasher.leaf(utf8('entry 42')), way)).toBe(false);
});

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address ? done(address.port) : fail(new Error('no port'))));
    });
  });
}
