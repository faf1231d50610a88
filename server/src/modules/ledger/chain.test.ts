import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apply, firstState, signTransaction, type Act, type ChainState } from '@geneward/chain';
import {
  cosigner,
  ed25519PublicKey,
  formatCheckpointText,
  formatVerifierKey,
  keyTypes,
  parsePolicy,
  portableSha256,
  signNote,
  toBase64,
  utf8,
  verifyReceipt,
} from '@geneward/merkle';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { person, testServer } from '../../../test/builders.ts';
import { startChainNode, type ChainNode } from '../../../test/fakes/chain-node.ts';
import { testParts, type TestParts } from '../../../test/parts.ts';
import type { Server } from '../../platform/http.ts';
import { openSequencer, type Sequencer } from './sequencer.ts';
import { readState } from './store.ts';
import { act, asOwner, leader, settle } from './test/acts.ts';

const seedOf = (name: string) => portableSha256(utf8(name));
const members = ['north', 'south', 'east', 'west'];
const genesis = { chainId: 'trial', members: members.map((id) => ({ id, publicKey: ed25519PublicKey(seedOf(id)) })) };
const validators = ['a', 'b', 'c'].map((name) => {
  const secret = seedOf(`validator ${name}`);
  const publicKey = ed25519PublicKey(secret);
  return {
    name,
    signer: cosigner(name, secret),
    key: formatVerifierKey({ name, type: keyTypes.cosignature, publicKey }),
  };
});

type Node = ChainNode & { state(): ChainState };
let parts: TestParts;
let server: Server;
let nodes: Node[];
let policy: string;
beforeEach(async () => {
  parts = await testParts();
  nodes = await Promise.all(validators.map(({ signer }) => startChainNode(genesis, signer)));
  const keyFile = join(parts.config.data, 'member.key');
  writeFileSync(keyFile, `${toBase64(seedOf('north'))}\n`);
  const { key } = await openSequencer(parts);
  policy = [
    `log ${key.text}`,
    ...validators.map((validator) => `witness ${validator.name} ${validator.key}`),
    'group chain 2 a b c',
    'quorum none\n',
  ].join('\n');
  parts.config.ledger.policy = join(parts.config.data, 'policy');
  writeFileSync(parts.config.ledger.policy, policy);
  Object.assign(parts.config.chain, {
    id: 'trial',
    nodes: nodes.map(({ address }) => address).join(', '),
    member: 'north',
    keyFile,
  });
  server = await testServer(parts);
});
afterEach(async () => {
  await Promise.all(nodes.map((node) => node.stop()));
  await server.close();
  await parts.close();
});

/** The first node is told, as by gossip the others are; a block ends what waits. */
async function round(sequencer: Sequencer): Promise<void> {
  await sequencer.chain();
  const [first] = nodes;
  first?.block();
  const state = first?.state();
  if (!state) return;
  const moved = await Promise.all(
    nodes.slice(1).map(async (node, at) => {
      const port = Number(new URL(node.address).port);
      await node.stop();
      const signer = validators[at + 1]?.signer;
      return signer ? startChainNode(genesis, signer, port, state) : node;
    }),
  );
  nodes = [...(first ? [first] : []), ...moved];
}

const status = async () => (await server.inject('/api/v1/ledger')).json();

async function levelOf(index: number): Promise<string> {
  const auditor = await person(parts, { roles: ['auditor'] });
  const { body } = await server.inject({ url: `/api/v1/ledger/entries/${index}/receipt`, headers: auditor.headers });
  return verifyReceipt(body, parsePolicy(policy)).level;
}

it('registers its log, hands in its head and raises receipts to L2 by the validators’ words', async () => {
  const sequencer = await leader(parts);
  await act(parts, 3);
  await settle(sequencer);
  await round(sequencer);
  expect(await levelOf(1)).toBe('L0');
  await round(sequencer);
  expect(await status()).toMatchObject({ final: '0', chain: { id: 'trial', standing: 'pending' } });
  await round(sequencer);
  expect(await levelOf(1)).toBe('L2');
  const { size } = await readState(parts.pool.db);
  expect(await status()).toMatchObject({ final: size, chain: { standing: 'final', size } });
});

it('goes on while the chain is down, and the next head covers all that was missed', async () => {
  const sequencer = await leader(parts);
  await act(parts, 3);
  await settle(sequencer);
  for (let n = 0; n < 3; n += 1) await round(sequencer);
  const state = nodes[0]?.state();
  const ports = nodes.map(({ address }) => Number(new URL(address).port));
  await Promise.all(nodes.map((node) => node.stop()));
  for (const count of [2, 300]) {
    await act(parts, count);
    await settle(sequencer);
    await sequencer.chain();
  }
  expect([await levelOf(1), await levelOf(200)]).toEqual(['L2', 'L0']);
  expect(await status()).toMatchObject({ chain: { standing: 'unreachable' } });
  nodes = await Promise.all(validators.map(({ signer }, at) => startChainNode(genesis, signer, ports[at] ?? 0, state)));
  await round(sequencer);
  await round(sequencer);
  expect(await levelOf(200)).toBe('L2');
});

it('signs nothing when the chain has accepted more than it holds: everything here was restored from one backup', async () => {
  const before = await leader(parts);
  await act(parts, 5);
  await settle(before);
  for (let n = 0; n < 3; n += 1) await round(before);
  await asOwner(
    parts,
    `set session_replication_role = replica;
     truncate ledger_entry, ledger_checkpoint, ledger_module, ledger_witness, ledger_pending, ledger_chain, ledger_anchor;
     update ledger_state set size = 0, range = '', led_until = '-infinity';`,
  );
  rmSync(join(parts.config.data, 'ledger'), { recursive: true });
  const sequencer = await openSequencer(parts);
  expect(await sequencer.lead()).toBe('stopped');
  expect((await readState(parts.pool.db)).alarm).toMatchObject({ code: 'chain_ahead' });
});

/** The chain holds these acts of the institution, and the ledger begins anew. */
async function restartUnder(acts: readonly Act[]): Promise<{ is: string; code: string | undefined }> {
  const at = { height: 2n, time: 1_764_000_000n };
  let state = firstState(genesis);
  for (const [nonce, one] of acts.entries()) {
    const transaction = { chainId: 'trial', member: 'north', nonce: BigInt(nonce), act: one };
    state = apply(state, signTransaction(transaction, seedOf('north')), at).state;
  }
  await Promise.all(nodes.map((node) => node.stop()));
  nodes = await Promise.all(validators.map(({ signer }) => startChainNode(genesis, signer, 0, state)));
  parts.config.chain.nodes = nodes.map(({ address }) => address).join(',');
  await sql`update ledger_state set led_until = '-infinity'`.execute(parts.pool.db);
  const is = await (await openSequencer(parts)).lead();
  return { is, code: (await readState(parts.pool.db)).alarm?.code };
}

it('stops when the chain has another history of it, or froze it', async () => {
  const { key, ...sequencer } = await leader(parts);
  await act(parts, 5);
  await settle({ key, ...sequencer });
  const foreign = (word: string) =>
    signNote(formatCheckpointText({ origin: key.name, size: 3n, root: seedOf(word) }), [key]);
  const registered: Act = { type: 'RegisterLog', key: key.text };
  const first: Act = { type: 'SubmitCheckpoint', note: foreign('another history'), proof: [] };
  expect(await restartUnder([registered, first])).toEqual({ is: 'stopped', code: 'chain_disagrees' });
  const report: Act = {
    type: 'ReportEquivocation',
    first: foreign('one history'),
    second: foreign('another history'),
    prefixRoot: new Uint8Array(0),
    proof: [],
  };
  expect(await restartUnder([registered, report])).toEqual({ is: 'stopped', code: 'chain_frozen' });
});
