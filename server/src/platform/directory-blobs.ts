import { createReadStream, existsSync, mkdirSync } from 'node:fs';
import { mkdir, open, opendir, rename, rm, stat } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { BlobStore } from './blobs.ts';
import { sqlState } from './db.ts';
import { Problem } from './problem.ts';

const keyForm = /^[a-z0-9][a-z0-9/._-]{2,199}$/;

/** Blobs as files of a directory: written aside, forced to disk, then renamed, so a key holds all of its bytes or nothing. */
export function directoryBlobs(root: string): BlobStore {
  const aside = join(root, 'incoming');
  const kept = join(root, 'blobs');
  mkdirSync(aside, { recursive: true });
  mkdirSync(kept, { recursive: true });
  const pathOf = (key: string) => {
    if (!keyForm.test(key) || key.includes('..')) throw new Error(`not a blob key: ${key}`);
    return join(kept, key);
  };
  return {
    async put(key, bytes, options = {}) {
      const partial = join(aside, randomUUID());
      try {
        const size = await writeDurably(partial, bytes, options.signal);
        const target = pathOf(key);
        const made = await moved(partial, target);
        await syncDirectory(dirname(target));
        if (made) await syncUpwards(dirname(target), dirname(made));
        return { size };
      } catch (error) {
        await rm(partial, { force: true });
        if (['ENOSPC', 'EDQUOT'].includes(sqlState(error))) throw new Problem('storage_full', { cause: error });
        throw error;
      }
    },
    async open(key, range) {
      const path = pathOf(key);
      const size = await sizeOf(path);
      if (size === undefined) throw new Problem('not_found');
      if (range && range.end <= range.start) return nothing();
      return createReadStream(path, {
        // As much is set aside for each read, also for a file of a few bytes.
        highWaterMark: size < readSize ? Math.max(1, Number(size)) : readSize,
        ...(range && { start: Number(range.start), end: Number(range.end) - 1 }),
      });
    },
    size: (key) => sizeOf(pathOf(key)),
    delete: (key) => rm(pathOf(key), { force: true }),
    async *list(folder) {
      for await (const path of filesBelow(pathOf(folder))) {
        const at = await timeOf(path);
        if (at) yield { key: path.slice(kept.length + 1), at };
      }
    },
    async discardUnfinished(before) {
      let count = 0;
      for await (const path of filesBelow(aside)) {
        const at = await timeOf(path);
        if (!at || at >= before) continue;
        await rm(path, { force: true });
        count += 1;
      }
      return count;
    },
    async check() {
      const probe = join(aside, `probe-${randomUUID()}`);
      await writeDurably(probe, nothing());
      await rm(probe);
    },
  };
}

/** Sixteen sealed segments of 64 KiB: whoever opens segments need not join pieces, which would cost as much memory again. */
const readSize = 16 * 65_564;
/** Bytes that are gathered before they are written: a system call for each piece off a socket would cost more than the disk. */
const writeSize = 1024 * 1024;
/** So much is sent on to the disk while more comes, so that it need not all be waited for in the end. */
const syncSize = 32 * 1024 * 1024;

async function writeDurably(path: string, bytes: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<bigint> {
  const file = await open(path, 'wx', 0o600);
  let size = 0n;
  let gathered: Uint8Array[] = [];
  let waiting = 0;
  let unsafe = 0;
  let syncing = Promise.resolve();
  const write = async (block: Uint8Array) => {
    for (let at = 0; at < block.length;) at += (await file.write(block, at)).bytesWritten;
    size += BigInt(block.length);
    unsafe += block.length;
    if (unsafe < syncSize) return;
    unsafe = 0;
    await syncing;
    syncing = file.datasync();
    syncing.catch(() => undefined);
  };
  const flush = async () => {
    const [only, ...others] = gathered;
    const block = only && others.length === 0 ? only : Buffer.concat(gathered, waiting);
    gathered = [];
    waiting = 0;
    await write(block);
  };
  try {
    for await (const chunk of bytes) {
      signal?.throwIfAborted();
      if (waiting > 0 && waiting + chunk.length > writeSize) await flush();
      gathered.push(chunk);
      waiting += chunk.length;
      if (waiting >= writeSize) await flush();
    }
    await flush();
    await syncing;
    await file.sync();
  } finally {
    await file.close();
  }
  return size;
}

/** Renames, and makes the folder first where there is none; returns the topmost folder that was made. */
async function moved(from: string, to: string): Promise<string | undefined> {
  try {
    await rename(from, to);
    return undefined;
  } catch (error) {
    if (sqlState(error) !== 'ENOENT') throw error;
  }
  const made = await mkdir(dirname(to), { recursive: true });
  await rename(from, to);
  return made;
}

async function syncDirectory(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** A new folder is only safe when the folders above it, up to one that was there before, are on disk too. */
async function syncUpwards(from: string, to: string): Promise<void> {
  for (let folder = dirname(from); folder.length >= to.length; folder = dirname(folder)) await syncDirectory(folder);
}

async function* filesBelow(folder: string): AsyncIterable<string> {
  if (!existsSync(folder)) return;
  for await (const entry of await opendir(folder, { recursive: true }))
    if (entry.isFile()) yield join(entry.parentPath, entry.name);
}

/** When a file was last written; undefined when it went away in the meantime. */
async function timeOf(path: string): Promise<Date | undefined> {
  try {
    return (await stat(path)).mtime;
  } catch (error) {
    if (sqlState(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function sizeOf(path: string): Promise<bigint | undefined> {
  try {
    return (await stat(path, { bigint: true })).size;
  } catch (error) {
    if (sqlState(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function* nothing(): AsyncIterable<Uint8Array> {
  // An empty range has no bytes.
}
