import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordKey, signTransaction, validatorKind, verifyRecord, type Act } from '@geneward/chain';
import { toBase64 } from '@geneward/merkle';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { validatorFaults } from '../cli/src/ledger/validators.ts';
import { cometbft } from '../deploy/consortium/cometbft.ts';
import { rpcOf, type Network, type Node } from '../deploy/consortium/network.ts';
import { root } from '../scripts/process.ts';
import { seedOf } from '../libs/chain/src/test/sample-log.ts';
import { signTwice } from './chain/double-signer.ts';
import { trialNetwork } from './chain/trial.ts';

const chainId = 'trial-equivocation';
let folder: string;
let network: Network;
let convicted: string;
const nonces = new Map<string, bigint>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'geneward-equivocation-'));
  network = await trialNetwork(folder, chainId);
  await Promise.all(network.nodes.map((one) => one.start()));
  await until(async () => (await node(0).client.height()) >= 3n);
});
afterAll(async () => {
  await network.stop();
  rmSync(folder, { recursive: true, force: true });
});

function node(at: number): Node {
  const found = network.nodes[at];
  if (!found) throw new Error('no such node');
  return found;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition().catch(() => false))) await new Promise((done) => setTimeout(done, 100));
}

/** Addresses of those whose votes make the next blocks, as the engine of a node has them. */
async function voting(at: number): Promise<string[]> {
  const { validators } = (await rpcOf(node(at).rpc)('validators', {})) as { validators: { address: string }[] };
  return validators.map(({ address }) => address.toLowerCase());
}

async function order(member: string, act: Act, at = 0): Promise<string | undefined> {
  const nonce = nonces.get(member) ?? 0n;
  const answer = await node(at).client.submit(signTransaction({ chainId, member, nonce, act }, seedOf(member)));
  if (!answer.pending) return answer.code;
  nonces.set(member, nonce + 1n);
  await until(async () => (await node(at).client.ordered(answer.hash)) !== undefined);
  return (await node(at).client.ordered(answer.hash))?.code;
}

const chainProgram = (...args: string[]): string =>
  execFileSync(process.execPath, [join(root, 'chain/src/main.ts'), ...args], { encoding: 'utf8' });

/** Sends an act as a member does on the command line. */
function asMember(member: string, act: string): string {
  const key = join(folder, `${member}.member`);
  writeFileSync(key, toBase64(seedOf(member)));
  const sender = ['--chain', chainId, '--member', member, '--key', key];
  return chainProgram('send', '--node', node(0).rpc, ...sender, act);
}

it('takes the vote from a validator whose key signed two blocks of one height, on every node, for all to see', async () => {
  expect(await validatorFaults(network.nodes.map(({ rpc }) => rpc))).toEqual([]);
  const height = (await node(0).client.height()) - 1n;
  convicted = await signTwice(node(3), chainId, height, node(0));
  // The engine verifies both votes, passes them on, puts them into a block and tells every application of it.
  await until(async () =>
    (await Promise.all([0, 1, 2].map((at) => node(at).client.validators()))).every(
      (known) => (known.get(convicted)?.faults.length ?? 0) > 0,
    ),
  );
  expect((await node(1).client.validators()).get(convicted)).toMatchObject({
    power: 0n,
    faults: [{ kind: 'duplicate_vote', height }],
  });
  await until(async () => (await voting(1)).length === 3);
  expect(await voting(1)).not.toContain(convicted);
  expect(await validatorFaults([node(0).rpc, node(2).rpc])).toEqual([
    {
      code: 'validator_convicted',
      detail: `validator ${convicted}, duplicate_vote at height ${height}, its vote counts no more`,
    },
  ]);
});

it('proves what it recorded to the app hash of a header', async () => {
  const key = recordKey(validatorKind, convicted);
  const { value, proof, height } = await node(2).client.proven(key);
  await until(async () => (await node(2).client.height()) > height);
  const { signed_header } = (await rpcOf(node(2).rpc)('commit', { height: String(height + 1n) })) as {
    signed_header: { header: { app_hash: string } };
  };
  const appHash = Uint8Array.from(Buffer.from(signed_header.header.app_hash, 'hex'));
  expect(verifyRecord(appHash, key, value, proof)).toBe(true);
});

it('goes on without it, does not take the key back, and takes the validator again under a new one', async () => {
  const { publicKey } = (await node(0).client.validators()).get(convicted) ?? {};
  if (!publicKey) throw new Error('the chain does not know the key');
  expect(await order('north', { type: 'SetValidator', publicKey, power: 1n })).toBe('validator_convicted');

  await node(3).kill();
  const made = JSON.parse(
    execFileSync(cometbft(), ['gen-validator', '--home', node(3).home], { encoding: 'utf8' }),
  ) as Record<'Key' | 'LastSignState', unknown>;
  writeFileSync(join(node(3).home, 'config/priv_validator_key.json'), JSON.stringify(made.Key));
  await node(3).start();
  const { pub_key, address } = JSON.parse(
    readFileSync(join(node(3).home, 'config/priv_validator_key.json'), 'utf8'),
  ) as { pub_key: { value: string }; address: string };
  // As its people do it, each on the command line.
  const act = JSON.stringify({ type: 'SetValidator', publicKey: pub_key.value, power: '1' });
  for (const member of ['north', 'south', 'east']) expect(JSON.parse(asMember(member, act))).toHaveProperty('height');
  const shown = JSON.parse(chainProgram('show', '--node', node(1).rpc, 'validators')) as { publicKey: string }[];
  expect(shown).toHaveLength(5);
  expect(shown).toContainEqual({ address: address.toLowerCase(), publicKey: pub_key.value, power: '1', faults: [] });
  await until(async () => (await voting(0)).includes(address.toLowerCase()));
  // Three of four suffice again, so that the chain stands without one of the first three only if the fourth votes.
  await node(2).kill();
  const reached = await node(0).client.height();
  await until(async () => (await node(0).client.height()) > reached + 2n);
});
