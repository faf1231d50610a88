import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configSchema, type Config } from '../src/platform/config.ts';
import { createLog } from '../src/platform/log.ts';
import { createMetrics } from '../src/platform/metrics.ts';
import { requestLimit } from '../src/platform/request-limit.ts';
import { openStorage } from '../src/platform/storage/open-storage.ts';
import type { Parts } from '../src/platform/parts.ts';
import { testDatabase, type TestDatabase } from './database.ts';

export interface TestParts extends Parts {
  readonly database: TestDatabase;
  /** The clock that `now` reads; a test may move it. */
  readonly clock: { at: Date | undefined };
  close(): Promise<void>;
}

/** All that modules stand on, real, in a directory and a database of its own. */
export async function testParts(settings: Parameters<typeof configSchema.parse>[0] = {}): Promise<TestParts> {
  const data = mkdtempSync(join(tmpdir(), 'geneward-data-'));
  const database = await testDatabase();
  const clock: { at: Date | undefined } = { at: undefined };
  const config: Config = configSchema.parse({ data, ...(settings as object) });
  const log = createLog({ level: process.env['GENEWARD_TEST_LOG'] ?? 'silent' });
  const now = () => clock.at ?? new Date();
  return {
    config,
    database,
    clock,
    pool: database.pool,
    ...openStorage(config, { db: database.pool.db, log, now }),
    log,
    metrics: createMetrics(),
    requests: requestLimit(config.limits.requestsPerMinute),
    now,
    async close() {
      await database.drop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}
