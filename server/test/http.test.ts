import { connect } from 'node:net';
import { route, type ProblemBody } from '@geneward/api';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { buildApp } from '../src/app.ts';
import { systemContext, type Principal } from '../src/platform/context.ts';
import { bind, type Server } from '../src/platform/http.ts';
import { Problem } from '../src/platform/problem.ts';
import { Refusal } from '../src/platform/refuse.ts';
import { jobs } from '../src/platform/tidy.ts';
import { testParts, type TestParts } from './parts.ts';

const summary = { en: 'For the test', zh: '用于测试' };
const table = {
  note: route({
    method: 'POST',
    path: '/notes',
    summary,
    caller: 'submit',
    status: 201,
    idempotent: true,
    body: z.object({ text: z.string().min(1).max(20) }),
    reply: z.object({ id: z.string(), text: z.string() }),
  }),
  change: route({
    method: 'PUT',
    path: '/notes/:id',
    summary,
    caller: 'submit',
    etag: true,
    params: z.object({ id: z.string() }),
    reply: z.object({ version: z.string() }),
  }),
  refuse: route({ method: 'POST', path: '/refuse', summary, caller: 'anyone' }),
  broken: route({ method: 'GET', path: '/broken', summary, caller: 'anyone' }),
  measure: route({
    method: 'PUT',
    path: '/bytes',
    summary,
    caller: 'anyone',
    bytes: { in: ['application/octet-stream'] },
    reply: z.object({ size: z.int() }),
  }),
};

const submitter: Principal = {
  kind: 'person',
  id: '01900000-0000-7000-8000-000000000001',
  organisation: '01900000-0000-7000-8000-000000000002',
  roles: ['submitter'],
  clearance: { grade: 1, categories: [], jurisdictions: [] },
  scopes: ['submit'],
  via: { kind: 'session', id: 's' },
};

let parts: TestParts;
let server: Server;
let who: Principal = submitter;
let fail = false;
beforeAll(async () => {
  parts = await testParts({ http: { requestTimeoutSeconds: 5 } });
  server = await buildApp(parts, async () => who);
  bind(server, table, {
    async note({ context, body }) {
      await sql`insert into worker_presence (worker_id) values (${body.text})`.execute(context.db);
      if (fail) throw new Problem('conflict', { params: { state: 'failing' } });
      return { id: context.requestId, text: body.text, secret: 'not in the contract' };
    },
    async change({ ifMatch, etag }) {
      etag('2');
      return { version: ifMatch ?? '' };
    },
    async refuse() {
      throw new Refusal('forbidden', {
        type: 'access.refused',
        content: { action: 'test:act', reason: 'test', policies: [] },
      });
    },
    async broken() {
      throw new Error('secret detail of the inside');
    },
    async measure({ bytes }) {
      let size = 0;
      for await (const chunk of bytes as AsyncIterable<Uint8Array>) size += chunk.length;
      return { size };
    },
  });
  await server.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(async () => {
  await server.close();
  await parts.close();
});

const json = { 'content-type': 'application/json' };
const post = (payload: unknown, headers: Record<string, string> = {}) =>
  server.inject({
    method: 'POST',
    url: '/api/v1/notes',
    headers: { ...json, ...headers },
    payload: JSON.stringify(payload),
  });
const notes = async (text: string) =>
  (await sql`select from worker_presence where worker_id = ${text}`.execute(parts.pool.db)).rows.length;

describe('what arrives', () => {
  it('is checked against the contract, and the answer is cut to it', async () => {
    const made = await post({ text: '样本' });
    expect(made.statusCode).toBe(201);
    expect(Object.keys(made.json<object>())).toEqual(['id', 'text']);
    const wrong = await post({ text: '' });
    expect(wrong.statusCode).toBe(422);
    expect(wrong.json<ProblemBody>()).toMatchObject({ code: 'invalid_request', issues: [{ path: 'body.text' }] });
  });

  it.each([
    ['text/plain', 415, 'unsupported_media_type'],
    ['application/json; charset="', 422, 'invalid_request'],
    ['application/json/', 415, 'unsupported_media_type'],
    [' , application/json', 415, 'unsupported_media_type'],
    ['application/x-www-form-urlencoded', 415, 'unsupported_media_type'],
  ])('with content type %j never reaches a handler unchecked', async (type, status, code) => {
    const reply = await server.inject({
      method: 'POST',
      url: '/api/v1/notes',
      headers: { 'content-type': type },
      payload: '{"text":""}',
    });
    expect([reply.statusCode, reply.json<ProblemBody>().code]).toEqual([status, code]);
  });

  it('is refused with a code when it is no JSON, nothing, or too much', async () => {
    const send = async (payload: string, headers: Record<string, string> = json) =>
      (await server.inject({ method: 'POST', url: '/api/v1/notes', headers, payload })).json<ProblemBody>();
    expect(await send('{"text":')).toMatchObject({ code: 'malformed_body', status: 400 });
    expect(await send('')).toMatchObject({ code: 'malformed_body', status: 400 });
    expect(await send('', {})).toMatchObject({ code: 'invalid_request', status: 422 });
    expect(await send(JSON.stringify({ text: 'x'.repeat(2 ** 21) }))).toMatchObject({
      code: 'body_too_large',
      status: 413,
    });
    expect(await send('{"__proto__": {"text": "x"}}')).toMatchObject({ status: 400 });
  });

  it('must arrive in time', async () => {
    const { port } = server.server.address() as { port: number };
    const answer = await new Promise<string>((done, broken) => {
      let said = '';
      const socket = connect(port, '127.0.0.1', () =>
        socket.write(
          'POST /api/v1/notes HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{',
        ),
      );
      socket
        .on('data', (chunk) => (said += chunk.toString()))
        .on('close', () => done(said))
        .on('error', broken);
    });
    expect(answer).toContain('408');
    expect(answer).toContain('"code":"request_timeout"');
  });

  it('stays a stream on a route for bytes, whatever its type claims', async () => {
    const reply = await server.inject({
      method: 'PUT',
      url: '/api/v1/bytes',
      headers: { 'content-type': 'application/octet-stream' },
      payload: Buffer.alloc(3_000_000),
    });
    expect(reply.json()).toEqual({ size: 3_000_000 });
    const refused = await server.inject({ method: 'PUT', url: '/api/v1/bytes', headers: json, payload: '{}' });
    expect(refused.json()).toMatchObject({ code: 'unsupported_media_type', status: 415 });
  });

  it('from another site is refused when a cookie carried it', async () => {
    expect((await post({ text: 'a' }, { 'sec-fetch-site': 'cross-site' })).json()).toMatchObject({
      code: 'csrf',
      status: 403,
    });
    expect((await post({ text: 'b' }, { origin: 'https://evil.example' })).json()).toMatchObject({ code: 'csrf' });
    expect((await post({ text: 'c' }, { 'sec-fetch-site': 'same-origin' })).statusCode).toBe(201);
  });
});

describe('an idempotency key', () => {
  it('is forgotten after the days that are set, and not before', async () => {
    const kept = async (day: number) => {
      parts.clock.at = new Date(Date.now() + day * 86_400_000);
      await jobs(parts)['platform.tidy'](
        {},
        systemContext({ ...parts, db: parts.pool.db, name: 'test', requestId: 'test' }),
      );
      parts.clock.at = undefined;
      const again = await post({ text: 'kept' }, { 'idempotency-key': 'k0' });
      return again.headers['idempotency-replayed'] === 'true';
    };
    await post({ text: 'kept' }, { 'idempotency-key': 'k0' });
    expect(await kept(6.9)).toBe(true);
    await sql`delete from worker_presence where worker_id = 'kept'`.execute(parts.pool.db);
    expect(await kept(7.1)).toBe(false);
  });

  it('gives the first answer again and does the act once', async () => {
    const first = await post({ text: 'once' }, { 'idempotency-key': 'k1' });
    const second = await post({ text: 'once' }, { 'idempotency-key': 'k1' });
    expect(second.json()).toEqual(first.json());
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect(await notes('once')).toBe(1);
  });

  it('waits for the same request under way', async () => {
    const both = await Promise.all([
      post({ text: 'both' }, { 'idempotency-key': 'k2' }),
      post({ text: 'both' }, { 'idempotency-key': 'k2' }),
    ]);
    expect(both.map((reply) => reply.statusCode)).toEqual([201, 201]);
    expect(both[0].json()).toEqual(both[1].json());
  });

  it('is refused for another request, and free again after a refusal', async () => {
    expect((await post({ text: 'other' }, { 'idempotency-key': 'k1' })).json()).toMatchObject({
      code: 'idempotency_key_reused',
      status: 422,
    });
    fail = true;
    expect((await post({ text: 'again' }, { 'idempotency-key': 'k3' })).json()).toMatchObject({ code: 'conflict' });
    expect(await notes('again')).toBe(0);
    fail = false;
    expect((await post({ text: 'again' }, { 'idempotency-key': 'k3' })).statusCode).toBe(201);
  });
});

it('asks for If-Match on a change', async () => {
  expect((await server.inject({ method: 'PUT', url: '/api/v1/notes/1' })).json()).toMatchObject({
    code: 'if_match_required',
    status: 428,
  });
  const changed = await server.inject({ method: 'PUT', url: '/api/v1/notes/1', headers: { 'if-match': '"1"' } });
  expect(changed.json()).toEqual({ version: '1' });
  expect(changed.headers.etag).toBe('"2"');
});

it('writes the event of a refusal although the act was rolled back', async () => {
  const reply = await server.inject({ method: 'POST', url: '/api/v1/refuse' });
  expect(reply.statusCode).toBe(403);
  const events =
    await sql`select type, outcome, actor_id, request_id from audit_event where request_id = ${reply.headers['x-request-id']}`.execute(
      parts.pool.db,
    );
  expect(events.rows).toEqual([
    { type: 'access.refused', outcome: 'refused', actor_id: submitter.id, request_id: reply.headers['x-request-id'] },
  ]);
});

it('tells a stranger nothing of what broke inside', async () => {
  const reply = await server.inject({ url: '/api/v1/broken', headers: { 'accept-language': 'zh' } });
  expect(reply.json()).toMatchObject({
    code: 'internal',
    status: 500,
    title: '系统内部错误',
    instance: reply.headers['x-request-id'],
  });
  expect(reply.body).not.toContain('secret detail');
});

it('asks who acts, and for the scope', async () => {
  who = { kind: 'anonymous' };
  expect((await post({ text: 'x' })).json()).toMatchObject({ code: 'unauthenticated', status: 401 });
  who = { ...submitter, scopes: ['read'] };
  expect((await post({ text: 'x' })).json()).toMatchObject({ code: 'forbidden', status: 403 });
  who = submitter;
});
