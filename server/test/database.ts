import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { openPool, type Pool } from '../src/platform/db.ts';

export interface TestDatabase {
  readonly pool: Pool;
  readonly url: string;
  readonly ownerUrl: string;
  drop(): Promise<void>;
}

/** A fresh database for one test file: a clone of the migrated template on the real server. */
export async function testDatabase(): Promise<TestDatabase> {
  const given = inject('postgres');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await asOwner(given.ownerUrl, `create database ${name} template geneward_template`);
  const url = given.url.replace(/\/\w+$/, `/${name}`);
  const ownerUrl = given.ownerUrl.replace(/\/\w+$/, `/${name}`);
  const pool = openPool(url, { size: 8, onError: () => undefined });
  return {
    pool,
    url,
    ownerUrl,
    async drop() {
      await pool.close();
      await asOwner(given.ownerUrl, `drop database ${name} with (force)`);
    },
  };
}

async function asOwner(ownerUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl.replace(/\/\w+$/, '/postgres') });
  await client.connect();
  try {
    // Cloning waits for other clones of the template; PostgreSQL refuses instead of waiting, so we do.
    await client.query('select pg_advisory_lock(1)');
    await client.query(statement);
  } finally {
    await client.end();
  }
}
