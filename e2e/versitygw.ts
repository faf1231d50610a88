import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real S3-compatible server on a folder of its own, with one bucket, `objects`. */
export interface Gateway {
  readonly endpoint: string;
  readonly region: string;
  readonly account: { readonly accessKey: string; readonly secretKey: string };
  /** Where its objects lie as files. */
  readonly folder: string;
  readonly process: ChildProcess;
  /** Starts it again where it was, after its process has ended. */
  again(): Promise<void>;
  close(): void;
}

/** The gateway of Versity: `go install github.com/versity/versitygw/cmd/versitygw@v1.8.0`. In CI it must be there. */
export function findGateway(): string | undefined {
  const places = [...(process.env['PATH'] ?? '').split(':'), join(homedir(), 'go/bin')];
  const found = places.map((place) => join(place, 'versitygw')).find((path) => existsSync(path));
  if (found === undefined && process.env['CI'] === 'true') throw new Error('versitygw is not installed');
  if (found === undefined) console.warn('skipped: versitygw is not installed');
  else execFileSync(found, ['--version'], { stdio: 'ignore' });
  return found;
}

export async function startGateway(program: string): Promise<Gateway> {
  const root = mkdtempSync(join(tmpdir(), 'geneward-s3-'));
  const folder = join(root, 'store');
  for (const path of [join(folder, 'objects'), join(root, 'side')]) mkdirSync(path, { recursive: true });
  const account = { accessKey: 'geneward', secretKey: randomBytes(12).toString('hex') };
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const run = async (): Promise<ChildProcess> => {
    const running = spawn(
      program,
      ['--port', `127.0.0.1:${port}`, '--quiet', 'posix', '--sidecar', join(root, 'side'), folder],
      {
        env: { ...process.env, ROOT_ACCESS_KEY: account.accessKey, ROOT_SECRET_KEY: account.secretKey },
        stdio: 'inherit',
      },
    );
    for (let tries = 0; ; tries += 1)
      try {
        await fetch(endpoint);
        return running;
      } catch (error) {
        if (tries > 1200 || running.exitCode !== null) throw error;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
  };
  let running = await run();
  return {
    endpoint,
    region: 'us-east-1',
    account,
    folder,
    get process() {
      return running;
    },
    async again() {
      running = await run();
    },
    close() {
      running.kill();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
