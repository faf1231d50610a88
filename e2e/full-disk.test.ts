import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiProblem, filesRoutes, submissionRoutes, type Client } from '@geneward/api';
import { expect, it } from 'vitest';
import { bootstrapLinkIn, firstPeople } from '../scripts/installation.ts';
import { startServer } from '../scripts/server.ts';

/** A small file system of its own where the rights allow one; elsewhere server/test/full-disk.test.ts injects the fault. */
function mountSmall(path: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=240m,mode=755', 'tmpfs', path], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn('skipped: no right to mount a file system');
    rmSync(path, { recursive: true });
    return false;
  }
}

/** Writes until nothing more fits. */
function fill(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (let size = 1 << 20; size >= 4096;) {
      try {
        writeSync(file, Buffer.alloc(size, 1));
      } catch {
        size /= 2;
      }
    }
  } finally {
    closeSync(file);
  }
}

const open = async (client: Client, title: string): Promise<string> =>
  (await client.call(submissionRoutes.createSubmission, { body: { title } })).id;

/** The code and status of a refusal; anything but a coded one fails the test. */
async function refusal(act: Promise<unknown>): Promise<string | undefined> {
  try {
    await act;
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    return error.code;
  }
}

const mount = mkdtempSync(join(tmpdir(), 'geneward-full-'));
const mounted = mountSmall(mount);

it.runIf(mounted)(
  'keeps what it acknowledged when the disk of store and database is full, and goes on with room',
  async () => {
    chmodSync(mount, 0o755);
    const server = await startServer(mount);
    try {
      const { cluster } = JSON.parse(readFileSync(join(mount, 'postgres.json'), 'utf8')) as { cluster: string };
      expect(cluster.startsWith(mount)).toBe(true);
      const people = await firstPeople(server.address, bootstrapLinkIn(server.output()), 'a long enough passphrase');
      const { client } = await people.invite({ email: 's@example.org', name: '李提交', roles: ['submitter'] });
      const acknowledged = [await open(client, 'Before')];
      const ballast = join(mount, 'ballast');
      fill(ballast);

      const upload = (size: number) =>
        client.raw(filesRoutes.uploadFile, { params: { name: 'big.bin' }, body: Buffer.alloc(size, 65) });
      expect(['storage_full', 'database_unavailable']).toContain(await refusal(upload(4 << 20)));

      const codes = new Set<string>();
      for (let tries = 0; tries < 3000 && codes.size === 0; tries += 1) {
        const code = await refusal(open(client, 'x'.repeat(500)).then((id) => acknowledged.push(id)));
        if (code !== undefined) codes.add(code);
      }
      expect(codes.size).toBe(1);
      for (const code of codes) expect(['storage_full', 'database_unavailable']).toContain(code);

      rmSync(ballast);
      for (let tries = 0; tries < 300 && !(await fetch(`${server.address}/ready`)).ok; tries += 1)
        await new Promise((done) => setTimeout(done, 200));
      acknowledged.push(await open(client, 'After'));
      for (const submission of acknowledged)
        await expect(client.call(submissionRoutes.getSubmission, { params: { submission } })).resolves.toMatchObject({
          status: 'draft',
        });
      expect(server.process.exitCode).toBeNull();
    } finally {
      await server.stop();
      execFileSync('umount', [mount]);
      rmSync(mount, { recursive: true, force: true });
    }
  },
);
