import { sql, type RawBuilder } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildApp } from '../src/app.ts';
import { configSchema } from '../src/platform/config.ts';
import { openPool, outlast } from '../src/platform/db.ts';
import type { Server } from '../src/platform/http.ts';
import type { Parts } from '../src/platform/parts.ts';
import { testParts, type TestParts } from './parts.ts';

let parts: TestParts;
let server: Server;
beforeAll(async () => {
  parts = await testParts();
  server = await buildApp(parts, async () => ({ kind: 'anonymous' }));
});
afterAll(async () => {
  await server.close();
  await parts.close();
});

it('is alive and ready, and says so', async () => {
  expect((await server.inject('/health')).json()).toEqual({ status: 'ok' });
  expect((await server.inject('/ready')).json()).toEqual({
    status: 'ready',
    checks: { database: true, storage: true, keys: true },
  });
  expect((await server.inject('/metrics')).body).toContain('geneward_request_seconds');
});

it('is not ready when nobody holds its keys, and names a store that is away although others serve', async () => {
  const gone = async (): Promise<never> => Promise.reject(new Error('away'));
  const faulty: Parts = {
    ...parts,
    keys: { ...parts.keys, check: gone },
    blobs: { ...parts.blobs, away: async () => ['s3'] },
  };
  const asked = await buildApp(faulty, async () => ({ kind: 'anonymous' }));
  const reply = await asked.inject('/ready');
  expect(reply.statusCode).toBe(503);
  expect(reply.json()).toEqual({
    status: 'not_ready',
    checks: { database: true, storage: true, keys: false },
    alarms: [{ part: 'storage', code: 'storage_unavailable', name: 's3' }],
  });
  await asked.close();
});

it('looks at its storage once for all who ask whether it is ready, and again later', async () => {
  let looks = 0;
  const counted: Parts = { ...parts, blobs: { ...parts.blobs, away: async () => ((looks += 1), []) } };
  const asked = await buildApp(counted, async () => ({ kind: 'anonymous' }));
  const replies = await Promise.all(Array.from({ length: 20 }, () => asked.inject('/ready')));
  expect(new Set(replies.map((reply) => reply.statusCode))).toEqual(new Set([200]));
  expect(looks).toBe(1);
  await vi.waitUntil(async () => (await asked.inject('/ready')).statusCode === 200 && looks === 2, { timeout: 60_000 });
  await asked.close();
});

it('shows its figures to whoever has the token, when one is set', async () => {
  const metricsToken = 'figures-for-prometheus';
  const config = configSchema.parse({ data: parts.config.data, http: { metricsToken } });
  const closed = await buildApp({ ...parts, config }, async () => ({ kind: 'anonymous' }));
  const ask = async (authorization?: string) =>
    (await closed.inject({ url: '/metrics', headers: { ...(authorization && { authorization }) } })).statusCode;
  expect([await ask(), await ask(metricsToken), await ask('Bearer figures-for-prometheuS')]).toEqual([401, 401, 401]);
  expect(await ask(`Bearer ${metricsToken}`)).toBe(200);
  await closed.close();
});

it('answers an unknown address with a coded problem in the reader’s language', async () => {
  const reply = await server.inject({ url: '/api/v1/nowhere', headers: { 'accept-language': 'zh-CN' } });
  expect(reply.statusCode).toBe(404);
  expect(reply.headers['content-type']).toContain('application/problem+json');
  expect(reply.json()).toMatchObject({ code: 'not_found', title: '未找到', status: 404 });
});

it('lets the application append to the audit trail and nothing else', async () => {
  const { db } = parts.pool;
  await sql`insert into audit_event (at, type, outcome, actor_kind, content, request_id) values (now(), 'a.b', 'done', 'system', '{}', 'r')`.execute(
    db,
  );
  await expect(sql`update audit_event set type = 'c.d'`.execute(db)).rejects.toThrow('permission denied');
  await expect(sql`delete from audit_event`.execute(db)).rejects.toThrow('permission denied');
  await expect(sql`truncate audit_event`.execute(db)).rejects.toThrow('permission denied');
});

it('finds the events of a request and of an hour by an index', async () => {
  const { db } = parts.pool;
  await sql`insert into audit_event (at, type, outcome, actor_kind, content, request_id)
    select timestamptz '2020-01-01' + n * interval '1 minute', 'a.b', 'done', 'system', '{}', 'request-' || n from generate_series(1, 20000) n`.execute(
    db,
  );
  const plan = async (test: RawBuilder<unknown>) =>
    JSON.stringify(
      (await sql`explain (format json) select * from audit_event where ${test} order by seq desc limit 100`.execute(db))
        .rows,
    );
  const owner = openPool(parts.database.ownerUrl, { size: 2, onError: () => undefined });
  await sql`analyze audit_event`.execute(owner.db);
  await owner.close();
  expect(await plan(sql`request_id = 'request-7'`)).toContain('audit_event_request');
  expect(await plan(sql`at >= '2020-01-02' and at < '2020-01-02 01:00'`)).toContain('audit_event_at');
});

it('has a connection plan an insert once, and whatever reads a table each time', async () => {
  await parts.pool.db.transaction().execute(async (tx) => {
    await sql`create temporary table kept (n int) on commit drop`.execute(tx);
    for (const n of [1, 2]) await sql`insert into kept (n) values (${n})`.execute(tx);
    await sql`insert into kept select n from unnest(${[3, 4]}::int[]) as n`.execute(tx);
    await sql`insert into kept select n + ${10} from kept`.execute(tx);
    const { rows } = await sql<{ n: number }>`select n from kept where n > ${0} order by n`.execute(tx);
    expect(rows.map(({ n }) => n)).toEqual([1, 2, 3, 4, 11, 12, 13, 14]);
    const named = await sql<{ statement: string }>`
      select statement from pg_prepared_statements where statement like '% kept %' order by statement`.execute(tx);
    expect(named.rows.map(({ statement }) => statement)).toEqual([
      'insert into kept (n) values ($1)',
      'insert into kept select n from unnest($1::int[]) as n',
    ]);
  });
});

it('limits the requests of one address in a minute', async () => {
  const limited = await testParts({ limits: { requestsPerMinute: 10 } });
  const small = await buildApp(limited, async () => ({ kind: 'anonymous' }));
  small.json.get('/api/v1/anything', async () => ({}));
  const replies = [];
  for (let count = 0; count < 12; count += 1) replies.push(await small.inject('/api/v1/anything'));
  expect(replies.map((reply) => reply.statusCode)).toEqual([...Array.from({ length: 10 }, () => 200), 429, 429]);
  expect(replies.at(-1)?.json()).toMatchObject({ code: 'rate_limited' });
  expect(Number(replies.at(-1)?.headers['retry-after'])).toBeGreaterThan(0);
  expect((await small.inject('/health')).statusCode).toBe(200);
  // What somebody asks at another door counts as well, and the other way round.
  expect(() => limited.requests.take('127.0.0.1')).toThrow('rate_limited');
  await small.close();
  await limited.close();
});

describe('a database that is away while the program starts', () => {
  const lost = () => Object.assign(new Error('terminating connection'), { code: '57P01' });

  it('is waited for', async () => {
    let tries = 0;
    const work = () => ((tries += 1) < 3 ? Promise.reject(lost()) : Promise.resolve('done'));
    expect(await outlast(work, new AbortController().signal)).toBe('done');
    expect(tries).toBe(3);
  });

  it('is not waited for by one who is told to stop', async () => {
    const stopping = new AbortController();
    stopping.abort();
    await expect(outlast(() => Promise.reject(lost()), stopping.signal)).rejects.toThrow('terminating connection');
  });

  it('is told from any other fault', async () => {
    const wrong = () => Promise.reject(new Error('wrong'));
    await expect(outlast(wrong, new AbortController().signal)).rejects.toThrow('wrong');
  });
});
