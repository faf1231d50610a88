import { compactRange, equal, parseActEntry, type TreeHead } from '@geneward/merkle';
import { record } from '../../platform/audit.ts';
import type { Context } from '../../platform/context.ts';
import { transaction, type Tx } from '../../platform/db.ts';
import type { Parts } from '../../platform/parts.ts';
import { hasher, rangeOf } from './append.ts';
import { readHead, writeHead } from './head.ts';
import { ownKey } from './key.ts';
import { mirrorFiles, type LogFiles } from './mirror-files.ts';
import { openHead } from './recognise.ts';
import * as store from './store.ts';
import { openFiles, publishedEntries } from './tiles.ts';

/** What coming back from an old database found. */
export type Recovery =
  | {
      readonly done: true;
      readonly from: bigint;
      readonly to: bigint;
      /** Acts that only the log still knows, by type. */
      readonly lost: Record<string, number>;
      /** Acts that waited in the old database and had got their places already. */
      readonly found: number;
    }
  | {
      readonly done: false;
      readonly why: 'no_head' | 'nothing_missing' | 'files_missing' | 'other_history' | 'mirror_unreachable';
    };

/**
 * The way out after a backup was restored: entries that the database lacks come back from the log's own files, so that the log
 * goes on where it was. Their statements are lost and the log says how many. An act that waited when the backup was made is
 * given the place that it has, not another one. Nothing is written unless the whole leads exactly to the signed head. No other
 * process may run meanwhile.
 * @param mirror address of a mirror that has a copy of the log, when the log's own files or head are lost as well: its checkpoint
 *   bears the signature of the log's key, and counts like the head file when it is the larger one
 */
export async function recover({ config }: Parts, context: Context, mirror?: string): Promise<Recovery> {
  const key = await ownKey(context.db, config);
  const own = await readHead(config.data);
  if (mirror === undefined)
    return recoverTo(context, openFiles(config), own === undefined ? undefined : openHead(own, key));
  const files = mirrorFiles(mirror, key.name);
  let copy: string;
  try {
    copy = await files.checkpoint();
  } catch {
    return { done: false, why: 'mirror_unreachable' };
  }
  const heads = [own, copy].flatMap((note) => (note === undefined ? [] : (openHead(note, key) ?? [])));
  const head = heads.reduce<TreeHead | undefined>(
    (most, one) => (most && most.size >= one.size ? most : one),
    undefined,
  );
  const recovery = await recoverTo(context, files, head);
  // The database stands first: it may be ahead of the head file, never behind it.
  if (recovery.done && (own === undefined || (openHead(own, key)?.size ?? 0n) < recovery.to))
    await writeHead(config.data, copy);
  return recovery;
}

/** Fetches what the database lacks up to a signed head. */
async function recoverTo(context: Context, blobs: LogFiles, head: TreeHead | undefined): Promise<Recovery> {
  if (!head) return { done: false, why: 'no_head' };
  return transaction(context.db, async (tx): Promise<Recovery> => {
    const state = await store.lockState(tx);
    const range = rangeOf(state);
    const from = range.size;
    if (from >= head.size) return { done: false, why: 'nothing_missing' };
    const counts = await store.actCounts(tx);
    const tree = compactRange(hasher, from, range.hashes);
    const entries: (store.NewEntry & { readonly act: string | undefined })[] = [];
    try {
      for await (const entry of publishedEntries(blobs, from, head.size)) {
        const { module, sequence, act, type, time } = parseActEntry(entry);
        counts.set(module, sequence);
        entries.push({ ...lost, index: tree.size, type, at: new Date(time), entry, act: act?.toString() });
        tree.append(hasher.leaf(entry));
      }
    } catch {
      return { done: false, why: 'files_missing' };
    }
    if (!equal(tree.root(), head.root)) return { done: false, why: 'other_history' };
    const found = await findWaiting(tx, entries);
    for (let at = 0; at < entries.length; at += chunk)
      await store.insertEntries(
        tx,
        entries.slice(at, at + chunk).map((entry) => ({ ...entry, ...found.get(entry) })),
      );
    await store.saveActCounts(tx, counts);
    await store.moveOn(tx, BigInt(state.epoch), range, tree);
    const missing = countTypes(entries.filter((entry) => !found.has(entry)));
    const content = { from: String(from), to: String(head.size), lost: missing, found: found.size };
    await record(tx, context, { type: 'ledger.recovered', content });
    return { done: true, from, to: head.size, lost: missing, found: found.size };
  });
}

const chunk = 10_000;
const lost = { eventSeq: null, salt: null, statement: null, objectKind: null, objectId: null };

/**
 * Takes acts out of the queue that have an entry among these: number, type and time tell, since a number that was given anew
 * after the restore belongs to a later time.
 */
async function findWaiting<T extends { readonly act: string | undefined; readonly type: string; readonly at: Date }>(
  tx: Tx,
  entries: readonly T[],
): Promise<Map<T, { eventSeq: string; objectKind: string | null; objectId: string | null }>> {
  const byAct = new Map(entries.map((entry) => [entry.act, entry]));
  const found = new Map<T, { eventSeq: string; objectKind: string | null; objectId: string | null }>();
  for (let last = '0'; ;) {
    const waiting = await store.pendingEvents(tx, chunk, { after: last });
    const end = waiting.at(-1)?.seq;
    if (end === undefined) break;
    last = end;
    for (const { seq, type, at, object_kind: objectKind, object_id: objectId } of waiting) {
      const entry = byAct.get(seq);
      if (entry?.type === type && entry.at.getTime() === at.getTime())
        found.set(entry, { eventSeq: seq, objectKind, objectId });
    }
  }
  await store.dropPending(
    tx,
    [...found.values()].map(({ eventSeq }) => eventSeq),
  );
  return found;
}

function countTypes(entries: readonly { readonly type: string }[]): Record<string, number> {
  const types: Record<string, number> = {};
  for (const { type } of entries) types[type] = (types[type] ?? 0) + 1;
  return types;
}
