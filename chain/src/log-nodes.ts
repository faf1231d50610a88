import { closeSync, fsyncSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { compactRange, treeHasher, type CompactRange, type NodeReader } from '@geneward/merkle';

/** Nodes of the chain's own log: one file a level, 32 bytes a node, so that a proof is a few reads however long the log is. */
export interface LogNodes {
  readonly read: NodeReader;
  /** Begins at a known right edge; what lies behind is written again. */
  resume(size: bigint, edge: readonly Uint8Array[]): void;
  append(leaves: readonly Uint8Array[]): void;
  /** Hashes of the leaves from the first. */
  leaves(): Uint8Array[];
  flush(): void;
  close(): void;
}

const width = 32;
const hasher = treeHasher();

export function openNodes(folder: string): LogNodes {
  mkdirSync(folder, { recursive: true });
  const files: number[] = [];
  const fileOf = (level: number): number =>
    (files[level] ??= openSync(join(folder, `level-${level}`), openMode(join(folder, `level-${level}`))));
  let range: CompactRange = compactRange(hasher);
  const node = (level: number, index: bigint): Uint8Array => {
    const bytes = new Uint8Array(width);
    if (readSync(fileOf(level), bytes, 0, width, Number(index) * width) !== width)
      throw new Error('the log of the chain lacks a node: its folder is damaged');
    return bytes;
  };
  return {
    read: async (wanted) => wanted.map(({ level, index }) => node(level, index)),
    resume(size, edge) {
      range = compactRange(hasher, size, edge);
    },
    append(leaves) {
      for (const leaf of leaves)
        range.append(leaf, (level, index, hash) => writeSync(fileOf(level), hash, 0, width, Number(index) * width));
    },
    leaves: () => Array.from({ length: Number(range.size) }, (_, index) => node(0, BigInt(index))),
    flush() {
      for (const file of files) fsyncSync(file);
    },
    close() {
      for (const file of files) closeSync(file);
    },
  };
}

/** Opens for reading and writing without cutting what is there. */
function openMode(path: string): string {
  closeSync(openSync(path, 'a'));
  return 'r+';
}
