import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export interface Peer {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
}

/** Callers at once, each waiting for the place of its entry: as many acts as ours has waiting at the asked rate. */
const adders = 1500;

/**
 * Tessera's POSIX driver on the same disk: entries as long as ours, in groups of 1,024 or 100 ms, a checkpoint every 2 s. It has
 * no acts to record and no statements to keep.
 * @returns undefined where Go is not installed
 */
export async function tessera(folder: string, seconds: number): Promise<Peer | undefined> {
  const program = join(folder, 'tessera');
  const source = fileURLToPath(new URL('../tessera', import.meta.url));
  const built = spawnSync('go', ['build', '-o', program, '.'], {
    cwd: source,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOFLAGS: '-trimpath' },
  });
  if (built.error) return undefined;
  if (built.status !== 0) throw new Error(`go build ended with ${built.status}`);
  const log = join(folder, 'log');
  mkdirSync(log, { recursive: true });
  const child = spawn(program, [log, String(seconds), String(adders)], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'exit') as Promise<[number | null]>]);
  if (code !== 0) throw new Error(`the peer ended with ${code}`);
  return JSON.parse(said) as Peer;
}
