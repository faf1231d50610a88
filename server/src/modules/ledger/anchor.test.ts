import { spawn, type ChildProcess } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parsePolicy, verifyReceipt } from '@geneward/merkle';
import { createPublicClient, createWalletClient, http, toHex } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { foundry } from 'viem/chains';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { testServer } from '../../../test/builders.ts';
import { testParts, type TestParts } from '../../../test/parts.ts';
import { person } from '../../../test/people.ts';
import type { Server } from '../../platform/http.ts';
import { openSequencer } from './sequencer.ts';
import { readState } from './store.ts';
import { act, asOwner, leader, settle } from './test/acts.ts';

const mnemonic = 'test test test test test test test test test test test junk';
const chainRoom = fileURLToPath(new URL('../../../../chain/package.json', import.meta.url));

/** The contract comes from the room of the chain, which the server does not lean on. */
const registryFile = new URL('../../../../chain/src/evm/registry.ts', import.meta.url).href;
interface ChainRoom {
  deployRegistry(wallet: unknown, reader: unknown): Promise<string>;
}

/** As is the command line's. */
const lookUpFile = new URL('../../../../cli/src/ledger/evm.ts', import.meta.url).href;
interface LookUp {
  readonly isAccepted: (
    anchor: object | undefined,
    origin: string,
    outside: { node: string; contract: string },
  ) => Promise<boolean>;
}

let parts: TestParts;
let server: Server;
let anvil: ChildProcess;
let port: number;
const startAnvil = () => {
  const program = createRequire(chainRoom).resolve('@foundry-rs/anvil/bin.mjs');
  anvil = spawn('node', [program, '--port', String(port), '--silent'], { stdio: 'ignore', detached: true });
};

beforeEach(async () => {
  parts = await testParts();
  server = await testServer(parts);
  port = await freePort();
  startAnvil();
  const node = `http://127.0.0.1:${port}`;
  const transport = http(node, { retryCount: 60, retryDelay: 100 });
  const account = mnemonicToAccount(mnemonic);
  const room = (await import(registryFile)) as ChainRoom;
  const contract = await room.deployRegistry(
    createWalletClient({ chain: foundry, transport, account }),
    createPublicClient({ chain: foundry, transport, pollingInterval: 50 }),
  );
  const keyFile = join(parts.config.data, 'account.key');
  writeFileSync(keyFile, `${toHex(account.getHdKey().privateKey ?? new Uint8Array())}\n`);
  Object.assign(parts.config.chain, { evmNode: node, evmContract: contract, evmKeyFile: keyFile });
});
afterEach(async () => {
  if (anvil.pid !== undefined) process.kill(-anvil.pid, 'SIGTERM');
  await server.close();
  await parts.close();
});

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const listener = createServer();
    listener.once('error', fail);
    listener.listen(0, '127.0.0.1', () => {
      const address = listener.address();
      listener.close(() => (typeof address === 'object' && address ? done(address.port) : fail(new Error('no port'))));
    });
  });
}

const status = async () => (await server.inject('/api/v1/ledger')).json();

it('lays heads down on an EVM chain, tells where, and goes on when the chain is away', async () => {
  const sequencer = await leader(parts);
  for (const count of [3, 260]) {
    await act(parts, count);
    await settle(sequencer);
    await sequencer.anchor();
    const { size } = await readState(parts.pool.db);
    expect(await status()).toMatchObject({
      anchored: size,
      anchor: { chainId: '31337', size, transaction: expect.stringMatching(/^0x[0-9a-f]{64}$/) },
    });
  }
  const { size } = await readState(parts.pool.db);
  parts.config.chain.evmNode = 'http://127.0.0.1:1';
  await act(parts, 2);
  const away = await openSequencer(parts);
  await sequencer.leave();
  expect(await away.lead()).toBe('leads');
  await settle(away);
  await away.anchor();
  expect(await status()).toMatchObject({ anchored: size });
  expect(await status()).not.toHaveProperty('alarm');
});

it('puts into a receipt where its head was laid down, with the way between both heads', async () => {
  const sequencer = await leader(parts);
  const auditor = await person(parts, { roles: ['auditor'] });
  const receipt = async (index: number) => {
    const { body } = await server.inject({
      url: `/api/v1/ledger/entries/${index}/receipt`,
      headers: auditor.headers,
    });
    return verifyReceipt(body, parsePolicy(`log ${sequencer.key.text}\nquorum none\n`)).receipt;
  };
  await act(parts, 7);
  await settle(sequencer);
  await sequencer.anchor();
  const { size: first } = await readState(parts.pool.db);
  await act(parts, 300);
  await settle(sequencer);
  const { anchor } = await receipt(2);
  expect(anchor).toMatchObject({ chainId: 31_337n, size: BigInt(first), contract: parts.config.chain.evmContract });
  expect(anchor?.proof.length).toBeGreaterThan(0);
  // What `geneward verify --evm` asks the chain, and what it answers to a head, a log or a contract that is another.
  const { isAccepted } = (await import(lookUpFile)) as LookUp;
  const outside = { node: parts.config.chain.evmNode ?? '', contract: parts.config.chain.evmContract ?? '' };
  const { name } = sequencer.key;
  expect(await isAccepted(anchor, name, outside)).toBe(true);
  for (const changed of [{ size: 6n }, { root: new Uint8Array(32) }, { block: 1n }, { chainId: 1n }])
    expect(await isAccepted({ ...anchor, ...changed }, name, outside)).toBe(false);
  expect(await isAccepted(anchor, 'other.example/log', outside)).toBe(false);
  expect(await isAccepted(anchor, name, { ...outside, contract: `0x${'1'.repeat(40)}` })).toBe(false);
  expect((await receipt(Number(first) + 5)).anchor).toBeUndefined();
  await sequencer.anchor();
  const { size: second } = await readState(parts.pool.db);
  expect((await receipt(Number(first) + 5)).anchor?.size).toBe(BigInt(second));
});

it('stops when the contract has more of the log than it holds', async () => {
  const before = await leader(parts);
  await act(parts, 9);
  await settle(before);
  await before.anchor();
  await asOwner(
    parts,
    `set session_replication_role = replica;
     truncate ledger_entry, ledger_checkpoint, ledger_module, ledger_pending, ledger_chain, ledger_anchor;
     update ledger_state set size = 0, range = '', led_until = '-infinity';`,
  );
  rmSync(join(parts.config.data, 'ledger'), { recursive: true });
  const sequencer = await openSequencer(parts);
  expect(await sequencer.lead()).toBe('leads');
  await act(parts, 2);
  await settle(sequencer);
  await sequencer.anchor();
  expect((await readState(parts.pool.db)).alarm).toMatchObject({ code: 'chain_ahead' });
});
