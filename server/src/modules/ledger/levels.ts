import type { LedgerLevel } from '@geneward/api';
import type { Db } from '../../platform/db.ts';
import { newestAnchored, newestFinal } from './store-chain.ts';
import { newestCheckpoint, newestWitnessed } from './store.ts';

/** How far the place of an entry can be trusted. */
export type LevelOf = (index: bigint) => LedgerLevel;

/** Levels as they stand now: the highest of what covers an entry. */
export async function levelsOf(db: Db): Promise<LevelOf> {
  const [signed, witnessed, final, anchored] = await Promise.all([
    newestCheckpoint(db),
    newestWitnessed(db),
    newestFinal(db),
    newestAnchored(db),
  ]);
  const sizes = [
    ['L3', anchored?.size],
    ['L2', final?.size],
    ['L1', witnessed?.size],
    ['L0', signed?.size],
  ] as const;
  return (index) => sizes.find(([, size]) => index < BigInt(size ?? 0))?.[0] ?? 'pending';
}
