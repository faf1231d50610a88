import { randomUUID } from 'node:crypto';
import { record } from './audit.ts';
import type { Config } from './config.ts';
import { systemContext } from './context.ts';
import { lockDirectory } from './data-lock.ts';
import { openPool } from './db.ts';
import { createLog, type Log } from './log.ts';
import { requestLimit } from './request-limit.ts';
import { createMetrics } from './metrics.ts';
import { migrate, readMigrations } from './migrate.ts';
import type { Parts } from './parts.ts';
import { openStorage } from './storage/open-storage.ts';
import { attachEmbedded, startEmbedded, type Addresses } from './postgres/embedded.ts';

/** Parts of a running process and the way to end them in good order. */
export interface Started extends Parts {
  /** Owner's login, for migrations and tools. */
  readonly ownerUrl: string;
  stop(): Promise<void>;
}

/** Where the database of an installation is. */
interface Database extends Addresses {
  stop(): Promise<void>;
}

/**
 * Opens everything that a role of the program stands on. The role `serve` owns the embedded database; the others join the one
 * that runs.
 */
export async function startParts(
  config: Config,
  role: 'serve' | 'work' | 'sftp' | 'migrate' | 'rotate-keys',
): Promise<Started> {
  const log = createLog({ level: config.log.level });
  const database = await openDatabase(config, role, log);
  try {
    const applied =
      role === 'work' || role === 'sftp' || role === 'rotate-keys'
        ? []
        : await migrate(database.ownerUrl, readMigrations(new URL('../../migrations', import.meta.url)));
    if (applied.length > 0) log.info({ applied }, 'database migrated');
    const pool = openPool(database.url, {
      size: config.database.poolSize,
      onError: (error) => log.warn({ reason: error.message }, 'a database connection broke'),
    });
    const now = () => new Date();
    if (applied.length > 0) {
      const context = systemContext({ db: pool.db, log, now, name: role, requestId: randomUUID() });
      await record(pool.db, context, { type: 'platform.migrated', content: { applied } });
    }
    const storage = openStorage(config, { db: pool.db, log, now });
    // Who serves or works without its keys would refuse every file: better not to start, and say why.
    if (role !== 'migrate') await storage.keys.current(config.keys.suite);
    return {
      config,
      log,
      pool,
      ...storage,
      ownerUrl: database.ownerUrl,
      metrics: createMetrics(),
      requests: requestLimit(config.limits.requestsPerMinute),
      now,
      async stop() {
        await pool.close();
        await database.stop();
      },
    };
  } catch (error) {
    await database.stop();
    throw error;
  }
}

async function openDatabase(
  config: Config,
  role: 'serve' | 'work' | 'sftp' | 'migrate' | 'rotate-keys',
  log: Log,
): Promise<Database> {
  const { url, ownerUrl, port } = config.database;
  if (url) return { url, ownerUrl: ownerUrl ?? url, stop: async () => undefined };
  const running =
    role === 'serve' ? undefined : await attachEmbedded(config.data, role === 'work' || role === 'sftp' ? 30_000 : 0);
  if (running) return { ...running, stop: async () => undefined };
  if (role === 'work' || role === 'sftp' || role === 'rotate-keys')
    throw new Error('No database: start "serve" on this data directory first, or set DATABASE_URL. 未找到数据库。');
  const unlock = lockDirectory(config.data);
  try {
    const embedded = await startEmbedded(config.data, { port, log });
    return {
      ...embedded,
      async stop() {
        await embedded.stop();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}
