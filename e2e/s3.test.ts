import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { s3Blobs } from '../server/src/platform/storage/s3-blobs.ts';
import { holdsTheContract, replacesBytes } from '../server/src/platform/storage/store-contract.ts';

const gateway = findGateway();
const folder = mkdtempSync(join(tmpdir(), 'geneward-s3-'));
const account = { accessKey: 'geneward', secretKey: randomBytes(12).toString('hex') };
const region = 'us-east-1';
let running: ChildProcess | undefined;
let endpoint: string;

beforeAll(async () => {
  if (!gateway) return;
  const port = await freePort();
  endpoint = `http://127.0.0.1:${port}`;
  mkdirSync(join(folder, 'store/objects'), { recursive: true });
  const { accessKey, secretKey } = account;
  running = spawn(
    gateway,
    ['--port', `127.0.0.1:${port}`, '--quiet', 'posix', '--sidecar', join(folder, 'side'), join(folder, 'store')],
    {
      env: { ...process.env, ROOT_ACCESS_KEY: accessKey, ROOT_SECRET_KEY: secretKey },
      stdio: 'inherit',
    },
  );
  mkdirSync(join(folder, 'side'), { recursive: true });
  for (let tries = 0; ; tries += 1)
    try {
      return await open('objects').check();
    } catch (error) {
      if (tries > 100 || running.exitCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
});
afterAll(() => {
  running?.kill();
  rmSync(folder, { recursive: true, force: true });
});

const open = (bucket: string, secretKey = account.secretKey) =>
  s3Blobs({ bucket, region, endpoint, accessKey: account.accessKey, secretKey });

describe.runIf(gateway)('an S3-compatible store', () => {
  const store = { once: undefined as ReturnType<typeof open> | undefined };
  const shared = () => (store.once ??= open('objects'));
  holdsTheContract(shared);
  replacesBytes(shared);

  it('says that a bucket is not there, or that the secret is another', async () => {
    await expect(open('elsewhere').check()).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
    await expect(open('objects', 'wrong').check()).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    await expect(open('objects', 'wrong').open('files/aa/x')).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('says so when the store is killed in the middle of a write, and never takes half for the whole', async () => {
    const key = 'files/aa/killed';
    async function* half(): AsyncGenerator<Uint8Array> {
      yield randomBytes(9 * 1024 * 1024);
      running?.kill('SIGKILL');
      yield randomBytes(9 * 1024 * 1024);
    }
    await expect(open('objects').put(key, half())).rejects.toThrow(/ECONN|EPIPE|socket/);
  });
});

/** The gateway of Versity: `go install github.com/versity/versitygw/cmd/versitygw@v1.8.0`. In CI it must be there. */
function findGateway(): string | undefined {
  const places = [...(process.env['PATH'] ?? '').split(':'), join(homedir(), 'go/bin')];
  const found = places.map((place) => join(place, 'versitygw')).find((path) => existsSync(path));
  if (found === undefined && process.env['CI'] === 'true') throw new Error('versitygw is not installed');
  if (found === undefined) console.warn('skipped: versitygw is not installed');
  else execFileSync(found, ['--version'], { stdio: 'ignore' });
  return found;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
