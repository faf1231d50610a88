import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import pg from 'pg';
import { applicationRole } from './db.ts';
import { migrateJobs } from './jobs.ts';

/** Serialises migrations of all processes that start at once. */
const lockKey = 7_203_411_201;

export interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

/** The files `NNNN_name.sql` of a folder in order. */
export function readMigrations(folder: URL): Migration[] {
  return readdirSync(folder)
    .filter((name) => /^\d{4}_\w+\.sql$/.test(name))
    .toSorted()
    .map((name) => {
      const text = readFileSync(new URL(name, `${folder.href.replace(/\/$/, '')}/`), 'utf8');
      return { name, sql: text, sha256: createHash('sha256').update(text).digest('hex') };
    });
}

/** The database holds something that this program does not know or that was changed after release. */
export class MigrationError extends Error {
  readonly code: 'database_is_newer' | 'migration_changed';
  constructor(code: MigrationError['code'], name: string) {
    super(
      code === 'database_is_newer'
        ? `The database was migrated by a newer Geneward (${name}). Start that version. 数据库由更新版本迁移，请使用该版本启动。`
        : `Migration ${name} was changed after it had been applied. Restore the released file. 已应用的迁移文件被改动，请恢复原文件。`,
    );
    this.name = 'MigrationError';
    this.code = code;
  }
}

/**
 * Brings a database to the present state: each file in a transaction of its own, all under one advisory lock, forward only.
 * @returns names of the files applied now
 */
export async function migrate(ownerUrl: string, migrations: readonly Migration[]): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'geneward migrate' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    await prepare(client);
    const done = await client.query<{ name: string; sha256: string }>(
      'select name, sha256 from migration order by name',
    );
    const known = new Map(migrations.map((m) => [m.name, m]));
    for (const { name, sha256 } of done.rows) {
      const file = known.get(name);
      if (!file) throw new MigrationError('database_is_newer', name);
      if (file.sha256 !== sha256) throw new MigrationError('migration_changed', name);
    }
    await migrateJobs(ownerUrl);
    const applied: string[] = [];
    const names = new Set(done.rows.map((row) => row.name));
    for (const migration of migrations.filter((m) => !names.has(m.name))) {
      await apply(client, migration);
      applied.push(migration.name);
    }
    await grantJobs(client);
    return applied;
  } finally {
    await client.end();
  }
}

async function prepare(client: pg.Client): Promise<void> {
  await client.query(`
    do $$ begin
      if not exists (select from pg_roles where rolname = '${applicationRole}') then create role ${applicationRole} nologin; end if;
    exception when duplicate_object or unique_violation then null; end $$;
    do $$ begin
      if not pg_has_role(current_user, '${applicationRole}', 'member') then execute format('grant ${applicationRole} to %I', current_user); end if;
    end $$;
    create table if not exists migration (name text primary key, sha256 text not null, at timestamptz not null default now());
    grant select on migration to ${applicationRole};
  `);
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(migration.sql);
    await client.query('insert into migration (name, sha256) values ($1, $2)', [migration.name, migration.sha256]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new Error(`migration ${migration.name} failed: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

async function grantJobs(client: pg.Client): Promise<void> {
  await client.query(`
    grant usage on schema graphile_worker to ${applicationRole};
    grant select, insert, update, delete on all tables in schema graphile_worker to ${applicationRole};
    grant usage, select, update on all sequences in schema graphile_worker to ${applicationRole};
    grant execute on all functions in schema graphile_worker to ${applicationRole};
    do $$ declare kept text; begin
      for kept in select tablename from pg_tables where schemaname = 'graphile_worker' and rowsecurity
        and not exists (select from pg_policies p where p.schemaname = 'graphile_worker' and p.tablename = pg_tables.tablename and p.policyname = '${applicationRole}')
      loop
        execute format('create policy ${applicationRole} on graphile_worker.%I to ${applicationRole} using (true) with check (true)', kept);
      end loop;
    end $$;
  `);
}
