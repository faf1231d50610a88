import {
  cosigner,
  ed25519PublicKey,
  formatVerifierKey,
  keyTypes,
  openNote,
  parseVerifierKey,
  portableSha256,
  utf8,
} from '@geneward/merkle';
import { apply, firstState, signTransaction } from '@geneward/chain';
import { afterEach, expect, it } from 'vitest';
import { sampleLog } from '../../../libs/chain/src/test/sample-log.ts';
import { startChainNode } from '../../test/fakes/chain-node.ts';
import { openChain, type OwnHead } from './chain.ts';

const chainId = 'trial';
const seed = portableSha256(utf8('north'));
const genesis = { chainId, members: [{ id: 'north', publicKey: ed25519PublicKey(seed) }] };
const log = sampleLog('north.example/log');
const registered = apply(
  firstState(genesis),
  signTransaction({ chainId, member: 'north', nonce: 0n, act: { type: 'RegisterLog', key: log.key } }, seed),
  { height: 1n, time: 0n },
).state;
const validators = ['a', 'b', 'c'].map((name) => {
  const secret = portableSha256(utf8(`validator ${name}`));
  const publicKey = ed25519PublicKey(secret);
  return { signer: cosigner(name, secret), key: formatVerifierKey({ name, type: keyTypes.cosignature, publicKey }) };
});
const [a, b] = validators;

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const node of running.splice(0)) await node.stop();
});
async function startNode(which = a, port = 0, from = registered) {
  if (!which) throw new Error('no such validator');
  const node = await startChainNode(genesis, which.signer, port, from);
  running.push(node);
  return node;
}
const chainAt = (nodes: readonly string[], quorum = 1) =>
  openChain({ chainId, nodes, member: 'north', seed, cosigners: validators.map(({ key }) => key), quorum });
const headOf = async (size: bigint): Promise<OwnHead> => ({
  origin: log.origin,
  size,
  note: await log.note(size),
  prove: (from) => log.consistency(from, size),
});

it('hands a head in, and tells when it is final with the validators’ word on it', async () => {
  const node = await startNode();
  const chain = chainAt([node.address]);
  expect(await chain.handIn(await headOf(5n))).toEqual({ standing: 'pending' });
  expect(await chain.finality(log.origin, 5n)).toBeUndefined();
  node.block();
  expect(await chain.handIn(await headOf(5n))).toEqual({ standing: 'final', size: 5n });
  const finality = await chain.finality(log.origin, 5n);
  expect(finality).toMatchObject({ enough: true });
  const note = `${finality?.text ?? ''}\n${finality?.lines.join('\n') ?? ''}\n`;
  expect(openNote(note, [parseVerifierKey(a?.key ?? '')]).signed).toHaveLength(1);
});

it('goes on when the chain is down, and the next head catches up with all that was missed', async () => {
  const node = await startNode();
  const port = Number(new URL(node.address).port);
  const chain = chainAt([node.address]);
  await chain.handIn(await headOf(5n));
  node.block();
  const state = node.state();
  await node.stop();
  running.pop();
  expect(await chain.handIn(await headOf(8n))).toMatchObject({ standing: 'unreachable' });
  expect(await chain.head(log.origin)).toBeUndefined();
  const back = await startNode(a, port, state);
  expect(await chain.handIn(await headOf(21n))).toEqual({ standing: 'pending' });
  back.block();
  expect(await chain.head(log.origin)).toMatchObject({ size: 21n, frozen: false });
});

it('asks the next node when the first is not reached', async () => {
  const node = await startNode();
  const chain = chainAt(['http://127.0.0.1:1', node.address]);
  expect(await chain.handIn(await headOf(3n))).toEqual({ standing: 'pending' });
});

it('hands nothing in twice, and waits while an earlier head is in the pool', async () => {
  const node = await startNode();
  const chain = chainAt([node.address]);
  await chain.handIn(await headOf(5n));
  expect(await chain.handIn(await headOf(5n))).toEqual({ standing: 'pending' });
  expect(await chain.handIn(await headOf(9n))).toEqual({ standing: 'pending' });
  node.block();
  expect(await chain.head(log.origin)).toMatchObject({ size: 5n });
  await chain.handIn(await headOf(9n));
  node.block();
  expect(await chain.head(log.origin)).toMatchObject({ size: 9n });
});

it('counts only cosignatures of known validators, each once', async () => {
  const [first, twin, other] = [await startNode(a), await startNode(a), await startNode(b)];
  const unknown = await startChainNode(genesis, cosigner('nobody', portableSha256(utf8('x'))), 0, registered);
  running.push(unknown);
  const nodes = [first, twin, other, unknown];
  for (const node of nodes) {
    await chainAt([node.address]).handIn(await headOf(5n));
    node.block();
  }
  const addresses = nodes.map(({ address }) => address);
  expect((await chainAt(addresses, 2).finality(log.origin, 5n))?.lines).toHaveLength(2);
  expect(await chainAt(addresses, 3).finality(log.origin, 5n)).toMatchObject({ enough: false });
});

it('tells a refusal as it is', async () => {
  const node = await startNode(a, 0, firstState(genesis));
  expect(await chainAt([node.address]).handIn(await headOf(5n))).toMatchObject({
    standing: 'refused',
    code: 'unknown_log',
  });
});
