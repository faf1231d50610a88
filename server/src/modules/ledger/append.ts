import { hash as nodeHash, randomBytes } from 'node:crypto';
import {
  commit,
  compactRange,
  formatActEntry,
  hashLength,
  saltLength,
  signedStatement,
  treeHasher,
  type CompactRange,
  type Sha256,
} from '@geneward/merkle';
import { transaction, type Db } from '../../platform/db.ts';
import { moduleOf, statementOf, type HexSha256, type LoggedEvent } from './rules.ts';
import * as store from './store.ts';

/** By way of a string, which Node gives twice as fast as bytes of their own. */
export const sha256: Sha256 = (bytes) => Buffer.from(nodeHash('sha256', bytes, 'binary'), 'latin1');
export const hexSha256: HexSha256 = (text) => nodeHash('sha256', text, 'hex');
export const hasher = treeHasher(sha256);

/** Another process appends: this one's token is older. */
export class Fenced extends Error {
  constructor() {
    super('another process leads the ledger');
    this.name = 'Fenced';
  }
}

/** Nobody else leads, and yet the log in the database is not where this process left it. */
export class Displaced extends Error {
  constructor() {
    super('the log in the database is not what this process wrote');
    this.name = 'Displaced';
  }
}

/** The tree as the database has it. */
export function rangeOf({ size, range }: Pick<store.StateRow, 'size' | 'range'>): CompactRange {
  const hashes = Array.from({ length: range.length / hashLength }, (_, at) =>
    Uint8Array.from(range.subarray(at * hashLength, (at + 1) * hashLength)),
  );
  return compactRange(hasher, BigInt(size), hashes);
}

/** Where the log stands: its tree, and how many acts each module has. */
interface Place {
  readonly size: bigint;
  readonly hashes: readonly Uint8Array[];
  readonly counts: ReadonlyMap<string, bigint>;
}

/** Entries that lead from one place to the next. */
interface Batch {
  readonly before: Place;
  readonly after: Place;
  readonly entries: readonly store.NewEntry[];
  readonly seqs: readonly string[];
}

/** Gives events their places while its token is the newest. */
export interface Appender {
  /**
   * Gives the oldest waiting events their places, all in one transaction: entries, counts, tree and queue stand together or not
   * at all. Behind a full batch more waits, and is made while the database writes this one; else nothing is made before its time,
   * since it would wait through the rest after this one.
   * @returns how many there were
   * @throws Fenced, Displaced
   */
  append(): Promise<number>;
}

/** @param limit events in one transaction at most */
export function openAppender(db: Db, epoch: bigint, limit: number): Appender {
  let place: Place | undefined;
  let ready: Batch | undefined;
  return {
    async append() {
      const batch = ready ?? (await prepare(db, place ?? (await readPlace(db)), limit, []));
      [place, ready] = [undefined, undefined];
      if (batch.entries.length > 0) {
        const [written, next] = await Promise.allSettled([
          write(db, epoch, batch),
          batch.entries.length === limit ? prepare(db, batch.after, limit, batch.seqs) : undefined,
        ]);
        if (written.status === 'rejected') throw written.reason;
        if (next.status === 'fulfilled' && next.value && next.value.entries.length > 0) ready = next.value;
      }
      place = batch.after;
      return batch.entries.length;
    },
  };
}

async function readPlace(db: Db): Promise<Place> {
  const { size, hashes } = rangeOf(await store.readState(db));
  return { size, hashes, counts: await store.actCounts(db) };
}

/** Makes entries of what waits and is not under way already. */
async function prepare(db: Db, before: Place, limit: number, underWay: readonly string[]): Promise<Batch> {
  const events = await store.pendingEvents(db, limit, { underWay });
  const range = compactRange(hasher, before.size, before.hashes);
  const counts = new Map(before.counts);
  const salts = randomBytes(saltLength * events.length);
  const entries = events.map((event, at) =>
    enter(event, range, counts, salts.subarray(at * saltLength, (at + 1) * saltLength)),
  );
  const after = { size: range.size, hashes: range.hashes, counts };
  return { before, after, entries, seqs: events.map(({ seq }) => seq) };
}

function enter(event: LoggedEvent, range: CompactRange, counts: Map<string, bigint>, salt: Uint8Array): store.NewEntry {
  const { seq, type, at } = event;
  const module = moduleOf(type);
  const sequence = (counts.get(module) ?? 0n) + 1n;
  counts.set(module, sequence);
  const statement = Buffer.from(JSON.stringify(statementOf(event, salt, hexSha256)));
  const commitment = commit(sha256, salt, signedStatement(statement));
  const entry = formatActEntry({ module, sequence, act: BigInt(seq), type, time: at.toISOString(), commitment });
  const index = range.size;
  range.append(hasher.leaf(entry));
  const { object_kind: objectKind, object_id: objectId } = event;
  return { index, eventSeq: seq, type, at, entry, salt, statement, objectKind, objectId };
}

/** The state's row is held meanwhile, and a stale token writes nothing. */
function write(db: Db, epoch: bigint, { before, after, entries, seqs }: Batch): Promise<void> {
  return transaction(db, async (tx) => {
    if (!(await store.moveOn(tx, epoch, before, after))) {
      const state = await store.readState(tx);
      throw BigInt(state.epoch) === epoch ? new Displaced() : new Fenced();
    }
    await store.insertEntries(tx, entries);
    await store.saveActCounts(tx, after.counts);
    await store.dropPending(tx, seqs);
  });
}
