import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { migrate, readMigrations, type Migration } from '../src/platform/migrate.ts';

const name = `migrate_${randomUUID().replaceAll('-', '')}`;
const given = () => inject('postgres').ownerUrl;
const ownerUrl = () => given().replace(/\/\w+$/, `/${name}`);
const files = readMigrations(new URL('../migrations', import.meta.url));
const extra = (sql: string): Migration => ({ name: '9999_extra.sql', sql, sha256: sql });

async function query(url: string, statement: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(statement);
  } finally {
    await client.end();
  }
}

beforeAll(() => query(given().replace(/\/\w+$/, '/postgres'), `create database ${name}`));
afterAll(() => query(given().replace(/\/\w+$/, '/postgres'), `drop database ${name} with (force)`));

it('runs once however many start at the same time', async () => {
  const applied = await Promise.all([
    migrate(ownerUrl(), files),
    migrate(ownerUrl(), files),
    migrate(ownerUrl(), files),
  ]);
  expect(applied.flat()).toEqual(files.map((file) => file.name));
});

it('leaves nothing of a file that fails', async () => {
  await expect(migrate(ownerUrl(), [...files, extra('create table half (a int); select broken')])).rejects.toThrow(
    '9999_extra.sql',
  );
  expect((await query(ownerUrl(), "select to_regclass('half') as half")).rows).toEqual([{ half: null }]);
});

it('refuses a changed file and a database of a newer version', async () => {
  await migrate(ownerUrl(), [...files, extra('create table whole (a int)')]);
  await expect(migrate(ownerUrl(), [...files, extra('create table whole (a int, b int)')])).rejects.toMatchObject({
    code: 'migration_changed',
  });
  await expect(migrate(ownerUrl(), files)).rejects.toMatchObject({ code: 'database_is_newer' });
});
