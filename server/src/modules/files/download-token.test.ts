import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { organisation, person, type TestPerson } from '../../../test/people.ts';
import { testParts, type TestParts } from '../../../test/parts.ts';
import { testServer } from '../../../test/builders.ts';
import type { Server } from '../../platform/http.ts';
import { fastq } from './files-under-test.ts';

let parts: TestParts;
let server: Server;
let home: string;
let owner: TestPerson;
let first: string;
let second: string;
const bytes = fastq(100);

beforeAll(async () => {
  parts = await testParts({ download: { tokenDays: 5, requestsPerMinute: 4, copies: 2 } });
  server = await testServer(parts);
  home = await organisation(parts);
  owner = await person(parts, { organisation: home });
  first = await upload('first.fastq');
  second = await upload('second.fastq');
});
afterAll(async () => {
  await server.close();
  await parts.close();
});

async function upload(name: string): Promise<string> {
  const reply = await server.inject({
    method: 'PUT',
    url: `/api/v1/files/${name}?duplicate=accept`,
    headers: { ...owner.headers, 'content-type': 'application/octet-stream' },
    payload: bytes,
  });
  return reply.json<{ id: string }>().id;
}

type Headers = Record<string, string>;
const call = (method: 'GET' | 'POST' | 'DELETE', url: string, headers: Headers, payload?: object) =>
  server.inject({ method, url: `/api/v1${url}`, headers, ...(payload && { payload }) });
const content = (token: string, file = first, headers: Headers = {}) =>
  call('GET', `/files/${file}/content`, { authorization: `Bearer ${token}`, ...headers });
const issue = async (files: readonly string[], who: TestPerson = owner) => {
  const reply = await call('POST', '/files/downloads', who.headers, { files });
  return reply.json<{ id: string; token: string; expiresAt: string; code: string }>();
};
const events = async (type: string) =>
  (
    await sql<{ actor_via: string; content: Record<string, unknown> }>`
      select actor_via, content from audit_event where type = ${type} order by seq`.execute(parts.pool.db)
  ).rows;

it('is good for the files that it names and for nothing else', async () => {
  const { id, token } = await issue([first]);
  expect(token).toMatch(/^gwd_/);
  expect((await content(token)).rawPayload.equals(bytes)).toBe(true);
  expect((await call('GET', `/files/${first}/manifest`, { authorization: `Bearer ${token}` })).statusCode).toBe(200);
  expect((await content(token, second)).json()).toMatchObject({ status: 403, code: 'download_token_other' });
  expect((await content(token, randomUUID())).json()).toMatchObject({ code: 'download_token_other' });
  const by = { authorization: `Bearer ${token}` };
  expect((await call('GET', '/files', by)).statusCode).toBe(403);
  expect((await call('POST', '/files/downloads', by, { files: [first] })).json()).toMatchObject({
    code: 'unauthenticated',
  });
  const { rows } = await sql<{ row: string }>`select row_to_json(t)::text as row from download_token t`.execute(
    parts.pool.db,
  );
  expect(rows.map(({ row }) => row).join('')).not.toContain(token.slice(4, 30));
  expect((await events('files.downloaded')).at(-1)).toMatchObject({
    actor_via: `download:${id}`,
    content: { right: { policies: ['own-files'], token: id } },
  });
});

it('outlasts the session, ends by itself, by its owner, and with the account', async () => {
  const me = await person(parts, { organisation: home });
  const [one, two] = [await issue([first], me), await issue([first], me)];
  await sql`update api_token set revoked_at = now() where person_id = ${me.id}`.execute(parts.pool.db);
  expect((await content(one.token)).statusCode).toBe(200);
  const again = await person(parts, { organisation: home });
  const three = await issue([first], again);
  const listed = await call('GET', '/files/downloads', again.headers);
  expect(listed.json().items.map((it: { id: string }) => it.id)).toEqual([three.id]);
  expect((await call('DELETE', `/files/downloads/${one.id}`, again.headers)).statusCode).toBe(404);
  expect((await call('DELETE', `/files/downloads/${three.id}`, again.headers)).statusCode).toBe(204);
  expect((await content(three.token)).json()).toMatchObject({ status: 401, code: 'download_token_ended' });
  parts.clock.at = new Date(Date.parse(one.expiresAt) + 1000);
  expect((await content(one.token)).json()).toMatchObject({ code: 'download_token_ended' });
  parts.clock.at = undefined;
  await sql`update person set status = 'disabled' where id = ${me.id}`.execute(parts.pool.db);
  expect((await content(two.token)).json()).toMatchObject({ code: 'download_token_ended' });
});

it('is taken from a file for good when the right to it ends, and tells of it', async () => {
  const me = await person(parts, { organisation: home });
  const { token } = await issue([first, second], me);
  await sql`delete from role_assignment where person_id = ${me.id}`.execute(parts.pool.db);
  expect((await content(token)).statusCode).toBe(404);
  await sql`insert into role_assignment (person_id, role, assigned_by, assigned_at)
    values (${me.id}, 'submitter', 'test', now())`.execute(parts.pool.db);
  expect((await content(token)).json()).toMatchObject({ code: 'download_token_other' });
  expect((await content(token, second)).statusCode).toBe(200);
  expect((await events('files.download_token_revoked')).at(-1)?.content).toEqual({
    reason: 'right_ended',
    file: first,
  });
});

it('is not issued for what its owner may not read', async () => {
  const stranger = await person(parts);
  expect(await issue([first], stranger)).toMatchObject({ code: 'not_found' });
  expect(await issue([randomUUID()])).toMatchObject({ code: 'not_found' });
});

it('holds a right to its ranges a minute and its copies, and tells when to go on', async () => {
  const { token } = await issue([first]);
  parts.clock.at = new Date();
  const ranges = await Promise.all(
    [0, 1, 2, 3, 4, 5].map((at) => content(token, first, { range: `bytes=${at}-${at}` })),
  );
  const refused = ranges.filter((reply) => reply.statusCode === 429);
  expect(refused).toHaveLength(2);
  expect(refused[0]?.json()).toMatchObject({ code: 'download_rate', retryAfter: 60 });
  expect(refused[0]?.headers['retry-after']).toBe('60');
  parts.clock.at = new Date(parts.clock.at.getTime() + 60_000);
  for (let copy = 0; copy < 2; copy += 1) expect((await content(token)).statusCode).toBe(200);
  parts.clock.at = new Date(parts.clock.at.getTime() + 60_000);
  expect((await content(token)).statusCode).toBe(200);
  expect((await content(token)).json()).toMatchObject({ status: 403, code: 'download_used_up' });
  parts.clock.at = undefined;
  expect((await content((await issue([first])).token)).statusCode).toBe(200);
});

it('tells somebody who may know of data why they may or may not read them', async () => {
  const explain = async (who: TestPerson) => (await call('GET', `/files/${first}/access`, who.headers)).json();
  expect(await explain(owner)).toMatchObject({ allowed: true, code: 'allowed', policies: ['own-files'] });
  expect((await explain(owner)).reasons[0].zh).toContain('本机构');
  const stranger = await person(parts);
  expect(await explain(stranger)).toMatchObject({ code: 'not_found' });
});
