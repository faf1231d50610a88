import { compactRange, equal, parseActEntry } from '@geneward/merkle';
import { record } from '../../platform/audit.ts';
import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/db.ts';
import type { Parts } from '../../platform/parts.ts';
import { hasher, rangeOf } from './append.ts';
import { readHead } from './head.ts';
import { logKey } from './key.ts';
import { missingOf, openHead } from './recognise.ts';
import * as store from './store.ts';
import { openFiles, publishedEntries } from './tiles.ts';

/** What coming back from an old database found. */
export type Recovery =
  | { readonly done: true; readonly from: bigint; readonly to: bigint; readonly lost: Record<string, number> }
  | { readonly done: false; readonly why: 'no_head' | 'nothing_missing' | 'files_missing' | 'other_history' };

/**
 * The way out after a backup was restored: entries that the database lacks come back from the log's own files, so that the log
 * goes on where it was. Their statements are lost and the log says how many. Nothing is written unless the whole leads exactly to
 * the signed head. No other process may run meanwhile.
 */
export async function recover({ config }: Parts, context: Context): Promise<Recovery> {
  const { origin } = await store.readState(context.db);
  const blobs = openFiles(config);
  const key = logKey(config.data, origin ?? config.ledger.origin);
  const note = await readHead(config.data);
  const head = note === undefined ? undefined : openHead(note, key);
  if (!head) return { done: false, why: 'no_head' };
  return transaction(context.db, async (tx): Promise<Recovery> => {
    const state = await store.lockState(tx);
    const range = rangeOf(state);
    const from = range.size;
    if (from >= head.size) return { done: false, why: 'nothing_missing' };
    const counts = await store.actCounts(tx);
    const tree = compactRange(hasher, from, range.hashes);
    const entries: store.NewEntry[] = [];
    try {
      for await (const entry of publishedEntries(blobs, from, head.size)) {
        const act = parseActEntry(entry);
        counts.set(act.module, act.sequence);
        entries.push({ ...lost, index: tree.size, type: act.type, at: new Date(act.time), entry });
        tree.append(hasher.leaf(entry));
      }
    } catch {
      return { done: false, why: 'files_missing' };
    }
    if (!equal(tree.root(), head.root)) return { done: false, why: 'other_history' };
    for (let at = 0; at < entries.length; at += 10_000) await store.insertEntries(tx, entries.slice(at, at + 10_000));
    await store.saveActCounts(tx, counts);
    await store.saveSize(tx, tree.size, tree.hashes);
    const { types } = await missingOf(blobs, from, head.size);
    await record(tx, context, {
      type: 'ledger.recovered',
      content: { from: String(from), to: String(head.size), lost: types },
    });
    return { done: true, from, to: head.size, lost: types };
  });
}

const lost = { eventSeq: null, salt: null, envelope: null, objectKind: null, objectId: null };
