import { issuedToken } from '@geneward/api';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { person, statusesOf, groundServer, type TestPerson } from '../../../test/people.ts';
import { testParts, type TestParts } from '../../../test/parts.ts';
import type { Server } from '../../platform/http.ts';
import { hashPassword } from './passwords.ts';

const password = 'Tall-quiet herons 1';
let parts: TestParts;
let server: Server;
let passwordHash: string;
let me: TestPerson;
beforeAll(async () => {
  parts = await testParts({ identity: { passwordProfile: 'mlps' } });
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
  me = await person(parts, { passwordHash });
});

type Headers = Record<string, string>;
const call = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, headers: Headers, payload?: object) =>
  server.inject({ method, url: `/api/v1${url}`, headers, ...(payload && { payload }) });
const signIn = (given = password) => call('POST', '/session', {}, { email: me.email, password: given });
async function session(given = password): Promise<Headers> {
  return { cookie: `geneward=${(await signIn(given)).cookies[0]!.value}` };
}

it('issues a named token once, shows it never again, and revokes it', async () => {
  const headers = await session();
  const issued = issuedToken.parse(
    (
      await call('POST', '/me/tokens', headers, {
        name: '集群 cluster',
        scopes: ['read', 'submit', 'read'],
        expiresInDays: 7,
      })
    ).json(),
  );
  expect(issued).toMatchObject({ name: '集群 cluster', scopes: ['read', 'submit'] });
  const bearer = { authorization: `Bearer ${issued.token}` };
  expect((await call('GET', '/me', bearer)).json()).toMatchObject({ id: me.id, scopes: ['read', 'submit'] });
  const listed = await call('GET', '/me/tokens', headers);
  expect(listed.json().items.find((token: { id: string }) => token.id === issued.id)).toMatchObject({
    name: '集群 cluster',
    lastUsedAt: expect.any(String),
  });
  expect(listed.body).not.toContain(issued.token);
  const stored = await sql<{
    row: string;
  }>`select row_to_json(t)::text as row from api_token t where id = ${issued.id}`.execute(parts.pool.db);
  expect(stored.rows[0]!.row).not.toContain(issued.token.slice(3, 20));
  expect((await call('DELETE', `/me/tokens/${issued.id}`, headers)).statusCode).toBe(204);
  expect((await call('GET', '/me', bearer)).statusCode).toBe(401);
  expect((await call('DELETE', `/me/tokens/${issued.id}`, headers)).statusCode).toBe(404);
});

it('tells the owner of each change to the account, in both languages', async () => {
  const headers = await session();
  await call('POST', '/me/tokens', headers, { name: '集群 $& {name}', scopes: ['read'] });
  await call('POST', '/me/password', headers, { current: password, next: 'Many-small lakes 2' });
  const { items } = (await call('GET', '/me/notices', me.headers)).json();
  expect(items.map((notice: { type: string }) => notice.type)).toEqual([
    'identity.password_changed',
    'identity.token_issued',
  ]);
  expect(items[1].body).toEqual({
    en: expect.stringContaining('“集群 $& {name}”'),
    zh: expect.stringContaining('“集群 $& {name}”'),
  });
});

it('does not let a token make tokens, end sessions or change the account, but end itself', async () => {
  for (const [method, url, payload] of [
    ['POST', '/me/tokens', { name: 'more', scopes: ['read'] }],
    ['POST', '/me/password', { current: password, next: 'Another-quiet one 2' }],
    ['DELETE', `/me/sessions/${me.id}`, undefined],
    ['DELETE', `/me/tokens/${me.id}`, undefined],
  ] as const) {
    expect((await call(method, url, me.headers, payload)).json()).toMatchObject({
      status: 403,
      code: 'session_needed',
    });
  }
  expect((await call('DELETE', `/me/tokens/${me.principal.via.id}`, me.headers)).statusCode).toBe(204);
  expect((await call('GET', '/me', me.headers)).statusCode).toBe(401);
});

it('touches no token or session of somebody else', async () => {
  const other = await person(parts);
  const headers = await session();
  expect((await call('DELETE', `/me/tokens/${other.principal.via.id}`, headers)).statusCode).toBe(404);
  expect((await call('GET', '/me', other.headers)).statusCode).toBe(200);
  expect((await call('DELETE', `/me/sessions/${other.id}`, headers)).statusCode).toBe(404);
});

it('keeps the number of tokens of a person within the limit, also when they are asked for at once', async () => {
  const headers = await session();
  await sql`insert into api_token (person_id, secret_sha256, name, scopes, created_at, expires_at)
    select ${me.id}, sha256(n::text::bytea || ${me.id}::bytea), 'x', '{read}', now(), now() + interval '1 day' from generate_series(1, 47) n`.execute(
    parts.pool.db,
  );
  const replies = await Promise.all(
    [1, 2, 3, 4].map((n) => call('POST', '/me/tokens', headers, { name: `t${n}`, scopes: ['read'] })),
  );
  expect(statusesOf(replies)).toEqual([201, 201, 409, 409]);
});

it('gives the command line a token for a password', async () => {
  const reply = await call(
    'POST',
    '/session/token',
    {},
    { email: me.email, password, name: 'laptop', scopes: ['read'] },
  );
  expect(reply.statusCode).toBe(201);
  expect(reply.cookies).toEqual([]);
  expect((await call('GET', '/me', { authorization: `Bearer ${reply.json().token}` })).json()).toMatchObject({
    scopes: ['read'],
  });
  expect(
    (
      await call('POST', '/session/token', {}, { email: me.email, password: 'wrong', name: 'x', scopes: ['read'] })
    ).json(),
  ).toMatchObject({ code: 'sign_in_failed' });
});

it('lists my sessions and ends one', async () => {
  const first = await session();
  const second = await session();
  const { items } = (await call('GET', '/me/sessions', first)).json();
  expect(items).toHaveLength(2);
  const current = items.find((one: { current: boolean }) => one.current);
  expect((await call('DELETE', `/me/sessions/${current.id}`, second)).statusCode).toBe(204);
  expect((await call('GET', '/me', first)).statusCode).toBe(401);
  expect((await call('GET', '/me', second)).statusCode).toBe(200);
});

it('changes my password: others’ sessions end, this one goes on under a new secret', async () => {
  const here = await session();
  const there = await session();
  const reply = await call('POST', '/me/password', here, { current: password, next: 'Many-small lakes 2' });
  expect(reply.statusCode).toBe(204);
  expect((await call('GET', '/me', here)).statusCode).toBe(401);
  expect((await call('GET', '/me', there)).statusCode).toBe(401);
  expect((await call('GET', '/me', { cookie: `geneward=${reply.cookies[0]!.value}` })).statusCode).toBe(200);
  expect((await signIn()).statusCode).toBe(401);
  expect((await signIn('Many-small lakes 2')).statusCode).toBe(200);
});

it('refuses a change that is not good enough, and counts wrong guesses of the old password', async () => {
  const headers = await session();
  const change = (current: string, next: string) => call('POST', '/me/password', headers, { current, next });
  expect((await change(password, 'short')).json()).toMatchObject({
    status: 422,
    code: 'password_too_short',
    title: expect.stringContaining('8'),
  });
  expect((await change(password, 'lowercase only')).json()).toMatchObject({ code: 'password_classes' });
  expect((await change(password, password)).json()).toMatchObject({ code: 'password_reused' });
  for (let n = 0; n < 5; n += 1)
    expect((await change('guess', 'Many-small lakes 2')).json()).toMatchObject({ code: 'sign_in_failed' });
  expect((await change(password, 'Many-small lakes 2')).json()).toMatchObject({ code: 'locked_out' });
});

it('does not take back any of the last five passwords, and takes the sixth', async () => {
  let now = password;
  const change = async (next: string) =>
    (await call('POST', '/me/password', await session(now), { current: now, next })).statusCode;
  for (let n = 1; n <= 4; n += 1) {
    expect(await change(`Many-small lakes ${n}`)).toBe(204);
    now = `Many-small lakes ${n}`;
  }
  expect(await change(password)).toBe(422);
  expect(await change('Many-small lakes 5')).toBe(204);
  now = 'Many-small lakes 5';
  expect(await change(password)).toBe(204);
});

it('lets an expired password do nothing but be changed', async () => {
  const start = Date.now();
  parts.clock.at = new Date(start + 91 * 86_400_000);
  const reply = await signIn();
  expect(reply.json()).toMatchObject({ passwordExpired: true, scopes: [] });
  const headers = { cookie: `geneward=${reply.cookies[0]!.value}` };
  expect((await call('GET', '/organisations', headers)).json()).toMatchObject({ code: 'forbidden' });
  expect((await call('POST', '/me/tokens', headers, { name: 'x', scopes: ['read'] })).json()).toMatchObject({
    code: 'forbidden',
  });
  expect(
    (await call('POST', '/session/token', {}, { email: me.email, password, name: 'x', scopes: ['read'] })).json(),
  ).toMatchObject({ code: 'password_expired' });
  const changed = await call('POST', '/me/password', headers, { current: password, next: 'Many-small lakes 2' });
  expect((await call('GET', '/organisations', { cookie: `geneward=${changed.cookies[0]!.value}` })).statusCode).toBe(
    200,
  );
});

it('changes my profile only against the version that I read', async () => {
  const headers = await session();
  const read = await call('GET', '/me', headers);
  const patch = (etag: string | undefined, payload: object) =>
    call('PATCH', '/me', { ...headers, ...(etag && { 'if-match': etag }) }, payload);
  expect((await patch(undefined, { name: '李雷' })).json()).toMatchObject({ status: 428 });
  const changed = await patch(String(read.headers.etag), { name: '李雷', language: 'zh', mailNotices: false });
  expect(changed.json()).toMatchObject({ name: '李雷', language: 'zh', mailNotices: false });
  expect((await patch(String(read.headers.etag), { name: 'Late' })).json()).toMatchObject({
    status: 412,
    code: 'stale_etag',
  });
  expect((await patch('"nonsense"', { name: 'Late' })).json()).toMatchObject({ code: 'stale_etag' });
  expect((await patch(String(changed.headers.etag), { name: 'a\u202Eb' })).json()).toMatchObject({
    code: 'invalid_request',
  });
});

it('renews a token by itself until its line ends, and lets the one before end within an hour', async () => {
  const begin = new Date();
  parts.clock.at = begin;
  const headers = await session();
  const issued = issuedToken.parse(
    (await call('POST', '/me/tokens', headers, { name: 'line', scopes: ['read'], expiresInDays: 90 })).json(),
  );
  expect((await call('POST', '/me/tokens/renewal', headers)).json()).toMatchObject({ code: 'token_not_renewable' });
  const day = (days: number) => new Date(begin.getTime() + days * 86_400_000);
  const later = (days: number) => (parts.clock.at = day(days));
  const by = ({ token }: { token: string }) => ({ authorization: `Bearer ${token}` });
  const renew = async (with_: { token: string }) => call('POST', '/me/tokens/renewal', by(with_));
  later(80);
  const second = issuedToken.parse((await renew(issued)).json());
  expect(second).toMatchObject({ name: 'line', scopes: ['read'], expiresAt: day(170).toISOString() });
  expect((await call('GET', '/me', by(issued))).statusCode).toBe(200);
  later(80.1);
  expect((await call('GET', '/me', by(issued))).statusCode).toBe(401);
  later(165);
  const third = issuedToken.parse((await renew(second)).json());
  expect(third.expiresAt).toBe(day(180).toISOString());
  later(179);
  expect((await renew(third)).json()).toMatchObject({ status: 409, code: 'token_not_renewable' });
  expect(
    (await sql`select from audit_event where type = 'identity.token_renewed'`.execute(parts.pool.db)).rows,
  ).toHaveLength(2);
});

it('registers an SSH key in a session, or with the password beside a token, and takes it back', async () => {
  const headers = await session();
  const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me@laptop';
  const added = await call('POST', '/me/ssh-keys', headers, { name: 'laptop', publicKey });
  expect(added.json()).toMatchObject({ type: 'ssh-ed25519', name: 'laptop' });
  expect(added.json().fingerprint).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
  expect((await call('POST', '/me/ssh-keys', headers, { name: 'again', publicKey })).json()).toEqual(added.json());
  const other = await person(parts, { passwordHash });
  const taken = await call('POST', '/me/ssh-keys', other.headers, { name: 'x', publicKey, password });
  expect([taken.statusCode, taken.json().code]).toEqual([409, 'ssh_key_taken']);
  const bearer = me.headers;
  const second = await call('POST', '/me/ssh-keys', bearer, { name: 'x', publicKey });
  expect(second.json().code).toBe('session_needed');
  const wrong = await call('POST', '/me/ssh-keys', bearer, { name: 'x', publicKey, password: 'not it' });
  expect(wrong.json().code).toBe('sign_in_failed');
  const listed = (await call('GET', '/me/ssh-keys', bearer)).json().items as { id: string }[];
  expect(listed.map(({ id }) => id)).toEqual([added.json().id]);
  expect((await call('DELETE', `/me/ssh-keys/${added.json().id}`, bearer)).statusCode).toBe(204);
  const anew = await call('POST', '/me/ssh-keys', bearer, { name: 'x', publicKey, password });
  expect(anew.statusCode).toBe(200);
  const { rows } = await sql<{ type: string }>`
    select type from audit_event where actor_id = ${me.id} and type like 'identity.ssh_key%' order by seq`.execute(
    parts.pool.db,
  );
  expect(rows.map(({ type }) => type)).toEqual([
    'identity.ssh_key_added',
    'identity.ssh_key_removed',
    'identity.ssh_key_added',
  ]);
});

it.each([
  ['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----'],
  ['a text', 'hello'],
  ['a short RSA key', 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAQQC7'],
])('refuses %s as an SSH key', async (_, publicKey) => {
  const refused = await call('POST', '/me/ssh-keys', await session(), { name: 'x', publicKey });
  expect([refused.statusCode, refused.json().code]).toEqual([422, 'ssh_key_refused']);
});
