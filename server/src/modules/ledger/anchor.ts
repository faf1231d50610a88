import { equal, proveConsistency, rootAt, type TreeHead } from '@geneward/merkle';
import type { BlobStore } from '../../platform/blobs.ts';
import { openAnchor, type AnchorChain } from '../../platform/anchor.ts';
import type { Config } from '../../platform/config.ts';
import type { Db } from '../../platform/db.ts';
import type { Log } from '../../platform/log.ts';
import { hasher } from './append.ts';
import type { LogKey } from './key.ts';
import { checkpointAt, saveAnchor } from './store-chain.ts';
import { nodesOf } from './tiles.ts';

/** How the installation is set to lay heads down outside; undefined when it is not. The chain is reached when it is first asked. */
export function ownAnchor({ chain }: Config): (() => Promise<AnchorChain>) | undefined {
  const { evmNode: node, evmContract: contract, evmKeyFile: keyFile } = chain;
  if (node === undefined || contract === undefined || keyFile === undefined) return undefined;
  return () => openAnchor({ node, contract, keyFile });
}

/** What an outside chain says against the log. */
type AnchorConflict = 'chain_ahead' | 'chain_disagrees';

/**
 * Lays the newest head down on an EVM chain, unless it is there. A chain that is not reached is asked again next time: nothing
 * waits for it, and the next head covers all that lies between.
 */
export async function layDown(
  { db, blobs, key, now, log }: { db: Db; blobs: BlobStore; key: LogKey; now: () => Date; log: Log },
  open: () => Promise<AnchorChain>,
  head: TreeHead,
): Promise<AnchorConflict | undefined> {
  if (!(await checkpointAt(db, head.size))) return undefined;
  const nodes = nodesOf(blobs, head.size);
  try {
    const chain = await open();
    const there = await chain.head(key.name);
    if (there && there.size > head.size) return 'chain_ahead';
    if (there && !equal(await rootAt(hasher, there.size, nodes), there.root)) return 'chain_disagrees';
    if (there?.size === head.size) return undefined;
    const proof = await proveConsistency(hasher, there?.size ?? 0n, head.size, nodes);
    await saveAnchor(db, head.size, await chain.lay(key.name, head, proof), now());
  } catch (error) {
    log.warn(
      { reason: error instanceof Error ? error.message.split('\n')[0] : String(error) },
      'no head was laid down outside',
    );
  }
  return undefined;
}
