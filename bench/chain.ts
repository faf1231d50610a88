import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signTransaction, type ChainClient } from '@geneward/chain';
import { toBase64 } from '@geneward/merkle';
import { createNetwork, rpcOf, type Network, type Node } from '../deploy/consortium/network.ts';
import { publicKeyOf, sampleLog, seedOf } from '../libs/chain/src/test/sample-log.ts';
import type { Figure } from './figure.ts';

const members = ['north', 'south', 'east', 'west'];
const chainId = 'bench';
/** Checkpoints of each member's log, handed in as fast as its node makes them final. */
const burst = 600;
/** Checkpoints of one member that may wait in the pool. */
const waiting = 60n;
/** Checkpoints whose finality is measured, one after another. */
const single = 12;

/** Four validators on this machine, with our application and, as the peer, with the engine's own key-value store. */
export async function run(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'geneward-bench-chain-'));
  try {
    const peer = await withNetwork(join(folder, 'peer'), true, keyValueRate);
    const [rate, finality] = await withNetwork(join(folder, 'ours'), false, async (network) => {
      const logs = members.map((member) => ({ member, log: sampleLog(`${member}.example/log`), nonce: 0n }));
      const final = await finalitySeconds(network, logs);
      return [await checkpointRate(network, logs), final] as const;
    });
    finality.sort((a, b) => a - b);
    const peerName = 'CometBFT kvstore, transactions';
    return [
      {
        name: 'chain: checkpoints with 4 validators',
        value: rate,
        unit: '/s',
        better: 'higher',
        target: 100,
        peer: peerName,
        peerValue: peer,
        ratio: rate / peer,
      },
      {
        name: 'chain: finality, median',
        value: finality[Math.floor(finality.length / 2)] ?? 0,
        unit: 's',
        better: 'lower',
        target: 3,
      },
      { name: 'chain: finality, slowest', value: finality.at(-1) ?? 0, unit: 's', better: 'lower', target: 3 },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function withNetwork<T>(
  folder: string,
  keyValueStore: boolean,
  measure: (network: Network) => Promise<T>,
): Promise<T> {
  const cosigners = members.map((member) => {
    const seedFile = `${folder}-${member}.key`;
    writeFileSync(seedFile, toBase64(seedOf(member)));
    return { name: `${member}.example/validator`, seedFile };
  });
  const genesis = { members: members.map((id) => ({ id, publicKey: publicKeyOf(id) })) };
  const network = await createNetwork({ folder, chainId, genesis, cosigners, keyValueStore });
  try {
    await Promise.all(network.nodes.map((node) => node.start()));
    await until(async () => (await first(network).client.height()) >= 2n);
    return await measure(network);
  } finally {
    await network.stop();
  }
}

interface Writer {
  readonly member: string;
  readonly log: ReturnType<typeof sampleLog>;
  nonce: bigint;
}

/** From handing in until the chain tells the head as accepted. */
async function finalitySeconds(network: Network, logs: readonly Writer[]): Promise<number[]> {
  const { client } = first(network);
  for (const writer of logs) await send(client, writer, { type: 'RegisterLog', key: writer.log.key });
  await until(async () => (await Promise.all(logs.map(({ log }) => client.log(log.origin)))).every(Boolean));
  const [writer] = logs;
  if (!writer) return [];
  const seconds: number[] = [];
  for (let size = 1n; size <= BigInt(single); size += 1n) {
    const note = await writer.log.note(size);
    const proof = await writer.log.consistency(size - 1n, size);
    const begin = performance.now();
    await send(client, writer, { type: 'SubmitCheckpoint', note, proof });
    await until(async () => (await client.log(writer.log.origin))?.size === size);
    seconds.push((performance.now() - begin) / 1000);
  }
  return seconds;
}

/** Every member hands in its heads at its own node, each head with the proof from the one before. */
async function checkpointRate(network: Network, logs: readonly Writer[]): Promise<number> {
  const { client } = first(network);
  const batches = await Promise.all(
    logs.map(async (writer) => {
      const from = (await client.log(writer.log.origin))?.size ?? 0n;
      const transactions: Uint8Array[] = [];
      for (let size = from + 1n; size <= from + BigInt(burst); size += 1n) {
        const act = {
          type: 'SubmitCheckpoint',
          note: await writer.log.note(size),
          proof: await writer.log.consistency(size - 1n, size),
        } as const;
        transactions.push(
          signTransaction({ chainId, member: writer.member, nonce: writer.nonce, act }, seedOf(writer.member)),
        );
        writer.nonce += 1n;
      }
      return { origin: writer.log.origin, last: from + BigInt(burst), transactions };
    }),
  );
  const begin = performance.now();
  await Promise.all(
    batches.map(async ({ origin, last, transactions }, at) => {
      const node = network.nodes[at]?.client ?? client;
      for (const [index, transaction] of transactions.entries()) {
        const size = last - BigInt(burst) + BigInt(index) + 1n;
        if (index % 20 === 0) await until(async () => size - ((await node.log(origin))?.size ?? 0n) <= waiting - 20n);
        const answer = await node.submit(transaction);
        if (!answer.pending) throw new Error(answer.message);
      }
    }),
  );
  await until(async () =>
    (await Promise.all(batches.map(async ({ origin, last }) => (await client.log(origin))?.size === last))).every(
      Boolean,
    ),
  );
  return (burst * logs.length) / ((performance.now() - begin) / 1000);
}

/** The same number of transactions of about the same length, that the engine's example only stores. */
async function keyValueRate(network: Network): Promise<number> {
  const value = 'v'.repeat(400);
  const begin = performance.now();
  await Promise.all(
    network.nodes.map(async (node, at) => {
      const rpc = rpcOf(node.rpc);
      for (let n = 0; n < burst; n += 1) {
        const tx = toBase64(new TextEncoder().encode(`key-${at}-${n}=${value}`));
        await rpc('broadcast_tx_sync', { tx });
      }
    }),
  );
  const rpc = rpcOf(first(network).rpc);
  await until(async () => {
    const { n_txs } = (await rpc('num_unconfirmed_txs', {})) as { n_txs: string };
    return n_txs === '0';
  });
  return (burst * network.nodes.length) / ((performance.now() - begin) / 1000);
}

async function send(
  client: ChainClient,
  writer: Writer,
  act: Parameters<typeof signTransaction>[0]['act'],
): Promise<void> {
  const given = { chainId, member: writer.member, nonce: writer.nonce, act };
  const answer = await client.submit(signTransaction(given, seedOf(writer.member)));
  if (!answer.pending) throw new Error(answer.message);
  writer.nonce += 1n;
}

function first({ nodes }: Network): Node {
  const [node] = nodes;
  if (!node) throw new Error('a network without nodes');
  return node;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition().catch(() => false))) await new Promise((done) => setTimeout(done, 50));
}
