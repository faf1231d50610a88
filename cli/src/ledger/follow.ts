import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  bundlePath,
  compactRange,
  decodeBundle,
  equal,
  fromBase64,
  judgeCheckpoint,
  nodeSha256,
  parseActEntry,
  rootAt,
  tileAt,
  tileNodes,
  tilePath,
  tileWidth,
  toBase64,
  treeHasher,
  type CompactRange,
  type Judged,
  type Policy,
} from '@geneward/merkle';
import { writeDurably } from './heads.ts';
import { countPlan, unfinished, type OpenPlans } from './plans.ts';

/** What is wrong with a log, as its follower sees it. `evidence` are signed checkpoints that contradict each other. */
export interface Finding {
  readonly code:
    | 'shrunk'
    | 'forked'
    | 'split_view'
    | 'root_wrong'
    | 'sequence_gap'
    | 'entry_strange'
    | 'unplanned'
    | 'unfinished'
    | 'validator_convicted'
    | 'node_silent'
    | 'witness_silent';
  readonly detail: string;
  readonly evidence?: readonly string[];
}

/** How far a log was followed. */
export interface Followed {
  readonly origin: string;
  readonly size: bigint;
  readonly witnessed: boolean;
  readonly findings: readonly Finding[];
  /** What was announced and has no end in time: for people to ask about, while the log itself is sound. */
  readonly late: readonly Finding[];
}

/** Fetches what a log serves below its prefix. */
export type Fetch = (path: string) => Promise<Uint8Array>;

interface State {
  readonly size: string;
  readonly hashes: readonly string[];
  readonly acts: Readonly<Record<string, string>>;
  readonly note: string;
  /** Plans without an end; missing where an earlier version kept the state. */
  readonly plans?: Readonly<Record<string, readonly string[]>>;
}

const hasher = treeHasher(nodeSha256({ hash }));

/**
 * Follows a log from where it was left: reads every new entry, computes the tree itself and holds it against the signed root, so
 * that what was seen once can never become something else. What is sound is remembered, what is not is told and never forgotten.
 * @param others checkpoints of the same log that others were shown
 */
export async function follow(
  folder: string,
  policy: Policy,
  fetch: Fetch,
  others: readonly string[] = [],
  now: Date = new Date(),
): Promise<Followed> {
  const note = new TextDecoder().decode(await fetch('checkpoint'));
  const judged = judgeCheckpoint(note, policy);
  const { origin, size, root } = judged.checkpoint;
  const state = readState(folder);
  const findings: Finding[] = [];
  const open: OpenPlans = new Map(Object.entries(state?.plans ?? {}).map(([type, times]) => [type, [...times]]));
  const done = (): Followed => ({
    origin,
    size,
    witnessed: judged.witnessed,
    findings,
    late: findings.length === 0 ? unfinished(open, now) : [],
  });
  const range = compactRange(hasher, BigInt(state?.size ?? 0), (state?.hashes ?? []).map(fromBase64));
  if (state && size < range.size) {
    const detail = `the log shows ${size} entries and had ${range.size}`;
    findings.push({ code: 'shrunk', detail, evidence: [state.note, note] });
    return done();
  }
  if (state && size === range.size && !equal(root, range.root())) {
    const detail = `two roots of ${size} entries`;
    findings.push({ code: 'forked', detail, evidence: [state.note, note] });
    return done();
  }
  const acts = new Map(Object.entries(state?.acts ?? {}).map(([module, count]) => [module, BigInt(count)]));
  await readEntries(fetch, range, size, { acts, open }, findings);
  if (!equal(root, range.root())) {
    const detail = `the entries do not lead to the signed root of ${size} entries`;
    findings.push({ code: state ? 'forked' : 'root_wrong', detail, evidence: [...(state ? [state.note] : []), note] });
    return done();
  }
  findings.push(...(await splitViews(policy, fetch, judged, others, note)));
  if (findings.length === 0) keepState(folder, range, { acts, open }, note);
  return done();
}

/** What is counted on the way. */
interface Counts {
  readonly acts: Map<string, bigint>;
  readonly open: OpenPlans;
}

/** Appends entries [range.size, size) and counts the acts of each module. */
async function readEntries(
  fetch: Fetch,
  range: CompactRange,
  size: bigint,
  counts: Counts,
  findings: Finding[],
): Promise<void> {
  while (range.size < size) {
    const { index, width } = tileAt(0, range.size, size);
    const entries = decodeBundle(await fetch(bundlePath(index, width)), width);
    for (const entry of entries.slice(Number(range.size - index * BigInt(tileWidth)))) {
      count(entry, range.size, counts, findings);
      range.append(hasher.leaf(entry));
    }
  }
}

function count(entry: Uint8Array, index: bigint, { acts, open }: Counts, findings: Finding[]): void {
  let act;
  try {
    act = parseActEntry(entry);
  } catch {
    findings.push({ code: 'entry_strange', detail: `entry ${index} is no act` });
    return;
  }
  const due = (acts.get(act.module) ?? 0n) + 1n;
  if (act.sequence !== due)
    findings.push({
      code: 'sequence_gap',
      detail: `entry ${index}: act ${act.sequence} of ${act.module} where ${due} is due`,
    });
  acts.set(act.module, act.sequence);
  const unplanned = countPlan(open, act.type, act.time, index);
  if (unplanned) findings.push(unplanned);
}

/** What others were shown must be a beginning of what we see; if it is longer, we only look at it when we come so far. */
async function splitViews(
  policy: Policy,
  fetch: Fetch,
  { checkpoint }: Judged,
  others: readonly string[],
  note: string,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const nodes = tileNodes(hasher, checkpoint.size, (tile) => fetch(tilePath(tile)));
  for (const other of others) {
    const seen = judgeCheckpoint(other, policy).checkpoint;
    if (seen.origin !== checkpoint.origin || seen.size > checkpoint.size) continue;
    if (!equal(await rootAt(hasher, seen.size, nodes), seen.root))
      findings.push({
        code: 'split_view',
        detail: `somebody was shown another history of ${seen.size} entries`,
        evidence: [other, note],
      });
  }
  return findings;
}

const pathOf = (folder: string): string => join(folder, 'followed.json');

function readState(folder: string): State | undefined {
  try {
    return JSON.parse(readFileSync(pathOf(folder), 'utf8')) as State;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function keepState(folder: string, range: CompactRange, { acts, open }: Counts, note: string): void {
  const state: State = {
    size: String(range.size),
    hashes: range.hashes.map(toBase64),
    acts: Object.fromEntries([...acts].map(([module, n]) => [module, String(n)])),
    note,
    plans: Object.fromEntries(open),
  };
  writeDurably(folder, pathOf(folder), JSON.stringify(state));
}
