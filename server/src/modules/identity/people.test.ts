import { openLabel, type Role } from '@geneward/api';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { organisation, person, statusesOf, groundServer, type TestPerson } from '../../../test/people.ts';
import { testParts, type TestParts } from '../../../test/parts.ts';
import type { Server } from '../../platform/http.ts';
import { bootstrapLink } from './index.ts';

const password = 'tall quiet herons';
let parts: TestParts;
let server: Server;
let home: string;
let system: TestPerson;
let security: TestPerson;
let submitter: TestPerson;
beforeAll(async () => {
  parts = await testParts();
  server = await groundServer(parts);
});
afterAll(async () => {
  await server.close();
  await parts.close();
});
beforeEach(async () => {
  parts.clock.at = undefined;
  await sql`delete from one_time_link`.execute(parts.pool.db);
  await sql`delete from person`.execute(parts.pool.db);
  home = await organisation(parts);
  system = await person(parts, { roles: ['system_administrator'], organisation: home });
  security = await person(parts, { roles: ['security_administrator'], organisation: home });
  submitter = await person(parts, { roles: ['submitter'], organisation: home });
});

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
const call = (who: TestPerson | undefined, method: Method, url: string, payload?: object, headers = {}) =>
  server.inject({
    method,
    url: `/api/v1${url}`,
    headers: { ...who?.headers, ...headers },
    ...(payload && { payload }),
  });
const secretOf = (link: string) => new URL(link).hash.slice(1);
const eventTypes = async (object: string) =>
  (
    await sql<{ type: string }>`select type from audit_event where object_id = ${object} order by seq`.execute(
      parts.pool.db,
    )
  ).rows.map((row) => row.type);

const invite = (email: string, roles?: Role[], who = system) =>
  call(who, 'POST', '/invitations', { email, organisation: home, ...(roles && { roles }) });
const accept = (secret: string, given: object = {}) =>
  call(undefined, 'POST', '/invitations/accept', { secret, name: '欧阳娜娜', password, language: 'zh', ...given });

it('makes the first administrator by a link that is printed anew at each start while nobody exists', async () => {
  expect(await bootstrapLink(parts, 'http://x')).toBeUndefined();
  await sql`delete from person`.execute(parts.pool.db);
  const old = await bootstrapLink(parts, 'http://x');
  const link = await bootstrapLink(parts, 'http://127.0.0.1:8470/');
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:8470\/bootstrap#[\w-]{43}$/);
  const body = {
    secret: secretOf(link!),
    email: 'First@Example.org',
    name: '王芳',
    password,
    organisation: { code: 'first', name: { en: 'First', zh: '第一' } },
  };
  expect((await call(undefined, 'POST', '/links/read', { secret: body.secret })).json()).toMatchObject({
    purpose: 'bootstrap',
  });
  expect((await call(undefined, 'POST', '/bootstrap', { ...body, secret: secretOf(old!) })).json()).toMatchObject({
    code: 'link_not_valid',
  });
  expect((await call(undefined, 'POST', '/bootstrap', { ...body, password: 'short' })).json()).toMatchObject({
    code: 'password_too_short',
  });
  const replies = await Promise.all(
    [1, 2].map((n) => call(undefined, 'POST', '/bootstrap', { ...body, email: `first${n}@example.org` })),
  );
  expect(statusesOf(replies)).toEqual([201, 410]);
  expect(replies.find((reply) => reply.statusCode === 201)!.json()).toMatchObject({
    name: '王芳',
    roles: ['system_administrator'],
  });
  expect(await bootstrapLink(parts, 'http://x')).toBeUndefined();
  const kept = await sql<{ row: string }>`select row_to_json(l)::text as row from one_time_link l`.execute(
    parts.pool.db,
  );
  expect(kept.rows.map((row) => row.row).join()).not.toContain(body.secret);
});

it('invites: the link is good once, for some days, for that person', async () => {
  const sent = await invite('New@Example.org', ['submitter', 'reader']);
  expect(sent.json()).toMatchObject({ email: 'new@example.org', roles: ['submitter', 'reader'] });
  const secret = secretOf(sent.json().link);
  expect((await call(system, 'GET', '/invitations')).body).not.toContain(secret);
  expect((await call(undefined, 'POST', '/links/read', { secret })).json()).toMatchObject({
    purpose: 'invitation',
    email: 'new@example.org',
  });
  expect((await invite('new@example.org')).json()).toMatchObject({ code: 'email_taken' });
  expect((await call(undefined, 'POST', '/password-reset', { secret, password })).json()).toMatchObject({
    code: 'link_not_valid',
  });
  const both = await Promise.all([accept(secret), accept(secret)]);
  expect(statusesOf(both)).toEqual([201, 410]);
  const made = both.find((reply) => reply.statusCode === 201)!.json();
  expect(made).toMatchObject({ name: '欧阳娜娜', organisation: home, roles: ['reader', 'submitter'], language: 'zh' });
  expect(await eventTypes(made.id)).toEqual(['identity.invitation_accepted']);
  expect((await call(undefined, 'POST', '/session', { email: 'new@example.org', password })).statusCode).toBe(200);
  expect((await invite('new@example.org')).json()).toMatchObject({ code: 'email_taken' });
});

it('takes an invitation back, and lets one expire', async () => {
  const first = (await invite('a@example.org')).json();
  expect((await call(system, 'DELETE', `/invitations/${first.id}`)).statusCode).toBe(204);
  expect((await accept(secretOf(first.link))).json()).toMatchObject({ status: 410 });
  const second = (await invite('a@example.org')).json();
  parts.clock.at = new Date(Date.now() + 8 * 86_400_000);
  expect((await accept(secretOf(second.link))).json()).toMatchObject({ status: 410 });
  expect((await accept('x'.repeat(43))).json()).toMatchObject({ status: 410 });
});

it('gives offices only through the security administrator, apart from the first of them', async () => {
  expect((await invite('a@example.org', ['curator'])).json()).toMatchObject({
    code: 'role_needs_security_administrator',
  });
  expect((await invite('a@example.org', ['security_administrator'])).json()).toMatchObject({ status: 403 });
  await sql`delete from role_assignment where role = 'security_administrator'`.execute(parts.pool.db);
  const first = await invite('a@example.org', ['security_administrator']);
  expect(first.statusCode).toBe(201);
  expect((await invite('b@example.org', ['security_administrator'])).statusCode).toBe(403);
  expect((await accept(secretOf(first.json().link))).json()).toMatchObject({ roles: ['security_administrator'] });
});

it('lets nobody else invite, assign or look', async () => {
  expect((await invite('a@example.org', [], submitter)).statusCode).toBe(403);
  expect((await invite('a@example.org', [], security)).statusCode).toBe(403);
  expect(
    (await call(undefined, 'POST', '/invitations', { email: 'a@example.org', organisation: home })).statusCode,
  ).toBe(401);
  expect((await call(submitter, 'GET', '/people')).statusCode).toBe(403);
  expect((await call(system, 'PUT', `/people/${submitter.id}/roles/curator`)).statusCode).toBe(403);
  expect((await call(security, 'PUT', `/people/${security.id}/roles/curator`)).statusCode).toBe(403);
  const limited = await person(parts, { roles: ['system_administrator'], scopes: ['read'] });
  expect((await invite('a@example.org', [], limited)).json()).toMatchObject({ code: 'forbidden' });
});

it('does not tell a person of another organisation from nobody', async () => {
  const stranger = await person(parts);
  const there = await call(stranger, 'GET', `/people/${submitter.id}`);
  const nowhere = await call(stranger, 'GET', `/people/${home}`);
  expect(there.statusCode).toBe(404);
  expect({ ...there.json(), instance: '' }).toEqual({ ...nowhere.json(), instance: '' });
  expect((await call(submitter, 'GET', `/people/${system.id}`)).statusCode).toBe(200);
});

it('assigns and takes away roles; sessions end, tokens follow at once', async () => {
  const given = await call(security, 'PUT', `/people/${submitter.id}/roles/curator`);
  expect(given.json()).toMatchObject({ roles: ['curator', 'submitter'] });
  expect((await call(security, 'PUT', `/people/${submitter.id}/roles/curator`)).statusCode).toBe(200);
  expect((await call(submitter, 'GET', '/me')).json()).toMatchObject({ roles: ['curator', 'submitter'] });
  expect((await call(security, 'DELETE', `/people/${submitter.id}/roles/curator`)).json()).toMatchObject({
    roles: ['submitter'],
  });
  expect((await call(security, 'DELETE', `/people/${submitter.id}/roles/curator`)).statusCode).toBe(404);
  expect(await eventTypes(submitter.id)).toEqual(['identity.role_assigned', 'identity.role_revoked']);
});

it('keeps the three offices in three hands: by rule, at once, and against SQL', async () => {
  const refused = await call(security, 'PUT', `/people/${system.id}/roles/auditor`);
  expect(refused.json()).toMatchObject({ status: 409, code: 'offices_are_disjoint' });
  const race = await Promise.all(
    ['auditor', 'system_administrator'].map((role) => call(security, 'PUT', `/people/${submitter.id}/roles/${role}`)),
  );
  expect(statusesOf(race)).toEqual([200, 409]);
  for (const role of ['system_administrator', 'security_administrator', 'auditor']) {
    const somebody = await person(parts, { roles: [role as Role] });
    for (const second of ['system_administrator', 'security_administrator', 'auditor'].filter(
      (other) => other !== role,
    )) {
      await expect(
        sql`insert into role_assignment values (${somebody.id}, ${second}, 'sql', now())`.execute(parts.pool.db),
      ).rejects.toThrow('one_office_per_person');
      await expect(
        sql`insert into role_assignment select ${somebody.id}, r, 'sql', now() from unnest('{submitter,${sql.raw(second)}}'::text[]) r`.execute(
          parts.pool.db,
        ),
      ).rejects.toThrow('one_office_per_person');
    }
  }
});

it('never leaves the installation without the offices that put things right, also when two go at once', async () => {
  expect((await call(security, 'POST', `/people/${system.id}/disable`, { reason: 'left' })).json()).toMatchObject({
    code: 'last_officer',
  });
  const second = await person(parts, { roles: ['system_administrator'] });
  const both = await Promise.all(
    [system, second].map((who) => call(security, 'DELETE', `/people/${who.id}/roles/system_administrator`)),
  );
  expect(statusesOf(both)).toEqual([200, 409]);
});

it('disables a person: sessions and tokens end, sign-in fails, and enabling brings no token back', async () => {
  const disabled = await call(system, 'POST', `/people/${submitter.id}/disable`, { reason: 'left the institute' });
  expect(disabled.json()).toMatchObject({ status: 'disabled', statusReason: 'left the institute' });
  expect((await call(submitter, 'GET', '/me')).statusCode).toBe(401);
  expect((await call(system, 'POST', `/people/${submitter.id}/enable`)).json()).toMatchObject({ status: 'active' });
  expect((await call(submitter, 'GET', '/me')).statusCode).toBe(401);
  expect(await eventTypes(submitter.id)).toEqual(['identity.person_disabled', 'identity.person_enabled']);
});

it('shows why an account is disabled to administrators and not to colleagues', async () => {
  const left = await person(parts, { organisation: home });
  await call(system, 'POST', `/people/${left.id}/disable`, { reason: 'left the institute' });
  expect((await call(security, 'GET', `/people/${left.id}`)).json()).toMatchObject({
    statusReason: 'left the institute',
  });
  expect((await call(submitter, 'GET', `/people/${left.id}`)).json().statusReason).toBeUndefined();
});

it('ends all access of a person at once, who may then sign in again', async () => {
  const stranger = await person(parts);
  expect((await call(stranger, 'POST', `/people/${submitter.id}/end-access`)).statusCode).toBe(404);
  expect((await call(system, 'POST', `/people/${submitter.id}/end-access`)).statusCode).toBe(404);
  expect((await call(security, 'POST', `/people/${submitter.id}/end-access`)).json()).toEqual({
    sessions: 0,
    tokens: 1,
  });
  expect((await call(submitter, 'GET', '/me')).statusCode).toBe(401);
  expect((await call(security, 'GET', `/people/${submitter.id}`)).json()).toMatchObject({ status: 'active' });
});

it('locks and unlocks sign-in', async () => {
  const made = (await accept(secretOf((await invite('l@example.org')).json().link))).json();
  const signIn = () => call(undefined, 'POST', '/session', { email: 'l@example.org', password });
  expect((await call(system, 'POST', `/people/${made.id}/lock`, { minutes: 60 })).statusCode).toBe(403);
  const locked = await call(security, 'POST', `/people/${made.id}/lock`, { minutes: 60 });
  expect(Date.parse(locked.json().lockedUntil)).toBeGreaterThan(Date.now() + 3_500_000);
  expect((await signIn()).json()).toMatchObject({ code: 'locked_out' });
  expect((await call(security, 'POST', `/people/${made.id}/unlock`)).json().lockedUntil).toBeUndefined();
  expect((await signIn()).statusCode).toBe(200);
});

it('lets a security administrator hand over a link for a new password', async () => {
  expect((await call(system, 'POST', `/people/${submitter.id}/password-reset`)).statusCode).toBe(403);
  const old = (await call(security, 'POST', `/people/${submitter.id}/password-reset`)).json();
  const link = (await call(security, 'POST', `/people/${submitter.id}/password-reset`)).json();
  const reset = (given: { link: string }, next = password) =>
    call(undefined, 'POST', '/password-reset', { secret: secretOf(given.link), password: next });
  expect((await reset(old)).statusCode).toBe(410);
  expect((await reset(link, 'short')).statusCode).toBe(422);
  expect((await reset(link)).statusCode).toBe(204);
  expect((await reset(link)).statusCode).toBe(410);
  expect((await call(submitter, 'GET', '/me')).statusCode).toBe(401);
  expect((await call(undefined, 'POST', '/session', { email: submitter.email, password })).statusCode).toBe(200);
});

it('sets a clearance, and nobody his own', async () => {
  const clearance = { grade: 3, categories: ['human_genetic_resource'], jurisdictions: ['CN'] };
  expect((await call(security, 'PUT', `/people/${submitter.id}/clearance`, clearance)).json()).toMatchObject({
    clearance,
  });
  expect((await call(submitter, 'GET', '/me')).json()).toMatchObject({ clearance });
  expect((await call(security, 'PUT', `/people/${security.id}/clearance`, clearance)).statusCode).toBe(403);
});

it('finds people by part of a name in any script, by role and by page', async () => {
  for (let n = 0; n < 5; n += 1)
    await person(parts, { name: `上官婉儿 ${n}`, roles: n % 2 ? ['curator'] : ['reader'] });
  const found = (await call(system, 'GET', `/people?q=${encodeURIComponent('婉儿')}&limit=3`)).json();
  expect(found.items).toHaveLength(3);
  const rest = (
    await call(system, 'GET', `/people?q=${encodeURIComponent('婉儿')}&limit=3&after=${found.next}`)
  ).json();
  expect(rest.items).toHaveLength(2);
  expect(rest.next).toBeUndefined();
  expect((await call(system, 'GET', `/people?q=${encodeURIComponent('婉儿')}&role=curator`)).json().items).toHaveLength(
    2,
  );
  expect((await call(system, 'GET', '/people?q=%25')).json().items).toHaveLength(0);
});

it('answers a text that no database keeps with a problem of its own', async () => {
  const nul = encodeURIComponent('a\u0000b');
  expect((await call(system, 'GET', `/people?q=${nul}`)).json()).toMatchObject({ code: 'invalid_request' });
  const auditor = await person(parts, { roles: ['auditor'] });
  expect((await call(auditor, 'GET', `/audit/events?objectId=${nul}`)).json()).toMatchObject({
    status: 422,
    code: 'invalid_request',
  });
});

it('looks after organisations', async () => {
  const body = { code: 'bgi-west', name: { en: 'West Institute', zh: '西部研究所' }, country: 'CN' };
  expect((await call(submitter, 'POST', '/organisations', body)).statusCode).toBe(403);
  const key = { 'idempotency-key': 'k1' };
  const made = (await call(system, 'POST', '/organisations', body, key)).json();
  expect(made).toMatchObject({ ...body, status: 'active', label: openLabel, version: 1 });
  expect((await call(system, 'POST', '/organisations', body, key)).json()).toEqual(made);
  expect((await call(system, 'POST', '/organisations', body)).json()).toMatchObject({ code: 'code_taken' });
  const path = `/organisations/${made.id}`;
  expect((await call(submitter, 'GET', path)).headers.etag).toBe('"1"');
  expect((await call(submitter, 'PATCH', path, { status: 'closed' }, { 'if-match': '"1"' })).statusCode).toBe(403);
  const label = { grade: 2, categories: ['human_genetic_resource'], jurisdictions: ['CN'] };
  expect((await call(system, 'PATCH', path, { label, status: 'closed' }, { 'if-match': '"1"' })).json()).toMatchObject({
    label,
    status: 'closed',
    version: 2,
  });
  expect((await call(system, 'PATCH', path, { label }, { 'if-match': '"1"' })).statusCode).toBe(412);
  expect(
    (await call(system, 'POST', '/invitations', { email: 'x@example.org', organisation: made.id })).statusCode,
  ).toBe(404);
  expect((await call(submitter, 'GET', `/organisations?q=${encodeURIComponent('西部')}`)).json().items).toHaveLength(1);
  expect(await eventTypes(made.id)).toEqual([
    'identity.organisation_created',
    'access.refused',
    'identity.organisation_changed',
  ]);
});
