import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataDirectoryError } from './postgres/embedded.ts';

/**
 * Takes a data directory for one server. The lock of a killed process is recognised by its process being gone, also when its
 * number was given to another one since.
 * @returns gives the directory free again
 */
export function lockDirectory(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'server.lock');
  const mine = JSON.stringify({ pid: process.pid, began: beginning(process.pid) });
  for (;;) {
    try {
      writeFileSync(file, mine, { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const holder = readHolder(file);
    if (holder && beginning(holder.pid) === holder.began) {
      throw new DataDirectoryError(
        'data_directory_in_use',
        `Process ${holder.pid} serves from ${folder}. Stop it, or set GENEWARD_DATA to another directory. 数据目录正被进程 ${holder.pid} 使用。`,
      );
    }
    rmSync(file, { force: true });
  }
}

function readHolder(file: string): { pid: number; began: string } | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { pid: number; began: string };
  } catch {
    return undefined;
  }
}

/** Start time of a process in clock ticks since boot; `alive` where the system does not tell; empty when it is gone. */
function beginning(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? 'alive';
  } catch {
    if (process.platform === 'linux') return '';
  }
  try {
    process.kill(pid, 0);
    return 'alive';
  } catch {
    return '';
  }
}
