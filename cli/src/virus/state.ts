import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '@geneward/api';
import {
  readSnapshot,
  stateBefore,
  stateLines,
  tableRules,
  treeRules,
  VirusProblem,
  writeSnapshot,
  type Dataset,
  type Growing,
  type UpdateDiff,
  type UpdateRecord,
} from '@geneward/phylo';
import { exit, Stop } from '../exit.ts';
import { hexOf } from './files.ts';

/** One update as it is kept: what was recorded, and what it did. */
export interface KeptUpdate {
  readonly record: UpdateRecord;
  readonly diff: UpdateDiff;
}

/** The hash that names a state of a tree. */
export function stateHash(state: Growing): string {
  const hash = createHash('sha256');
  for (const line of stateLines(state)) hash.update(line);
  return hash.digest('hex');
}

export const recordHash = (record: UpdateRecord): string => hexOf(canonicalJson(record));

const replace = (path: string, text: string): void => {
  writeFileSync(`${path}.partial`, text);
  renameSync(`${path}.partial`, path);
};

/** The tree of a folder as it is now; of an empty one, the tree of the data set. */
export function openState(folder: string, dataset: Dataset): { state: Growing; updates: readonly KeptUpdate[] } {
  const path = join(folder, 'state.json');
  if (existsSync(path))
    return { state: readSnapshot(readFileSync(path, 'utf8'), dataset.reference), updates: updatesOf(folder) };
  if (!dataset.tree) throw new Stop(exit.faults, `${dataset.id}: no tree`, 'no-tree');
  const dates = dataset.tree.attributes.get('num_date');
  const dated = dates?.kind === 'quantity' && dates.numbers.every((date) => !Number.isNaN(date));
  return { state: { tree: dataset.tree, ...(dated && { date: dates.numbers }) }, updates: [] };
}

/** Every update of a folder, the first first. */
export function updatesOf(folder: string): KeptUpdate[] {
  const path = join(folder, 'updates');
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(path, name), 'utf8')) as KeptUpdate);
}

/** Keeps an update, then the tree that it made: a break between the two is seen by {@link verifyUpdates}. */
export function keepUpdate(folder: string, state: Growing, update: KeptUpdate): void {
  mkdirSync(join(folder, 'updates'), { recursive: true });
  replace(
    join(folder, 'updates', `${String(update.record.number).padStart(6, '0')}.json`),
    `${canonicalJson(update)}\n`,
  );
  replace(join(folder, 'state.json'), writeSnapshot(state));
}

/** The tree as it was after so many updates. Throws {@link treeRules.state}. */
export function stateAt(state: Growing, updates: readonly KeptUpdate[], number: number): Growing {
  if (number < 0 || number > updates.length) throw new VirusProblem(treeRules.state, { state: number });
  return stateBefore(
    state,
    updates.slice(number).map(({ diff }) => diff),
  );
}

/** Whether the records hang together and each state that they name comes out again when updates are undone. Throws {@link tableRules.record}. */
export function verifyUpdates(state: Growing, updates: readonly KeptUpdate[]): void {
  const expect = (what: string, found: string, expected: string): void => {
    if (found !== expected) throw new VirusProblem(tableRules.record, { what, found, expected });
  };
  let now = state;
  for (const [at, { record, diff }] of [...updates.entries()].reverse()) {
    const before = updates[at - 1]?.record;
    expect(`state ${record.number}`, stateHash(now), record.after);
    expect(`diff ${record.number}`, hexOf(canonicalJson(diff)), record.diff);
    expect(`record ${record.number - 1}`, before ? recordHash(before) : '', record.previous);
    now = stateBefore(now, [diff]);
    expect(`state ${record.number - 1}`, stateHash(now), record.before);
  }
}
