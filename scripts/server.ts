import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A real server process on a data directory of its own. */
export interface RunningServer {
  readonly address: string;
  readonly process: ChildProcess;
  /** Milliseconds from start to the first `/ready` that says yes. */
  readonly readyAfter: number;
  /** Everything that it printed. */
  output(): string;
  /** SIGTERM, and waits for the end. */
  stop(): Promise<void>;
}

/** A small young generation: what a long sheet leaves behind is collected sooner, which saves some 80 MiB and costs little time. */
const nodeFlags = ['--max-semi-space-size=4'];
const main = fileURLToPath(new URL('../server/src/main.ts', import.meta.url));

/** A fresh data directory that PostgreSQL's own account can enter, so that the cluster of a root lives, and ends, in it. */
export function temporaryData(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `geneward-${name}-`));
  chmodSync(folder, 0o755);
  return folder;
}

/** Starts a role of the program and waits until it is ready: `serve` on a free port, or `work`, which has no address. */
export async function startServer(
  data: string,
  settings: Readonly<Record<string, string>> = {},
  role: 'serve' | 'work' = 'serve',
): Promise<RunningServer> {
  const began = performance.now();
  const child = spawn(process.execPath, [...nodeFlags, main, role], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], GENEWARD_DATA: data, GENEWARD_HTTP_PORT: '0', ...settings },
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = once(child, 'exit');
  const look = <T>(found: () => T | undefined | Promise<T | undefined>) => waitFor(found, child, () => said);
  const address = await look(
    () =>
      (role === 'work' ? /"running jobs"/.exec(said) && '' : /"address":"(http:[^"]+)"/.exec(said)?.[1]) ?? undefined,
  );
  if (address)
    await look(async () => ((await fetch(`${address}/ready`).catch(() => undefined))?.ok ? true : undefined));
  return {
    address,
    process: child,
    readyAfter: performance.now() - began,
    output: () => said,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function waitFor<T>(
  look: () => T | undefined | Promise<T | undefined>,
  child: ChildProcess,
  said: () => string,
): Promise<T> {
  for (let tries = 0; tries < 2400; tries += 1) {
    const found = await look();
    if (found !== undefined) return found;
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${said().slice(-4000)}`);
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`the server did not get ready:\n${said().slice(-4000)}`);
}
