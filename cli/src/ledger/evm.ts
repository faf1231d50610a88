import { createHash } from 'node:crypto';
import type { Anchor } from '@geneward/merkle';
import { exit, Stop } from '../exit.ts';

/** Where heads on an EVM chain are looked up: a node that is believed, and the contract. */
export interface Outside {
  readonly node: string;
  readonly contract: string;
}

/** Keccak-256 of `Accepted(bytes32,uint64,bytes32)`, which the contract tells of each head: `chain/src/evm/CheckpointRegistry.sol`. */
const accepted = '0xc5b7d0e4583108645dffad165dfd9b4011d46c54a400b46c1a7cbfb63f11f353';

/**
 * Whether a head that a receipt names was accepted by the contract, as the chain's node tells: same chain, the contract that is
 * believed, a transaction that went through, and in it the head of this very log.
 * @param origin of the log
 */
export async function isAccepted(anchor: Anchor, origin: string, { node, contract }: Outside): Promise<boolean> {
  if (anchor.contract !== contract.toLowerCase()) return false;
  const ask = (method: string, ...params: unknown[]) => call(node, method, params);
  if (BigInt((await ask('eth_chainId')) as string) !== anchor.chainId) return false;
  const receipt = (await ask('eth_getTransactionReceipt', anchor.transaction)) as {
    readonly status: string;
    readonly blockNumber: string;
    readonly logs: readonly { readonly address: string; readonly topics: readonly string[]; readonly data: string }[];
  } | null;
  if (receipt?.status !== '0x1' || BigInt(receipt.blockNumber) !== anchor.block) return false;
  const log = `0x${createHash('sha256').update(origin).digest('hex')}`;
  const head = `0x${anchor.size.toString(16).padStart(64, '0')}${Buffer.from(anchor.root).toString('hex')}`;
  return receipt.logs.some(
    ({ address, topics, data }) =>
      address.toLowerCase() === anchor.contract && topics[0] === accepted && topics[1] === log && data === head,
  );
}

/** @throws Stop when the node is not reached or says an error */
async function call(node: string, method: string, params: readonly unknown[]): Promise<unknown> {
  const fail = (why: string) => new Stop(exit.unreachable, `${node}: ${why}`, 'evm_unreachable');
  const answer = await fetch(node, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    signal: AbortSignal.timeout(10_000),
  }).catch((error: unknown) => {
    throw fail(error instanceof Error ? error.message : String(error));
  });
  const { result, error } = (await answer.json().catch(() => ({ error: { message: 'no JSON-RPC' } }))) as {
    result?: unknown;
    error?: { message: string };
  };
  if (error) throw fail(error.message);
  return result;
}
