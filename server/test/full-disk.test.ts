import type { ProblemBody } from '@geneward/api';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Server } from '../src/platform/http.ts';
import { person, testServer, type TestPerson } from './builders.ts';
import { fullAfter } from './faults.ts';
import { testParts, type TestParts } from './parts.ts';
import { runJobs } from './run-jobs.ts';
import { senderOf, studyTables } from './sheets.ts';
import { callerOf } from './studies.ts';

let parts: TestParts;
let server: Server;
let who: TestPerson;
beforeAll(async () => {
  parts = await testParts();
  server = await testServer(parts);
  who = await person(parts);
});
afterAll(async () => {
  await server.close();
  await parts.close();
});

async function traces(): Promise<string[]> {
  const keys: string[] = [];
  for (const folder of ['files', 'sheets']) for await (const { key } of parts.blobs.list(folder)) keys.push(key);
  return keys.toSorted();
}

async function asOwner(...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: parts.database.ownerUrl });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** From now on every row written to a table meets the error that PostgreSQL gives when its disk is full, until it is undone. */
async function fillDisk(...tables: string[]): Promise<() => Promise<void>> {
  await asOwner(
    `create or replace function disk_full() returns trigger language plpgsql as
    $$ begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$`,
    ...tables.map(
      (table) => `create trigger disk_full before insert or update on ${table} execute function disk_full()`,
    ),
  );
  return () => asOwner(...tables.map((table) => `drop trigger disk_full on ${table}`));
}

it('tells that the store is full when a sheet comes, keeps the sheet before, and takes it once there is room', async () => {
  const full = await testServer({ ...parts, blobs: fullAfter(parts.blobs, 100) });
  try {
    const { sheets } = studyTables('store', 1);
    const id = (await callerOf(server)(who, 'POST', '/submissions', { title: 'A' })).body.id;
    const url = `/submissions/${id}/sheets/sample.tsv`;
    await senderOf(server)(who, url, sheets['sample.tsv']);
    const before = await traces();
    const longer = studyTables('store', 3).sheets['sample.tsv'];
    const refused = await senderOf(full)(who, url, longer, { 'accept-language': 'zh' });
    expect(refused).toMatchObject({ status: 507, body: { code: 'storage_full', title: '存储空间已满' } });
    expect(await traces()).toEqual(before);
    expect((await callerOf(server)(who, 'GET', url)).body.records).toMatchObject({ new: 1 });
    expect((await senderOf(server)(who, url, longer)).body.records).toMatchObject({ new: 3 });
  } finally {
    await full.close();
  }
});

it('tells that the disk of the database is full, changes nothing, and goes on once there is room', async () => {
  const call = callerOf(server);
  const send = senderOf(server);
  const { sheets, files } = studyTables('disk', 1);
  const id = (await call(who, 'POST', '/submissions', { title: 'A study' })).body.id;
  const [name, bytes] = [...files][0]!;
  const before = await traces();
  const makeRoom = await fillDisk('submission', 'file', 'sheet', 'audit_event');
  const acts = [
    () => call(who, 'POST', '/submissions', { title: 'Another' }),
    () => send(who, `/submissions/${id}/sheets/sample.tsv`, sheets['sample.tsv']),
    () => send(who, `/files/${name}`, bytes),
    () => call(who, 'POST', `/submissions/${id}/submission`),
  ];
  for (const act of acts.slice(0, 3)) {
    const { status, body } = await act();
    expect([status, (body as ProblemBody).code]).toEqual([507, 'storage_full']);
  }
  expect((await call(who, 'GET', `/submissions/${id}`)).body).toMatchObject({ status: 'draft', objects: [] });
  expect(await traces()).toEqual(before);
  await makeRoom();
  for (const act of acts.slice(0, 3)) expect((await act()).status).toBeLessThan(300);
  expect((await call(who, 'GET', '/submissions')).body.items).toHaveLength(3);
});

it('tries a job again that met a full disk', async () => {
  const call = callerOf(server);
  const { sheets, files } = studyTables('job', 1);
  const id = (await call(who, 'POST', '/submissions', { title: 'A study' })).body.id;
  for (const [name, bytes] of Object.entries(sheets))
    await senderOf(server)(who, `/submissions/${id}/sheets/${name}`, bytes);
  for (const [name, bytes] of files) await senderOf(server)(who, `/files/${name}`, bytes);
  expect((await call(who, 'POST', `/submissions/${id}/submission`)).status).toBe(202);
  const makeRoom = await fillDisk('submission');
  await expect(runJobs(parts)).rejects.toThrow('storage_full');
  expect((await call(who, 'GET', `/submissions/${id}`)).body.status).toBe('checking');
  await makeRoom();
  await sql`select graphile_worker.reschedule_jobs(array(select id from graphile_worker.jobs), run_at => now())`.execute(
    parts.pool.db,
  );
  await runJobs(parts);
  expect((await call(who, 'GET', `/submissions/${id}`)).body.status).toBe('in_review');
});
