import type { LedgerAlarm } from '@geneward/api';
import {
  equal,
  formatCheckpointText,
  proveConsistency,
  rootAt,
  signNote,
  verifyConsistency,
  type Policy,
  type TreeHead,
} from '@geneward/merkle';
import type { BlobStore } from '../../platform/blobs.ts';
import type { Db } from '../../platform/db.ts';
import type { Parts } from '../../platform/parts.ts';
import { alarm } from './alarm.ts';
import { layDown, ownAnchor } from './anchor.ts';
import { Displaced, Fenced, hasher, openAppender, rangeOf, type Appender } from './append.ts';
import { chainConflict, handToChain, ownChain } from './chain.ts';
import { readHead, writeHead } from './head.ts';
import { ownKey, type LogKey } from './key.ts';
import { openHead, recognise } from './recognise.ts';
import { addLines } from './store-chain.ts';
import * as store from './store.ts';
import { nodesOf, openFiles, publish } from './tiles.ts';
import { gather, ownPolicy, witnessAhead } from './witnesses.ts';

/** How long a lead lasts that nobody renews, in seconds. */
export const leadSeconds = 10;
/** Events in one transaction at most. */
export const batchSize = 1024;

/** The newest checkpoint with its text. */
type Head = TreeHead & { readonly note: string };

/** One process's part in keeping the log. At most one of all processes leads; the others wait for its lead to end. */
export interface Sequencer {
  readonly key: LogKey;
  /**
   * Takes or keeps the lead. At taking it, the database is held against what was signed before.
   * @returns what this process is now
   */
  lead(): Promise<'leads' | 'waits' | 'stopped'>;
  /** Gives waiting events their places; how many. @throws Fenced */
  append(): Promise<number>;
  /** Signs what is new. @throws Fenced */
  checkpoint(): Promise<void>;
  /** Asks the witnesses for the newest checkpoint. */
  witness(): Promise<void>;
  /** Hands the newest checkpoint to the consortium chain, and keeps what the chain has made final. */
  chain(): Promise<void>;
  /** Lays the newest checkpoint down on a chain outside. */
  anchor(): Promise<void>;
  leave(): Promise<void>;
}

export async function openSequencer(parts: Parts): Promise<Sequencer> {
  const { config, log, now } = parts;
  const blobs = openFiles(config);
  const { db } = parts.pool;
  const key = await ownKey(db, config);
  const { policy } = ownPolicy(config.ledger.policy, key);
  const chain = ownChain(config, policy);
  const outside = ownAnchor(config);
  let epoch: bigint | undefined;
  let halted: LedgerAlarm | undefined;
  let head: Head | undefined;
  let appender: Appender | undefined;

  const halt = async (reason: LedgerAlarm) => {
    if (halted?.code !== reason.code) log.error({ alarm: reason }, 'the ledger has stopped signing');
    halted = reason;
    await store.setAlarm(db, reason);
  };

  const onChain = async () => {
    const conflict = await chainConflict(chain, { blobs, key }, head);
    return conflict && alarm(conflict);
  };

  const begin = async (token: bigint) => {
    head = undefined;
    appender = openAppender(db, token, batchSize);
    const found = await recognise({ db, blobs, data: config.data, key });
    const note = found.head && ((await readHead(config.data)) ?? (await store.newestCheckpoint(db))?.note);
    if (found.head && note !== undefined) head = { ...found.head, note };
    const reason = found.alarm ?? ((await witnessAhead(policy, head)) ? alarm('witness_ahead') : await onChain());
    if (reason) return halt(reason);
    await store.setOrigin(db, key.name);
    if (halted) log.info('the ledger signs again');
    halted = undefined;
    await store.setAlarm(db, undefined);
  };

  return {
    key,
    async lead() {
      if (epoch !== undefined && !(await store.keepLead(db, epoch, leadSeconds))) epoch = undefined;
      if (epoch === undefined) {
        epoch = await store.takeLead(db, leadSeconds);
        if (epoch === undefined) return 'waits';
        await begin(epoch);
      } else if (halted) await begin(epoch);
      return halted ? 'stopped' : 'leads';
    },
    async append() {
      if (epoch === undefined || halted || !appender) return 0;
      try {
        return await appender.append();
      } catch (error) {
        if (!(error instanceof Displaced)) throw error;
        await begin(epoch);
        return 0;
      }
    },
    async checkpoint() {
      if (epoch === undefined || halted) return;
      const range = rangeOf(await store.readState(db));
      if (range.size <= (head?.size ?? 0n)) return;
      const next = { size: range.size, root: range.root() };
      await publish(blobs, (from, to) => store.entryBytes(db, from, to), head?.size ?? 0n, next.size);
      if (!(await follows(blobs, head, next))) return halt(alarm('forked'));
      const kept = await readHead(config.data);
      if (kept !== undefined && kept !== head?.note && !openHeadBefore(kept, key, next)) throw new Fenced();
      const note = signNote(formatCheckpointText({ origin: key.name, ...next }), [key]);
      await writeHead(config.data, note);
      if (!(await store.insertCheckpoint(db, epoch, { ...next, at: now(), note }))) {
        epoch = undefined;
        throw new Fenced();
      }
      head = { ...next, note };
    },
    async witness() {
      if (epoch === undefined || halted || !head || policy.witnesses.length === 0) return;
      await askWitnesses({ db, blobs, now }, policy, head, halt);
    },
    async chain() {
      if (epoch === undefined || halted || !head || !chain) return;
      const reason = await onChain();
      if (reason) return halt(reason);
      await handToChain({ db, blobs, now, key, policy }, chain, head);
    },
    async anchor() {
      if (epoch === undefined || halted || !head || !outside) return;
      const conflict = await layDown({ db, blobs, key, now, log }, outside, head);
      if (conflict) await halt(alarm(conflict));
    },
    async leave() {
      if (epoch !== undefined) await store.giveLead(db, epoch);
      epoch = undefined;
    },
  };
}

/** Another process of this installation signed meanwhile, and less than we would. */
function openHeadBefore(note: string, key: LogKey, next: TreeHead): boolean {
  const other = openHead(note, key);
  return other !== undefined && other.size <= next.size;
}

/** Nothing is signed but what continues what was signed before, by the log's own files. */
async function follows(blobs: BlobStore, head: TreeHead | undefined, next: TreeHead): Promise<boolean> {
  const nodes = nodesOf(blobs, next.size);
  if (!equal(await rootAt(hasher, next.size, nodes), next.root)) return false;
  return !head || verifyConsistency(hasher, head, next, await proveConsistency(hasher, head.size, next.size, nodes));
}

async function askWitnesses(
  { db, blobs, now }: { db: Db; blobs: BlobStore; now: () => Date },
  policy: Policy,
  head: Head,
  halt: (reason: LedgerAlarm) => Promise<void>,
): Promise<void> {
  const row = await store.newestCheckpoint(db);
  if (!row || BigInt(row.size) !== head.size) return;
  const round = await gather({ db, blobs, now, policy }, { ...head, note: row.note });
  if (round.lines.length > 0 || round.witnessed !== row.witnessed || round.final !== row.final)
    await addLines(db, head.size, round.lines, round);
  if (round.conflict) await halt(alarm(round.conflict));
}
