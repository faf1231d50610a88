import type { LedgerAlarm } from '@geneward/api';
import {
  LogError,
  compactRange,
  equal,
  openNote,
  parseActEntry,
  parseCheckpointText,
  rootAt,
  type TreeHead,
} from '@geneward/merkle';
import type { BlobStore } from '../../platform/blobs.ts';
import type { Db } from '../../platform/db.ts';
import { Problem } from '../../platform/problem.ts';
import { alarm } from './alarm.ts';
import { hasher, rangeOf } from './append.ts';
import { readHead } from './head.ts';
import type { LogKey } from './key.ts';
import * as store from './store.ts';
import { nodesOf, publish, publishedEntries } from './tiles.ts';

/** What the log is held against at the start. */
interface Place {
  readonly db: Db;
  readonly blobs: BlobStore;
  readonly data: string;
  readonly key: LogKey;
}

/**
 * Whether the database continues what was signed here before. A restored backup is shorter than the head file; a rewritten
 * history has another root. Nothing is signed until this finds nothing.
 * @returns the head that was found sound (undefined before the first checkpoint), or the alarm
 */
export async function recognise(place: Place): Promise<{ head?: TreeHead; alarm?: LedgerAlarm }> {
  const { db, data, key } = place;
  const state = await store.readState(db);
  if (state.origin !== null && state.origin !== key.name) return { alarm: alarm('origin_changed') };
  const note = (await readHead(data)) ?? (await store.newestCheckpoint(db))?.note;
  if (note === undefined) return {};
  const head = openHead(note, key);
  if (!head) return { alarm: alarm('head_unreadable') };
  const size = BigInt(state.size);
  if (size < head.size) return { alarm: alarm('rolled_back', await missingOf(place.blobs, size, head.size)) };
  return (await continues(place, state, head)) ? { head } : { alarm: alarm('forked') };
}

/** The head that a note tells of; undefined when the key of the log has not signed it. */
export function openHead(note: string, key: LogKey): TreeHead | undefined {
  const id = `${key.text}\n${note}`;
  if (opened.size >= openedLimit) opened.clear();
  if (!opened.has(id)) opened.set(id, judgeHead(note, key));
  return opened.get(id);
}

/** Verdicts on notes, which can never come out otherwise: many receipts stand under one checkpoint. */
const opened = new Map<string, TreeHead | undefined>();
const openedLimit = 1000;

function judgeHead(note: string, key: LogKey): TreeHead | undefined {
  try {
    const { origin, size, root } = parseCheckpointText(openNote(note, [key.verifier]).text);
    return origin === key.name ? { size, root } : undefined;
  } catch (error) {
    if (error instanceof LogError) return undefined;
    throw error;
  }
}

/** The signed tree must come out of the log's files, and the database's tree out of it and the entries behind it. */
async function continues({ db, blobs }: Place, state: store.StateRow, head: TreeHead): Promise<boolean> {
  const range = rangeOf(state);
  try {
    const edge = await edgeOf(blobs, head.size).catch(async (error: unknown) => {
      // Files that are gone are made again; if the entries are not those that were signed, the root will tell.
      if (!(error instanceof Problem && error.code === 'not_found')) throw error;
      await publish(blobs, (from, to) => store.entryBytes(db, from, to), 0n, head.size);
      return edgeOf(blobs, head.size);
    });
    const tree = compactRange(hasher, head.size, edge);
    if (!equal(tree.root(), head.root)) return false;
    for (let at = head.size; at < range.size; at += 10_000n)
      for (const entry of await store.entryBytes(db, at, at + 10_000n)) tree.append(hasher.leaf(entry));
    return tree.size === range.size && equal(tree.root(), range.root());
  } catch (error) {
    if (error instanceof LogError || (error instanceof Error && error.message.includes('lacks hashes'))) return false;
    throw error;
  }
}

/** The perfect subtrees of a tree of that size, largest first. */
async function edgeOf(blobs: BlobStore, size: bigint): Promise<readonly Uint8Array[]> {
  await rootAt(hasher, size, nodesOf(blobs, size));
  const nodes: { level: number; index: bigint }[] = [];
  for (let level = size.toString(2).length - 1, start = 0n; level >= 0; level -= 1) {
    const width = 1n << BigInt(level);
    if ((size & width) === 0n) continue;
    nodes.push({ level, index: start / width });
    start += width;
  }
  return nodesOf(blobs, size)(nodes);
}

/** What the database lacks, counted from the log's own files. */
export async function missingOf(
  blobs: BlobStore,
  from: bigint,
  to: bigint,
): Promise<NonNullable<LedgerAlarm['missing']>> {
  const types: Record<string, number> = {};
  try {
    for await (const bytes of publishedEntries(blobs, from, to)) {
      const { type } = parseActEntry(bytes);
      types[type] = (types[type] ?? 0) + 1;
    }
  } catch (error) {
    if (!(error instanceof LogError || error instanceof Problem)) throw error;
    // The files went with the database; only the number is known.
  }
  return { from: String(from), to: String(to), types };
}
