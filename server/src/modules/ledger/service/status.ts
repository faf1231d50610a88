import type { LedgerStatus } from '@geneward/api';
import { formatVerifierKey } from '@geneward/merkle';
import type { Config } from '../../../platform/config.ts';
import type { Db } from '../../../platform/db.ts';
import { ownKey } from '../key.ts';
import { newestAnchored, newestFinal, readStanding } from '../store-chain.ts';
import * as store from '../store.ts';
import { ownPolicy } from '../witnesses.ts';

/** How many waiting acts are counted. */
const waitingLimit = 10_000;

/** The log as anybody may see it. */
export async function statusOf(db: Db, config: Config): Promise<LedgerStatus> {
  const [state, key, signed, witnessed, waiting, sizes] = await Promise.all([
    store.readState(db),
    ownKey(db, config),
    store.newestCheckpoint(db),
    store.newestWitnessed(db),
    store.countPending(db, waitingLimit),
    store.witnessSizes(db),
  ]);
  const [final, anchored, standing] = await Promise.all([newestFinal(db), newestAnchored(db), readStanding(db)]);
  const { policy, text } = ownPolicy(config.ledger.policy, key);
  return {
    origin: key.name,
    key: key.text,
    size: state.size,
    signed: signed?.size ?? '0',
    witnessed: witnessed?.size ?? '0',
    final: final?.size ?? '0',
    anchored: anchored?.size ?? '0',
    ...(config.chain.id !== undefined &&
      standing && {
        chain: {
          id: config.chain.id,
          standing: standing.standing,
          size: standing.size,
          detail: standing.detail,
          at: standing.at.toISOString(),
        },
      }),
    ...(anchored && {
      anchor: {
        chainId: anchored.chain_id,
        contract: anchored.contract,
        transaction: anchored.transaction,
        block: anchored.block,
        size: anchored.size,
        at: anchored.at.toISOString(),
      },
    }),
    waiting,
    // Those without an address, as validators are, are never asked.
    witnesses: policy.witnesses
      .filter(({ url }) => url !== undefined)
      .map((witness) => {
        const seen = sizes.get(formatVerifierKey(witness.key));
        return { name: witness.name, size: seen?.size ?? '0', ...(seen && { at: seen.at.toISOString() }) };
      }),
    policy: text,
    ...(state.alarm && { alarm: state.alarm }),
  };
}
