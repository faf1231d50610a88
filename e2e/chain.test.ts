import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  recordKey,
  logKind,
  signTransaction,
  verifyRecord,
  type Act,
  type ChainClient,
  type Submitted,
} from '@geneward/chain';
import { judgeCheckpoint, parsePolicy, requireQuorum } from '@geneward/merkle';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rpcOf, type Network } from '../deploy/consortium/network.ts';
import { sampleLog, seedOf, type SampleLog } from '../libs/chain/src/test/sample-log.ts';
import { cosignerKey, members, trialNetwork } from './chain/trial.ts';

const chainId = 'trial-chain';

let folder: string;
let network: Network;
const nonces = new Map<string, bigint>();
const log = sampleLog('north.example/log');
const forked = sampleLog('south.example/log');
const fork = sampleLog('south.example/log', (n) => `another history ${n}`);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'geneward-chain-'));
  network = await newNetwork('first');
  await Promise.all(network.nodes.map((node) => node.start()));
  await until(async () => (await client(0).height()) >= 2n);
});
afterAll(async () => {
  await network.stop();
  rmSync(folder, { recursive: true, force: true });
});

const newNetwork = (name: string): Promise<Network> => trialNetwork(join(folder, name), chainId, { snapshotEvery: 5 });

const client = (at: number): ChainClient => {
  const node = network.nodes[at];
  if (!node) throw new Error('no such node');
  return node.client;
};

/** Waits, without a limit of its own: the test's limit is the last resort. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition().catch(() => false))) await new Promise((done) => setTimeout(done, 100));
}

function signed(member: string, act: Act): Uint8Array {
  const nonce = nonces.get(member) ?? 0n;
  return signTransaction({ chainId, member, nonce, act }, seedOf(member));
}

/** Sends an act; it counts as sent when the node took it. */
async function send(member: string, act: Act, at = 0): Promise<Submitted> {
  const answer = await client(at).submit(signed(member, act));
  if (answer.pending) nonces.set(member, (nonces.get(member) ?? 0n) + 1n);
  return answer;
}

/** Sends an act and waits until it is in a block. */
async function order(member: string, act: Act, at = 0): Promise<void> {
  const answer = await send(member, act, at);
  if (!answer.pending) throw new Error(`${act.type}: ${answer.message}`);
  await until(async () => (await client(at).ordered(answer.hash)) !== undefined);
  expect(await client(at).ordered(answer.hash)).toMatchObject({ code: undefined });
}

async function checkpoint(of: SampleLog, size: bigint, at = 0): Promise<Act> {
  const from = (await client(at).log(of.origin))?.size ?? 0n;
  return { type: 'SubmitCheckpoint', note: await of.note(size), proof: await of.consistency(from, size) };
}

it('accepts a checkpoint with its proof, and every validator cosigns it so that it verifies offline', async () => {
  await order('north', { type: 'RegisterLog', key: log.key });
  await order('north', await checkpoint(log, 5n));
  await order('north', await checkpoint(log, 13n));
  await until(async () =>
    (await Promise.all([0, 1, 2, 3].map((at) => client(at).log(log.origin)))).every((one) => one?.size === 13n),
  );
  const lines = await Promise.all(
    [0, 1, 2, 3].map(async (at) => (await client(at).cosignature(log.origin))?.line ?? ''),
  );
  const note = `${await log.note(13n)}${lines.slice(0, 3).join('\n')}\n`;
  const policy = parsePolicy(
    [
      `log ${log.key}`,
      ...members.map((name) => `witness ${name} ${cosignerKey(name)}`),
      `group chain 3 ${members.join(' ')}`,
      'quorum chain\n',
    ].join('\n'),
  );
  const judged = judgeCheckpoint(note, policy);
  requireQuorum(judged, policy);
  expect(judged).toMatchObject({ witnessed: true, checkpoint: { size: 13n } });
});

it('proves a record to the app hash that the header of the next block holds', async () => {
  const key = recordKey(logKind, log.origin);
  const { value, proof, height } = await client(1).proven(key);
  await until(async () => (await client(1).height()) > height);
  const rpc = rpcOf(network.nodes[1]?.rpc ?? '');
  const { signed_header } = (await rpc('commit', { height: String(height + 1n) })) as {
    signed_header: { header: { app_hash: string } };
  };
  const appHash = Uint8Array.from(Buffer.from(signed_header.header.app_hash, 'hex'));
  expect(value && logKind.decode(value).size).toBe(13n);
  expect(verifyRecord(appHash, key, value, proof)).toBe(true);
  expect(verifyRecord(appHash, key, undefined, proof)).toBe(false);
});

it('refuses a wrong proof, a shrunk log and a transaction that is played again', async () => {
  const wrong = { type: 'SubmitCheckpoint', note: await log.note(20n), proof: await log.consistency(5n, 20n) } as const;
  expect(await send('north', wrong)).toMatchObject({ pending: false, code: 'proof_wrong' });
  const old = { type: 'SubmitCheckpoint', note: await log.note(5n), proof: [] } as const;
  expect(await send('north', old)).toMatchObject({ pending: false, code: 'checkpoint_old' });
  const transaction = signed('north', await checkpoint(log, 20n));
  expect(await client(0).submit(transaction)).toMatchObject({ pending: true });
  nonces.set('north', (nonces.get('north') ?? 0n) + 1n);
  await until(async () => (await client(3).log(log.origin))?.size === 20n);
  // The same bytes are known; other bytes under a used nonce are refused; neither changes anything.
  expect(await client(0).submit(transaction)).toMatchObject({ pending: true });
  const act: Act = { type: 'ConsentFreeze', consent: seedOf('replayed') };
  const again = signTransaction({ chainId, member: 'north', nonce: 0n, act }, seedOf('north'));
  expect(await client(3).submit(again)).toMatchObject({ pending: false, code: 'nonce_used' });
});

it('freezes a log that signed two histories', async () => {
  await order('south', { type: 'RegisterLog', key: forked.key }, 1);
  await order('south', await checkpoint(forked, 4n, 1), 1);
  await order('east', {
    type: 'ReportEquivocation',
    first: await forked.note(4n),
    second: await fork.note(4n),
    prefixRoot: new Uint8Array(0),
    proof: [],
  });
  await until(async () => (await client(1).log(forked.origin))?.frozen === true);
  expect(await send('south', await checkpoint(forked, 9n, 1), 1)).toMatchObject({ pending: false, code: 'log_frozen' });
});

it('does not start a job when a consent was frozen before', async () => {
  const plan = seedOf('plan');
  const consent = seedOf('consent');
  await order('north', { type: 'JobOpen', job: 'trial', plan, parties: ['north', 'east'] });
  const input = {
    consent,
    origin: log.origin,
    size: 20n,
    index: 3n,
    leaf: log.leaf(3n),
    proof: await log.inclusion(3n, 20n),
  };
  await order('north', { type: 'JobApprove', job: 'trial', plan, inputs: [input] });
  expect(await send('east', { type: 'JobStart', job: 'trial' })).toMatchObject({
    pending: false,
    code: 'not_approved',
  });
  await order('east', { type: 'JobApprove', job: 'trial', plan, inputs: [] });
  await order('north', { type: 'ConsentFreeze', consent });
  expect(await send('east', { type: 'JobStart', job: 'trial' })).toMatchObject({
    pending: false,
    code: 'consent_frozen',
  });
});

it('goes on when one of four validators is killed, and the killed one catches up', async () => {
  await network.nodes[3]?.kill();
  await order('north', await checkpoint(log, 33n));
  await network.nodes[3]?.start();
  await until(async () => (await client(3).log(log.origin))?.size === 33n);
});

it('halts when two are killed, takes nothing as final, and resumes', async () => {
  await Promise.all([network.nodes[2]?.kill(), network.nodes[3]?.kill()]);
  const answer = await send('north', await checkpoint(log, 40n));
  // A block that had its votes may still end; then nothing does. Two rounds would have passed by then.
  await new Promise((done) => setTimeout(done, 5000));
  const halted = await client(0).height();
  await new Promise((done) => setTimeout(done, 5000));
  expect(await client(0).height()).toBe(halted);
  expect((await client(0).log(log.origin))?.size).toBe(33n);
  await Promise.all([network.nodes[2]?.start(), network.nodes[3]?.start()]);
  expect(answer.pending).toBe(true);
  await until(async () => (await client(2).log(log.origin))?.size === 40n);
});

it('comes back with the same state when all are killed at once', async () => {
  await network.stop();
  await Promise.all(network.nodes.map((node) => node.start()));
  await until(async () => (await client(0).log(log.origin))?.size === 40n);
  await order('north', await checkpoint(log, 50n));
  const sizes = await Promise.all([0, 1, 2].map((at) => client(at).log(log.origin)));
  expect(sizes.some((one) => one?.size === 50n)).toBe(true);
});

it('stops a node whose application is not deterministic, and the chain when two are', async () => {
  const faulty = join(import.meta.dirname, 'chain/faulty-application.ts');
  const restartFaulty = async (at: number) => {
    const node = network.nodes[at];
    if (!node) throw new Error('no such node');
    await node.kill();
    node.application = faulty;
    const before = readFileSync(join(node.home, 'output.log'), 'utf8').length;
    await node.start();
    // Its own engine sees that the application says another state than the chain, and the node takes no further part.
    await until(async () => /AppHash/i.test(readFileSync(join(node.home, 'output.log'), 'utf8').slice(before)));
  };
  await restartFaulty(3);
  const reached = await client(0).height();
  await until(async () => (await client(0).height()) > reached + 2n);
  await restartFaulty(2);
  await new Promise((done) => setTimeout(done, 3000));
  const halted = await client(0).height();
  await new Promise((done) => setTimeout(done, 5000));
  expect(await client(0).height()).toBe(halted);
});
