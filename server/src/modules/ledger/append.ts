import { hash as nodeHash, randomBytes } from 'node:crypto';
import {
  commit,
  compactRange,
  formatActEntry,
  hashLength,
  nodeSha256,
  saltLength,
  sealStatement,
  treeHasher,
  type CompactRange,
} from '@geneward/merkle';
import { transaction, type Db } from '../../platform/db.ts';
import type { LogKey } from './key.ts';
import { moduleOf, statementOf, type LoggedEvent } from './rules.ts';
import * as store from './store.ts';

export const sha256 = nodeSha256({ hash: nodeHash });
export const hasher = treeHasher(sha256);

/** Another process appends: this one's token is older. */
export class Fenced extends Error {
  constructor() {
    super('another process leads the ledger');
    this.name = 'Fenced';
  }
}

/** The tree as the database has it. */
export function rangeOf({ size, range }: Pick<store.StateRow, 'size' | 'range'>): CompactRange {
  const hashes = Array.from({ length: range.length / hashLength }, (_, at) =>
    Uint8Array.from(range.subarray(at * hashLength, (at + 1) * hashLength)),
  );
  return compactRange(hasher, BigInt(size), hashes);
}

/**
 * Gives the oldest waiting events their places, all in one transaction: entries, counts, tree and queue stand together or not at
 * all. The state's row is held meanwhile, and a stale token writes nothing.
 * @returns how many there were
 * @throws Fenced
 */
export function appendBatch(db: Db, key: LogKey, epoch: bigint, limit: number): Promise<number> {
  return transaction(db, async (tx) => {
    const state = await store.lockState(tx);
    if (BigInt(state.epoch) !== epoch) throw new Fenced();
    const events = await store.pendingEvents(tx, limit);
    if (events.length === 0) return 0;
    const counts = await store.actCounts(tx);
    const range = rangeOf(state);
    const salts = randomBytes(saltLength * events.length);
    const entries = events.map((event, at) =>
      place(event, key, range, counts, salts.subarray(at * saltLength, (at + 1) * saltLength)),
    );
    await store.insertEntries(tx, entries);
    await store.saveActCounts(tx, counts);
    await store.saveSize(tx, range.size, range.hashes);
    await store.dropPending(
      tx,
      events.map(({ seq }) => seq),
    );
    return events.length;
  });
}

function place(
  event: LoggedEvent,
  key: LogKey,
  range: CompactRange,
  counts: Map<string, bigint>,
  salt: Uint8Array,
): store.NewEntry {
  const module = moduleOf(event.type);
  const sequence = (counts.get(module) ?? 0n) + 1n;
  counts.set(module, sequence);
  const envelope = sealStatement(statementOf(event, salt, sha256), { keyid: key.name, sign: key.signBytes });
  const time = event.at.toISOString();
  const entry = formatActEntry({
    module,
    sequence,
    type: event.type,
    time,
    commitment: commit(sha256, salt, envelope),
  });
  const index = range.size;
  range.append(hasher.leaf(entry));
  return {
    index,
    eventSeq: event.seq,
    type: event.type,
    at: event.at,
    entry,
    salt,
    envelope,
    objectKind: event.object_kind,
    objectId: event.object_id,
  };
}
