import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { createLog } from '../src/platform/log.ts';
import { migrate, readMigrations } from '../src/platform/migrate.ts';
import { startEmbedded } from '../src/platform/postgres/embedded.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgres: { url: string; ownerUrl: string };
  }
}

/** One real PostgreSQL for a run; each test file clones the migrated template. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'geneward-test-'));
  // So that the account that PostgreSQL runs as can enter it, and nothing stays behind elsewhere.
  chmodSync(folder, 0o755);
  const server = await startEmbedded(folder, {
    port: 0,
    log: createLog({ level: 'silent' }),
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
  });
  await migrate(server.ownerUrl, readMigrations(new URL('../migrations', import.meta.url)));
  const client = new pg.Client({ connectionString: server.ownerUrl.replace(/\/\w+$/, '/postgres') });
  await client.connect();
  await client.query('alter database geneward rename to geneward_template');
  await client.end();
  project.provide('postgres', { url: server.url, ownerUrl: server.ownerUrl });
  return async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
