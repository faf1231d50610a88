import { hash } from '@node-rs/argon2';
import { scopes } from '@geneward/api';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { contextOf, organisation, person, groundServer, type TestPerson } from '../../../test/people.ts';
import { testParts, type TestParts } from '../../../test/parts.ts';
import type { Server } from '../../platform/http.ts';
import { hashPassword, isOutdated } from './passwords.ts';
import { hashOf, isToken, newToken } from './secrets.ts';
import { signIn as signInDirectly } from './service/sign-in.ts';
import * as store from './store.ts';

const password = 'tall quiet herons';
let parts: TestParts;
let server: Server;
let passwordHash: string;
let me: TestPerson;
beforeAll(async () => {
  parts = await testParts();
  server = await groundServer(parts);
  passwordHash = await hashPassword(password);
});
afterAll(async () => {
  await server.close();
  await parts.close();
});
beforeEach(async () => {
  parts.clock.at = undefined;
  await sql`delete from sign_in_guard`.execute(parts.pool.db);
  me = await person(parts, { passwordHash, roles: ['submitter'] });
});

const signIn = (email: string, given = password, headers: Record<string, string> = {}) =>
  server.inject({ method: 'POST', url: '/api/v1/session', payload: { email, password: given }, headers });
const get = (url: string, headers: Record<string, string>) => server.inject({ url: `/api/v1${url}`, headers });
async function cookieOf(email: string): Promise<Record<string, string>> {
  const reply = await signIn(email);
  return { cookie: `geneward=${reply.cookies[0]!.value}` };
}
const events = async (type: string) =>
  (
    await sql<{ outcome: string; object_id: string; actor_id: string; content: Record<string, unknown> }>`
      select outcome, object_id, actor_id, content from audit_event where type = ${type} order by seq desc`.execute(
      parts.pool.db,
    )
  ).rows;

it('opens a session: cookie out of reach of scripts and other sites, secret stored as a hash, event of the person', async () => {
  const reply = await signIn(me.email.toUpperCase());
  expect(reply.statusCode).toBe(200);
  expect(reply.json()).toMatchObject({ id: me.id, roles: ['submitter'], scopes: [...scopes], passwordExpired: false });
  expect(reply.body).not.toContain('argon2');
  const cookie = reply.cookies[0]!;
  expect(cookie).toMatchObject({ name: 'geneward', path: '/', httpOnly: true, sameSite: 'Strict', maxAge: 12 * 3600 });
  const kept = await parts.pool.db
    .selectFrom('session')
    .selectAll()
    .where('person_id', '=', me.id)
    .executeTakeFirstOrThrow();
  expect(kept.secret_sha256).toEqual(hashOf(cookie.value));
  expect((await get('/me', { cookie: `geneward=${cookie.value}` })).json()).toMatchObject({ id: me.id });
  expect((await events('identity.signed_in'))[0]).toMatchObject({ outcome: 'done', actor_id: me.id });
});

it('uses the host-bound cookie when the browser speaks TLS', async () => {
  const secure = await testParts({ http: { publicUrl: 'https://archive.example' } });
  const app = await groundServer(secure);
  const somebody = await person(secure, { passwordHash });
  const reply = await app.inject({
    method: 'POST',
    url: '/api/v1/session',
    payload: { email: somebody.email, password },
  });
  expect(reply.cookies[0]).toMatchObject({ name: '__Host-geneward', secure: true, path: '/' });
  const value = reply.cookies[0]!.value;
  expect((await app.inject({ url: '/api/v1/me', headers: { cookie: `geneward=${value}` } })).statusCode).toBe(401);
  expect((await app.inject({ url: '/api/v1/me', headers: { cookie: `__Host-geneward=${value}` } })).statusCode).toBe(
    200,
  );
  await app.close();
  await secure.close();
});

it('answers alike for a wrong password, an unknown account and a disabled one, and tells them apart in the trail', async () => {
  const disabled = await person(parts, { passwordHash });
  await store.updatePerson(parts.pool.db, disabled.id, { status: 'disabled' });
  const replies = [await signIn(me.email, 'wrong'), await signIn('nobody@example.org'), await signIn(disabled.email)];
  const bodies = replies.map((reply) => ({ ...reply.json<object>(), instance: '' }));
  expect(bodies[0]).toMatchObject({ status: 401, code: 'sign_in_failed' });
  expect(bodies[1]).toEqual(bodies[0]);
  expect(bodies[2]).toEqual(bodies[0]);
  const told = await events('identity.sign_in_failed');
  expect(told.slice(0, 3).map((event) => event.content)).toEqual([
    { reason: 'disabled' },
    { reason: 'unknown_account' },
    { reason: 'wrong_password' },
  ]);
  expect(told[0]).toMatchObject({ outcome: 'refused', object_id: disabled.id });
  expect(JSON.stringify(told)).not.toContain('@');
});

it('gives a new secret at each sign-in and ends the session that the browser had', async () => {
  const before = await cookieOf(me.email);
  const reply = await signIn(me.email, password, before);
  expect(before['cookie']).not.toContain(reply.cookies[0]!.value);
  expect((await get('/me', before)).statusCode).toBe(401);
});

it('does not take over a session that somebody else planted', async () => {
  const planted = 'x'.repeat(43);
  const reply = await signIn(me.email, password, { cookie: `geneward=${planted}` });
  expect(reply.cookies[0]!.value).not.toBe(planted);
  expect((await get('/me', { cookie: `geneward=${planted}` })).statusCode).toBe(401);
});

it('ends idle sessions, and busy ones after the absolute limit', async () => {
  const start = new Date('2026-03-01T08:00:00Z');
  parts.clock.at = start;
  const at = (minutes: number) => (parts.clock.at = new Date(start.getTime() + minutes * 60_000));
  const idle = await cookieOf(me.email);
  const busy = await cookieOf(me.email);
  for (let minutes = 50; minutes < 720; minutes += 50) {
    at(minutes);
    expect((await get('/me', busy)).statusCode, `${minutes} min`).toBe(200);
  }
  expect((await get('/me', idle)).statusCode).toBe(401);
  at(721);
  expect((await get('/me', busy)).statusCode).toBe(401);
});

it('signs out: the session ends, the cookie goes', async () => {
  const headers = await cookieOf(me.email);
  const reply = await server.inject({ method: 'DELETE', url: '/api/v1/session', headers });
  expect(reply.statusCode).toBe(204);
  expect(reply.cookies[0]).toMatchObject({ name: 'geneward', value: '' });
  expect((await get('/me', headers)).statusCode).toBe(401);
  expect((await server.inject({ method: 'DELETE', url: '/api/v1/session' })).statusCode).toBe(204);
});

it('locks an account after ten failures, for twice as long each time, and the right password does not help meanwhile', async () => {
  const start = new Date('2026-03-01T08:00:00Z').getTime();
  parts.clock.at = new Date(start);
  for (let n = 0; n < 10; n += 1) expect((await signIn(me.email, 'wrong')).statusCode).toBe(401);
  const locked = await signIn(me.email);
  expect(locked.json()).toMatchObject({ status: 429, code: 'locked_out' });
  expect(locked.headers['retry-after']).toBe('30');
  parts.clock.at = new Date(start + 31_000);
  expect((await signIn(me.email, 'wrong')).statusCode).toBe(401);
  expect((await signIn(me.email)).headers['retry-after']).toBe('60');
  parts.clock.at = new Date(start + 92_000);
  expect((await signIn(me.email)).statusCode).toBe(200);
  expect((await signIn(me.email, 'wrong')).statusCode).toBe(401);
  expect((await signIn(me.email)).statusCode).toBe(200);
});

it('locks an unknown account just the same', async () => {
  for (let n = 0; n < 10; n += 1) expect((await signIn('ghost@example.org', 'wrong')).statusCode).toBe(401);
  expect((await signIn('ghost@example.org', 'wrong')).statusCode).toBe(429);
});

it('counts guesses that come all at once, through any process', async () => {
  const other = await groundServer({ ...parts });
  const replies = await Promise.all(
    Array.from({ length: 24 }, (_, n) =>
      (n % 2 ? server : other).inject({
        method: 'POST',
        url: '/api/v1/session',
        payload: { email: me.email, password: `guess ${n}` },
      }),
    ),
  );
  await other.close();
  expect(replies.filter((reply) => reply.statusCode === 401)).toHaveLength(10);
  expect(replies.filter((reply) => reply.statusCode === 429)).toHaveLength(14);
});

it('locks an address that tries many accounts, and no other', async () => {
  const from = (address: string, n: number) =>
    signInDirectly(
      parts,
      { ...contextOf(parts, { kind: 'anonymous' }), address },
      { email: `a${n}@example.org`, password: 'wrong' },
      { userAgent: undefined, cookie: undefined },
    ).then(
      () => 'in',
      (error: { code: string }) => error.code,
    );
  await sql`insert into sign_in_guard (subject, failures, last_at) values ('address:2001:db8:0:1::/64', 49, now())`.execute(
    parts.pool.db,
  );
  expect(await from('2001:db8:0:1::a', 1)).toBe('sign_in_failed');
  expect(await from('2001:db8:0:1::b', 2)).toBe('locked_out');
  expect(await from('2001:db8:0:2::b', 3)).toBe('sign_in_failed');
});

it('makes the hash anew when its parameters are no longer ours', async () => {
  const old = await hash(password, { memoryCost: 8192, timeCost: 1 });
  expect(isOutdated(old)).toBe(true);
  const somebody = await person(parts, { passwordHash: old });
  expect((await signIn(somebody.email)).statusCode).toBe(200);
  const kept = await store.personById(parts.pool.db, somebody.id);
  expect(isOutdated(kept!.password_hash!)).toBe(false);
  expect((await signIn(somebody.email)).statusCode).toBe(200);
});

it('takes a token that is good and says so when it is not', async () => {
  expect((await get('/me', me.headers)).json()).toMatchObject({ id: me.id });
  const late = await person(parts, { tokenExpiresAt: new Date(Date.now() - 1000) });
  const revoked = await person(parts);
  await store.revokeTokens(parts.pool.db, revoked.id, new Date());
  for (const token of ['nonsense', `${me.token.slice(0, -1)}z`, newToken(), late.token, revoked.token]) {
    const reply = await get('/organisations', { authorization: `Bearer ${token}` });
    expect(reply.json()).toMatchObject({ status: 401, code: 'unauthenticated' });
    // Not silently as a visitor, where visitors are welcome too.
    expect(
      (await server.inject({ method: 'DELETE', url: '/api/v1/session', headers: { authorization: `Bearer ${token}` } }))
        .statusCode,
    ).toBe(401);
  }
  expect(new Set((await events('identity.token_refused')).map((event) => event.content['reason']))).toEqual(
    new Set(['unknown', 'expired', 'revoked']),
  );
  expect((await get('/me', { authorization: 'Basic eDp5' })).statusCode).toBe(401);
});

it('ends the tokens and sessions of a closed organisation', async () => {
  const headers = await cookieOf(me.email);
  await sql`update organisation set status = 'closed' where id = ${me.organisation}`.execute(parts.pool.db);
  expect((await get('/me', headers)).statusCode).toBe(401);
  expect((await get('/me', me.headers)).statusCode).toBe(401);
});

it('makes tokens that scanners recognise', () => {
  const token = newToken();
  expect(token).toMatch(/^gw_[\w-]{51}$/);
  expect(isToken(token)).toBe(true);
  expect(isToken(token.replace(/.$/, (c) => (c === '0' ? '1' : '0')))).toBe(false);
});

it('keeps other sites from using the cookie', async () => {
  const headers = await cookieOf(me.email);
  const patch = (extra: Record<string, string>) =>
    server.inject({
      method: 'PATCH',
      url: '/api/v1/me',
      payload: { name: '王芳' },
      headers: { ...headers, 'if-match': '"1"', ...extra },
    });
  expect((await patch({ 'sec-fetch-site': 'cross-site' })).json()).toMatchObject({ status: 403, code: 'csrf' });
  expect((await patch({ origin: 'https://evil.example' })).json()).toMatchObject({ code: 'csrf' });
  expect((await signIn(me.email, password, { origin: 'https://evil.example' })).json()).toMatchObject({ code: 'csrf' });
  expect((await patch({ 'sec-fetch-site': 'same-origin' })).json()).toMatchObject({ name: '王芳', version: 2 });
});

it.each([
  ['text/plain', '{"email":"a@example.org","password":"x"}'],
  ['application/x-www-form-urlencoded', 'email=a@example.org&password=x'],
  ['application/json; charset', '{"email":"a@example.org"}'],
  ['application/jsonx', '{"email":"a@example.org","password":"x"}'],
  ['multipart/form-data; boundary=x', '--x--'],
  [';;;', '{}'],
  ['', '{}'],
])('never lets a body of type %j reach the use case', async (type, payload) => {
  const before = (await events('identity.sign_in_failed')).length;
  const reply = await server.inject({
    method: 'POST',
    url: '/api/v1/session',
    payload,
    headers: { 'content-type': type },
  });
  expect([400, 415, 422]).toContain(reply.statusCode);
  expect(reply.headers['content-type']).toContain('application/problem+json');
  expect((await events('identity.sign_in_failed')).length).toBe(before);
});

it('asks for nothing when no credentials come', async () => {
  const home = await organisation(parts);
  expect(home).toMatch(/^[0-9a-f-]{36}$/);
  expect((await get('/me', {})).json()).toMatchObject({ status: 401, code: 'unauthenticated' });
  expect((await get('/organisations', { cookie: 'geneward=stale' })).json()).toMatchObject({ status: 401 });
});
