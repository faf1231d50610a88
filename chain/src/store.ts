import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { appHash, decodeState, encodeState, reader, redo, writer, type Change, type ChainState } from '@geneward/chain';
import { equal } from '@geneward/merkle';
import { openNodes, type LogNodes } from './log-nodes.ts';

/** A state that the chain has made final. `time`: of its block, seconds since 1970. */
export interface Committed {
  readonly state: ChainState;
  readonly height: bigint;
  readonly time: bigint;
}

/**
 * Keeps the state on disk: a whole one now and then (`state`), and what each block since has changed (`blocks`). A block counts
 * once its record is whole and flushed; one that a crash cut short is dropped, and the engine plays it again.
 */
export interface StateStore {
  /** Undefined before the first block. */
  readonly last: Committed | undefined;
  readonly nodes: LogNodes;
  /** Returns when the block is on the disk. */
  commit(next: Committed, change: Change): void;
  /** Takes over a whole state, as from a snapshot, with all leaves of its log. */
  adopt(next: Committed, leaves: readonly Uint8Array[]): void;
  close(): void;
}

/** Blocks between two whole states. */
const wholeEvery = 500;
const digest = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

export function openStore(home: string): StateStore {
  mkdirSync(home, { recursive: true });
  const statePath = join(home, 'state');
  const blocksPath = join(home, 'blocks');
  const nodes = openNodes(join(home, 'log'));
  let last = existsSync(statePath) ? readWhole(readFileSync(statePath)) : undefined;
  nodes.resume(last?.state.size ?? 0n, last?.state.edge ?? []);
  const blocks = openSync(blocksPath, 'a+');
  let whole = 0;
  for (const record of readBlocks(readFileSync(blocksPath), (length) => ftruncateSync(blocks, length))) {
    if (last && record.height <= last.height) continue;
    const before: ChainState = last?.state ?? { map: undefined, size: 0n, edge: [] };
    const state = redo(before, record.change);
    if (!equal(appHash(state), record.appHash)) throw new Error(`block ${record.height}: the store is damaged`);
    nodes.append(record.change.leaves);
    last = { state, height: record.height, time: record.time };
    whole += 1;
  }

  const writeWholeState = (next: Committed) => {
    nodes.flush();
    replaceFile(statePath, withDigest(encodeCommitted(next)), home);
    ftruncateSync(blocks, 0);
    fsyncSync(blocks);
    whole = 0;
  };
  return {
    get last() {
      return last;
    },
    nodes,
    commit(next, change) {
      nodes.append(change.leaves);
      if (!last) writeWholeState(next);
      else {
        writeSync(blocks, withDigest(encodeBlock(next, change)));
        fsyncSync(blocks);
      }
      last = next;
      whole += 1;
      if (whole >= wholeEvery) writeWholeState(next);
    },
    adopt(next, leaves) {
      nodes.resume(0n, []);
      nodes.append(leaves);
      writeWholeState(next);
      last = next;
    },
    close() {
      closeSync(blocks);
      nodes.close();
    },
  };
}

/** Length and SHA-256 before the bytes, so that a torn record is recognised. */
const withDigest = (bytes: Uint8Array): Uint8Array => writer().u32(bytes.length).raw(digest(bytes)).raw(bytes).done();

export function encodeCommitted({ height, time, state }: Committed): Uint8Array {
  return writer().u64(height).u64(time).raw(encodeState(state)).done();
}

/** @throws Refusal */
export function decodeCommitted(bytes: Uint8Array): Committed {
  const from = reader(bytes);
  return { height: from.u64(), time: from.u64(), state: decodeState(bytes.subarray(from.at)) };
}

function readWhole(file: Uint8Array): Committed {
  const bytes = file.subarray(36);
  if (!equal(digest(bytes), file.subarray(4, 36))) throw new Error('the stored state is damaged');
  return decodeCommitted(bytes);
}

function encodeBlock({ height, time, state }: Committed, { leaves, records }: Change): Uint8Array {
  const to = writer().u64(height).u64(time).raw(appHash(state));
  to.list(leaves, (leaf) => to.raw(leaf));
  to.list(records, ([key, value]) => {
    to.bytes(key).u8(value ? 1 : 0);
    if (value) to.bytes(value);
  });
  return to.done();
}

interface BlockRecord {
  readonly height: bigint;
  readonly time: bigint;
  readonly appHash: Uint8Array;
  readonly change: Change;
}

/** Whole records in order; what follows the last one is cut off. */
function* readBlocks(file: Uint8Array, cut: (length: number) => void): Generator<BlockRecord> {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  let at = 0;
  while (at < file.length) {
    const end = at + 36 <= file.length ? at + 36 + view.getUint32(at) : Infinity;
    if (end > file.length || !equal(digest(file.subarray(at + 36, end)), file.subarray(at + 4, at + 36))) {
      cut(at);
      return;
    }
    const from = reader(file.subarray(at + 36, end));
    const record = { height: from.u64(), time: from.u64(), appHash: from.raw(32) };
    const leaves = from.list(1 << 24, () => from.raw(32));
    const records = from.list(1 << 24, () => {
      const key = from.bytes(1 << 16);
      return [key, from.u8() === 1 ? from.bytes(1 << 24) : undefined] as const;
    });
    from.end();
    yield { ...record, change: { leaves, records } };
    at = end;
  }
}

/** Writes a file whole or not at all. */
export function replaceFile(path: string, bytes: Uint8Array, folder: string): void {
  const file = openSync(`${path}.new`, 'w', 0o600);
  writeFileSync(file, bytes);
  fsyncSync(file);
  closeSync(file);
  renameSync(`${path}.new`, path);
  const directory = openSync(folder, 'r');
  fsyncSync(directory);
  closeSync(directory);
}
