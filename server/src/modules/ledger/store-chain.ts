import { formatNote, parseNote } from '@geneward/merkle';
import { sql, type Selectable } from 'kysely';
import type { Anchored } from '../../platform/anchor.ts';
import type { ChainStanding } from '../../platform/chain.ts';
import { transaction, type Db } from '../../platform/db.ts';
import type { CheckpointRow } from './store.ts';
import type { LedgerAnchorTable, LedgerChainTable } from './tables.ts';

export const checkpointAt = (db: Db, size: bigint): Promise<CheckpointRow | undefined> =>
  db.selectFrom('ledger_checkpoint').selectAll().where('size', '=', String(size)).executeTakeFirst();

/** The newest checkpoint that the chain has made final. */
export const newestFinal = (db: Db): Promise<CheckpointRow | undefined> =>
  db
    .selectFrom('ledger_checkpoint')
    .selectAll()
    .where('final', '=', true)
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();

/** Adds signature lines to a checkpoint, beside those that others add at the same time; what it was worth it stays worth. */
export async function addLines(
  db: Db,
  size: bigint,
  lines: readonly string[],
  worth: { readonly witnessed: boolean; readonly final: boolean },
): Promise<void> {
  await transaction(db, async (tx) => {
    const row = await tx
      .selectFrom('ledger_checkpoint')
      .select(['note', 'witnessed', 'final'])
      .where('size', '=', String(size))
      .forUpdate()
      .executeTakeFirst();
    if (!row) return;
    const { text, signatures } = parseNote(row.note);
    const all = [...new Set([...signatures.map(({ line }) => line), ...lines])];
    await tx
      .updateTable('ledger_checkpoint')
      .set({
        note: formatNote(text, all),
        witnessed: row.witnessed || worth.witnessed,
        final: row.final || worth.final,
      })
      .where('size', '=', String(size))
      .execute();
  });
}

export const readStanding = (db: Db): Promise<Selectable<LedgerChainTable> | undefined> =>
  db.selectFrom('ledger_chain').selectAll().executeTakeFirst();

/** Notes where the log stands with the chain. */
export async function saveStanding(db: Db, given: ChainStanding, seen: bigint, at: Date): Promise<void> {
  const size = given.standing === 'final' ? given.size : seen;
  const detail =
    given.standing === 'unreachable'
      ? given.reason
      : given.standing === 'refused'
        ? `${given.code} ${given.message}`
        : '';
  await sql`insert into ledger_chain (standing, size, detail, at)
    values (${given.standing}, ${String(size)}::bigint, ${detail.slice(0, 500)}, ${at}::timestamptz)
    on conflict (only_one) do update set standing = excluded.standing, detail = excluded.detail, at = excluded.at,
      size = greatest(ledger_chain.size, excluded.size)`.execute(db);
}

/** The newest checkpoint that an EVM chain has accepted. */
export const newestAnchored = (db: Db): Promise<Selectable<LedgerAnchorTable> | undefined> =>
  db.selectFrom('ledger_anchor').selectAll().orderBy('size', 'desc').limit(1).executeTakeFirst();

/** The first checkpoint over an entry that an EVM chain has accepted. */
export const anchorOver = (db: Db, index: bigint): Promise<Selectable<LedgerAnchorTable> | undefined> =>
  db
    .selectFrom('ledger_anchor')
    .selectAll()
    .where('size', '>', String(index))
    .orderBy('size')
    .limit(1)
    .executeTakeFirst();

export async function saveAnchor(db: Db, size: bigint, given: Anchored, at: Date): Promise<void> {
  await db
    .insertInto('ledger_anchor')
    .values({
      size: String(size),
      chain_id: String(given.chainId),
      contract: given.contract,
      transaction: given.transaction,
      block: String(given.block),
      at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
