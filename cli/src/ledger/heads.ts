import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { parseCheckpointText, parseNote, type TreeHead } from '@geneward/merkle';

/** The last head of each log, one small file each. */
export interface Heads {
  read(origin: string): (TreeHead & { readonly note: string }) | undefined;
  /** Durable when it returns, and never half written. */
  write(origin: string, note: string): void;
}

/** What a log is called in paths and addresses: SHA-256 of its origin in hexadecimal digits (C2SP tlog-mirror). */
export const folderName = (origin: string): string => createHash('sha256').update(origin).digest('hex');

/** Reading and writing are synchronous: between a look and what follows from it nobody else comes in this process. */
export function openHeads(folder: string): Heads {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const pathOf = (origin: string) => join(folder, `${folderName(origin)}.head`);
  return {
    read(origin) {
      const note = readIfThere(pathOf(origin));
      if (note === undefined) return undefined;
      const { size, root } = parseCheckpointText(parseNote(note).text);
      return { size, root, note };
    },
    write: (origin, note) => writeDurably(folder, pathOf(origin), note),
  };
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Written aside, forced to disk, renamed, and the folder forced to disk. */
export function writeDurably(folder: string, path: string, content: string | Uint8Array): void {
  const partial = join(folder, `${randomUUID()}.partial`);
  try {
    const file = openSync(partial, 'wx', 0o600);
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(partial, path);
  } finally {
    rmSync(partial, { force: true });
  }
  const directory = openSync(folder, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

/** One program at a time works on a folder. Gives the way to let it go. */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'lock');
  const pid = Number(readIfThere(path) ?? '');
  if (pid > 0 && isAlive(pid)) throw new Error(`process ${pid} works on ${folder} already`);
  rmSync(path, { force: true });
  const file = openSync(path, 'wx', 0o600);
  writeSync(file, String(process.pid));
  closeSync(file);
  return () => rmSync(path, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
