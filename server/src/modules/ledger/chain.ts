import { readFileSync } from 'node:fs';
import {
  equal,
  formatVerifierKey,
  fromBase64,
  judgeCheckpoint,
  chainCosigners,
  formatNote,
  parseNote,
  proveConsistency,
  rootAt,
  type Policy,
  type TreeHead,
} from '@geneward/merkle';
import type { BlobStore } from '../../platform/blobs.ts';
import { openChain, type ChainStanding, type ConsortiumChain } from '../../platform/chain.ts';
import type { Config } from '../../platform/config.ts';
import type { Db } from '../../platform/db.ts';
import { hasher } from './append.ts';
import type { LogKey } from './key.ts';
import * as checkpoints from './store-chain.ts';
import { newestCheckpoint } from './store.ts';
import { nodesOf } from './tiles.ts';

/** The consortium chain as the installation is set to use it; undefined when it uses none. */
export function ownChain({ chain }: Config, policy: Policy): ConsortiumChain | undefined {
  const { id, nodes, member, keyFile } = chain;
  if (id === undefined || nodes === undefined || member === undefined || keyFile === undefined) return undefined;
  const seed = fromBase64(readFileSync(keyFile, 'utf8').trim());
  const { keys, threshold } = chainCosigners(policy);
  return openChain({
    chainId: id,
    nodes: nodes.split(',').map((address) => address.trim()),
    member,
    seed,
    cosigners: keys.map(formatVerifierKey),
    quorum: threshold,
  });
}

/** Why nothing may be signed any more, as the chain tells it. */
export type ChainConflict = 'chain_ahead' | 'chain_disagrees' | 'chain_frozen';

/**
 * Holds the chain's head against our own: what the chain has accepted of this log must be a beginning of it. Silent when no node
 * is reached, since the chain is never on the way of a signature.
 */
export async function chainConflict(
  chain: ConsortiumChain | undefined,
  { blobs, key }: { blobs: BlobStore; key: LogKey },
  head: TreeHead | undefined,
): Promise<ChainConflict | undefined> {
  const seen = await chain?.head(key.name);
  if (!seen) return undefined;
  if (seen.frozen) return 'chain_frozen';
  if (seen.size > (head?.size ?? 0n)) return 'chain_ahead';
  if (!head || seen.size === 0n) return undefined;
  return equal(await rootAt(hasher, seen.size, nodesOf(blobs, head.size)), seen.root) ? undefined : 'chain_disagrees';
}

interface Round {
  readonly db: Db;
  readonly blobs: BlobStore;
  readonly now: () => Date;
  readonly key: LogKey;
  readonly policy: Policy;
}

/**
 * One round with the chain: keeps the validators' words on what it has made final, and hands in the newest head. While the chain
 * is down nothing is lost and nothing waits; the next head that is handed in covers all that lies between.
 */
export async function handToChain(round: Round, chain: ConsortiumChain, head: TreeHead): Promise<void> {
  const { db, blobs, now, key } = round;
  const row = await newestCheckpoint(db);
  if (!row || BigInt(row.size) !== head.size) return;
  const seen = await chain.head(key.name);
  if (seen) await keepFinality(round, chain, seen.size);
  const prove = (from: bigint) => proveConsistency(hasher, from, head.size, nodesOf(blobs, head.size));
  let standing: ChainStanding = await chain.handIn({ origin: key.name, size: head.size, note: row.note, prove });
  if (standing.standing === 'refused' && standing.code === 'unknown_log') standing = await chain.register(key.text);
  await checkpoints.saveStanding(db, standing, seen?.size ?? 0n, now());
}

/** What the validators have signed of the head that the chain has. */
async function keepFinality({ db, key, policy }: Round, chain: ConsortiumChain, size: bigint): Promise<void> {
  const row = await checkpoints.checkpointAt(db, size);
  if (!row || row.final) return;
  const finality = await chain.finality(key.name, size);
  const parsed = parseNote(row.note);
  // A validator that vouches for another text has not seen our checkpoint.
  if (!finality || finality.text !== parsed.text) return;
  const note = formatNote(parsed.text, [...new Set([...parsed.signatures.map(({ line }) => line), ...finality.lines])]);
  const { witnessed, final } = judgeCheckpoint(note, policy);
  await checkpoints.addLines(db, size, finality.lines, { witnessed, final });
}
