import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sqlState } from '../../platform/db.ts';

const folderOf = (data: string): string => join(data, 'ledger');

/** The newest checkpoint that was signed here, kept outside the database: a database that lags behind it is an old one. */
export async function readHead(data: string): Promise<string | undefined> {
  try {
    return await readFile(join(folderOf(data), 'head'), 'utf8');
  } catch (error) {
    if (sqlState(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Durable when it returns, and never half written. */
export async function writeHead(data: string, note: string): Promise<void> {
  const folder = folderOf(data);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const partial = join(folder, `head.${randomUUID()}`);
  try {
    const file = await open(partial, 'wx', 0o600);
    try {
      await file.writeFile(note);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, join(folder, 'head'));
  } finally {
    await rm(partial, { force: true });
  }
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
