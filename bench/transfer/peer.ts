import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The bare server in a process of its own, as ours is. */
export const withBareServer = <T>(work: (address: string) => Promise<T>): Promise<T> =>
  withPeer(
    new URL('bare.ts', import.meta.url),
    (folder) => join(folder, 'file'),
    (address) => work(`${address}/file`),
  );

/** The tus server, likewise. */
export const withTusServer = <T>(work: (address: string) => Promise<T>): Promise<T> =>
  withPeer(
    new URL('tus.ts', import.meta.url),
    (folder) => folder,
    (address) => work(`${address}/files`),
  );

async function withPeer<T>(
  script: URL,
  place: (folder: string) => string,
  work: (address: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'geneward-peer-'));
  const child = spawn(process.execPath, [fileURLToPath(script), place(folder)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [port] = (await once(child.stdout, 'data')) as [Buffer];
    return await work(`http://127.0.0.1:${Number(port.toString())}`);
  } finally {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}
